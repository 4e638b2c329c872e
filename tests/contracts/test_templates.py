"""Every template and every page: one exit, one heading, labels, tokens, and nothing inline."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import engines

import samepath
from contracts import permissions
from contracts.world import ask, build

SOURCE = Path(samepath.__file__).parent
TEMPLATES = {
    path.relative_to(next(one for one in path.parents if one.name == "templates")).as_posix(): path
    for path in sorted(SOURCE.glob("*/templates/**/*.html"))
}
# Browsers say these words in the list of pages: they must tell nobody what the page is about.
# "Help by phone" names no topic; a page that is looked for in a hurry has to be found again.
NEUTRAL = {"Page", "Calendar", "Help by phone"}
# How many links lead to /exit, where not one: the page it leads to, and the one that explains it.
EXITS = {"/calendar": 0, "/leave-fast": 2}
# Pieces that are fetched into a page and are none themselves.
PIECES = {
    "/requests/<uuid:public_id>/part",
    "/desk/part",
    "/conversations/<uuid:public_id>/lines",
    "/conversations/<uuid:public_id>/card",
}
ONLY_LOG = "/conversations/<uuid:public_id>/log"
UNSEEN = {"hidden", "submit", "button", "image", "reset"}


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_parses_and_holds_nothing_inline(name):
    source = TEMPLATES[name].read_text(encoding="utf-8")
    assert engines["django"].from_string(source)
    found = Source()
    # Tags of the template language are no part of the page.
    found.feed(re.sub(r"{%.*?%}|{#.*?#}", "", re.sub(r"{{.*?}}", "x", source), flags=re.DOTALL))
    assert not found.faults, found.faults
    for form in re.findall(r"<form\b.*?</form>", source, re.DOTALL):
        opening = form[: form.index(">")]
        if re.search(r'method="?post', opening, re.IGNORECASE):
            assert "{% csrf_token %}" in form, opening


class Source(HTMLParser):
    """What may not stand in any template of ours."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.faults.append(f"<{tag} {name}>")
            if (value or "").strip().lower().startswith(("javascript:", "data:")):
                self.faults.append(f"<{tag} {name}={value}>")
            if name in ("src", "href") and re.match(r"(https?:)?//", value or "") and tag != "a":
                self.faults.append(f"<{tag} {name}={value}> is fetched from elsewhere")
        if tag == "script" and ("src" not in given or "nonce" not in given):
            self.faults.append("inline script")
        if tag == "style" and "nonce" not in given:
            self.faults.append("inline style")
        if tag in ("iframe", "object", "embed", "base") and (tag, "src" in given) != (
            "iframe",
            True,
        ):
            self.faults.append(f"<{tag}>")


