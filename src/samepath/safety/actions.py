"""Concerns, care cards and reports: every write of this room."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from samepath.accounts.models import Member
from samepath.kit import audit, bus, clock, crypto, db, ids, keys, sites
from samepath.kit.errors import Conflict, Invalid, NotFound, Unavailable
from samepath.kit.events import announce
from samepath.kit.ratelimit import Rate, buckets
from samepath.kit.registry import reportables
from samepath.organisations import queries as organisations
from samepath.safety import access, lines, rules
from samepath.safety.choices import Source, Why
from samepath.safety.events import ConcernRaised
from samepath.safety.models import CareCard, Concern, Report
from samepath.safety.queries import CHECKED_FILE
from samepath.safety.screen import Finding, screen

log = logging.getLogger("samepath.safety")
REPORTS = Rate("report", 20, 20 / 3600)


@dataclass(frozen=True, slots=True)
class Seen:
    """What screening said of a text; `failed` when it could not look (the text goes through)."""

    finding: Finding | None
    failed: bool = False

    @property
    def level(self) -> int:
        """0 to 4; 0 also where nothing was found or the look failed."""
        return int(self.finding.level) if self.finding else 0

    @property
    def unread(self) -> bool:
        """Whether nobody looked: screening failed, or has no words for this language."""
        return self.failed or (self.finding is not None and not self.finding.screened)

    @property
    def is_noted(self) -> bool:
        """Whether `note_words` has something to write down."""
        return self.unread or self.level >= rules.MARK_FROM


def look(text: str, *, previous: Sequence[str], language: str) -> Seen:
    """Screen a text for words of danger; never raises, because help is never gated."""
    try:
        return Seen(screen(text, previous=tuple(previous), language=language))
    except Exception:
        log.exception("screening failed")
        return Seen(None, failed=True)


def note_words(
    member_id: int, *, kind: str, subject: UUID, message: UUID | None, seen: Seen
) -> Concern | None:
    """After a text was stored, in the same transaction: a mark for the lead, a card for the author.

    What nobody could screen is marked as such, once an episode: silence would look like safety.
    """
    found = seen.finding
    if found is None or seen.level < rules.MARK_FROM:
        if not seen.unread:
            return None
        why = "failed" if seen.failed else "language"
        return _raise(member_id, kind, subject, message, Source.UNSCREENED, 0, "", (why,))
    concern = _raise(
        member_id, kind, subject, message, Source.SCREEN, seen.level, found.stream, found.rules
    )
    # A card is put in front of a person, so it asks for more than the list of the lead.
    if found.shows_card:
        _show_card(member_id, subject, message, seen.level, concern)
    return concern


def not_safe(member: Member, *, kind: str, subject: UUID) -> Concern:
    """The member pressed "I am not safe right now": always rings."""
    with db.write():
        concern = _raise(
            member.pk, kind, subject, None, Source.BUTTON, rules.RING_FROM, "S", ("button",)
        )
        _show_card(member.pk, subject, None, rules.RING_FROM, concern)
    return concern


def raise_words(member_id: int, *, kind: str, subject: UUID) -> Concern:
    """Words of danger at the door, before a talk: they were not kept, only this mark."""
    with db.write():
        return _raise(
            member_id, kind, subject, None, Source.SCREEN, rules.RING_FROM, "S", ("door",)
        )


def raise_for(member_id: int, *, kind: str, subject: UUID) -> Concern:
    """The other person in a conversation is worried: always rings."""
    with db.write():
        return _raise(member_id, kind, subject, None, Source.PEER, rules.RING_FROM, "", ("peer",))


def _raise(
    member_id: int,
    kind: str,
    subject: UUID,
    message: UUID | None,
    source: str,
    level: int,
    stream: str,
    rule_ids: Sequence[str],
) -> Concern:
    now = clock.now()
    words = {"level": level, "stream": stream, "rules": list(rule_ids)[:20], "message": message}
    held = (
        Concern.objects.filter(member_id=member_id, subject=subject, source=source)
        .order_by("-last_at")
        .first()
    )
    if held is None or not rules.same_episode(last_at=held.last_at, now=now):
        concern = Concern.objects.create(
            member_id=member_id,
            kind=kind,
            subject=subject,
            source=source,
            raised_at=now,
            last_at=now,
            **words,
        )
    else:
        risen = level > held.level
        rings = risen or rules.rings_again(source)
        changes: dict[str, object] = {"last_at": now, "times": F("times") + 1}
        if risen:
            changes |= words
        if rings and held.seen_at is not None:
            # Somebody has to look again, and the wait counts from now.
            changes |= {"seen_at": None, "seen_by": None, "raised_at": now}
        Concern.objects.filter(pk=held.pk).update(**changes)
        held.refresh_from_db()
        if not rings:
            return held
        concern = held
    bus.ring("alerts", str(sites.current_one()), level=concern.level)
    announce(ConcernRaised(concern.site_id, concern.public_id, member_id, concern.level))
    return concern


def _show_card(
    member_id: int, subject: UUID, message: UUID | None, level: int, concern: Concern
) -> None:
    now = clock.now()
    shown = list(CareCard.objects.filter(member_id=member_id, subject=subject))
    if not rules.shows_card(level, shown=[(card.shown_at, card.level) for card in shown], now=now):
        return
    CareCard.objects.create(
        member_id=member_id,
        concern=concern,
        subject=subject,
        after=message,
        level=level,
        folded=any(card.level >= level for card in shown),
        shown_at=now,
    )


def put_card_away(member: Member, public_id: UUID, *, not_meant: bool = False) -> None:
    """Put one's own card away; "that is not what I meant" is noted and lowers nothing."""
    with db.write():
        card = CareCard.objects.filter(member=member, public_id=public_id).first()
        if card is None:
            raise NotFound
        CareCard.objects.filter(pk=card.pk).update(away_at=clock.now())
        if not_meant and card.concern_id:
            Concern.objects.filter(pk=card.concern_id).update(not_meant=True)


