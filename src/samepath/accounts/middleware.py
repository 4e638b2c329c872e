"""Who is asking: `request.member` and `request.sign_in`, both None for a stranger."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from samepath.accounts import actions, queries
from samepath.accounts.access import clear_device, drop_cookie, set_cookie
from samepath.kit.http import Answer, is_standing

__all__ = ["SignInMiddleware", "clear_device", "drop_cookie", "set_cookie"]


class SignInMiddleware:
    """One look-up a page; none on pages that must answer with the database down."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.member = None  # type: ignore[attr-defined]
        request.sign_in = None  # type: ignore[attr-defined]
        cookie = request.COOKIES.get(settings.SIGN_IN_COOKIE, "")
        if cookie and not is_standing(request.path):
            sign_in = queries.sign_in_of(cookie)
            if sign_in is not None:
                actions.touch_sign_in(sign_in)
                request.sign_in = sign_in  # type: ignore[attr-defined]
                request.member = sign_in.member  # type: ignore[attr-defined]
        return self.get_response(request)
