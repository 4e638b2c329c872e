"""When concerns merge and when a card is shown. Pure; takes `now`. safety.md 4.2."""

from __future__ import annotations

from datetime import date, datetime, timedelta

EPISODE = timedelta(minutes=30)
CARD_FROM = 2  # the level from which the author sees numbers
MARK_FROM = 2  # the level from which somebody is asked to look
RING_FROM = 3  # the level from which the alert rings


def same_episode(*, last_at: datetime, now: datetime) -> bool:
    """Whether new words belong to a concern already raised."""
    return now - last_at < EPISODE


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
