"""Rooms announce; upper rooms listen. An event is a frozen dataclass of ids, in the past tense."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

E = TypeVar("E")
_inside: dict[type, list[Callable[[Any], None]]] = defaultdict(list)
_after: dict[type, list[Callable[[Any], None]]] = defaultdict(list)
log = logging.getLogger("samepath.events")


def on(event: type[E], handler: Callable[[E], None], *, inside: bool = False) -> None:
    """Call `handler` for each `event`: `inside` the same transaction, or after its commit.

    An inside handler that raises undoes the whole act; one after the commit is logged and the
    others still run.
    """
    known = (_inside if inside else _after)[event]
    if handler not in known:
        known.append(handler)


def announce(event: object) -> None:
    """Tell inside listeners now and the others once the transaction has committed."""
    for handler in _inside[type(event)]:
        handler(event)
    if _after[type(event)]:
        transaction.on_commit(lambda: _tell(event))


def _tell(event: object) -> None:
    for handler in _after[type(event)]:
        try:
            handler(event)
        except Exception:
            log.exception("handler failed", extra={"event": type(event).__name__})
