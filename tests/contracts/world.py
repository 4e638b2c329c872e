"""One of everything that has an address, made by the actions people use, and who may see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from cast import KEYS, House
from samepath.accounts import actions as accounts
from samepath.accounts.models import Block, Member, SignIn
from samepath.conversations import access as talk_access
from samepath.conversations import actions as talk
from samepath.kit import choices, clock, ratelimit, sites
from samepath.kit.models import Site
from samepath.matching import actions as matching
from samepath.matching.choices import Answer, Outcome
from samepath.matching.models import Offer, Pairing
from samepath.organisations import actions as organisations
from samepath.organisations.choices import Hat
from samepath.organisations.models import Duty
from samepath.safety import actions as safety
from samepath.safety import promise
from samepath.safety.models import CareCard, Concern

ELSEWHERE = "elsewhere.example"
# What an address needs besides its ids.
QUERIES = {
    "/reports/new": "?kind=conversation&id={conversations}",
    "/reports/sent": "?kind=conversation&id={conversations}",
}


def routes() -> dict[str, str]:
    """Every address of the house: its route -> the room it is in."""
    found: dict[str, str] = {}

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> None:
        for one in patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLResolver):
                walk(one.url_patterns, route)
            else:
                found["/" + route] = one.callback.__module__.split(".")[1]

    walk(get_resolver().url_patterns, "")
    return found


@dataclass
class World:
    """The cast with a talk of wren and heron, open and ended, and everything around it."""

    house: House
    ids: dict[str, object] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def path(self, route: str, method: str = "GET") -> str:
        """The address of `route` with the ids of this world."""
        parts = []
        for part in route.split("/"):
            if part.startswith("<"):
                name = part.strip("<>").split(":")[1]
                part = str(
                    self.ids.get(f"{route} {name}") or self.ids.get(parts[1]) or self.ids[name]
                )
            parts.append(part)
        query = QUERIES.get(route, "") if method == "GET" else ""
        return "/".join(parts) + query.format(**self.ids)


@dataclass(frozen=True)
class Asked:
    """An answer and what it left in the database, which is undone again."""

    status: int
    to: str
    body: bytes


@cache
def browser_of(host: str, *options: tuple[str, Any]) -> Client:
    """One browser for many questions: to make one costs more than to ask."""
    return Client(SERVER_NAME=host, **dict(options))


def ask(
    method: str, path: str, cookie: str = "", *, host: str = "localhost", **options: Any
) -> Asked:
    """One request as from a new browser, undone afterwards, so that each begins alike."""
    browser = browser_of(host, *options.items())
    browser.cookies.clear()
    if cookie:
        browser.cookies[settings.SIGN_IN_COOKIE] = cookie
    with transaction.atomic():
        # A form always brings its token; whether that is right is asked only where checks are on.
        sent = {"csrfmiddlewaretoken": "none"} if method == "POST" else {}
        answer = getattr(browser, method.lower())(path, sent)
        transaction.set_rollback(True)
    forget()
    return Asked(answer.status_code, answer.headers.get("Location", ""), answer.content)


def forget() -> None:
    """What a process remembers between two requests, away: each begins alike."""
    ratelimit.buckets.forget()
    choices.forget()
    talk_access.forget_all()


def _pair(house: House) -> Pairing:
    """Wren asks, heron is there, both say yes."""
    matching.set_available(house.heron, True)
    matching.join_line(house.wren, topics=["grief-parent"], style="listen")
    assert matching.tick() == 1
    offer = Offer.objects.get(outcome=Outcome.OPEN)
    matching.answer_as_giver(house.heron, offer.public_id, yes=True)
    return Pairing.objects.order_by("-pk")[0]


def _say(who: Member, conversation: object, words: str) -> talk.Posted:
    return talk.post_message(talk.Draft(conversation, who.pk, uuid4(), words))  # type: ignore[arg-type]


def build(house: House) -> World:
    """The world of the permission table and of the template checks."""
    world = World(house)
    ended = _pair(house).conversation
    _say(house.wren, ended, "Good evening.")
    said = _say(house.heron, ended, "Good evening to you.")
    talk.close_conversation(
        talk_access.conversation_for(house.wren, ended).conversation, by=house.wren.pk
    )
    conversation = _pair(house).conversation
    _say(house.wren, conversation, "I keep thinking of him.")
    _say(house.heron, conversation, "Tell me about him, if you like.")
    safety.not_safe(house.wren, kind="conversation", subject=conversation)
    report = safety.make_report(
        house.wren,
        kind="conversation",
        subject=ended,
        chosen=[said.message],
        why="hurt",
        note="This hurt.",
    )
    request = matching.join_line(house.wren, topics=["sleep"], style="listen", at_once=False)
    now = clock.now()
    offer = Offer.objects.create(
        request=request,
        giver=house.heron,
        giver_says=Answer.YES,
        shared=True,
        why_seeker=[],
        why_giver=[],
        fit=1.0,
        offered_at=now,
        giver_until=now + timedelta(minutes=5),
        seeker_until=now + timedelta(minutes=5),
    )
    accounts.block_member(house.wren, house.otter.pk)
    invitation, token = organisations.invite(house.field, Hat.SUPPORTER)
    accounts.start_sign_in(house.wren)
    sign_in = SignIn.objects.filter(member=house.wren).latest("pk")
    ended_routes = ("ending", "blocked")
    world.ids = {
        "conversations": conversation,
        "requests": request.public_id,
        "offers": offer.public_id,
        "concerns": Concern.objects.get().public_id,
        "reports": report.public_id,
        "cards": CareCard.objects.get().public_id,
        "sign_in": sign_in.public_id,
        "block": Block.objects.get().pk,
        "duty": Duty.objects.filter(member=house.heron).latest("pk").public_id,
        "invitations": token,
        "team": house.lantern.public_id,
        "/team/invitations/<uuid:public_id>/withdraw public_id": invitation.public_id,
        "/offers/<uuid:public_id>/look/<str:answer> answer": "no",
        "/offers/<uuid:public_id>/answer/<str:says> says": "no",
        "part": "lived",
        "place": 1,
        "topic": 0,
        "code": "gb",
        "scene": "talk",
    }
    for name in ended_routes:
        world.ids[f"/conversations/<uuid:public_id>/{name} public_id"] = ended
    world.ids["account"] = ""  # its two kinds of things are named by their own parameters
    row = house.wren.experiences.first()
    world.ids["topic"] = row.pk if row else 0
    world.ids["profile"] = ""
    people = {key: getattr(house, key) for key in KEYS} | {"guest": house.guest()}
    world.cookies = {who: accounts.start_sign_in(member) for who, member in people.items()}
    forget()
    return world


def another_site() -> tuple[Site, Member, Any]:
    """A second site whose one member wears every hat there: (site, member, cookie)."""
    other = Site.objects.create(host=ELSEWHERE, name="Elsewhere", open_since=clock.now())
    with sites.scope(other.pk):
        organisations.name_organisation(name="Elsewhere", country="ES", zone="Europe/Madrid")
        member = accounts.create_member(
            handle="far-gull-4", language="en", promise=promise.version()
        )
        for hat in Hat:
            organisations.give_hat(None, member, hat)
        cookie = accounts.start_sign_in(member)
    forget()
    return other, member, cookie
