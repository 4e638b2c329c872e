"""Who may enter the pages of the team. Everybody else is told that there is nothing."""

from __future__ import annotations

from django.http import HttpRequest

from samepath.accounts.access import member_of
from samepath.accounts.models import Member
from samepath.kit.errors import NotFound
from samepath.organisations import queries


def helper_of(request: HttpRequest, *hats: str) -> Member:
    """The member asking, who wears at least one of `hats` (any hat where none is named).

    Raises:
        NotFound: a stranger or somebody without it.
    """
    member = member_of(request)
    worn = queries.hats(member)
    if not (worn & frozenset(hats) if hats else worn):
        raise NotFound
    return member
