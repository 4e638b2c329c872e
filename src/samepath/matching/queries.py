"""Who waits, who is free, how long it takes, and what each may be told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from samepath.accounts import queries as people
from samepath.accounts.models import Member
from samepath.conversations import queries as talk
from samepath.engine import people as engine
from samepath.engine import waiting as engine_waiting
from samepath.kit import clock, crypto, keys
from samepath.matching import rules
from samepath.matching.choices import Answer, Line, Outcome
from samepath.matching.models import Apart, Availability, Ending, Offer, Pairing, Piece, Request
from samepath.organisations import queries as organisations
from samepath.organisations.choices import Hat
from samepath.profiles import queries as profiles
from samepath.profiles.cards import cards
from samepath.profiles.choices import Gender, Part, Seen, Stage
from samepath.profiles.models import Experience, Profile
from samepath.safety.rules import may_meet_members

TALKS_AT_ONCE = {"few": 1, "team": 1, "large": 2}
HEAD_START = (
    600.0  # somebody who lost a peer is next: counted as if they had waited ten minutes more
)


@dataclass(frozen=True)
class Pool:
    """Everything one batch needs, as plain values, and the rows behind them."""

    waiting: list[engine.Seeker]
    free: list[engine.Giver]
    requests: dict[int, Request]  # by member id
    rules: engine.Rules
    at: float
    again: frozenset[tuple[int, int]]  # both ways: two who both said they would like to meet again


@cache
def engine_rules() -> engine.Rules:
    """The engine's rules with our families and stages."""
    return engine.Rules(
        family={key: card.family for key, card in cards("en").items()},
        stages=tuple(Stage.values),
    )


def pool() -> Pool:
    """The state of this moment. A fixed number of queries, whatever the crowd."""
    now = clock.now()
    here = now - rules.PRESENT
    requests = list(
        Request.objects.filter(state=Line.WAITING, seen_at__gt=here).select_related("member")
    )
    ready = {
        row.member_id: row for row in Availability.objects.filter(available=True, seen_at__gt=here)
    }
    duty = [
        row
        for row in organisations.on_duty(Hat.SUPPORTER, now)
        if row.member_id in ready and not row.on_call
    ]
    seekers = [row.member for row in requests]
    everybody = {member.pk: member for member in (*seekers, *(row.member for row in duty))}
    known = _Known(everybody)
    in_offer = Offer.objects.filter(outcome=Outcome.OPEN).values_list(
        "request__member_id", "giver_id"
    )
    busy = {member for pair in in_offer for member in pair}
    declined = _declined([row.pk for row in requests])
    finished = _finished([row.member_id for row in requests if row.fellow])
    cap = TALKS_AT_ONCE[organisations.cover_now().size]
    talks = talk.open_counts([row.member_id for row in duty])
    waiting = [
        engine.Seeker(
            known.person(row.member, wanted=row),
            engine.wants(row.wanted),
            since=row.joined_at.timestamp() - (HEAD_START if row.head else 0.0),
            seen=row.seen_at.timestamp(),
            fellow=row.fellow,
            trusted=row.fellow
            and may_meet_members(
                kept_on=row.member.kept_on,
                finished=finished[row.member_id],
                today=now.date(),
            ),
            crisis=row.crisis,
            offered=row.member_id in busy,
            declined=declined[row.pk],
        )
        for row in requests
    ]
    free = [
        engine.Giver(
            known.person(row.member, capacity=cap),
            since=ready[row.member_id].since.timestamp(),
            seen=ready[row.member_id].seen_at.timestamp(),
            talks=talks[row.member_id],
            offered=row.member_id in busy,
            not_before=_seconds(ready[row.member_id].rest_until),
            until=row.ends_at.timestamp(),
        )
        for row in duty
    ]
    by_member = {row.member_id: row for row in requests}
    again = _again(list(by_member))
    return Pool(waiting, free, by_member, engine_rules(), now.timestamp(), again)