class Page(HTMLParser):
    """A rendered page, counted."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.root: dict[str, str | None] = {}
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.inputs: list[dict[str, str | None]] = []
        self.headings = self.exits = self.mains = self.in_label = self.in_template = 0
        self.title = ""
        self.forms: list[tuple[dict[str, str | None], set[str]]] = []
        self.nonces: set[str | None] = set()
        self._in_title = False
        self.feed(body.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "template":
            self.in_template += 1
        if tag == "html":
            self.root = given
        if given.get("id") and not self.in_template:
            self.ids.append(str(given["id"]))
        self.headings += tag == "h1"
        self.mains += tag == "main"
        self.exits += tag == "a" and given.get("href") == "/exit"
        self._in_title = tag == "title" and not self.title
        if tag == "label":
            self.in_label += 1
            self.labelled.add(given.get("for") or "")
        if tag == "form":
            self.forms.append((given, set()))
        if tag in ("input", "select", "textarea"):
            if self.forms:
                self.forms[-1][1].add(given.get("name") or "")
            if given.get("type") not in UNSEEN and "hidden" not in given:
                self.inputs.append({**given, "in label": "yes" if self.in_label else None})
        if tag in ("script", "style"):
            self.nonces.add(given.get("nonce"))

    def handle_endtag(self, tag: str) -> None:
        self.in_template -= tag == "template"
        self.in_label -= tag == "label"
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def faults(self, *, piece: bool = False, log: bool = False, exits: int = 1) -> list[str]:
        """What is wrong, in words."""
        wrong = []
        if not piece:
            if not (self.root.get("lang") and self.root.get("dir") in ("ltr", "rtl")):
                wrong.append("no language or direction")
            if self.title.strip() not in NEUTRAL:
                wrong.append(f"the title tells something: {self.title!r}")
        if not piece and not log:
            if self.headings != 1:
                wrong.append(f"{self.headings} headings of the first level")
            if self.mains != 1:
                wrong.append(f"{self.mains} main parts")
            if self.exits != exits:
                wrong.append(f"{self.exits} ways to exit")
        double = {one for one in self.ids if self.ids.count(one) > 1}
        if double:
            wrong.append(f"ids twice: {double}")
        for given in self.inputs:
            named = given.get("id") in self.labelled or given["in label"]
            if not (named or given.get("aria-label") or given.get("aria-labelledby")):
                wrong.append(f"an input without a label: {given}")
        for given, names in self.forms:
            if (
                given.get("method") or "get"
            ).lower() == "post" and "csrfmiddlewaretoken" not in names:
                wrong.append(f"a form without its token: {given}")
            if not (given.get("action") or "/").startswith(("/", "#", "?")):
                wrong.append(f"a form that leads elsewhere: {given}")
        if None in self.nonces or len(self.nonces) > 1:
            wrong.append(f"scripts or styles without this page's nonce: {self.nonces}")
        return wrong


def pages() -> list[tuple[str, str]]:
    """(route, who) for every page of the permission table, as each different kind of viewer."""
    found = []
    for (route, method), answers in permissions.rows().items():
        if method == "GET":
            seers = [who for who, answer in answers.items() if answer == "ok"]
            found += [(route, who) for who in sorted({*seers[:1], *seers[-1:]})]
    return found


def test_every_page_has_one_exit_one_heading_and_a_neutral_title(house):
    world = build(house)
    wrong = []
    for route, who in pages():
        told = ask("GET", world.path(route), world.cookies.get(who, ""))
        assert told.status == 200, (route, who)
        faults = Page(told.body).faults(
            piece=route in PIECES, log=route == ONLY_LOG, exits=EXITS.get(route, 1)
        )
        wrong += [f"{route} as {who}: {fault}" for fault in faults]
    for path in ("/never-was", "/help-now/zz"):
        told = ask("GET", path)
        wrong += [f"{path}: {fault}" for fault in Page(told.body).faults()]
    assert not wrong, "\n".join(wrong)


def test_forms_that_come_back_are_whole_pages_too(house):
    world = build(house)
    wrong = []
    for (route, method), answers in permissions.rows().items():
        who = next((one for one, answer in answers.items() if answer == "again"), None)
        if method == "POST" and who is not None:
            told = ask("POST", world.path(route, "POST"), world.cookies.get(who, ""))
            wrong += [f"{route} as {who}: {fault}" for fault in Page(told.body).faults()]
    assert not wrong, "\n".join(wrong)


BAD = b"""<html><head><title>Suicide help</title></head><body><h1>a</h1><h1>b</h1>
<form method="post"><input name="words"></form><script>alert(1)</script></body></html>"""


def test_the_checks_find_what_they_look_for():
    told = " ".join(Page(BAD).faults())
    for wanted in (
        "language",
        "title",
        "2 headings",
        "0 main",
        "0 ways to exit",
        "without a label",
        "without its token",
        "nonce",
    ):
        assert wanted in told
    source = Source()
    source.feed(
        '<a onclick="x" style="y"></a><script>1</script><style></style><img src="//e.org/x">'
    )
    assert len(source.faults) == 5
