"""Leaving works always: signed in or not, as link and as form, with nothing behind it."""

from __future__ import annotations

import threading
import time

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from samepath.kit import choices
from samepath.web import leaving


@pytest.mark.parametrize("method", ["get", "post"])
def test_exit_ends_the_sign_in_and_leads_to_the_harmless_page(house, method):
    heron = house.browser("heron")
    assert heron.get("/").wsgi_request.member is not None
    cookie = heron.cookies[settings.SIGN_IN_COOKIE].value

    answer = getattr(heron, method)("/exit")

    assert answer.status_code == 303
    assert answer["Location"] == "/calendar"
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer.cookies[settings.SIGN_IN_COOKIE]["max-age"] == 0
    assert answer["Cache-Control"] == "no-store"
    # Whoever kept the cookie is nobody now: it ended on the server, not only in the browser.
    again = Client(SERVER_NAME="localhost")
    again.cookies[settings.SIGN_IN_COOKIE] = cookie
    assert again.get("/").wsgi_request.member is None


def test_exit_leads_where_the_organisation_says(site, stranger, monkeypatch):
    choices.change("exit_address", "https://weather.example/", actor=None)
    assert stranger.get("/exit")["Location"] == "https://weather.example/"
    # A form may only lead to our own pages (form-action 'self'), so that one goes to the calendar.
    assert stranger.post("/exit")["Location"] == "/calendar"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//elsewhere.example", "http://a.example"]
)
def test_exit_never_leads_anywhere_strange(site, stranger, address):
    choices.change("exit_address", address, actor=None)
    assert stranger.get("/exit")["Location"] == "/calendar"


def test_exit_works_with_the_database_down(stranger, monkeypatch):
    def down(host: str) -> int:
        raise OperationalError("gone")

    monkeypatch.setattr(leaving, "site_of_host", down)
    stranger.cookies[settings.SIGN_IN_COOKIE] = "00" * 32
    answer = stranger.get("/exit")
    assert (answer.status_code, answer["Location"]) == (303, "/calendar")


def test_exit_does_not_wait_for_a_database_that_hangs(stranger, monkeypatch):
    """A lock that nobody gives back: the answer comes all the same, within two seconds."""
    free = threading.Event()
    monkeypatch.setattr(leaving, "site_of_host", lambda host: free.wait(30) and None)
    begun = time.monotonic()
    answer = stranger.get("/exit")
    taken = time.monotonic() - begun
    free.set()
    assert answer.status_code == 303
    assert taken < leaving.LONGEST_WAIT + 0.5


def test_the_harmless_page_is_nothing_of_ours(stranger):
    answer = stranger.get("/calendar")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<title>Calendar</title>" in page
    for word in ("Samepath", "samepath", "peer", "/exit", "help", "<script", "Sign"):
        assert word not in page
