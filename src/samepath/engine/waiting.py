"""An honest wait: a range from what people lived through lately, or "we cannot say yet"."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from samepath.engine.people import Seeker

ENOUGH = 5  # finished waits, or talk lengths, below which nothing is claimed
EARLY, LATE = 0.25, 0.80  # one in four was sooner, one in five was later
SPOKEN_MIN = (0, 1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120)  # minutes as people say them


class Wait(NamedTuple):
    """One wait of the last hours. `met` is False while it lasts, or where the person left."""

    seconds: float
    met: bool


class WaitRange(NamedTuple):
    """Whole minutes still to wait; a `low_min` of 0 is "less than a minute"."""

    low_min: int
    high_min: int


def place(me: Seeker, line: Iterable[Seeker]) -> int:
    """My place in line, from 1. People in crisis come first, then whoever came earlier."""

    def turn(one: Seeker) -> tuple[bool, float, str]:
        return not one.crisis, one.since, str(one.person.id)

    return 1 + sum(turn(one) < turn(me) for one in line if one.person.id != me.person.id)


def wait_range(
    recent: Sequence[Wait],
    *,
    before: int,
    free: int,
    busy: int,
    talks: Sequence[float],
    waited: float = 0.0,
) -> WaitRange | None:
    """How long it may still take, or None where the evidence does not carry a number.

    `recent` waits and `talks` (lengths of finished conversations) in seconds; `before` people
    ahead; `free` and `busy` supporters; `waited` seconds so far. Two sources, and the later end
    of both counts: the Kaplan-Meier curve of recent waits of `waited` and more (so that people
    who gave up lengthen it instead of vanishing), and, with too few free supporters, rounds of
    conversations that must end first: at the low end those under way are about to, at the high
    end they have only begun. The low end rounds down and the high end up.
    """
    longer = [wait for wait in recent if wait.seconds >= waited]
    if free + busy == 0 or sum(wait.met for wait in longer) < ENOUGH:
        return None
    low, high = _quantile(longer, EARLY) - waited, _quantile(longer, LATE) - waited
    ends = before + 1 - free  # conversations that must end first
    if ends > 0:
        if len(talks) < ENOUGH or busy == 0:
            return None
        finished = [Wait(length, True) for length in talks]
        low = max(low, _quantile(finished, EARLY) * ((ends - 1) // busy))
        high = max(high, _quantile(finished, LATE) * math.ceil(ends / busy))
    spoken_high = [minutes for minutes in SPOKEN_MIN[1:] if minutes * 60 >= high]
    if not spoken_high:
        return None
    return WaitRange(max(m for m in SPOKEN_MIN if m * 60 <= low), spoken_high[0])


def _quantile(waits: Sequence[Wait], share: float) -> float:
    """Seconds by which `share` of people were met (Kaplan and Meier 1958); inf if never seen."""
    left = 1.0
    at_risk = len(waits)
    for seconds, met in sorted(waits, key=lambda wait: (wait.seconds, not wait.met)):
        if met:
            left *= 1 - 1 / at_risk
        if left <= 1 - share + 1e-9:
            return seconds
        at_risk -= 1
    return math.inf
