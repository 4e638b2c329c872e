"""Every language is whole: each string is marked, translated, and what people see on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from tools.translate_source import Key, Message, Unreadable, in_python, in_template

from contracts import permissions
from contracts.world import World, build, forget
from tools import messages, translate, translate_source

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(path for path in translate.LOCALE.iterdir() if path.is_dir())
TRANSLATED = [code for code, _name in django_settings.LANGUAGES if code not in ("en", "ar")]


@pytest.fixture(scope="module")
def found() -> dict[Key, Message]:
    return translate_source.collect()


def text_of(language: str) -> str:
    return (translate.LOCALE / language / translate.FILE).read_text(encoding="utf-8")


# -- The files -------------------------------------------------------------------------------------


def test_each_language_that_is_offered_has_its_file():
    assert [folder.name for folder in FOLDERS] == TRANSLATED


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_string_is_translated(found, language):
    assert len(found) > 1000, "the strings of the package were not found"
    assert translate.faults(found, text_of(language)) == []


def test_nothing_people_read_is_left_unmarked():
    assert translate_source.unmarked() == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_writing_a_finished_file_again_changes_nothing(found, language):
    assert translate.merge(found, text_of(language)) == text_of(language)


# -- The words -------------------------------------------------------------------------------------


def losers() -> list[tuple[str, str]]:
    """(word, instead) of the table of Spanish words in the glossary."""
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    section = glossary.split("\n## Spanish\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in section.splitlines()]
    table = [row for row in rows if len(row) == 3 and not set(row[0]) <= set("-")]
    return [(word.strip(), row[1]) for row in table[1:] for word in row[2].split(",") if word]


def test_spanish_keeps_to_its_words():
    wrong = []
    assert ("usuario", "tú, persona") in losers()
    for said in messages.read(text_of("es")).values():
        for word, instead in losers():
            if re.search(rf"\b{re.escape(word)}(?:e?s)?\b", said, re.IGNORECASE):
                wrong.append(f"{word!r}, not {instead!r}: {said}")
        if re.search(r"[¡!]", said):
            wrong.append(f"loud: {said}")
        for opening, closing in ("¿?", "“”"):
            if said.count(opening) != said.count(closing):
                wrong.append(f"{opening}{closing}: {said}")
    assert wrong == []


# -- The pages -------------------------------------------------------------------------------------

# Read or read aloud, besides the text itself.
SAID_IN = ("alt", "aria-label", "placeholder", "title")


class Reader(HTMLParser):
    """Every piece of text of a page, and every attribute that is read, white space evened."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = 0
        self.own = 0  # inside what is in another language on purpose, or in none
        self.said: set[str] = set()
        self.stack: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("script", "style"):
            self.silent += 1
        self.said |= {" ".join((values[name] or "").split()) for name in SAID_IN if name in values}

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.add(" ".join(data.split()))


def read(body: str) -> set[str]:
    reader = Reader()
    reader.feed(body)
    reader.close()
    return reader.said - {""}


@pytest.fixture
def spoken(settings, tmp_path) -> Iterator[None]:
    """The .po files as they are now, whatever was compiled last."""
    for language in TRANSLATED:
        made = tmp_path / language / "LC_MESSAGES" / "django.mo"
        made.parent.mkdir(parents=True)
        made.write_bytes(messages.pack(messages.read(text_of(language))))
    settings.LOCALE_PATHS = [tmp_path]
    return


def page(world: World, route: str, who: str, language: str) -> tuple[int, str]:
    """The page as `who` gets it in `language`."""
    browser = Client(SERVER_NAME="localhost")
    if who in world.cookies:
        browser.cookies[django_settings.SIGN_IN_COOKIE] = world.cookies[who]
    browser.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    answer = browser.get(world.path(route))
    forget()
    return answer.status_code, answer.content.decode()
