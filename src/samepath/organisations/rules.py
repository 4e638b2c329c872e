"""Cover: when may strangers be brought together here. Pure; takes `now`. Table of safety.md 4.0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

LOOK_AHEAD = timedelta(days=14)
SIZES = ((50, "large"), (10, "team"), (0, "few"))
# The order of the set-up: the promise is read before anybody becomes a member, and numbers are
# confirmed by somebody with a name.
NEEDED_STEPS = ("organisation", "promise", "admin", "second", "helplines")
# Running the place is no training: an admin alone makes nobody safer.
TRAINED = frozenset({"supporter", "lead", "second"})
LONGEST_DUTY = timedelta(hours=3)  # of listening in one go (safety.md 4.9)
LONGEST_HOURS = timedelta(hours=24)  # of anything else: promises nobody can keep help nobody


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


def missing(present: Iterable[OnDuty], size: str) -> str:
    """What these people, all there at one moment, lack for drop-in: "" when they are enough.

    "supporter": nobody listens. "another": one more trained person, on call at least. "lead":
    somebody on duty who looks after safety. "second_lead": a second such person. Nobody is counted
    twice, whatever their hats.
    """
    rows = list(present)
    supporters = {row.member_id for row in rows if row.hat == "supporter" and not row.on_call}
    leads = {row.member_id for row in rows if row.hat == "lead" and not row.on_call}
    trained = {row.member_id for row in rows if row.hat in TRAINED}  # on call or on duty
    if not supporters:
        return "supporter"
    if size == "few":
        return "" if any(trained - {one} for one in supporters) else "another"
    most = max(len(leads - {one}) for one in supporters)
    if most == 0:
        return "lead"
    return "second_lead" if size == "large" and most < 2 else ""


def is_covered(present: Iterable[OnDuty], size: str, *, second_named: bool) -> bool:
    """Whether these people, all there at one moment, are enough for drop-in."""
    return second_named and not missing(present, size)


def cover(duties: Sequence[OnDuty], *, now: datetime, helpers: int, second_named: bool) -> Cover:
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


@dataclass(frozen=True, slots=True)
class Gap:
    """A time when somebody is here and drop-in still cannot run; `missing` as `missing` says it."""

    starts_at: datetime
    ends_at: datetime
    missing: str


def gaps(duties: Sequence[OnDuty], *, now: datetime, helpers: int) -> list[Gap]:
    """Every gap from `now` to 14 days ahead, in order, neighbours of one kind joined."""
    size, end = size_of(helpers), now + LOOK_AHEAD
    live = [duty for duty in duties if duty.ends_at > now and duty.starts_at < end]
    edges = sorted(
        {now, end} | {m for d in live for m in (d.starts_at, d.ends_at) if now < m < end}
    )
    found: list[Gap] = []
    for start, stop in pairwise(edges):
        there = [duty for duty in live if duty.starts_at <= start < duty.ends_at]
        lack = missing(there, size) if there else ""
        if not lack:
            continue
        last = found[-1] if found else None
        if last and last.ends_at == start and last.missing == lack:
            found[-1] = Gap(last.starts_at, stop, lack)
        else:
            found.append(Gap(start, stop, lack))
    return found


def duty_fault(starts_at: datetime, ends_at: datetime, *, now: datetime) -> str:
    """Why a duty cannot be taken, as a code, or ""."""
    if ends_at <= starts_at or ends_at <= now:
        return "past"
    if starts_at - now > timedelta(days=60):
        return "far"
    return ""


def is_too_long(starts_at: datetime, ends_at: datetime, *, hat: str, on_call: bool) -> bool:
    """Whether one person should not promise this much in one go (safety.md 4.9)."""
    listens = hat == "supporter" and not on_call
    return ends_at - starts_at > (LONGEST_DUTY if listens else LONGEST_HOURS)


def may_give(worn: Iterable[str], hat: str) -> bool:
    """Whether somebody with these hats may invite to a hat, give it or take it: an admin every one,
    a lead that of a supporter."""
    hats = set(worn)
    return "admin" in hats or ("lead" in hats and hat == "supporter")
