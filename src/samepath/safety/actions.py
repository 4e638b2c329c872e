"""Concerns, care cards and reports: every write of this room."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from samepath.accounts.models import Member
from samepath.kit import audit, bus, clock, crypto, db, ids, keys, sites
from samepath.kit.errors import Conflict, Invalid, NotFound
from samepath.kit.events import announce
from samepath.kit.ratelimit import Rate, buckets
from samepath.kit.registry import reportables
from samepath.safety import rules
from samepath.safety.choices import Source, Why
from samepath.safety.events import ConcernRaised
from samepath.safety.models import CareCard, Concern, Report
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
    """After a text was stored, in the same transaction: a mark for the lead, a card for the author."""
    if seen.failed:
        return _raise(member_id, kind, subject, message, Source.UNSCREENED, 0, "", ())
    if seen.finding is None or seen.level < rules.MARK_FROM:
        return None
    found = seen.finding
    concern = _raise(
        member_id, kind, subject, message, Source.SCREEN, seen.level, found.stream, found.rules
    )
    _show_card(member_id, subject, message, seen.level, concern)
    return concern


def not_safe(member: Member, *, kind: str, subject: UUID) -> Concern:
    """The member pressed "I am not safe right now": always rings."""
    with db.write():
        concern = _raise(member.pk, kind, subject, None, Source.BUTTON, rules.RING_FROM, "S", ("button",))
        _show_card(member.pk, subject, None, rules.RING_FROM, concern)
    return concern


def raise_words(member_id: int, *, kind: str, subject: UUID) -> Concern:
    """Words of danger at the door, before there is a message: they were not kept, only this mark."""
    with db.write():
        return _raise(member_id, kind, subject, None, Source.SCREEN, rules.RING_FROM, "S", ("door",))


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
    held = (
        Concern.objects.filter(member_id=member_id, subject=subject, source=source)
        .order_by("-last_at")
        .first()
    )
    if held is not None and rules.same_episode(last_at=held.last_at, now=now) and level <= held.level:
        Concern.objects.filter(pk=held.pk).update(last_at=now, times=held.times + 1)
        return held
    if held is not None and rules.same_episode(last_at=held.last_at, now=now):
        # It has risen: the same episode, but somebody has to look again.
        Concern.objects.filter(pk=held.pk).update(
            last_at=now,
            times=held.times + 1,
            level=level,
            stream=stream,
            rules=list(rule_ids)[:20],
            message=message,
            seen_at=None,
            seen_by=None,
        )
        concern = held
        concern.level = level
    else:
        concern = Concern.objects.create(
            member_id=member_id,
            kind=kind,
            subject=subject,
            message=message,
            source=source,
            level=level,
            stream=stream,
            rules=list(rule_ids)[:20],
            raised_at=now,
            last_at=now,
        )
    bus.ring("alerts", str(sites.current_one()), level=level)
    announce(ConcernRaised(concern.site_id, concern.public_id, member_id, level))
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
    """Say "I am on it". One winner; audited. Raises NotFound, Conflict."""
    with db.write():
        if not Concern.objects.filter(public_id=public_id).exists():
            raise NotFound
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
        keys.service().unwrap(key_name), json.dumps(body).encode(), f"v1|report|{public_id}".encode()
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
    bus.ring("alerts", str(sites.current_one()), level=1)
    return report


def read_report(lead: Member, public_id: UUID) -> tuple[Report, dict[str, object]]:
    """Open a report's own words; logged. Raises NotFound."""
    report = Report.objects.select_related("reporter", "about").filter(public_id=public_id).first()
    if report is None:
        raise NotFound
    try:
        key = keys.service().unwrap(report.key_name)
        opened = crypto.open_sealed(key, bytes(report.sealed), f"v1|report|{public_id}".encode())
        body: dict[str, object] = json.loads(opened)
    except (keys.NoKey, crypto.CannotOpen):
        body = {"note": "", "words": []}
    with db.write():
        audit.record(lead.public_id, "report:read", "report", public_id, "on duty")
        Report.objects.filter(pk=report.pk, seen_at=None).update(seen_at=clock.now(), seen_by=lead)
    return report, body


def erase(member_id: int) -> str | None:
    """The eraser of this room. Open reports about somebody stay until they were read and closed."""
    own = list(Report.objects.filter(reporter_id=member_id).values_list("key_name", flat=True))
    keys.service().shred(own)
    with db.write():
        Report.objects.filter(reporter_id=member_id).delete()
        CareCard.objects.filter(member_id=member_id).delete()
        Concern.objects.filter(member_id=member_id, seen_at__isnull=False).delete()
        kept = Concern.objects.filter(member_id=member_id).exists() or Report.objects.filter(
            about_id=member_id
        ).exists()
    if kept:
        return _("What somebody reported about you stays until it was looked at.")
    return None
