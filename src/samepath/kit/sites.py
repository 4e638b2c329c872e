"""Which site we are working for. The hard wall: closed until somebody says which site is meant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[frozenset[int] | None] = ContextVar("samepath_sites", default=None)


class NoSite(RuntimeError):
    """A private row was asked for outside any site: a fault of ours, never shown to people."""


def current() -> frozenset[int]:
    """Ids of the sites in force.

    Raises:
        NoSite: nobody has entered a site.
    """
    ids = _current.get()
    if ids is None:
        raise NoSite("enter a site first: kit.sites.scope(site_id)")
    return ids


def current_one() -> int:
    """The id of the one site in force; raises NoSite where there is none or several."""
    ids = current()
    if len(ids) != 1:
        raise NoSite("several sites are in force here")
    return next(iter(ids))


@contextmanager
def scope(*site_ids: int) -> Iterator[None]:
    """Work for these sites until the block ends."""
    token = _current.set(frozenset(site_ids))
    try:
        yield
    finally:
        _current.reset(token)
