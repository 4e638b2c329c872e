"""When concerns merge, when a card is shown, how long somebody may wait."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from samepath.safety import rules

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_an_episode_lasts_half_an_hour_from_the_last_words() -> None:
    assert rules.same_episode(last_at=NOW - 29 * MINUTE, now=NOW)
    assert not rules.same_episode(last_at=NOW - 30 * MINUTE, now=NOW)


@pytest.mark.parametrize(
    ("level", "shown", "card"),
    [
        (1, [], False),
        (2, [], True),
        (4, [], True),
        (2, [(5, 2)], False),
        (3, [(5, 2)], True),
        (2, [(5, 3)], False),
        (2, [(30, 3)], True),
        (3, [(31, 4), (29, 3)], False),
        (4, [(31, 4), (29, 3)], True),
    ],
)
def test_at_most_one_card_in_half_an_hour_unless_it_rises(
    level: int, shown: list[tuple[int, int]], card: bool
) -> None:
    past = [(NOW - minutes * MINUTE, seen) for minutes, seen in shown]
    assert rules.shows_card(level, shown=past, now=NOW) is card


@pytest.mark.parametrize(
    ("level", "within"), [(4, timedelta(seconds=60)), (3, 2 * MINUTE), (2, 30 * MINUTE)]
)
def test_late_begins_where_the_promise_ends(level: int, within: timedelta) -> None:
    assert not rules.is_late(level, NOW - within, NOW)
    assert rules.is_late(level, NOW - within - timedelta(seconds=1), NOW)


def test_nothing_is_promised_for_what_is_low_and_no_wait_is_negative() -> None:
    assert not rules.is_late(1, NOW - timedelta(days=9), NOW)
    assert not rules.is_late(0, NOW - timedelta(days=9), NOW)
    assert rules.minutes_waiting(NOW + MINUTE, NOW) == 0
    assert rules.minutes_waiting(NOW - timedelta(seconds=119), NOW) == 1


def test_only_what_a_person_pressed_rings_again() -> None:
    assert [s for s in ("screen", "button", "peer", "unscreened") if rules.rings_again(s)] == [
        "button",
        "peer",
    ]


@pytest.mark.parametrize(
    ("kept", "finished", "may"),
    [(None, 5, False), (6, 1, False), (7, 0, False), (7, 1, True), (300, 9, True)],
)
def test_members_meet_members_after_a_week_and_a_talk(
    kept: int | None, finished: int, may: bool
) -> None:
    today = date(2030, 1, 10)
    on = today - timedelta(days=kept) if kept is not None else None
    assert rules.may_meet_members(kept_on=on, finished=finished, today=today) is may
