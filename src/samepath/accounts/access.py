"""Who is asking: the member of a request, and the cookie by which a browser is known again.

The only way to another member is something shared; there is no directory of people.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from samepath.accounts.models import Member
from samepath.kit.errors import NotFound
from samepath.kit.http import see_other

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def member_of(request: HttpRequest) -> Member:
    """The member who is asking. Raises NotFound: a stranger is not told of the page."""
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


def set_cookie(response: HttpResponse, cookie: str, *, stays: bool = False) -> None:
    """Give the browser its sign-in: for this sitting, or thirty days where the member chose so."""
    response.set_cookie(
        settings.SIGN_IN_COOKIE,
        cookie,
        max_age=30 * 86400 if stays else None,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def drop_cookie(response: HttpResponse) -> None:
    """Take it back."""
    response.delete_cookie(settings.SIGN_IN_COOKIE, path="/", samesite="Lax")


def clear_device(response: HttpResponse) -> None:
    """Leave nothing of ours in this browser (safety.md 3.10); kept only over https or at home."""
    drop_cookie(response)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
