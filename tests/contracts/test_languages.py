"""Every language is whole: each string is marked, translated, and what people see on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format
from tools.translate_source import Key, Message, Unreadable, in_python, in_template

from contracts import permissions
from contracts.world import World, build, forget
from samepath.accounts.models import Member
from samepath.profiles.forms import spoken_languages
from samepath.safety import lines
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
    finished = messages.read(text_of("es"))
    del finished[""]  # the header
    for said in finished.values():
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
        self.said: set[str] = set()

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
def spoken(settings, tmp_path):
    """The .po files as they are now, whatever was compiled last."""
    for language in TRANSLATED:
        made = tmp_path / language / "LC_MESSAGES" / "django.mo"
        made.parent.mkdir(parents=True)
        made.write_bytes(messages.pack(messages.read(text_of(language))))
    settings.LOCALE_PATHS = [tmp_path]


def page(world: World, method: str, route: str, who: str, language: str) -> tuple[int, set[str]]:
    """What `who` reads in `language`, and the answer's status; undone again."""
    browser = Client(SERVER_NAME="localhost")
    if who in world.cookies:
        browser.cookies[django_settings.SIGN_IN_COOKIE] = world.cookies[who]
    browser.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    with transaction.atomic():
        Member.objects.update(language=language)  # as choosing it on /language does
        answer = getattr(browser, method.lower())(world.path(route, method))
        transaction.set_rollback(True)
    forget()
    return answer.status_code, read(answer.content.decode())


# Whoever sees most of a page first: one reader a page is enough to see its words.
READERS = ("oak", "heron", "wren", "field", "brook", "lantern", "guest", "stranger")


def pages() -> Iterator[tuple[str, str, str]]:
    """(method, route, who): every page, every form that comes back, and what is not there."""
    for (route, method), answers in permissions.rows().items():
        shown = [who for who in READERS if answers[who] in ("ok", "again")]
        if shown and (method == "GET" or answers[shown[0]] == "again"):
            yield method, route, shown[0]
    for who in ("stranger", "wren"):
        yield "GET", "/", who
        yield "GET", "/account", who
    yield "GET", "/never-was", "stranger"


def names(house: object) -> set[str]:
    """What is called the same in every language."""
    found = {"Samepath", "UTC", *(name for _code, name in django_settings.LANGUAGES)}
    found |= {name for _code, name in spoken_languages()}
    for country in lines.countries().values():
        found |= {line.name for line in country.lines}
        # Colombia is Colombia; a name that differs has to.
        if country.name["en"] == country.name["es"]:
            found.add(country.name["en"])
    found |= {member.name for member in Member.objects.all()}
    # What people wrote in the world of these tests.
    return found | {"I keep thinking of him", "Tell me about him, if you like", "This hurt"}


_ADDRESS = re.compile(r"https?://\S+|\b[\w-]+(?:\.[\w-]+)+(?:/\S*)?")
_WORD = re.compile(r"[^\W\d_]{2,}")


def english_in(said: set[str], english: set[str], known: list[str]) -> Iterator[str]:
    """Pieces that are the same in both languages and are not a name or an address."""
    for piece in said & english:
        rest = _ADDRESS.sub(" ", piece)
        for name in known:
            rest = re.sub(re.escape(name), " ", rest, flags=re.IGNORECASE)
        if _WORD.search(rest):
            yield piece


def test_no_page_keeps_a_word_of_english(house, spoken, found):
    """The same page in both languages: what does not change has to be a name. And no string of
    ours stands there in English, whole, inside something longer."""
    world = build(house)
    known = sorted(names(house), key=len, reverse=True)
    spanish = messages.read(text_of("es"))
    told = {
        message.key.words
        for message in found.values()
        if len(message.key.words) >= 20
        and "%" not in message.key.words
        and spanish.get(translate.key_in_file(message)) != message.key.words
    }
    wrong, seen = [], 0
    for method, route, who in pages():
        status, english = page(world, method, route, who, "en")
        same_status, said = page(world, method, route, who, "es")
        assert status == same_status, f"{method} {route} as {who}"
        seen += bool(said - english)
        wrong += [f"{method} {route}: {piece}" for piece in english_in(said, english, known)]
        whole = "\n".join(said)
        wrong += [f"{method} {route}: {words}" for words in told if words in whole]
    assert not wrong, "\n".join(sorted(set(wrong)))
    assert seen > 60, "these were hardly any pages"


