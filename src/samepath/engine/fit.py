"""How well two people suit each other, seen from both sides, and the reasons that may be told.

Fit = (floor + (1 - floor) * topic) * sqrt(u_seeker * u_partner): a geometric mean, because one
side's delight does not make up for the other's reluctance. Each u is a sum of parts, and a part
is a reason or it is nothing, so an explanation cannot name what the score did not count.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from samepath.engine.people import BANDS, Giver, Person, Rules, Seeker

Reason = dict[str, Any]  # {"kind": ..., "value": ...}
MOST_REASONS = 4


class Part(NamedTuple):
    """`points` of a score for one true thing about the other person; `shown` if it may be told."""

    kind: str
    value: Any
    points: float
    shown: bool = True


Near = list[tuple[str, str, float]]


def shared(want: Mapping[str, float], person: Person, rules: Rules) -> Near:
    """(wanted topic, topic lived, share 0..1) for each want this person has lived or come near."""
    found = []
    for topic, weight in want.items():
        if topic in person.topics:
            found.append((topic, topic, weight))
        elif family := rules.family.get(topic):
            near = [t for t in person.topics if rules.family.get(t) == family]
            if near:
                best = min(near, key=lambda t: (not person.topics[t].shown, t))
                found.append((topic, best, weight * rules.near))
    return found


def parts(
    seeker: Seeker, partner: Giver | Seeker, rules: Rules
) -> tuple[list[Part], list[Part], float]:
    """What speaks for the partner in the seeker's eyes, the other way round, and the topic share.

    The points of each list sum to that side's u, 0..1. Between two who wait, the topic share is
    the mean of both directions.
    """
    a, b = seeker.person, partner.person
    near = shared(seeker.want, b, rules)
    mine = _parts(a, b, seeker.want, near, rules, helps=False)
    topic = sum(share for _, _, share in near)
    if isinstance(partner, Giver):
        return mine, _parts(b, a, seeker.want, near, rules, helps=True), topic
    near = shared(partner.want, a, rules)
    theirs = _parts(b, a, partner.want, near, rules, helps=False)
    return mine, theirs, (topic + sum(share for _, _, share in near)) / 2


def _parts(
    reader: Person,
    other: Person,
    want: Mapping[str, float],
    near: Near,
    rules: Rules,
    *,
    helps: bool,
) -> list[Part]:
    """What speaks for `other`; with `helps`, the reader is a supporter and `want` is the other's.

    A part that does not concern the reader (no wish, no stage, no age told) takes no weight, so
    that nobody ranks lower for having said less.
    """
    w = rules.giver if helps else rules.seeker
    whole = w.language
    if want:
        whole += w.topic + w.first_hand
    for topic, weight in want.items():
        if topic in reader.topics and reader.topics[topic].stage:
            whole += w.stage * weight
    if reader.nice:
        whole += w.preference
    if reader.age_band in BANDS:
        whole += w.age
    found: list[Part] = []

    def add(kind: str, value: object, points: float, *, shown: bool = True) -> None:
        if points > 0:
            found.append(Part(kind, value, points / whole, shown))

    for wanted, own, share in near:
        # A supporter is told the topic asked about: the request itself names it.
        add(
            "topic",
            wanted if helps else own,
            w.topic * share,
            shown=helps or other.topics[own].shown,
        )
        lived = other.topics.get(wanted)
        if lived is None or wanted != own:
            continue
        if lived.first_hand:
            told = lived.shown and "first_hand" not in other.hidden
            add("first_hand", wanted, w.first_hand * share, shown=told)
        if lived.stage and wanted in reader.topics:
            value = _stage(reader.topics[wanted].stage, lived.stage, rules)
            told = lived.shown and "stage" not in other.hidden
            about = {"topic": wanted, "stage": lived.stage}
            add("stage", about, w.stage * share * value, shown=told)
    common = [language for language in reader.languages if language in other.languages]
    if common:
        mine, theirs = common[0] == reader.languages[0], common[0] == other.languages[0]
        add("language", common[0], w.language * ((1.0 if theirs else 0.85) if mine else 0.6))
    for wish, accepted in reader.nice.items():
        if other.meets(wish, accepted, want):
            told = wish not in other.hidden
            if wish == "first_hand":
                lives = [other.topics[t] for t in want if t in other.topics]
                told = told and any(one.first_hand and one.shown for one in lives)
            value_told = True if wish == "first_hand" else getattr(other, wish)
            points = w.preference / len(reader.nice)
            add("preference", {"field": wish, "value": value_told}, points, shown=told)
    if reader.age_band in BANDS and other.age_band in BANDS:
        apart = abs(BANDS.index(reader.age_band) - BANDS.index(other.age_band))
        if apart < 2:
            points = w.age * (0.5 if apart else 1.0)
            add("age", other.age_band, points, shown="age_band" not in other.hidden)
    return found


def _stage(mine: str | None, theirs: str, rules: Rules) -> float:
    """1 for somebody further along, 0.7 for beside me, 0 for behind me or an unknown order."""
    if mine == theirs:
        return 0.7
    if mine not in rules.stages or theirs not in rules.stages:
        return 0.0
    return 1.0 if rules.stages.index(theirs) > rules.stages.index(mine) else 0.0


def fit(seeker: Seeker, partner: Giver | Seeker, rules: Rules) -> tuple[float, float]:
    """(fit 0..1, topic share 0..1)."""
    mine, theirs, topic = parts(seeker, partner, rules)
    both = sum(part.points for part in mine) * sum(part.points for part in theirs)
    return (rules.floor + (1 - rules.floor) * topic) * math.sqrt(both), topic


def reasons(
    seeker: Seeker, partner: Giver | Seeker, rules: Rules
) -> tuple[list[Reason], list[Reason]]:
    """What each may be told of the other, strongest first; never empty for an allowed pair.

    Where a topic is wanted and not shared, both lists open with {"kind": "listener"}: the
    partner "has not lived this". No block, bad pairing, must, exact age or load is ever a part.
    """
    plain = seeker.want and not shared(seeker.want, partner.person, rules)
    opening = [{"kind": "listener", "value": next(iter(seeker.want))}] if plain else []

    def told(found: list[Part]) -> list[Reason]:
        best = sorted((p for p in found if p.shown), key=lambda p: -p.points)
        return [*opening, *({"kind": p.kind, "value": p.value} for p in best)][:MOST_REASONS]

    for_a, for_b, _ = parts(seeker, partner, rules)
    return told(for_a), told(for_b)
