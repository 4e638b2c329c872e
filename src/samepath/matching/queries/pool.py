"""Everything one batch needs, read in a fixed number of queries whatever the crowd."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Q

from samepath.accounts import queries as people
from samepath.accounts.models import Member
from samepath.conversations import queries as talk
from samepath.engine import people as engine
from samepath.kit import clock
from samepath.matching import rules
from samepath.matching.choices import Line, Outcome
from samepath.matching.models import Apart, Availability, Ending, Offer, Pairing, Request
from samepath.organisations import queries as organisations
from samepath.organisations.choices import Hat
from samepath.profiles import queries as profiles
from samepath.profiles.cards import cards
from samepath.profiles.choices import Gender, Part, Seen, Stage
from samepath.profiles.models import Profile
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
