"""When concerns merge and when a card is shown. Pure; takes `now`. safety.md 4.2."""

from __future__ import annotations

from datetime import date, datetime, timedelta

EPISODE = timedelta(minutes=30)
CARD_FROM = 2  # the level from which the author sees numbers
MARK_FROM = 2  # the level from which somebody is asked to look
RING_FROM = 3  # the level from which the alert rings
# How soon somebody has to say "I am on it", by level (safety.md 0.7); none for what is below.
ANSWER_WITHIN = {4: timedelta(seconds=60), 3: timedelta(minutes=2), 2: timedelta(minutes=30)}
KEPT = timedelta(days=90)  # after a report was read or a concern was seen (safety.md 3.12)
TOLD_AFTER = timedelta(days=7)  # when somebody learns that words of theirs were reported and read


def same_episode(*, last_at: datetime, now: datetime) -> bool:
    """Whether new words belong to a concern already raised."""
    return now - last_at < EPISODE


def minutes_waiting(raised_at: datetime, now: datetime) -> int:
    """Whole minutes since it was raised; never negative, whatever two clocks say."""
    return max(0, int((now - raised_at).total_seconds() // 60))


def is_late(level: int, raised_at: datetime, now: datetime) -> bool:
    """Whether the time that was promised for this level has passed."""
    within = ANSWER_WITHIN.get(level)
    return within is not None and now - raised_at > within


def rings_again(source: str) -> bool:
    """Whether a person raised it by their own hand: that is never swallowed by an open episode."""
    return source in ("button", "peer")


def shows_card(level: int, *, shown: list[tuple[datetime, int]], now: datetime) -> bool:
    """Whether the author gets a card: at most one in 30 minutes, unless the level has risen."""
    if level < CARD_FROM:
        return False
    recent = [seen for at, seen in shown if now - at < EPISODE]
    return not recent or level > max(recent)


def may_meet_members(*, kept_on: date | None, finished: int, today: date) -> bool:
    """Whether a member may be offered to another member who waits (trust level 2, safety.md 4.13).

    A kept name, seven days of it, and one finished conversation with a supporter. The page on
    boundaries and the voucher, the other way to this level, come with the training room.
    """
    return kept_on is not None and (today - kept_on).days >= 7 and finished >= 1
