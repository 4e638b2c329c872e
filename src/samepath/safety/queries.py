"""What the desk lists and what an author is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from samepath.accounts.models import Member
from samepath.kit import clock, paging
from samepath.kit.errors import NotFound
from samepath.kit.registry import reportables
from samepath.safety import lines, rules
from samepath.safety.access import concerns_for, reports_for
from samepath.safety.choices import Source, Why
from samepath.safety.models import CareCard, Concern, Report
from samepath.safety.screen import SUPPORTED
from samepath.safety.screen.packs import load
from samepath.safety.screen.reasons import NOT_SCREENED, REASONS

# In the data folder and not in the database, for the danger page works without one.
CHECKED_FILE = "helplines-checked.json"
FIRST = paging.window()


def open_concerns(viewer: Member, part: slice = FIRST) -> list[Concern]:
    """Not yet seen, by level and then by waiting time; no words in it."""
    rows = concerns_for(viewer).filter(seen_at=None).select_related("member")
    return list(rows.order_by("-level", "raised_at", "pk")[part])


def seen_concerns(viewer: Member, limit: int = 10) -> list[Concern]:
    """Seen lately, newest first."""
    rows = concerns_for(viewer).filter(seen_at__isnull=False).select_related("member", "seen_by")
    return list(rows.order_by("-seen_at")[:limit])


def reports(viewer: Member, part: slice = FIRST) -> list[Report]:
    """What the viewer may read: unread first, those oldest first; then the last ones read."""
    rows = reports_for(viewer).select_related("reporter", "about", "seen_by")
    # SQLite and PostgreSQL disagree on where an empty value stands unless they are told.
    order = (F("seen_at").desc(nulls_first=True), "made_at", "pk")
    return list(rows.order_by(*order)[part])


def waiting_counts(viewer: Member) -> tuple[int, int]:
    """How many concerns and reports that the viewer may see nobody has looked at."""
    return (
        concerns_for(viewer).filter(seen_at=None).count(),
        reports_for(viewer).filter(seen_at=None).count(),
    )


@dataclass(frozen=True, slots=True)
class Card:
    """A concern as the list shows it: everything but words people wrote."""

    concern: Concern
    shape: str  # the class of its shape: "one" to "four", "none"
    level: str
    stream: str
    reasons: list[str]
    place: str
    waiting: str
    late: bool


def cards(concerns: Iterable[Concern], now: datetime) -> list[Card]:
    """Concerns made readable; one query for each kind of place, for who is there now."""
    rows = list(concerns)
    here: dict[UUID, list[tuple[int, str]]] = {}
    for kind in {row.kind for row in rows}:
        known = reportables.get(kind)
        if known is not None and known.people is not None:
            here |= known.people([row.subject for row in rows if row.kind == kind])
    shapes = ("none", "one", "two", "three", "four")
    return [
        Card(
            row,
            shapes[row.level],
            level_words(row.level),
            stream_words(row.stream),
            reason_words(row.source, row.rules),
            _place(row, here.get(row.subject)),
            _waiting(rules.minutes_waiting(row.raised_at, now)),
            rules.is_late(row.level, row.raised_at, now),
        )
        for row in rows
    ]


def level_words(level: int) -> str:
    """A level as one word or two."""
    words = (_("Not checked"), _("Low"), _("Needs a look"), _("Serious"), _("In danger now"))
    return words[level]


def stream_words(stream: str) -> str:
    """What the danger is about; "" where nobody knows."""
    return {
        "S": _("dying or self-harm"),
        "V": _("violence"),
        "C": _("a child"),
        "M": _("the body, or something taken"),
        "X": _("a threat to somebody"),
        "E": _("being pressed or used"),
    }.get(stream, "")


@cache
def _whys() -> dict[str, str]:
    """Rule id to the key of its reason, over every pack."""
    found: dict[str, str] = {}
    for language in SUPPORTED:
        pack = load(language)
        found |= {rule.id: rule.why for rule in pack.rules}
        found |= {rule.id: rule.why for rule in pack.combinations}
    return found


def reason_words(source: str, rule_ids: Iterable[str]) -> list[str]:
    """Why somebody should look, as at most two plain sentences; never the words themselves."""
    own = {
        "button": _("They pressed “I am not safe right now”."),
        "peer": _("The person they talk with is worried about them."),
        "report": _("Somebody reported that there may be danger."),
        "door": _("They wrote it at the door, before a talk. The words were not kept."),
        "failed": _("The computer could not look at what was written. Please look yourself."),
        "language": _(NOT_SCREENED),
    }
    found: list[str] = []
    for rule_id in rule_ids:
        known = REASONS.get(_whys().get(rule_id, ""))
        why = own.get(rule_id) or (_(known) if known else "")
        if why and why not in found:
            found.append(why)
    return found[:2] or [str(Source(source).label)]


def _place(row: Concern, people: list[tuple[int, str]] | None) -> str:
    """Who is with them now."""
    if row.kind == "request":
        return _("waiting for somebody, alone")
    if people is None:
        return ""
    if row.member_id not in {member_id for member_id, _name in people}:
        return _("has left the talk")
    others = [name for member_id, name in people if member_id != row.member_id]
    if not others:
        return _("alone in the talk now")
    return _("with %(names)s") % {"names": ", ".join(others)}


def _waiting(minutes: int) -> str:
    if minutes == 0:
        return _("less than a minute")
    if minutes < 120:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = minutes // 60
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}


def cards_for(member: Member, subject: UUID) -> list[CareCard]:
    """The member's own cards in this place that they have not put away."""
    rows = CareCard.objects.filter(member=member, subject=subject, away_at=None)
    return list(rows.select_related("concern__seen_by").order_by("shown_at")[:20])