def _again(member_ids: list[int]) -> frozenset[tuple[int, int]]:
    said: dict[int, set[int]] = defaultdict(set)
    rows = Ending.objects.filter(again=True).filter(
        Q(pairing__seeker_id__in=member_ids) | Q(pairing__giver_id__in=member_ids)
    )
    for pairing, member in rows.values_list("pairing_id", "member_id"):
        said[pairing].add(member)
    both = [tuple(sorted(who)) for who in said.values() if len(who) == 2]
    return frozenset((a, b) for one, two in both for a, b in ((one, two), (two, one)))


def _seconds(moment: Any) -> float:
    return moment.timestamp() if moment is not None else float("-inf")


class _Known:
    """Profiles, topics, blocks and partings of everybody in a batch: one query each."""

    def __init__(self, everybody: dict[int, Member]) -> None:
        ids = list(everybody)
        self.profiles = profiles.profiles_of(ids)
        self.topics = profiles.experiences_by(ids)
        self.blocked = people.blocked_pairs(ids)
        self.apart: dict[int, set[int]] = defaultdict(set)
        rows = Apart.objects.filter(Q(first_id__in=ids) | Q(second_id__in=ids))
        for first, second in rows.values_list("first_id", "second_id"):
            self.apart[first].add(second)
            self.apart[second].add(first)

    def person(
        self, member: Member, *, wanted: Request | None = None, capacity: int = 1
    ) -> engine.Person:
        profile = self.profiles.get(member.pk) or Profile(
            member=member, languages=[], site_id=member.site_id
        )
        told = self.topics.get(member.pk, [])
        lived = {
            row.topic: engine.Lived(row.first_hand, row.stage or None, row.seen == Seen.PEER)
            for row in told
            if row.part == Part.LIVED and row.seen != Seen.ME
        }
        for topic in wanted.wanted if wanted else ():
            # What somebody asks about is, for a fellow traveller, what they live; whether
            # first-hand or beside somebody they did not say, so nobody is told.
            lived.setdefault(topic, engine.Lived(False, None, True))
        hidden = set()
        if profile.age_seen != Seen.PEER:
            hidden.add("age_band")
        if profile.gender_seen != Seen.PEER:
            hidden.add("gender")
        wish: dict[str, frozenset[str]] = {}
        if profile.wish_gender and profile.wish_gender != Gender.UNDISCLOSED:
            wish = {"gender": frozenset({profile.wish_gender})}
        band = profile.age_band if profile.age_seen != Seen.ME else engine.UNDISCLOSED
        return engine.Person(
            member.pk,
            tuple(dict.fromkeys([member.language, *profile.languages])),
            # Everybody here has stated to be of age: the minimum age is never under 18.
            age_band=band if band != engine.UNDISCLOSED else engine.ADULT,
            gender=profile.gender if profile.gender_seen != Seen.ME else engine.UNDISCLOSED,
            topics=lived,
            avoid=frozenset(row.topic for row in told if row.part == Part.AVOID),
            must=wish if profile.wish_strong else {},
            nice={} if profile.wish_strong else wish,
            blocks=self.blocked.get(member.pk, frozenset()),
            bad_past=frozenset(self.apart.get(member.pk, ())),
            capacity=capacity,
            hidden=frozenset(hidden),
        )


def _declined(request_ids: list[int]) -> dict[int, frozenset[int]]:
    """For each request, who is not offered again: every no and every missed offer, either way."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Offer.objects.filter(
        Q(request_id__in=request_ids) | Q(giver_request_id__in=request_ids),
        outcome=Outcome.DECLINED,
    ).values_list("request_id", "giver_request_id", "giver_id", "request__member_id")
    for request_id, giver_request_id, giver_id, seeker_id in rows:
        found[request_id].add(giver_id)
        if giver_request_id:
            found[giver_request_id].add(seeker_id)
    return {pk: frozenset(found[pk]) for pk in request_ids}


def _finished(member_ids: list[int]) -> Counter[int]:
    rows = Pairing.objects.filter(seeker_id__in=member_ids, closed_at__isnull=False)
    return Counter(rows.values_list("seeker_id", flat=True))


def waiting_request(member: Member | None) -> Request | None:
    """The member's place in line, if they have one."""
    if member is None:
        return None
    return Request.objects.filter(member=member, state=Line.WAITING).first()