def test_the_check_would_see_english(house):
    known = sorted(names(house), key=len, reverse=True)
    both = {"Talk now", "Quiet Heron 27: here", "Quiet Heron 27, 18:05", "www.samaritans.org", "·"}
    assert set(english_in(both, both, known)) == {"Talk now", "Quiet Heron 27: here"}


def test_a_language_is_offered_by_its_own_name_and_kept(house, spoken):
    stranger = house.browser()
    offered = stranger.get("/language").content.decode()
    assert ">Español<" in offered
    assert ">English<" in offered
    assert '<html lang="en"' in offered
    kept = stranger.post("/language", {"language": "es", "back": "/rules"})
    assert kept.headers["Location"] == "/rules"
    there = stranger.get("/rules").content.decode()
    assert '<html lang="es"' in there
    assert "Nuestras reglas" in there
    # A browser that asks for a Spanish of its own gets ours; a language we lack is no error.
    asked = {"es-MX,es;q=0.9,en;q=0.5": "es", "fr-CA,fr;q=0.8": "en"}
    for header, language in asked.items():
        answer = house.browser().get("/", headers={"accept-language": header})
        assert f'<html lang="{language}"' in answer.content.decode()


def test_days_are_said_as_they_are_in_the_language(spoken):
    day = date(2030, 1, 31)
    with translation.override("es"):
        assert date_format(day, translation.gettext("l j F")) == "jueves 31 de enero"
        assert date_format(day, translation.gettext("j F Y")) == "31 de enero de 2030"
    assert date_format(day, translation.gettext("l j F")) == "Thursday 31 January"


def test_what_helplines_say_of_themselves_is_in_every_language():
    missing = [
        f"{record.key}: {what}"
        for country in lines.countries().values()
        for record in (country, *country.records())
        for what in ("name", "hours", "note")
        if isinstance(words := getattr(record, what, ""), Mapping)
        for language in TRANSLATED
        if words.get("en") and not words.get(language)
    ]
    assert missing == []


# -- The tool --------------------------------------------------------------------------------------

TEMPLATE = """
{% comment %}{% translate "not this" %}{% endcomment %}
{% translate "Half of 100% is here" %}{% translate "Open" context "door" %}
{% blocktranslate trimmed with name=x|default:_("nobody") %}
  {{ name }} is
  here.
{% endblocktranslate %}
{% blocktranslate count n=n %}One person{% plural %}{{ n }} people{% endblocktranslate %}
"""
PYTHON = """
from django.utils import translation
from django.utils.translation import gettext as _, npgettext
other.gettext("not this")
_("early" if n else "late")
npgettext("seats", "%(n)s place", "%(n)s places", n)
translation.gettext_lazy("whole "
    "sentence")
_(variable)
"""


def test_marks_are_found_as_they_are_looked_up():
    assert list(in_template(TEMPLATE)) == [
        (Key("Half of 100%% is here"), None),
        (Key("Open", "door"), None),
        (Key("nobody"), None),
        (Key("%(name)s is here."), None),
        (Key("One person"), "%(n)s people"),
    ]
    assert list(in_python(PYTHON)) == [
        (Key("early"), None),
        (Key("late"), None),
        (Key("%(n)s place", "seats"), "%(n)s places"),
        (Key("whole sentence"), None),
    ]
    with pytest.raises(Unreadable, match="line 3"):
        list(in_python("from django.utils.translation import gettext\n\ngettext(f'a {b}')"))
    with pytest.raises(Unreadable, match="line 1"):
        list(in_template("{% blocktranslate %}{% if x %}a{% endif %}{% endblocktranslate %}"))


