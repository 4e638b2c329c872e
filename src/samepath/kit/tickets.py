"""Tickets for the socket: a cookie alone, which a browser sends by itself, opens nothing.

A ticket stands in a page of ours and is bound to the sign-in that page was made for. It lives for a
minute and is taken once (safety.md 3.4).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings

from samepath.kit import clock

LIVES = timedelta(seconds=60)
_SHAPE = re.compile(r"([0-9a-f]{1,16})\.([0-9a-f]{24})\.([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket that was made by us for this sign-in and has not run out. `number` is its chance."""

    number: str
    issued_at: datetime


def _seal(bound: str, head: str) -> str:
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"live-ticket|{bound}|{head}".encode(), hashlib.sha256).hexdigest()


def new_ticket(bound: str, *, now: float | None = None) -> str:
    """A ticket for the sign-in whose cookie hash is `bound`. `now` in seconds since 1970."""
    at = clock.now().timestamp() if now is None else now
    head = f"{int(at * 1_000_000):x}.{secrets.token_hex(12)}"
    return f"{head}.{_seal(bound, head)}"


def read_ticket(ticket: object, bound: str, *, now: float | None = None) -> Ticket | None:
    """The ticket, or None when it is not ours, is for another sign-in, or has run out.

    Whether it was taken before is for the caller to know.
    """
    found = _SHAPE.fullmatch(ticket) if isinstance(ticket, str) and len(ticket) < 120 else None
    if found is None:
        return None
    issued, number, sealed = found.groups()
    if not hmac.compare_digest(sealed, _seal(bound, f"{issued}.{number}")):
        return None
    micros = int(issued, 16)
    age = (clock.now().timestamp() if now is None else now) - micros / 1_000_000
    if not -1.0 <= age < LIVES.total_seconds():
        return None
    return Ticket(number, datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros))
