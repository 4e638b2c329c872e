"""Cover: when may strangers be brought together here. Pure; takes `now`. Table of safety.md 4.0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LOOK_AHEAD = timedelta(days=14)
SIZES = ((50, "large"), (10, "team"), (0, "few"))


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A duty as plain values."""

    member_id: int
    hat: str
    on_call: bool
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Cover:
    """Whether drop-in may run, until when, and else when it opens next."""

    state: str  # "covered" | "partly" | "not"
    open: bool
    until: datetime | None
    opens_at: datetime | None
    opens_until: datetime | None
    supporters: int
    size: str

    @property
    def peers_here(self) -> int:
        """Supporters on duty now."""
        return self.supporters


def size_of(helpers: int) -> str:
    """ "few" (under 10), "team" (10-49) or "large" (50 and more)."""
    return next(name for least, name in SIZES if helpers >= least)


def is_covered(present: Iterable[OnDuty], size: str, *, second_named: bool) -> bool:
    """Whether these people, all there at one moment, are enough for drop-in."""
    rows = list(present)
    supporters = {row.member_id for row in rows if row.hat == "supporter" and not row.on_call}
    leads = {row.member_id for row in rows if row.hat == "lead"}
    trained = {row.member_id for row in rows}  # on call or on duty, whatever the hat
    if not supporters or not second_named:
        return False
    if size == "few":
        return any(trained - {one} for one in supporters)
    if size == "team":
        return any(leads - {one} for one in supporters)
    return any(len(leads - {one}) >= 2 for one in supporters)


def cover(
    duties: Sequence[OnDuty], *, now: datetime, helpers: int, second_named: bool
) -> Cover:
    """The state at `now` and the end of it, looked up to 14 days ahead.

    `duties` may reach from the past into the future; those that ended are ignored.
    """
    size = size_of(helpers)
    live = [duty for duty in duties if duty.ends_at > now]
    here = [duty for duty in live if duty.starts_at <= now]
    edges = sorted(
        {moment for duty in live for moment in (duty.starts_at, duty.ends_at) if moment > now}
    )
    open_now = is_covered(here, size, second_named=second_named)
    supporters = len({d.member_id for d in here if d.hat == "supporter" and not d.on_call})
    until = opens_at = opens_until = None
    state_now = open_now
    for edge in edges:
        if edge - now > LOOK_AHEAD:
            break
        there = [duty for duty in live if duty.starts_at <= edge < duty.ends_at]
        then = is_covered(there, size, second_named=second_named)
        if state_now and not then:
            if open_now and until is None:
                until = edge
            elif not open_now:
                opens_until = edge
            break
        if not state_now and then:
            opens_at = edge
        state_now = then
    state = "covered" if open_now else "partly" if here else "not"
    return Cover(state, open_now, until, opens_at, opens_until, supporters, size)


def duty_fault(starts_at: datetime, ends_at: datetime, *, now: datetime) -> str:
    """Why a duty cannot be taken, as a code, or "". At most 3 h on duty (safety.md 4.9)."""
    if ends_at <= starts_at or ends_at <= now:
        return "past"
    if starts_at - now > timedelta(days=60):
        return "far"
    return ""