def test_words_without_a_mark_are_found():
    look = translate_source.unmarked_in_template
    assert look('<p>{% translate "Yes" %} · {{ name }}</p><img alt="" class="wide">') == []
    assert look("<p>Two {{ n }}</p>\n<b title='A way out'></b>") == [(1, "Two"), (2, "A way out")]
    assert look('{{ x|default:"nobody" }}{{ day|date:"l j F" }}{{ day|time:"H:i" }}') == [
        (1, '"l j F"'),
        (1, '"nobody"'),
    ]
    assert look('<input type="submit" value="Go on"><input value="kept">') == [(1, "Go on")]
    look = translate_source.unmarked_in_python
    assert look("raise Invalid('No.', field='x')\nForm(label=_('Name'), help_text='Hint')") == [
        (1, "No."),
        (2, "Hint"),
    ]


OLD = """
msgid ""
msgstr ""
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "kept"
msgstr "guardado"

msgid "%(n)s place"
msgstr "%(n)s lugar"

msgid "gone"
msgstr "ido"
"""


def test_merging_keeps_every_translation():
    found = {
        (key := Key("kept")): Message(key, None, ["a.html"]),
        (key := Key("%(n)s place")): Message(key, "%(n)s places", ["b.html"]),
        (key := Key("“kept” is new")): Message(key, None, ["b.html"]),
    }
    merged = translate.merge(found, OLD)
    known = messages.read(merged)
    assert known["kept"] == "guardado"
    assert known["%(n)s place\0%(n)s places"] == "%(n)s lugar\0"
    assert '#~ msgid "gone"\n#~ msgstr "ido"' in merged
    assert translate.merge(found, merged) == merged
    assert "gone" not in translate.merge(found, merged, tidy=True)
    # What was set aside comes back with its words.
    again = found | {(key := Key("gone")): Message(key, None, ["c.html"])}
    assert messages.read(translate.merge(again, merged))["gone"] == "ido"
    with pytest.raises(messages.Broken, match="fuzzy"):
        translate.merge(found, OLD + '\n#, fuzzy\nmsgid "x"\nmsgstr "y"\n')


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ('msgid "kept"\nmsgstr ""', "not translated"),
        ('msgid "kept"\nmsgstr "%(n)s"', "other placeholders"),
        ('msgid "kept"\nmsgstr "guardado "', "white space"),
        ('#, fuzzy\nmsgid "kept"\nmsgstr "guardado"', "fuzzy"),
        ('msgid "kept"\nmsgstr "guardado"\n\n#~ msgid "gone"\n#~ msgstr "ido"', "no longer"),
        ('msgid "kept"\nmsgstr "guardado"\n\nmsgid "gone"\nmsgstr "ido"', "not in the source"),
        ('msgid "kept"\nmsgstr "guardado"\n\nmsgid "“kept”"\nmsgstr "“fijo”"', "button says"),
        (
            'msgid "kept"\nmsgstr "guardado"\n\nmsgid "%(n)s day"\nmsgid_plural "%(n)s days"\n'
            'msgstr[0] "un día"\nmsgstr[1] "días"',
            "other placeholders",
        ),
        (
            'msgid "kept"\nmsgstr "guardado"\n\nmsgid "%(n)s day"\nmsgid_plural "%(n)s days"\n'
            'msgstr[0] "%(n)s día"',
            "1 plural forms",
        ),
    ],
)
def test_what_is_not_finished_is_named(said, fault):
    found = {(key := Key("kept")): Message(key, None, ["a.html"])}
    if "“kept”" in said:
        found[key] = Message((key := Key("“kept”")), None, ["a.html"])
    if "%(n)s day" in said:
        found[key] = Message((key := Key("%(n)s day")), "%(n)s days", ["a.html"])
    header = OLD.split("\n\n")[0] + "\n\n"
    wrong = translate.faults(found, header + said + "\n")
    assert [one for one in wrong if fault in one]


def test_a_finished_file_has_no_faults():
    found = {(key := Key("%(n)s day")): Message(key, "%(n)s days", ["a.html"])}
    header = OLD.split("\n\n")[0] + "\n\n"
    said = 'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "un día"\n'
    assert translate.faults(found, header + said + 'msgstr[1] "%(n)s días"\n') == []
