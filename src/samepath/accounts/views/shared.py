"""What the doors of this room share."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from samepath.accounts.models import SignIn

page = require_http_methods(["GET", "HEAD", "POST"])


def sign_in_row(request: HttpRequest) -> SignIn:
    """The sign-in this request came with; only behind `own_pages`."""
    row: SignIn = request.sign_in  # type: ignore[attr-defined]
    return row


def next_of(request: HttpRequest, default: str = "") -> str:
    """Where to go afterwards: an address of our own or `default`; judged again by `see_other`."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if url_has_allowed_host_and_scheme(asked, None) and asked[0] == "/" else default


def set_language_cookie(response: HttpResponse, language: str) -> None:
    """The page's language on this device, as /language sets it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86400,
        path="/",
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
