"""The pages without data: they answer, say what they must, carry nothing they must not."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client

from samepath.kit import clock
from samepath.organisations import queries
from samepath.organisations.rules import Cover
from samepath.web import showcase, views

PAGES = (
    "/", "/first-time", "/promise", "/promise/easy", "/rules", "/easy", "/read", "/peer-support",
    "/language", "/leave-fast", "/steady", "/steady/easy", "/help-now", "/help-now/gb",
    "/help-now/easy", "/nothing-here",
)  # fmt: skip
NOBODY = Cover("not", False, None, None, None, 0, "few")


class Tags(HTMLParser):
    """Every tag of a page with its attributes, and the text between."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_stands_in_the_frame(house, stranger, path, language):
    stranger.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = stranger.get(path)
    assert answer.status_code == (404 if path == "/nothing-here" else 200)
    page = Tags(answer.content.decode())

    exits = [link for link in page.of("a") if "exit" in (link.get("class") or "").split()]
    assert [link["href"] for link in exits] == ["/exit"]
    links = [link.get("href") or "" for link in page.of("a")]
    assert "/leave-fast" in links
    assert any(href.startswith("/help-now") for href in links)
    assert any(href.startswith("/language?back=") for href in links)
    assert [attrs["lang"] for attrs in page.of("html")] == [language]
    assert len(page.of("h1")) == 1
    assert len(page.of("main")) == 1


@pytest.mark.parametrize("path", PAGES)
def test_no_page_tells_its_topic_in_title_or_icon(house, stranger, path):
    page = stranger.get(path).content.decode()
    title = re.search(r"<title>(.*?)</title>", page, re.S)
    assert title
    assert title[1].strip() in {"Page", "Help by phone"}
    assert 'rel="icon" href="/static/icon.svg"' in page


@pytest.mark.parametrize("path", [*PAGES, *(f"/styleguide/{name}" for name in showcase.SCENES)])
def test_no_page_carries_what_its_policy_forbids(house, stranger, settings, path):
    settings.DEMO = True
    answer = stranger.get(path)
    page = Tags(answer.content.decode())
    nonce = re.search(r"script-src 'nonce-([^']+)'", answer["Content-Security-Policy"])
    for tag, attributes in page.tags:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag
        if tag in {"script", "style"}:
            assert nonce, "a standing page has no script"
            assert attributes["nonce"] == nonce[1]
        for name in ("src", "href", "action"):
            value = attributes.get(name) or ""
            if tag in {"script", "link", "img", "form", "iframe"}:
                assert not value.startswith(("http", "//")), value


def test_the_first_page_has_its_four_doors_and_says_who_is_here(house, stranger):
    page = stranger.get("/")
    assert page.context["cover"].open
    doors = [
        a["href"] for a in Tags(page.content.decode()).of("a") if "door" in (a.get("class") or "")
    ]
    assert doors[:2] == ["/requests/new", "/help-now"]
    assert {"/read", "/first-time"} <= set(doors)
    # Nobody has opened a desk yet, so nobody is said to be here; who is on duty is asked.
    assert "Somebody is on duty until" in page.content.decode()
    house.browser("heron").post("/desk/available", {"available": "yes"})
    assert "1 peer is here" in stranger.get("/").content.decode()


def test_when_nobody_is_here_nothing_pretends(house, stranger, monkeypatch):
    monkeypatch.setattr(queries, "cover_now", lambda: NOBODY)
    text = stranger.get("/").content.decode()
    assert "Nobody is here right now." in text
    assert "/requests/new" not in text
    doors = [a for a in Tags(text).of("a") if "door" in (a.get("class") or "").split()]
    assert [a["href"] for a in doors if "main" in (a["class"] or "").split()] == ["/read"]
    # The numbers that answer now stand above the doors.
    assert text.index("numbers-now") < text.index('class="doors"')


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(hours=2), "Someone will be here today, "),
        (timedelta(days=1), "Someone will be here tomorrow, "),
        (timedelta(days=3), "Someone will be here on "),
        (timedelta(days=10), "Someone will be here on "),
    ],
)
def test_the_heading_says_when(house, monkeypatch, ahead, words):
    now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    assert views.opening(now + ahead, now + ahead + timedelta(hours=4)).startswith(words)


def test_the_wait_is_said_as_people_say_it():
    assert views.wait_words((3, 6)) == "usually 3 to 6 minutes"
    assert views.wait_words((1, 1)) == "usually about 1 minute"
    assert views.here_now(1, None) == "1 peer is here"
    assert views.here_now(4, (3, 6)) == "4 peers are here · usually 3 to 6 minutes"


def test_the_promise_shows_every_sentence_and_its_version(house, stranger):
    from samepath.safety import promise

    text = stranger.get("/promise").content.decode()
    for sentence in promise.sentences("en"):
        assert sentence in text
    assert promise.version() in text


def test_the_easy_promise_gives_each_thought_its_picture(house, stranger):
    from samepath.safety import promise

    told = promise.easy_sentences()
    assert sum(count for _name, _warm, count in views.EASY_PICTURES) == len(told)
    text = stranger.get("/promise/easy").content.decode()
    for sentence in told:
        assert sentence in text


def test_choosing_a_language_goes_back_and_never_elsewhere(house):
    browser = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    page = browser.get("/language?back=/rules").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = {"csrfmiddlewaretoken": token[1], "language": "es", "back": "/rules"}
    answer = browser.post("/language", form)
    assert (answer.status_code, answer["Location"]) == (303, "/rules")
    assert browser.get("/rules").headers["Content-Language"] == "es"
    away = browser.post("/language", form | {"back": "https://elsewhere.example/"})
    assert away["Location"] == "/"
    unknown = browser.post("/language", form | {"language": "xx"})
    assert settings.LANGUAGE_COOKIE_NAME not in unknown.cookies


def test_the_style_guide_exists_in_the_demo_only(house, stranger, settings):
    settings.DEMO = False
    assert stranger.get("/styleguide").status_code == 404
    assert stranger.get("/styleguide/talk").status_code == 404
    settings.DEMO = True
    assert stranger.get("/styleguide").status_code == 200
    assert stranger.get("/styleguide/nothing").status_code == 404


def test_the_first_page_is_light(house, stranger):
    """HTML with its style at most 24 kB as sent (issue: speed and size)."""
    body = stranger.get("/").content
    assert len(gzip.compress(body, 6)) <= 24_000


@pytest.mark.parametrize("path", PAGES)
def test_asking_for_a_page_costs_few_queries(house, stranger, django_assert_max_num_queries, path):
    stranger.get(path)
    with django_assert_max_num_queries(14):
        stranger.get(path)
