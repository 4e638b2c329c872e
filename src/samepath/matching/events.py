"""What matching announces."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PairOpened:
    """Both said yes; a conversation is open."""

    site_id: int
    conversation: UUID
    seeker_id: int
    giver_id: int
