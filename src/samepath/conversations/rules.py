"""Limits and times of talk. Pure; takes `now`."""

from __future__ import annotations

from datetime import datetime, timedelta

LOST_AFTER = timedelta(seconds=60)
HEARTBEAT = timedelta(seconds=20)
MESSAGE_BURST = 10.0
MESSAGE_PER_SECOND = 1.0
PAGE = 50
FORGOTTEN_AFTER = timedelta(hours=72)  # nobody has come back: it is over (safety.md 4.8)
MUTES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "always": timedelta(days=3650)}


def shred_moment(
    closed_at: datetime, *, guests: bool, guest_hours: int, kept_days: int
) -> datetime:
    """When a closed conversation is destroyed: hours with a guest in it, else days."""
    return closed_at + (timedelta(hours=guest_hours) if guests else timedelta(days=kept_days))


def is_lost(*, seen_at: datetime, now: datetime) -> bool:
    """Whether a participant has been silent in every way for a minute."""
    return now - seen_at >= LOST_AFTER


def bound_to(site: int, conversation: str, message: str, sender: int, sort: str) -> bytes:
    """The associated data a message is sealed with (safety.md 3.1.2)."""
    return f"v1|{site}|{conversation}|{message}|{sender}|{sort}".encode()


def key_name(conversation: str, member: str) -> str:
    """The name of the key of one author in one conversation."""
    return f"conversation:{conversation}:{member}"
