"""Times and limits of drop-in. Pure; takes `now`."""

from __future__ import annotations

from datetime import datetime, timedelta

TICK_SECONDS = 2.0
GIVER_ANSWERS = timedelta(seconds=25)
SEEKER_LOOKS = timedelta(minutes=2)
PLACE_KEPT = timedelta(minutes=10)
HEARTBEAT = timedelta(seconds=10)  # how often a page that waits is written down
PRESENT = timedelta(seconds=45)
CHOICES_AFTER = timedelta(minutes=10)  # from then on the wait shows other ways
REST_AFTER_MISS = timedelta(minutes=2)
LEADS_FOR = timedelta(seconds=20)  # a desk leads into a talk that the other one opened
BEHIND = timedelta(seconds=5)  # a wait in place of a refusal (safety.md 3.5)
FIRST_ASKS_A_DAY = 10  # reconnects, "someone else" and danger never count


def answer_in_time(*, now: datetime, until: datetime | None) -> bool:
    """Whether an answer still counts."""
    return until is not None and now < until


def is_gone(*, seen_at: datetime, now: datetime) -> bool:
    """Whether a place in line is given up: nobody has looked for ten minutes."""
    return now - seen_at >= PLACE_KEPT


def shows_choices(*, joined_at: datetime, now: datetime) -> bool:
    """Whether the wait has become long enough to show other ways."""
    return now - joined_at >= CHOICES_AFTER


def weigh(topics: list[str]) -> dict[str, float]:
    """Up to three topics, the first named counting most; weights sum to 1."""
    raw = {topic: 1.0 / (index + 1) for index, topic in enumerate(dict.fromkeys(topics))}
    total = sum(raw.values())
    return {topic: value / total for topic, value in raw.items()}
