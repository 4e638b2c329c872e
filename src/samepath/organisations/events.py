"""What organisations tells the rooms above."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DutyEnded:
    """A member stopped being on duty, planned or not."""

    site_id: int
    member_id: int
