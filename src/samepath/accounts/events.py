"""What accounts tells the rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SignInEnded:
    """A sign-in is over; its sockets close."""

    sign_in: UUID
    member_id: int


@dataclass(frozen=True, slots=True)
class BlockPlaced:
    """Two members may not meet any more, on any surface."""

    site_id: int
    blocker_id: int
    blocked_id: int


@dataclass(frozen=True, slots=True)
class BlockLifted:
    """A member took a block back."""

    site_id: int
    blocker_id: int
    blocked_id: int


@dataclass(frozen=True, slots=True)
class MemberErased:
    """A member is gone; only an empty tombstone is left."""

    member_id: int