def place_in_line(request: Request) -> int:
    """From 1. Danger first, then who lost a peer, then who came first."""
    ahead = Request.objects.filter(state=Line.WAITING)
    mine = Q(joined_at__lt=request.joined_at) | Q(joined_at=request.joined_at, pk__lt=request.pk)
    if request.crisis:
        ahead = ahead.filter(mine, crisis=True)
    elif request.head:
        ahead = ahead.filter(Q(crisis=True) | (Q(head=True) & mine))
    else:
        ahead = ahead.filter(Q(crisis=True) | Q(head=True) | mine)
    return 1 + ahead.exclude(pk=request.pk).count()


@dataclass(frozen=True, slots=True)
class DeskState:
    """What a whole duty sees: how many wait, how many are free."""

    waiting: int
    longest_minutes: int
    free: int
    busy: int


def desk_state() -> DeskState:
    """Queue health, shown to everybody on duty."""
    now = clock.now()
    line = Request.objects.filter(state=Line.WAITING, seen_at__gt=now - rules.PLACE_KEPT)
    oldest = line.order_by("joined_at").values_list("joined_at", flat=True).first()
    free, busy = _crowd()
    longest = int((now - oldest).total_seconds() // 60) if oldest else 0
    return DeskState(line.count(), longest, free, busy)


def _crowd() -> tuple[int, int]:
    here = clock.now() - rules.PRESENT
    on = [row.member_id for row in organisations.on_duty(Hat.SUPPORTER) if not row.on_call]
    present = list(
        Availability.objects.filter(available=True, seen_at__gt=here, member_id__in=on).values_list(
            "member_id", flat=True
        )
    )
    counts = talk.open_counts(present)
    free = sum(1 for member in present if counts[member] == 0)
    return free, len(present) - free


def wait_range(before: int = 0, waited: float = 0.0) -> tuple[int, int] | None:
    """Minutes as a range from what people lived through in the last day, or None: not known yet."""
    now = clock.now()
    lately = Request.objects.filter(joined_at__gt=now - timedelta(hours=24)).order_by("-pk")[:300]
    waits = [
        engine_waiting.Wait(
            ((row.ended_at or now) - row.joined_at).total_seconds(), row.state == Line.MATCHED
        )
        for row in lately
    ]
    closed = Pairing.objects.filter(closed_at__gt=now - timedelta(hours=24)).order_by("-pk")[:200]
    talks = [(row.closed_at - row.opened_at).total_seconds() for row in closed if row.closed_at]
    free, busy = _crowd()
    found = engine_waiting.wait_range(
        waits, before=before, free=free, busy=busy, talks=talks, waited=waited
    )
    return (found.low_min, found.high_min) if found else None


def open_offer(member: Member) -> Offer | None:
    """The offer a supporter (or a fellow who waits) is being asked about."""
    return (
        Offer.objects.filter(giver=member, outcome=Outcome.OPEN)
        .select_related("request__member", "giver")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Looked:
    """An offer as the person waiting sees it: who it is, why, and whether they said yes already."""

    offer: Offer
    peer: Member
    why: list[str]
    said_yes: bool


def offer_for(request: Request, language: str) -> Looked | None:
    """What the person waiting may look at: the supporter has said yes, or both of two wait."""
    offer = (
        Offer.objects.filter(Q(request=request) | Q(giver_request=request), outcome=Outcome.OPEN)
        .exclude(seeker_until=None)
        .select_related("giver", "request__member")
        .first()
    )
    if offer is None:
        return None
    if offer.request_id == request.pk:
        why = reasons_shown(offer.why_seeker, language, asked=request.wanted)
        return Looked(offer, offer.giver, why, offer.seeker_says == Answer.YES)
    why = reasons_shown(offer.why_giver, language, asked=request.wanted)
    return Looked(offer, offer.request.member, why, offer.giver_says == Answer.YES)


def asked_now(request: Request) -> bool:
    """Whether somebody is being asked for this person at this moment."""
    return Offer.objects.filter(
        Q(request=request) | Q(giver_request=request), outcome=Outcome.OPEN
    ).exists()


def availability(member: Member) -> Availability | None:
    """What a supporter said last."""
    return Availability.objects.filter(member=member).first()


def on_desk() -> list[tuple[Member, str]]:
    """Who else is on duty, and "available", "talking" or "not now" of each."""
    now = clock.now()
    rows = [row for row in organisations.on_duty(Hat.SUPPORTER, now) if not row.on_call]
    said = {
        row.member_id: row
        for row in Availability.objects.filter(member_id__in=[row.member_id for row in rows])
    }
    counts = talk.open_counts([row.member_id for row in rows])
    out = []
    for duty in rows:
        row = said.get(duty.member_id)
        if counts[duty.member_id]:
            state = "talking"
        elif row and row.available and now - row.seen_at < rules.PRESENT:
            state = "available"
        else:
            state = "not now"
        out.append((duty.member, state))
    return out


def pairing_of(conversation: UUID) -> Pairing | None:
    """The pairing a conversation came of."""
    return (
        Pairing.objects.select_related("seeker", "giver", "request")
        .filter(conversation=conversation)
        .first()
    )


def latest_pairing(member: Member) -> Pairing | None:
    """The pairing opened last."""
    return Pairing.objects.filter(Q(seeker=member) | Q(giver=member)).order_by("-pk").first()


def pairings_of(member: Member) -> dict[UUID, Pairing]:
    """The member's pairings by conversation, newest first."""
    rows = Pairing.objects.filter(Q(seeker=member) | Q(giver=member)).order_by("-pk")[:50]
    return {row.conversation: row for row in rows}


def first_pieces(offer: Offer) -> list[tuple[int, str, str]]:
    """(owner, sort, value) of what each lets the other know at the start: what they asked about,
    and of what they have lived only pieces they marked as "the other may see it"."""
    seeker, giver = offer.request.member, offer.giver
    pieces = [(seeker.pk, "topic", topic) for topic in offer.request.wanted]
    pieces.append((seeker.pk, "style", offer.request.style))
    told = profiles.experiences_by([seeker.pk, giver.pk])
    wanted = set(offer.request.wanted)
    families = {cards("en")[topic].family for topic in wanted if topic in cards("en")}
    for row in told.get(giver.pk, []):
        if row.part == Part.LIVED and row.seen == Seen.PEER and _near(row, wanted, families):
            pieces.append((giver.pk, "topic", row.topic))
            if row.stage:
                pieces.append((giver.pk, "stage", row.stage))
    if offer.giver_request is not None:
        pieces += [(giver.pk, "topic", topic) for topic in offer.giver_request.wanted]
        pieces.append((giver.pk, "style", offer.giver_request.style))
    else:
        profile = profiles.profiles_of([giver.pk]).get(giver.pk)
        if profile:
            pieces.append((giver.pk, "style", profile.style))
    return list(dict.fromkeys(pieces))


def _near(row: Experience, wanted: set[str], families: set[str]) -> bool:
    card = cards("en").get(row.topic)
    return row.topic in wanted or (card is not None and card.family in families)


def pieces_of(pairing: Pairing) -> list[Piece]:
    """What the two know of each other, and what is taken back."""
    return list(Piece.objects.filter(pairing=pairing).order_by("owner_id", "sort", "pk"))


def endings_of(pairing: Pairing) -> dict[int, Ending]:
    """Both sides' endings by member id."""
    return {row.member_id: row for row in Ending.objects.filter(pairing=pairing)}


def open_words(ending: Ending, key_name: str, what: str) -> str:
    """The sentence or line of an ending, "" where it is gone."""
    sealed = bytes(ending.keepsake if what == "keepsake" else ending.line)
    if not sealed:
        return ""
    try:
        key = keys.service().unwrap(key_name)
        return crypto.open_sealed(key, sealed, f"v1|ending|{what}|{ending.pk}".encode()).decode()
    except (keys.NoKey, crypto.CannotOpen):
        return ""


def may_listen_request(member_id: int, public_id: str) -> bool:
    """A socket may listen to the member's own request."""
    return Request.objects.filter(member_id=member_id, public_id=public_id).exists()


def may_listen_desk(member_id: int, public_id: str) -> bool:
    """A socket may listen to the member's own desk."""
    return Member.objects.filter(pk=member_id, public_id=public_id).exists()


def topics_by_family(language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Families and their topics, for picking without words."""
    from samepath.profiles.cards import families

    rows: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key, card in cards(language).items():
        rows[card.family].append((key, card.name))
    order: Iterable[Any] = families(language)
    listed = order.values() if isinstance(order, dict) else order
    return [(family.name, rows[family.key]) for family in listed if rows[family.key]]


def topic_label(topic: str, language: str) -> str:
    """A topic as people read it."""
    return profiles.topic_name(topic, language)


def reasons_shown(
    reasons: Iterable[dict[str, Any]], language: str, *, asked: Iterable[str]
) -> list[str]:
    """True reasons in words for the person who asked about `asked`, best first. What has no words
    is left out, never guessed."""
    told, wanted, out = list(reasons), set(asked), []
    topics = [reason["value"] for reason in told if reason["kind"] == "topic"]
    both = [topic_label(topic, language) for topic in topics if topic in wanted]
    near = [topic_label(topic, language) for topic in topics if topic not in wanted]
    if both:
        out.append(_("You have both lived: %(topics)s") % {"topics": " · ".join(both)})
    if near:
        out.append(_("They have lived something close: %(topics)s") % {"topics": " · ".join(near)})
    words = {
        "listener": _("They have not lived this themselves. They are here to listen."),
        "first_hand": _("They lived it first-hand."),
        "preference": _("It is somebody you said you would rather talk with."),
        "age": _("You are of about the same age."),
    }
    kinds = dict.fromkeys(reason["kind"] for reason in told)
    return out + [words[kind] for kind in kinds if kind in words]


def why_for_giver(offer: Offer, language: str) -> list[str]:
    """What the one who is asked may know beforehand, in words; only what is true of both."""
    lived = {
        row.topic
        for row in profiles.experiences_by([offer.giver_id]).get(offer.giver_id, [])
        if row.part == Part.LIVED
    }
    both = [topic_label(topic, language) for topic in offer.request.wanted if topic in lived]
    out = [_("You have both lived: %(topics)s") % {"topics": " · ".join(both)}] if both else []
    if not both and offer.request.wanted:
        out.append(_("You said nothing of having lived this. Listening is enough."))
    return out


def export(member_id: int) -> object:
    """What this room knows of a member."""
    return {
        "requests": [
            {
                "asked_at": row.joined_at.isoformat(),
                "topics": list(row.wanted),
                "style": row.style,
                "became_a_conversation": row.state == Line.MATCHED,
            }
            for row in Request.objects.filter(member_id=member_id)
        ],
        "conversations": [
            {"opened_at": row.opened_at.isoformat()}
            for row in Pairing.objects.filter(Q(seeker_id=member_id) | Q(giver_id=member_id))
        ],
        "answers": list(
            Ending.objects.filter(member_id=member_id).values(
                "heard", "helped", "come_back", "again"
            )
        ),
    }
