"""What safety tells the rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ConcernRaised:
    """A concern is new or has risen."""

    site_id: int
    concern: UUID
    member_id: int
    level: int
