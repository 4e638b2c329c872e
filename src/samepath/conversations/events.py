"""What conversations tells the rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """Who may do what has changed; snapshots are stale."""

    conversation: UUID


@dataclass(frozen=True, slots=True)
class ConversationClosed:
    """It is over. `by` is the member who closed it, None for the service."""

    site_id: int
    conversation: UUID
    by: int | None


@dataclass(frozen=True, slots=True)
class ParticipantLost:
    """Nobody has heard of a participant for a minute."""

    site_id: int
    conversation: UUID
    member_id: int


@dataclass(frozen=True, slots=True)
class ParticipantBack:
    """A lost participant is here again."""

    site_id: int
    conversation: UUID
    member_id: int
