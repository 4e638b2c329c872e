"""The one clock. Everything that needs the time asks here, so that a test can move it."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime


def now() -> datetime:
    """The current moment, aware, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The current UTC day: what is kept where a second would tell too much."""
    return now().date()


def steady() -> float:
    """Seconds that never go backwards; for durations and limits, not for people."""
    return time.monotonic()


def to_hour(moment: datetime) -> datetime:
    """`moment` cut to its hour, the grain kept after a conversation closed (safety.md 3.12)."""
    return moment.replace(minute=0, second=0, microsecond=0)