def see_concern(lead: Member, public_id: UUID) -> None:
    """Say "I am on it". One winner; audited. Raises NotFound (also for one's own), Conflict."""
    with db.write():
        access.concern_for(lead, public_id)
        won = Concern.objects.filter(public_id=public_id, seen_at=None).update(
            seen_at=clock.now(), seen_by=lead
        )
        if not won:
            raise Conflict(_("Somebody else is already on it."))
        audit.record(lead.public_id, "concern:see", "concern", public_id, "on duty")
    bus.ring("alerts", str(sites.current_one()), level=0)


def make_report(
    reporter: Member, *, kind: str, subject: UUID, chosen: Sequence[UUID], why: str, note: str
) -> Report:
    """Pass on the words the reporter chose. They are never named to the other person.

    Raises:
        NotFound: not theirs to report. Invalid: no reason. TooMany: over 20 in an hour.
    """
    reportable = reportables.get(kind)
    if reportable is None:
        raise NotFound
    if why not in Why.values:
        raise Invalid(_("Please choose what it was."), field="why")
    quoted = reportable.quote(reporter, subject, list(chosen))
    buckets.take(REPORTS, reporter.pk, _("We have your reports and are reading them."))
    others = [author for author, _text in quoted.words if author != reporter.pk]
    public_id = ids.new_id()
    key_name = f"report:{public_id}"
    keys.service().new([key_name])
    body = {
        "note": note,
        "words": [{"mine": author == reporter.pk, "text": text} for author, text in quoted.words],
    }
    sealed = crypto.seal(
        keys.service().unwrap(key_name),
        json.dumps(body).encode(),
        f"v1|report|{public_id}".encode(),
    )
    with db.write():
        report = Report.objects.create(
            public_id=public_id,
            reporter=reporter,
            about_id=others[0] if others else quoted.about,
            kind=kind,
            subject=subject,
            why=why,
            sealed=sealed,
            key_name=key_name,
            made_at=clock.now(),
        )
        if why in (Why.DANGER, Why.CHILD) and report.about_id is not None:
            # A life does not wait until somebody reads the list of reports.
            stream = "C" if why == Why.CHILD else ""
            _raise(
                report.about_id,
                kind,
                subject,
                None,
                Source.PEER,
                rules.RING_FROM,
                stream,
                ("report",),
            )
    bus.ring("alerts", str(sites.current_one()), level=1)
    return report


def read_report(reader: Member, public_id: UUID) -> tuple[Report, dict[str, object]]:
    """Open a report's own words; logged with its reason. Raises NotFound."""
    report = access.report_for(reader, public_id)
    try:
        key = keys.service().unwrap(report.key_name)
        opened = crypto.open_sealed(key, bytes(report.sealed), f"v1|report|{public_id}".encode())
        body: dict[str, object] = json.loads(opened)
    except (keys.NoKey, crypto.CannotOpen):
        body = {"note": "", "words": []}
    with db.write():
        audit.record(reader.public_id, "report:read", "report", public_id, report.why)
        Report.objects.filter(pk=report.pk, seen_at=None).update(
            seen_at=clock.now(), seen_by=reader
        )
    return report, body


def confirm_line(by: Member, key: str) -> None:
    """Note that `by` dialled or read a number today, on the organisation's own clock.

    Raises:
        NotFound: no such number. Unavailable: the data folder cannot be written.
    """
    today = clock.now().astimezone(organisations.zone()).date()
    try:
        lines.confirm(settings.DATA / CHECKED_FILE, key, today, by.name)
    except KeyError as error:
        raise NotFound from error
    except OSError as error:
        raise Unavailable(code="data_folder") from error
    with db.write():
        audit.record(by.public_id, "helpline:confirm", "helpline", None, key)


def sweep() -> int:
    """Forget what was looked at long ago: reports, concerns and cards; how many reports went."""
    before = clock.now() - rules.KEPT
    old = list(Report.objects.filter(seen_at__lt=before).values_list("pk", "key_name")[:1000])
    # Keys first: a row whose key is gone says nothing, a key whose row is gone would stay for ever.
    if old:
        keys.service().shred([name for _pk, name in old])
    with db.write():
        Report.objects.filter(pk__in=[pk for pk, _name in old]).delete()
        Concern.objects.filter(seen_at__lt=before).delete()
        CareCard.objects.filter(shown_at__lt=before).delete()
    return len(old)


def erase(member_id: int) -> str | None:
    """The eraser of this room. What nobody has looked at yet stays until somebody has; a report
    that stays no longer says who made it."""
    own = list(
        Report.objects.filter(reporter_id=member_id, seen_at__isnull=False).values_list(
            "pk", "key_name"
        )
    )
    keys.service().shred([name for _pk, name in own])
    with db.write():
        Report.objects.filter(pk__in=[pk for pk, _name in own]).delete()
        unread = Report.objects.filter(reporter_id=member_id).update(reporter=None)
        CareCard.objects.filter(member_id=member_id).delete()
        Concern.objects.filter(member_id=member_id, seen_at__isnull=False).delete()
        kept = (
            Concern.objects.filter(member_id=member_id).exists()
            or Report.objects.filter(about_id=member_id).exists()
        )
    if kept:
        return _("What somebody reported about you stays until it was looked at.")
    if unread:
        return _("What you reported stays, without your name, until somebody has read it.")
    return None
