"""The wait that is said is one the evidence carries, or none is said."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import made
from samepath.engine.waiting import (
    ENOUGH,
    SPOKEN_MIN,
    Wait,
    WaitRange,
    _quantile,
    place,
    wait_range,
)

TALKS = [600.0, 900.0, 1200.0, 1500.0, 1800.0]


def met(*minutes: float) -> list[Wait]:
    return [Wait(60 * m, True) for m in minutes]


def quiet(recent: list[Wait], **other: float) -> WaitRange | None:
    state = {"before": 0, "free": 1, "busy": 0, "waited": 0.0} | other
    return wait_range(recent, talks=TALKS, **state)  # type: ignore[arg-type]


def test_a_worked_example() -> None:
    """A quarter met within 2 minutes, four of five within 7: said as 2 to 10."""
    assert quiet(met(1, 2, 2.5, 3, 4, 5, 6, 7, 9, 30)) == WaitRange(2, 10)


def test_less_than_a_minute() -> None:
    assert quiet(met(0.1, 0.2, 0.3, 0.4, 0.5)) == WaitRange(0, 1)


@pytest.mark.parametrize("count", range(ENOUGH))
def test_too_little_evidence_says_nothing(count: int) -> None:
    assert quiet(met(*[2.0] * count)) is None
    assert quiet(met(*[2.0] * count) + [Wait(600, False)] * 20) is None


def test_nobody_here_says_nothing() -> None:
    assert quiet(met(*[2.0] * 9), free=0, busy=0) is None


def test_people_who_gave_up_lengthen_the_wait() -> None:
    plain = met(1, 2, 3, 4, 5, 6, 7, 8)
    with_left = [*plain, Wait(200, False), Wait(200, False), Wait(250, False)]
    before, after = quiet(plain), quiet(with_left)
    assert before
    assert after
    assert after.high_min > before.high_min or after.low_min > before.low_min


def test_where_most_gave_up_no_end_is_promised() -> None:
    assert quiet([*met(1, 1, 1, 1, 1), *[Wait(300, False)] * 20]) is None


def test_who_has_waited_is_told_what_is_left() -> None:
    recent = met(1, 1, 1, 1, 11, 12, 13, 14, 20)
    assert quiet(recent, waited=600.0) == WaitRange(2, 5)
    assert quiet(recent, waited=1000.0) is None


def test_a_queue_waits_for_conversations_to_end() -> None:
    """Two ahead of me, nobody free, one talking: the third end is mine."""
    recent = met(*[1.0] * 9)
    state = {"before": 2, "free": 0, "busy": 1}
    # At best two whole conversations of 15 minutes after the one about to end; at worst three
    # of 25 (four of five are no longer).
    assert quiet(recent, **state) == WaitRange(30, 90)
    assert quiet(recent, **(state | {"busy": 3})) == WaitRange(1, 30)
    assert quiet(recent, **(state | {"before": 3, "busy": 3})) == WaitRange(15, 60)
    assert quiet(recent, **(state | {"free": 3})) == WaitRange(1, 1)


def test_a_queue_without_known_lengths_says_nothing() -> None:
    recent = met(*[1.0] * 9)
    assert wait_range(recent, before=1, free=0, busy=1, talks=TALKS[:4]) is None
    assert wait_range(recent, before=1, free=1, busy=0, talks=TALKS) is None


def test_beyond_two_hours_says_nothing() -> None:
    assert quiet(met(*[1.0] * 9), before=9, free=0, busy=1) is None


@settings(deadline=None)
@given(
    st.lists(st.builds(Wait, st.floats(0, 7000), st.just(True)), min_size=ENOUGH, max_size=40),
    st.integers(0, 5),
)
def test_never_shorter_than_the_evidence(recent: list[Wait], more: int) -> None:
    """One in five at most waited longer than what is said; and a longer line is never shorter."""
    said = quiet(recent)
    assert said
    longer = sum(wait.seconds > said.high_min * 60 for wait in recent)
    assert longer <= 0.2 * len(recent)
    sooner = sum(wait.seconds < said.low_min * 60 for wait in recent)
    assert sooner <= 0.25 * len(recent)
    assert said.low_min <= said.high_min
    assert {said.low_min, said.high_min} <= set(SPOKEN_MIN)
    queued = quiet(recent, before=more, busy=2)
    assert queued is None or queued >= said


@settings(deadline=None)
@given(st.lists(st.floats(0, 5000), min_size=1, max_size=30), st.sampled_from([0.25, 0.5, 0.8]))
def test_without_censoring_the_curve_is_the_plain_quantile(
    seconds: list[float], share: float
) -> None:
    waits = [Wait(s, True) for s in seconds]
    rank = math.ceil(share * len(seconds) - 1e-6)
    assert _quantile(waits, share) == sorted(seconds)[max(rank, 1) - 1]


def test_the_curve_by_hand() -> None:
    """Kaplan and Meier: 1 of 4 at risk, then 1 of 2, then 1 of 1."""
    waits = [Wait(10, True), Wait(20, False), Wait(30, True), Wait(40, True)]
    assert _quantile(waits, 0.25) == 10  # S = .75
    assert _quantile(waits, 0.5) == 30  # S = .375
    assert _quantile(waits, 0.8) == 40  # S = 0
    assert _quantile([Wait(10, True), Wait(20, False)], 0.8) == math.inf


def test_place_in_line() -> None:
    first, second, third = (
        made.seeker(made.person(n), since=float(i)) for i, n in enumerate("abc")
    )
    line = [third, first, second]
    assert [place(s, line) for s in (first, second, third)] == [1, 2, 3]
    urgent = made.seeker(made.person("d"), since=9.0, crisis=True)
    assert place(urgent, [*line, urgent]) == 1
    assert place(first, [*line, urgent]) == 2
    assert place(first, []) == 1
