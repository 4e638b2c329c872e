"""Names for things: random outside, so that an id tells neither time nor count."""

from __future__ import annotations

import secrets
import uuid


def new_id() -> uuid.UUID:
    """A random UUIDv4 for `public_id`."""
    return uuid.uuid4()


def new_token(length: int = 32) -> str:
    """`length` random bytes as hex: cookies, one-time codes, nonces."""
    return secrets.token_hex(length)


def parse_id(text: object) -> uuid.UUID | None:
    """The UUID in `text`, or None; never raises, so that a bad id is simply not found."""
    if not isinstance(text, str) or len(text) != 36:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
