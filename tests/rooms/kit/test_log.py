"""The canary: whatever people send us, none of it is in a log line (safety.md 3.12)."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from samepath.conversations import actions as talk
from samepath.kit import bus
from samepath.kit.log import PlainFormatter
from samepath.safety import actions as safety

CANARY = "kanarienvogel"
LIBRARIES = (
    "django",
    "django.request",
    "django.security.csrf",
    "django.db.backends",
    "uvicorn.error",
)


def fall(request: HttpRequest) -> HttpResponse:
    """An error whose message holds what somebody wrote."""
    words = request.POST.get("text", "") + request.GET.get("q", "")
    raise ValueError(f"cannot read {words}", words)


def chained(request: HttpRequest) -> HttpResponse:
    try:
        fall(request)
    except ValueError as error:
        raise RuntimeError(f"while reading {error}") from error
    return HttpResponse()


def stored(request: HttpRequest) -> HttpResponse:
    """A statement of the database that fails with its values in it."""
    words = request.POST.get("text", "")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT '{words}' FROM no_such_table WHERE a = %s", [words])
    return HttpResponse()


urlpatterns = [
    path("fall", fall),
    path("chained", chained),
    path("stored", stored),
    path("", include("samepath.urls")),
]
handler400 = "samepath.kit.http.bad_request"
handler404 = "samepath.kit.http.not_found"
handler500 = "samepath.kit.http.fault"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything every logger says at its most talkative, in our form."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PlainFormatter())
    root = logging.getLogger()
    named = [root, *(logging.getLogger(name) for name in LIBRARIES), logging.getLogger("samepath")]
    levels = [one.level for one in named]
    root.addHandler(handler)
    for one in named:
        one.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    for one, level in zip(named, levels, strict=True):
        one.setLevel(level)


def everything(browser: Client) -> None:
    """The canary through every way in, to pages that answer, refuse and fail."""
    number = iter(range(1000))

    def bird() -> str:
        return f"{CANARY}{next(number)}"

    for address in (
        "/",
        "/sign-in",
        "/never-was",
        "/fall",
        "/chained",
        "/stored",
        "/help-now",
        "/exit",
    ):
        for method in ("get", "post"):
            browser.cookies["language"] = bird()
            browser.cookies["country"] = bird()
            browser.cookies[bird()] = bird()
            fields = {name: bird() for name in ("text", "phrase", "password", "handle", bird())}
            getattr(browser, method)(
                f"{address}?q={bird()}&next=/{bird()}",
                fields if method == "post" else None,
                HTTP_USER_AGENT=bird(),
                HTTP_REFERER=f"http://localhost/{bird()}",
                HTTP_X_FORWARDED_FOR=bird(),
                HTTP_ORIGIN=f"http://{bird()}",
                HTTP_ACCEPT_LANGUAGE=bird(),
                HTTP_X_CSRFTOKEN=bird(),
            )
    browser.get(f"/{bird()}/{bird()}")
    browser.get("/", HTTP_HOST=f"{bird()}.example")
    browser.get("/", HTTP_HOST=f"{bird()} bad")
    browser.post(
        "/fall", f"text={bird()}" + "x" * 300_000, content_type="application/x-www-form-urlencoded"
    )
    browser.post("/fall", bird(), content_type=f"multipart/form-data; boundary={bird()}")
    browser.post("/fall", {"text": bird()}, HTTP_SEC_FETCH_SITE=bird())


@pytest.mark.urls(__name__)
def test_no_log_line_holds_what_a_request_held(site, lines):
    for strict in (False, True):
        browser = Client(
            SERVER_NAME="localhost", enforce_csrf_checks=strict, raise_request_exception=False
        )
        browser.cookies[django_settings.SIGN_IN_COOKIE] = (CANARY * 5)[:64]
        everything(browser)
    told = lines.getvalue()
    assert "page failed" in told  # the errors are told, with where, without what
    assert "ValueError at" in told
    assert "test_log.py" in told
    assert CANARY not in told


def test_no_log_line_holds_what_somebody_said(house, lines, monkeypatch):
    row = talk.open_conversation([house.wren, house.heron])

    def say() -> talk.Result:
        draft = talk.Draft(row.public_id, house.wren.pk, uuid4(), f"{CANARY} I want to die")
        return talk.post_messages([draft])[0]

    assert isinstance(say(), talk.Posted)

    def screen(text: str, **_more: object) -> None:
        raise ValueError(f"cannot screen {text}")

    monkeypatch.setattr(safety, "screen", screen)
    assert isinstance(say(), talk.Posted)  # a screener that fails lets the words through
    from samepath.conversations import sql

    def insert(rows: list[tuple[object, ...]]) -> None:
        raise DatabaseError(f"cannot insert {CANARY} {rows}")

    monkeypatch.setattr(sql, "insert_messages", insert)
    refused = say()
    assert isinstance(refused, talk.Refused)
    assert refused.status == 503

    def hear(_kind: str, _public_id: str, _numbers: dict[str, int]) -> None:
        raise ValueError(CANARY)

    bus.listen(hear)
    try:
        bus._ring("conversation", str(row.public_id), {})
    finally:
        bus.unlisten(hear)
    told = lines.getvalue()
    for wanted in ("screening failed", "message not stored", "listener failed"):
        assert wanted in told
    assert CANARY not in told
    assert "quiet-heron" not in told
    assert "Wren" not in told


def line_of(name: str, message: str, *words: object, **more: object) -> str:
    record = logging.getLogger(name).makeRecord(
        name, logging.WARNING, "file.py", 1, message, words, None, extra=more or None
    )
    return PlainFormatter().format(record)


def test_a_line_has_a_time_a_level_and_keys_that_are_allowed():
    told = line_of("samepath.talk", "ring lost", kind="desk", count=3, text=CANARY, member="x")
    assert re.fullmatch(r"\d\d:\d\d:\d\d warning ring lost kind=desk count=3( process=\d+)?", told)


def test_values_put_into_a_message_are_not_printed():
    assert CANARY not in line_of("samepath.talk", "said %s", CANARY)
    assert CANARY not in line_of("django.request", "Not Found: %s", f"/{CANARY}")
    assert CANARY not in line_of("some.library", f"POST /{CANARY}")
    assert CANARY not in line_of("samepath.talk", "odd", kind=["list", CANARY])


def test_a_value_cannot_forge_a_line():
    told = line_of("samepath.talk", "ring lost", kind="desk\n00:00:00 error all is lost")
    assert "\n" not in told
    assert len(line_of("samepath.talk", "ring lost", kind="x" * 10_000)) < 200
