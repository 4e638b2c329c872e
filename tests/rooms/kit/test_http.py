"""What every page passes: headers, site, origin, errors (safety.md 3.4, 3.10, 5.4)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path

from samepath.kit import http, ratelimit
from samepath.kit.errors import Conflict, Denied, Invalid, NotFound, TooMany, Unavailable

RAISED: dict[str, Exception] = {
    "fault": ZeroDivisionError("something private"),
    "database": OperationalError("something private"),
    "disk": OSError(28, "No space left on device"),
    "not-found": NotFound(),
    "django-404": Http404("something private"),
    "denied": Denied("You may not do this."),
    "invalid": Invalid("Please write a number."),
    "conflict": Conflict("Somebody was faster."),
    "too-many": TooMany("A little slower, please.", retry_after=17),
    "unavailable": Unavailable(),
}


def fall(_request: HttpRequest, how: str) -> HttpResponse:
    """Raise what the address says."""
    raise RAISED[how]


def framed(_request: HttpRequest) -> HttpResponse:
    response = HttpResponse("framed")
    response.framed_by_us = True  # type: ignore[attr-defined]
    return response


def framing(_request: HttpRequest) -> HttpResponse:
    response = HttpResponse("framing")
    response.holds_frame = True  # type: ignore[attr-defined]
    return response


def take(request: HttpRequest) -> HttpResponse:
    """Reads the form, as every page does."""
    return HttpResponse(str(len(request.POST)))


urlpatterns = [
    path("fall/<str:how>", fall),
    path("framed", framed),
    path("framing", framing),
    path("take", take),
    path("", include("samepath.urls")),
]
handler400 = "samepath.kit.http.bad_request"
handler404 = "samepath.kit.http.not_found"
handler500 = "samepath.kit.http.fault"

pytestmark = pytest.mark.urls(__name__)

# Exactly as safety.md 3.10 writes them.
EXACT = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(), payment=(), usb=(), "
    "display-capture=(), browsing-topics=(), interest-cohort=()",
    "X-Frame-Options": "DENY",
    "X-DNS-Prefetch-Control": "off",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
}
POLICY = (
    "default-src 'none'; script-src 'nonce-{N}' 'strict-dynamic'; style-src 'self' 'nonce-{N}'; "
    "img-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'"
)
STANDING_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture
def browser() -> Client:
    return Client(SERVER_NAME="localhost", raise_request_exception=False)


@pytest.fixture
def down() -> Iterator[Callable[[], None]]:
    """Call it, and from then on the database answers nothing."""
    from contextlib import ExitStack

    def refuse(*_call: Any) -> Any:
        raise OperationalError("the database is down")

    with ExitStack() as stack:
        yield lambda: stack.enter_context(connection.execute_wrapper(refuse))


def nonce_of(response: HttpResponse) -> str:
    found = re.search(r"script-src 'nonce-([A-Za-z0-9+/=]+)'", response["Content-Security-Policy"])
    assert found
    return found.group(1)


ANSWERS = {
    "a page": ("/", 200),
    "not there": ("/never-was", 404),
    "django's 404": ("/fall/django-404", 404),
    "denied": ("/fall/denied", 403),
    "invalid": ("/fall/invalid", 400),
    "conflict": ("/fall/conflict", 409),
    "too many": ("/fall/too-many", 429),
    "a fault of ours": ("/fall/fault", 500),
    "unavailable": ("/fall/unavailable", 503),
    "the disk is full": ("/fall/disk", 503),
    "led elsewhere": ("/requests/new", 200),
    "led to sign in": ("/account", 303),
}


@pytest.mark.parametrize(("address", "status"), ANSWERS.values(), ids=ANSWERS)
def test_every_answer_has_exactly_these_headers(site, browser, address, status):
    response = browser.get(address)
    assert response.status_code == status
    for name, value in EXACT.items():
        assert response[name] == value, name
    policy = response["Content-Security-Policy"]
    assert policy == POLICY.replace("{N}", nonce_of(response))
    for absent in ("Server", "X-Powered-By", "Last-Modified", "ETag"):
        assert absent not in response


def test_a_host_that_is_none_of_ours_is_told_so_with_the_same_headers(site, browser):
    for host in ("evil.example", "localhost.evil.example", "a b", "[::1", "..", "local\u200bhost"):
        response = browser.get("/", HTTP_HOST=host.encode().decode("latin-1"))
        assert response.status_code == 400, host
        assert {name: response[name] for name in EXACT} == EXACT
        assert b"<" not in response.content
    for host in (
        "localhost",
        "LOCALHOST:8000",
        "localhost.",
        "127.0.0.1:8000",
        "[::1]:8000",
        "[::1]",
    ):
        assert browser.get("/", HTTP_HOST=host).status_code == 200, host


def test_each_answer_has_a_nonce_of_its_own_of_at_least_128_bits(site, browser):
    made = [nonce_of(browser.get(where)) for where in ["/", "/rules", "/never-was"] * 10]
    assert len(set(made)) == len(made)
    assert min(len(base64.b64decode(one)) for one in made) >= 16
    page = browser.get("/")
    in_page = set(re.findall(r'nonce="([^"]+)"', page.content.decode()))
    assert in_page == {nonce_of(page)}


def test_only_what_is_meant_to_be_framed_may_be(site, browser):
    inner, outer = browser.get("/framed"), browser.get("/framing")
    assert inner["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self';" in inner["Content-Security-Policy"]
    assert "frame-src" not in inner["Content-Security-Policy"]
    assert outer["X-Frame-Options"] == "DENY"
    assert "frame-src 'self'; " in outer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in outer["Content-Security-Policy"]


STANDING = ["/help-now", "/help-now/gb", "/help-now/easy", "/calendar", "/steady", "/leave-fast"]


@pytest.mark.parametrize("address", STANDING)
def test_pages_that_stand_alone_answer_without_database_or_script(db, browser, down, address):
    down()  # not even the host name can be looked up
    browser.cookies[django_settings.SIGN_IN_COOKIE] = "a" * 64
    response = browser.get(address)
    assert response.status_code == 200
    assert response["Content-Security-Policy"] == STANDING_POLICY
    assert {name: response[name] for name in EXACT} == EXACT
    assert b"<script" not in response.content


def test_exit_works_with_the_database_down(db, browser, down):
    down()
    browser.cookies[django_settings.SIGN_IN_COOKIE] = "a" * 64
    for method in (browser.get, browser.post):
        response = method("/exit")
        assert (response.status_code, response["Location"]) == (303, "/calendar")
        assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
        assert response.cookies[django_settings.SIGN_IN_COOKIE]["max-age"] == 0


@pytest.mark.parametrize("known", [False, True], ids=["host unknown yet", "host remembered"])
@pytest.mark.parametrize("cookie", ["", "a" * 64], ids=["stranger", "signed in"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_database_that_is_down_is_said_plainly(site, browser, down, known, cookie, method):
    if known:
        assert browser.get("/rules").status_code == 200
    down()
    if cookie:
        browser.cookies[django_settings.SIGN_IN_COOKIE] = cookie
    response = getattr(browser, method)("/sign-in" if method == "post" else "/")
    if known and method == "post" and not cookie:
        assert response.status_code == 400  # an empty form asks nothing of the database
        return
    assert response.status_code == 503
    assert int(response["Retry-After"]) >= 1
    assert {name: response[name] for name in EXACT} == EXACT
    page = response.content.decode()
    assert "Nothing that was sent is lost" in page
    assert 'href="/help-now"' in page
    assert "the database is down" not in page


@pytest.mark.parametrize("how", RAISED)
def test_no_error_page_tells_what_was_inside(site, browser, how):
    page = browser.get(f"/fall/{how}").content.decode()
    for told in ("private", "Error", "Traceback", "space left", ".py"):
        assert told not in page
    assert page.count("<h1") == 1
    assert 'href="/help-now"' in page


def test_waiting_times_are_said_in_the_header_too(site, browser):
    assert browser.get("/fall/too-many")["Retry-After"] == "17"
    assert browser.get("/fall/unavailable")["Retry-After"] == "5"


def test_another_page_cannot_act_in_somebodys_name(site, browser):
    for told in ("cross-site", "same-site", "nonsense", ""):
        response = browser.post("/take", {"a": "b"}, HTTP_SEC_FETCH_SITE=told)
        assert response.status_code == 403, told
        assert "another page" in response.content.decode()
        assert browser.get("/", HTTP_SEC_FETCH_SITE=told).status_code == 200
    for told in ("same-origin", "none"):
        assert browser.post("/take", {"a": "b"}, HTTP_SEC_FETCH_SITE=told).content == b"1"
    assert browser.post("/take", {"a": "b"}).content == b"1"  # browsers that do not say


def test_a_form_without_its_token_gets_a_kind_page(site):
    strict = Client(
        SERVER_NAME="localhost", enforce_csrf_checks=True, raise_request_exception=False
    )
    response = strict.post("/take", {"a": "b"})
    assert response.status_code == 403
    page = response.content.decode()
    assert "open for too long" in page
    assert "CSRF" not in page
    assert {name: response[name] for name in EXACT} == EXACT
    token = strict.get("/sign-in").cookies[django_settings.CSRF_COOKIE_NAME].value
    assert strict.post("/take", {"csrfmiddlewaretoken": token}).content == b"1"
    for origin in ("https://localhost", "http://evil.example", "null", "http://localhost:81"):
        response = strict.post("/take", {"csrfmiddlewaretoken": token}, HTTP_ORIGIN=origin)
        assert response.status_code == 403, origin


@pytest.mark.parametrize("strict", [True, False], ids=["token asked first", "token right"])
@pytest.mark.parametrize(
    "body",
    ["text=" + "x" * 300_000, "&".join(f"f{n}=1" for n in range(300))],
    ids=["too long", "too many fields"],
)
def test_too_much_at_once_is_413(site, strict, body):
    browser = Client(
        SERVER_NAME="localhost", enforce_csrf_checks=strict, raise_request_exception=False
    )
    browser.get("/sign-in")  # without a cookie nobody reads the body at all
    response = browser.post("/take", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "too much at once" in response.content.decode()
    assert {name: response[name] for name in EXACT} == EXACT


def test_an_ordinary_long_message_is_taken(site, browser):
    assert browser.post("/take", {"text": "\U0001f642" * 4000}).content == b"1"


def test_noise_in_a_request_is_never_a_fault(site, browser):
    for address in (
        "/%00",
        "/%ff%fe",
        "/..%2f..%2fetc",
        "/?a=%00",
        "/conversations/not-a-uuid",
        "//",
    ):
        assert browser.get(address).status_code in (200, 400, 404), address
    for noise in ("\x00", "a=b; a=c; ;;=", "session=" + "x" * 5000, "language=../../etc"):
        assert browser.get("/", HTTP_COOKIE=noise).status_code == 200
    for kind in ("multipart/form-data", "multipart/form-data; boundary=", "application/json", "x"):
        told = browser.generic("POST", "/take", b"\x00\xff{", content_type=kind).status_code
        assert told in (200, 400), kind


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "///evil.example",
        "http:/evil.example",
        "\x00//evil.example",
        "",
    ],
)
def test_we_lead_nowhere_but_to_ourselves(rf, to):
    assert http.see_other(rf.post("/"), to)["Location"] == "/"


def test_we_lead_to_our_own_pages(rf):
    response = http.see_other(rf.post("/"), "/account?done=name#top")
    assert (response.status_code, response["Location"]) == (303, "/account?done=name#top")


def test_a_forwarded_address_is_believed_of_the_proxy_alone(rf: RequestFactory, settings):
    def key(address: str, forwarded: str = "") -> bytes:
        more = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
        return http.address_key(rf.get("/", REMOTE_ADDR=address, **more))

    plain = ratelimit.address_key
    assert key("192.0.2.1", "198.51.100.7") == plain("192.0.2.1")
    settings.TRUSTED_PROXY = "192.0.2.1"
    assert key("192.0.2.1", "198.51.100.7") == plain("198.51.100.7")
    # What the person wrote stands left of what the proxy added.
    assert key("192.0.2.1", "203.0.113.9, 198.51.100.7") == plain("198.51.100.7")
    assert key("198.51.100.8", "203.0.113.9") == plain("198.51.100.8")
