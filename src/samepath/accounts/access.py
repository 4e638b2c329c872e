"""The only way to another member: through something shared. There is no directory of people."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from samepath.accounts.models import Member
from samepath.kit.errors import NotFound
from samepath.kit.http import see_other

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def member_of(request: HttpRequest) -> Member:
    """The member who is asking. Raises NotFound for a stranger: the page is not for them to know."""
    member: Member | None = getattr(request, "member", None)
    if member is None:
        raise NotFound
    return member


def own_pages(back: str) -> Callable[[View[P]], View[P]]:
    """For pages about oneself, which everybody may know of: a stranger is led to sign in and then
    comes back, to the page that was asked for or, after a form, to `back`.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if getattr(request, "member", None) is None:
                to = request.path if request.method in ("GET", "HEAD") else back
                return see_other(request, f"/sign-in?next={quote(to)}")
            return view(request, *args, **kwargs)

        return guarded

    return guard
