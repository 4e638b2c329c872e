"""Cover: the table of the rule book, sizes, and the search for when it begins and ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samepath.organisations import rules
from samepath.organisations.rules import OnDuty

NOW = datetime(2030, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
HELPERS = {"few": 5, "team": 20, "large": 60}


def duty(
    member: int, hat: str, begins: float = -1, ends: float = 1, *, call: bool = False
) -> OnDuty:
    return OnDuty(member, hat, call, NOW + begins * HOUR, NOW + ends * HOUR)


def covered(size: str, *present: OnDuty, second: bool = True) -> bool:
    return rules.cover(present, now=NOW, helpers=HELPERS[size], second_named=second).open


@pytest.mark.parametrize(
    ("helpers", "size"),
    [
        (0, "few"),
        (2, "few"),
        (9, "few"),
        (10, "team"),
        (49, "team"),
        (50, "large"),
        (5000, "large"),
    ],
)
def test_sizes(helpers: int, size: str) -> None:
    assert rules.size_of(helpers) == size


S, L, L2 = duty(1, "supporter"), duty(2, "lead"), duty(3, "lead")
L_CALL, SECOND, S2_CALL = (
    duty(2, "lead", call=True),
    duty(4, "second", call=True),
    duty(5, "supporter", call=True),
)
ADMIN = duty(6, "admin")


@pytest.mark.parametrize(
    ("present", "few", "team", "large"),
    [
        ((), False, False, False),
        ((S,), False, False, False),
        ((S, SECOND), True, False, False),
        ((S, S2_CALL), True, False, False),
        ((S, duty(7, "supporter")), True, False, False),
        ((S, L), True, True, False),
        ((S, L_CALL), True, False, False),
        ((S, L, L2), True, True, True),
        ((S, L, duty(3, "lead", call=True)), True, True, False),
        ((L, SECOND), False, False, False),
        ((L, L2), False, False, False),
        # On call is not on duty: nobody is there to listen.
        ((S2_CALL, L, L2), False, False, False),
        # Running the place is no training.
        ((S, ADMIN), False, False, False),
        # One person with two roles is one person.
        ((S, duty(1, "lead")), False, False, False),
        ((S, duty(1, "lead"), duty(1, "second", call=True)), False, False, False),
        ((S, duty(1, "lead"), duty(2, "lead")), True, True, False),
        ((S, duty(2, "supporter"), duty(2, "lead")), True, True, False),
        ((S, duty(2, "supporter"), duty(2, "lead"), L2), True, True, True),
    ],
)
def test_the_table_of_the_rule_book(
    present: tuple[OnDuty, ...], few: bool, team: bool, large: bool
) -> None:
    assert covered("few", *present) is few
    assert covered("team", *present) is team
    assert covered("large", *present) is large


def test_without_a_second_no_size_opens() -> None:
    for size in HELPERS:
        assert covered(size, S, L, L2, SECOND)
        assert not covered(size, S, L, L2, SECOND, second=False)


def test_more_people_never_close_what_was_open() -> None:
    people = (S, L, L2, SECOND, S2_CALL, ADMIN)
    chosen = [
        tuple(one for one, taken in zip(people, mask, strict=True) if taken)
        for mask in product((False, True), repeat=len(people))
    ]
    for size in HELPERS:
        for present in chosen:
            if covered(size, *present):
                assert all(covered(size, *present, more) for more in people)


def test_the_end_is_told_across_a_handover_without_a_seam() -> None:
    duties = (
        duty(1, "supporter", -1, 2),
        duty(2, "supporter", 2, 5),
        duty(4, "second", -10, 4, call=True),
    )
    cover = rules.cover(duties, now=NOW, helpers=3, second_named=True)
    assert (cover.state, cover.open, cover.until) == ("covered", True, NOW + 4 * HOUR)
    assert (cover.opens_at, cover.opens_until, cover.supporters) == (None, None, 1)


def test_a_minute_without_anybody_is_an_end() -> None:
    duties = (
        duty(1, "supporter", -1, 2),
        duty(2, "supporter", 2 + 1 / 60, 5),
        duty(4, "second", -10, 9, call=True),
    )
    cover = rules.cover(duties, now=NOW, helpers=3, second_named=True)
    assert cover.until == NOW + 2 * HOUR


def test_closed_tells_when_it_opens_and_until_when() -> None:
    duties = (
        duty(1, "supporter", -1, 1),  # here, and alone
        duty(1, "supporter", 6, 9),
        duty(4, "second", 7, 20, call=True),
        duty(2, "supporter", 9, 10),
    )
    cover = rules.cover(duties, now=NOW, helpers=3, second_named=True)
    assert (cover.state, cover.open, cover.until) == ("partly", False, None)
    assert (cover.opens_at, cover.opens_until) == (NOW + 7 * HOUR, NOW + 10 * HOUR)


def test_what_ended_or_lies_too_far_ahead_does_not_count() -> None:
    over = (duty(1, "supporter", -3, 0), duty(4, "second", -3, 0, call=True))
    assert rules.cover(over, now=NOW, helpers=3, second_named=True).state == "not"
    far = (duty(1, "supporter", 15 * 24, 15 * 24 + 3), duty(4, "second", -1, 400, call=True))
    cover = rules.cover(far, now=NOW, helpers=3, second_named=True)
    assert (cover.opens_at, cover.opens_until, cover.state) == (None, None, "partly")


hours = st.integers(-6, 30)
on_duty = st.builds(
    lambda member, hat, call, begin, length: duty(member, hat, begin, begin + length, call=call),
    st.integers(1, 5),
    st.sampled_from(["supporter", "lead", "second", "admin"]),
    st.booleans(),
    hours,
    st.integers(1, 12),
)


def _by_hand(duties: Sequence[OnDuty], size: str, hour: int) -> bool:
    """The table once more, written as counting people instead of sets: slower, plainer."""
    moment = NOW + hour * HOUR
    there = [d for d in duties if d.starts_at <= moment < d.ends_at]
    for one in {d.member_id for d in there if d.hat == "supporter" and not d.on_call}:
        others = [d for d in there if d.member_id != one and d.hat != "admin"]
        leads = len({d.member_id for d in others if d.hat == "lead" and not d.on_call})
        if {"few": bool(others), "team": leads >= 1, "large": leads >= 2}[size]:
            return True
    return False


@settings(max_examples=300, deadline=None)
@given(st.lists(on_duty, max_size=8), st.sampled_from(["few", "team", "large"]))
def test_open_and_close_agree_with_a_look_at_every_hour(duties: list[OnDuty], size: str) -> None:
    cover = rules.cover(duties, now=NOW, helpers=HELPERS[size], second_named=True)
    line = [_by_hand(duties, size, hour) for hour in range(60)]
    assert cover.open is line[0]
    if line[0]:
        assert cover.until == NOW + line.index(False) * HOUR
        assert cover.opens_at is None
    elif True in line:
        first = line.index(True)
        assert cover.opens_at == NOW + first * HOUR
        assert cover.opens_until == NOW + line.index(False, first) * HOUR
        assert cover.until is None
    else:
        assert (cover.until, cover.opens_at, cover.opens_until) == (None, None, None)


@settings(max_examples=200, deadline=None)
@given(st.lists(on_duty, max_size=8), st.sampled_from(["few", "team", "large"]))
def test_gaps_are_the_hours_with_somebody_and_not_enough(duties: list[OnDuty], size: str) -> None:
    gaps = rules.gaps(duties, now=NOW, helpers=HELPERS[size])
    for hour in range(60):
        moment = NOW + hour * HOUR
        somebody = any(d.starts_at <= moment < d.ends_at for d in duties)
        inside = [gap for gap in gaps if gap.starts_at <= moment < gap.ends_at]
        assert len(inside) == (somebody and not _by_hand(duties, size, hour))
    for before, after in pairwise(gaps):
        assert before.ends_at <= after.starts_at
        assert before.ends_at < after.starts_at or before.missing != after.missing


def test_a_gap_names_what_is_missing() -> None:
    def missing(size: str, *present: OnDuty) -> list[str]:
        return [gap.missing for gap in rules.gaps(present, now=NOW, helpers=HELPERS[size])]

    assert missing("few", S) == ["another"]
    assert missing("few", SECOND) == ["supporter"]
    assert missing("team", S, SECOND) == ["lead"]
    assert missing("large", S, L) == ["second_lead"]
    assert missing("large", S, L, L2) == []
    assert missing("few") == []


def test_lengths_that_may_be_promised() -> None:
    assert rules.duty_fault(NOW, NOW, now=NOW) == "past"
    assert rules.duty_fault(NOW - 2 * HOUR, NOW - HOUR, now=NOW) == "past"
    assert rules.duty_fault(NOW - HOUR, NOW + HOUR, now=NOW) == ""
    assert rules.duty_fault(NOW + 61 * 24 * HOUR, NOW + 62 * 24 * HOUR, now=NOW) == "far"
    assert not rules.is_too_long(NOW, NOW + 3 * HOUR, hat="supporter", on_call=False)
    assert rules.is_too_long(NOW, NOW + 4 * HOUR, hat="supporter", on_call=False)
    assert not rules.is_too_long(NOW, NOW + 24 * HOUR, hat="supporter", on_call=True)
    assert rules.is_too_long(NOW, NOW + 25 * HOUR, hat="lead", on_call=True)


@pytest.mark.parametrize(
    ("worn", "hat", "may"),
    [
        ({"admin"}, "admin", True),
        ({"admin"}, "supporter", True),
        ({"lead"}, "supporter", True),
        ({"lead"}, "lead", False),
        ({"lead"}, "admin", False),
        ({"second"}, "supporter", False),
        ({"supporter"}, "supporter", False),
        (set(), "supporter", False),
    ],
)
def test_who_may_give_what(worn: set[str], hat: str, may: bool) -> None:
    assert rules.may_give(worn, hat) is may
