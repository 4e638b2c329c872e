"""Who may enter the pages of the team. Everybody else is told that there is nothing."""

from __future__ import annotations

from django.http import HttpRequest

from samepath.accounts.access import member_of
from samepath.accounts.models import Member
from samepath.kit import sites
from samepath.kit.errors import NotFound
from samepath.kit.models import Site
from samepath.organisations.models import Role

SET_UP_COOKIE = "set-up"
SET_UP_SALT = "samepath.set-up"
SET_UP_SECONDS = 2 * 3600


def hats(member: Member | None) -> frozenset[str]:
    """The hats of a member; empty for a guest or a stranger. One query a request."""
    if member is None:
        return frozenset()
    known: frozenset[str] | None = getattr(member, "_hats", None)
    if known is None:
        known = frozenset(Role.objects.filter(member=member).values_list("hat", flat=True))
        member._hats = known  # type: ignore[attr-defined]
    return known


def helper_of(request: HttpRequest, *wanted: str) -> Member:
    """The member asking, who wears at least one of `wanted` (any hat where none is named).

    Raises:
        NotFound: a stranger or somebody without it.
    """
    member = member_of(request)
    worn = hats(member)
    if not (worn & frozenset(wanted) if wanted else worn):
        raise NotFound
    return member


def is_open() -> bool:
    """Whether the site in force has left set-up mode."""
    return Site.objects.filter(pk=sites.current_one(), open_since__isnull=False).exists()


def may_set_up(request: HttpRequest) -> bool:
    """Whether this browser gave the one-time code in the last two hours.

    Raises:
        NotFound: the place is open, so there is nothing to set up.
    """
    if is_open():
        raise NotFound
    told = request.get_signed_cookie(
        SET_UP_COOKIE, default="", salt=SET_UP_SALT, max_age=SET_UP_SECONDS
    )
    return told == str(sites.current_one())
