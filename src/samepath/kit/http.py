"""What every page passes: headers, site, origin, errors. Nothing here knows a room."""

from __future__ import annotations

import base64
import logging
import os
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import Error as DatabaseError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    UnreadablePostError,
)
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from samepath.kit import clock, ratelimit, sites
from samepath.kit.errors import Denied, NotFound, Refusal, TooMany, Unavailable

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("samepath.pages")

# These answer with the database down (safety.md 4.4, 5.4): no site, no sign-in, no script.
STANDING = ("/help-now", "/exit", "/calendar", "/steady", "/leave-fast")

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; "
    "style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; {frames}form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors {ancestors}; require-trusted-types-for 'script'"
)
STANDING_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "geolocation=(), camera=(), microphone=(), payment=(), usb=(), display-capture=(), "
        "browsing-topics=(), interest-cohort=()"
    ),
    "X-DNS-Prefetch-Control": "off",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
}


def is_standing(path: str) -> bool:
    """Whether a page must answer with everything else down."""
    return any(path == start or path.startswith(start + "/") for start in STANDING)


class HeadersMiddleware:
    """The exact headers of safety.md 3.10 on every answer, errors included."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.nonce = base64.b64encode(os.urandom(18)).decode()  # type: ignore[attr-defined]
        started = clock.steady()
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        framed = getattr(response, "framed_by_us", False)
        response.headers["X-Frame-Options"] = "SAMEORIGIN" if framed else "DENY"
        if getattr(response, "standing", False):
            policy = STANDING_POLICY
        else:
            policy = POLICY.format(
                nonce=request.nonce,  # type: ignore[attr-defined]
                frames="frame-src 'self'; " if getattr(response, "holds_frame", False) else "",
                ancestors="'self'" if framed else "'none'",
            )
        response.headers["Content-Security-Policy"] = policy
        if response.status_code >= 500:
            taken = int((clock.steady() - started) * 1000)
            log.warning("answer", extra={"status": response.status_code, "ms": taken})
        return response


class SiteMiddleware:
    """The site is told by the host name; a name that is none of ours gets a plain 400."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_standing(request.path):
            return self.get_response(request)
        try:
            site = site_of_host(
                request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", "")
            )
        except DatabaseError:
            return error_page(request, Unavailable(code="database"))
        if site is None:
            return HttpResponse(
                "This address is not served here.", status=400, content_type="text/plain"
            )
        with sites.scope(site):
            return self.get_response(request)


_sites_known: dict[str, tuple[int, float]] = {}


def site_of_host(host_header: str) -> int | None:
    """The site served under this Host header, or None. Remembered for a minute."""
    host = host_header.rsplit(":", 1)[0] if not host_header.endswith("]") else host_header
    host = host.lower().rstrip(".")
    if host in settings.LOOPBACK and settings.ORIGIN_HOST in settings.LOOPBACK:
        host = "localhost"
    held = _sites_known.get(host)
    if held and clock.steady() - held[1] < 60:
        return held[0]
    from samepath.kit.models import Site

    found = Site.objects.filter(host=host).values_list("id", flat=True).first()
    if found is not None:
        _sites_known[host] = (found, clock.steady())
    return found


def forget_sites() -> None:
    """Drop the remembered host names (tests, set-up)."""
    _sites_known.clear()


class FetchSiteMiddleware:
    """A second check beside the form token: the browser's own word on where a request began."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "OPTIONS", "TRACE"):
            told = request.META.get("HTTP_SEC_FETCH_SITE")
            if told not in (None, "same-origin", "none"):
                return error_page(
                    request, Denied(_("This came from another page, so we did not do it."))
                )
        return self.get_response(request)


class ErrorsMiddleware:
    """Turns refusals and faults into one page that needs no database."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        kinds = {400: Refusal, 403: Refusal, 404: NotFound, 405: NotFound}
        kind = kinds.get(response.status_code)
        # A bare answer of the framework becomes our page; a page of ours stays as it is.
        if kind is None or getattr(response, "is_page", False) or len(response.content) >= 512:
            return response
        return error_page(request, kind())

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Called by Django for whatever a page raises."""
        return page_for(request, error)


def page_for(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """The error page that fits what was raised, in a view or on the way to it."""
    if isinstance(error, Refusal):
        return error_page(request, error)
    if isinstance(error, Http404):
        return error_page(request, NotFound())
    if isinstance(error, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        too_big = Refusal(_("That was too much at once. Nothing was saved."), code="too_big")
        too_big.status = 413
        return error_page(request, too_big)
    # A body cut short or in no form anybody could read.
    if isinstance(error, SuspiciousOperation | MultiPartParserError | UnreadablePostError):
        return error_page(request, Refusal())
    if isinstance(error, DatabaseError | OSError):
        log.error("storage failed", exc_info=error)
        return error_page(request, Unavailable(code="database"))
    log.error("page failed", exc_info=error)
    broken = Refusal(code="fault")
    broken.status = 500
    return error_page(request, broken)


def error_page(request: HttpRequest, error: Refusal) -> HttpResponse:
    """The one error page: what happened, that nothing was lost, what to do."""
    request.standing = True  # type: ignore[attr-defined]
    body = render_to_string("kit/error.html", {"error": error, "status": error.status}, request)
    response = HttpResponse(body, status=error.status)
    response.is_page = True  # type: ignore[attr-defined]
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    elif error.status == 503:
        response.headers["Retry-After"] = "5"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: usually a page left open too long."""
    return error_page(
        request,
        Denied(
            _("This page was open for too long, or cookies are off. Please go back and try again.")
        ),
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400, for what is wrong with a request before it reaches a view."""
    return page_for(request, exception or SuspiciousOperation())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return error_page(request, NotFound())


def fault(request: HttpRequest) -> HttpResponse:
    """handler500, for what fails outside a view; Django calls it while the exception is handled."""
    return page_for(request, sys.exc_info()[1])


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every template may use."""
    return {
        "nonce": getattr(request, "nonce", ""),
        "direction": "rtl" if get_language_bidi() else "ltr",
        "language": get_language() or "en",
        "languages": settings.LANGUAGES,
        "demo": settings.DEMO,
        "standing": getattr(request, "standing", False) or is_standing(request.path),
        "here": request.path,
    }


def address_key(request: HttpRequest) -> bytes:
    """The keyed hash of where a request comes from, for limits in memory; never stored."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXY and address == settings.TRUSTED_PROXY:
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rsplit(",", 1)[-1].strip()
    return ratelimit.address_key(address)


def see_other(request: HttpRequest, to: str) -> HttpResponse:
    """303 to an address of our own; anything else leads home."""
    if not url_has_allowed_host_and_scheme(to, allowed_hosts=None):
        to = "/"
    response = HttpResponseRedirect(to)
    response.status_code = 303
    return response
