"""The plain values the engine works on. Rooms build them; nothing here knows a database or a clock.

Seconds are floats on one clock of the caller's choice that only goes forward.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

PersonId = int | str
Wishes = Mapping[str, frozenset[str]]  # field -> accepted values; first_hand -> {"yes"}

ATTRIBUTES = ("gender", "age_band", "faith")  # what a wish may name, beside first_hand
UNDISCLOSED = "undisclosed"
MINOR = "13-17"
ADULT = "18+"  # an adult who says no more than that
BANDS = (MINOR, "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
_ADULTS = frozenset((ADULT, *BANDS)) - {MINOR}


class View(NamedTuple):
    """What counts how much when one side looks at the other; sums to 1."""

    topic: float
    first_hand: float
    stage: float
    language: float
    preference: float
    age: float


SEEKER_VIEW = View(0.40, 0.14, 0.12, 0.12, 0.14, 0.08)
GIVER_VIEW = View(0.30, 0.10, 0.0, 0.16, 0.34, 0.10)


@dataclass(frozen=True, slots=True)
class Lived:
    """One topic somebody has lived, and whether they let it be named to the other person."""

    first_hand: bool = False
    stage: str | None = None
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """What matching may know of somebody. `hidden` names fields that count but are never told."""

    id: PersonId
    languages: tuple[str, ...]  # first = native
    tz: str = "UTC"
    age_band: str = UNDISCLOSED
    gender: str = UNDISCLOSED
    faith: str = UNDISCLOSED
    org: PersonId | None = None
    org_closed: bool = False
    youth_cleared: bool = False
    topics: Mapping[str, Lived] = field(default_factory=dict)
    avoid: frozenset[str] = frozenset()
    must: Wishes = field(default_factory=dict)
    nice: Wishes = field(default_factory=dict)
    blocks: frozenset[PersonId] = frozenset()
    bad_past: frozenset[PersonId] = frozenset()
    capacity: int = 1  # conversations at once, as a supporter
    hidden: frozenset[str] = frozenset()  # of gender, faith, age_band, stage, first_hand

    @property
    def minor(self) -> bool | None:
        """True, False, or None where the age is not known."""
        return False if self.age_band in _ADULTS else self.age_band == MINOR or None

    def meets(self, wish: str, accepted: frozenset[str], topics: Mapping[str, float]) -> bool:
        """Whether this person meets one wish in a conversation about `topics`.

        "Undisclosed" never does. First-hand: one of the topics, lived first-hand.
        """
        if wish == "first_hand":
            return any(t in self.topics and self.topics[t].first_hand for t in topics)
        value = getattr(self, wish) if wish in ATTRIBUTES else UNDISCLOSED
        return value != UNDISCLOSED and value in accepted


@dataclass(frozen=True, slots=True)
class Seeker:
    """Somebody in the line. `want` comes from `wants`; `declined` holds every no, either way."""

    person: Person
    want: Mapping[str, float]
    since: float = 0.0
    seen: float = math.inf  # last heartbeat
    fellow: bool = False  # said that a fellow traveller is fine
    trusted: bool = False  # trust level allows one-to-one between members
    crisis: bool = False
    offered: bool = False  # an offer is open
    not_before: float = -math.inf  # no offer before this second
    declined: frozenset[PersonId] = frozenset()


@dataclass(frozen=True, slots=True)
class Giver:
    """A supporter who said "available". `talks` counts conversations under way."""

    person: Person
    since: float = 0.0  # free since: who is free longest is looked at first
    seen: float = math.inf
    on_duty: bool = True
    talks: int = 0
    offered: bool = False
    not_before: float = -math.inf  # rest, or an offer missed a moment ago
    until: float = math.inf


@dataclass(frozen=True, slots=True)
class Rules:
    """What an operator may tune; the defaults are the design's. Times in seconds."""

    seeker: View = SEEKER_VIEW
    giver: View = GIVER_VIEW
    family: Mapping[str, str] = field(default_factory=dict)  # topic -> family
    stages: tuple[str, ...] = ()  # earliest first
    floor: float = 0.35  # what is left of a fit when no topic is shared
    near: float = 0.45  # a topic of the same family, compared with the topic itself
    half_life_s: float = 300.0
    listener_after_s: float = 120.0
    heartbeat_s: float = 45.0
    offer_timeout_s: float = 25.0
    rest_s: float = 120.0


def wants(weights: Mapping[str, float]) -> dict[str, float]:
    """`weights` scaled to sum 1, heaviest first, noughts left out.

    Raises ValueError for a weight that is negative or not a finite number.
    """
    if not all(math.isfinite(w) and w >= 0 for w in weights.values()):
        raise ValueError("a weight must be a number from 0 up")
    total = math.fsum(weights.values())
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return {topic: w / total for topic, w in ranked if w > 0}