def place_of_card(member: Member, public_id: UUID) -> UUID:
    """Where one of the member's own cards stands. Raises NotFound for anybody else's."""
    subject = (
        CareCard.objects.filter(member=member, public_id=public_id)
        .values_list("subject", flat=True)
        .first()
    )
    if subject is None:
        raise NotFound
    return subject


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody looked at a member's matters: when (a day, or a month), who, and why."""

    on: datetime
    by: str
    why: str
    coarse: bool


def looks_at(member: Member, now: datetime) -> list[Look]:
    """Who looked at what concerns this member, and why; newest first.

    Words of theirs that somebody else reported are told a week after they were read, by month, so
    that nobody is put at risk for having reported; what was reported for a life in danger is not
    told here.
    """
    found = [
        Look(row.seen_at, row.seen_by.name if row.seen_by else "", row.get_source_display(), False)
        for row in Concern.objects.filter(member=member, seen_at__isnull=False).select_related(
            "seen_by"
        )
        if row.seen_at
    ]
    read = Report.objects.filter(seen_at__isnull=False).select_related("seen_by")
    told = Q(about=member, seen_at__lt=now - rules.TOLD_AFTER) & ~Q(why__in=(Why.DANGER, Why.CHILD))
    for row in read.filter(Q(reporter=member) | told):
        mine = row.reporter_id == member.pk
        why = _("your report") if mine else _("somebody reported words from a talk with you")
        if row.seen_at:
            found.append(Look(row.seen_at, row.seen_by.name if row.seen_by else "", why, not mine))
    return sorted(found, key=lambda look: look.on, reverse=True)[:200]


def countries(language: str) -> list[tuple[str, str]]:
    """(code in capitals, name) of every country numbers are known for, by name."""
    found = [
        (code.upper(), country.name.get(language) or country.name["en"])
        for code, country in lines.countries().items()
    ]
    return sorted(found, key=lambda pair: pair[1])


@dataclass(frozen=True, slots=True)
class Number:
    """A helpline or an emergency number as somebody who confirms it sees it."""

    key: str
    name: str
    ways: list[str]
    hours: str
    note: str
    source: str
    source_kind: str
    source_date: str
    state: str  # "unchecked", "fresh", "stale"
    by: str
    on: date | None
    first: bool  # stands on every page: the doors do not open before it is confirmed


def numbers_to_confirm(country_code: str) -> list[Number]:
    """Every record of a country with its source and who confirmed it, the first ones first."""
    country = lines.country_for(country_code)
    known = lines.confirmations(settings.DATA / CHECKED_FILE)
    today = clock.today()
    language = get_language() or "en"
    needed = first_keys(country)
    kinds = {
        "service": _("their own page"),
        "public": _("a public body’s page"),
        "news": _("a newspaper’s page"),
        "other": _("another page"),
    }
    found = []
    for record in country.records():
        state = lines.check_state(record, known, today)
        seen = known.get(record.key) if state != "unchecked" else None
        found.append(
            Number(
                record.key,
                record.name if isinstance(record, lines.Line) else _("Emergency"),
                _ways(record),
                record.hours.get(language, record.hours["en"])
                if isinstance(record, lines.Line)
                else "",
                record.note.get(language, record.note.get("en", "")) if record.note else "",
                record.source,
                kinds[record.source_kind],
                record.source_date,
                state,
                seen.by if seen else "",
                seen.checked_on if seen else None,
                record.key in needed,
            )
        )
    return sorted(found, key=lambda number: not number.first)


def first_keys(country: lines.Country) -> frozenset[str]:
    """What stands on every page: the first emergency number, the main line and its pair."""
    main = country.line(country.main)
    keys = {main.key, main.pair} | {record.key for record in country.emergency[:1]}
    return frozenset(key for key in keys if key)


def _ways(record: lines.Line | lines.Emergency) -> list[str]:
    if isinstance(record, lines.Emergency):
        verb = _("call %(number)s") if record.kind == "call" else _("write to %(number)s")
        return [verb % {"number": record.number}]
    found = []
    for way in record.channels:
        label = f" ({way.label})" if way.label else ""
        told = {"number": way.number, "keyword": way.keyword, "address": way.url}
        if way.kind == "call":
            words = _("call %(number)s")
        elif way.kind == "text" and way.keyword:
            words = _("send %(keyword)s to %(number)s")
        elif way.kind == "text" or not way.url:
            words = _("write to %(number)s")
        else:
            words = _("on the web: %(address)s")
        found.append(words % told + label)
    return found


def country_of(country: str, cookie: str) -> str:
    """The country a page shows numbers for: the member's own, else the browser's, else "" for
    whoever knows better. Never guessed from the network (safety.md 4.4)."""
    for code in (country, cookie):
        if len(code) == 2 and code.lower() in lines.countries():
            return code.lower()
    return ""


def export(member_id: int) -> object:
    """What this room knows of a member, and may tell them."""
    return {
        "cards": [
            {"shown_at": card.shown_at.isoformat(), "level": card.level}
            for card in CareCard.objects.filter(member_id=member_id)
        ],
        "marks": [
            {
                "raised_at": row.raised_at.isoformat(),
                "source": row.get_source_display(),
                "looked_at": row.seen_at.isoformat() if row.seen_at else None,
                "looked_at_by": row.seen_by.name if row.seen_by else None,
            }
            for row in Concern.objects.filter(member_id=member_id).select_related("seen_by")
        ],
        "reports_made": [
            {"made_at": row.made_at.isoformat(), "why": row.get_why_display()}
            for row in Report.objects.filter(reporter_id=member_id)
        ],
    }
