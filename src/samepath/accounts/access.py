"""The only way to another member: through something shared. There is no directory of people."""

from __future__ import annotations

from django.http import HttpRequest

from samepath.accounts.models import Member
from samepath.kit.errors import NotFound


def member_of(request: HttpRequest) -> Member:
    """The member who is asking. Raises NotFound for a stranger: the page is not for them to know."""
    member: Member | None = getattr(request, "member", None)
    if member is None:
        raise NotFound
    return member
