"""Every page behind a door, in every state it has: axe, light and dark, 320 px, a quiet console.

What stands before the doors is looked at in test_look.py; together they must reach every address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from tools.demo import Demo
from tools.visitor import Visitor
from tools.walk import became, begin, find, join, open_talk

from journeys.eyes import look
from journeys.people import Crowd
from journeys.test_look import PAGES

# Answers that are no page: a form's other end, a piece of a page, a file.
NO_PAGE = {
    "sign-out", "account/sign-out-everywhere", "account/sign-ins/<uuid:sign_in>/end",
    "account/blocks/<int:block>/lift", "account/keep/check", "profile/topics/<int:topic>/out",
    "requests/<uuid:public_id>/part", "requests/<uuid:public_id>/leave", "desk/part",
    "desk/available", "offers/<uuid:public_id>/look/<str:answer>",
    "offers/<uuid:public_id>/answer/<str:says>", "conversations/<uuid:public_id>/someone-else",
    "conversations/<uuid:public_id>/pieces", "conversations/<uuid:public_id>/messages",
    "conversations/<uuid:public_id>/read", "conversations/<uuid:public_id>/pause",
    "conversations/<uuid:public_id>/resume", "conversations/<uuid:public_id>/stop",
    "conversations/<uuid:public_id>/leave", "conversations/<uuid:public_id>/back",
    "conversations/<uuid:public_id>/not-safe", "cards/<uuid:public_id>/away",
    "concerns/<uuid:public_id>/see", "team/invitations/<uuid:public_id>/withdraw",
    "team/<uuid:public_id>/give", "team/<uuid:public_id>/take", "duty/begin", "duty/plan",
    "team/invite", "requests/at-once",
    "duty/<uuid:public_id>/end", "exit",
}  # fmt: skip
# Before the doors open for the first time; tests/journeys/test_set_up.py walks through them.
SET_UP = {
    "set-up", "set-up/organisation", "set-up/account", "set-up/second", "set-up/open",
    "set-up/promise", "set-up/helplines",
}  # fmt: skip


@dataclass
class Places:
    """Who can look at what: for each viewer a signed-in visitor and addresses."""

    who: dict[str, Visitor] = field(default_factory=dict)
    where: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def places(demo: Demo) -> Places:
    """A house in use: a talk with words and a care card, one that ended, somebody who waits.

    The log of a talk is looked at standing still. By itself it asks for itself again, which axe
    warns of and which nothing else can do without script; a link on it stops that.
    """
    made = Places()
    talking, talk = open_talk(demo)
    supporter = became(demo, "heron")
    for visitor, text in ((supporter, "Good evening."), (talking, "I want to die tonight.")):
        visitor.send(visitor.get(talk), "/messages", text=text)
    report = talking.get(f"/reports/new?kind=conversation&id={talk.rsplit('/', 1)[1]}")
    talking.send(report, "/reports/new", why=report.form("/reports/new").choices("why")[0])

    ended, past = open_talk(demo, giver="lantern", words="I left a man who hit me.")
    ended.send(ended.get(past), "/stop")
    waiting = begin(demo)
    line = join(waiting, find(waiting, "I gamble and I lie about it at home.")).path
    lead, admin = became(demo, "oak"), became(demo, "field")
    asked = admin.send(admin.get("/team"), "/team/invite", hat="supporter")
    link = re.findall(r"/invitations/[\w.:-]+", asked.html)[0]

    about = f"kind=conversation&id={talk.rsplit('/', 1)[1]}"
    of_talk = ("log?still=yes", "lines", "block", "mute", "worried", "worried?told=yes", "card")
    told = _first(lead, "/reports", "/reports/")
    lived = _first(became(demo, "wren"), "/profile", "/profile/topics/")
    made.who = {
        "guest": begin(demo), "talking": talking, "ended": ended, "waiting": waiting,
        "supporter": supporter, "lead": lead, "admin": admin, "second": became(demo, "brook"),
        "member": became(demo, "wren"),
    }  # fmt: skip
    made.where = {
        "guest": [
            "/requests/about", "/requests/new", "/requests/new?now=1",
            "/account", "/account/keep", "/account/name", "/account/country", "/account/export",
            "/account/delete", "/profile", "/conversations", "/looked-at",
        ],
        "talking": [
            talk, *(f"{talk}/{page}" for page in of_talk), "/conversations", "/looked-at",
            f"/reports/new?{about}", f"/reports/sent?{about}",
        ],
        "ended": [past, f"{past}/ending", f"{past}/blocked", "/conversations"],
        "waiting": [line],
        "supporter": [talk, "/desk", "/duty", "/account", "/conversations"],
        "lead": ["/concerns", "/reports", *told, "/helplines", "/duty"],
        "admin": [
            "/team", link, "/duty", "/helplines",
            "/account",
        ],
        "second": ["/concerns", "/reports", "/duty"],
        "member": [
            "/profile", "/profile/topics/new", "/profile/topics/new/lived/1", "/profile/talk",
            "/profile/about", "/profile/wish", *lived,
            "/account", "/account/keep",
        ],
    }  # fmt: skip
    return made


def _first(visitor: Visitor, page: str, link: str) -> list[str]:
    """The first link on a page that begins with `link` and goes on with a name or number."""
    links = [one for one in visitor.get(page).links if one.startswith(link)]
    return [one for one in links if not one.endswith("/new")][:1]


@pytest.mark.parametrize(
    "who",
    ["guest", "talking", "ended", "waiting", "supporter", "lead", "admin", "second", "member"],
)
def test_pages_are_without_fault(crowd: Crowd, places: Places, axe: str, who: str) -> None:
    person = crowd.person(who, small=True)
    person.signed_in_as(places.who[who])
    faults = []
    for path in places.where[who]:
        response = person.page.goto(person.origin + path)
        assert response is not None
        assert response.status == 200, f"{path} answers {response.status}"
        assert person.page.title() in ("Page", "Samepath"), f"{path} tells {person.page.title()!r}"
        faults += [f"{path}: {fault}" for fault in look(person.page, axe)]
    assert not faults, "\n".join(faults)


def _addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _addresses(one, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield before + str(one.pattern)


def _fits(address: str, path: str) -> bool:
    """Whether a path could belong to an address."""
    parts, given = address.split("/"), path.split("?")[0].strip("/").split("/")
    return len(parts) == len(given) and all(
        part.startswith("<") or part == one for part, one in zip(parts, given, strict=True)
    )


def test_every_address_is_looked_at(places: Places) -> None:
    seen = [*PAGES, *(path for paths in places.where.values() for path in paths)]
    seen += ["/requests/begin", "/requests/young", "/sign-in", "/demo", "/help-now/easy/gb"]
    left = [
        address
        for address in _addresses(get_resolver())
        if address not in NO_PAGE | SET_UP and not any(_fits(address, path) for path in seen)
    ]
    assert left == []
