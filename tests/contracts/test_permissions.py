"""Every address, everybody of the cast, both methods: exactly the answers of permissions.py."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from contracts import permissions
from contracts.world import ELSEWHERE, Asked, another_site, ask, build, routes

STATUS = {"ok": 200, "gone": 404, "no": 403, "again": 400}
TABLE = permissions.rows()
ROOMS = sorted(set(routes().values()))


def said(asked: Asked) -> str:
    """An answer in the words of the table."""
    for word, status in STATUS.items():
        if asked.status == status:
            return word
    if asked.status == 303:
        return "sign-in" if asked.to.startswith("/sign-in?next=/") else f">{asked.to}"
    return str(asked.status)


def fits(told: str, wanted: str) -> bool:
    return told == wanted or ("*" in wanted and fnmatchcase(told, wanted))


def asking(answers: dict[str, str]) -> dict[str, str]:
    """Where everybody gets the same, three of them are asked: the suite stays under a minute."""
    if len(set(answers.values())) > 1:
        return answers
    return {who: answers[who] for who in ("stranger", "wren", "oak")}


def test_every_route_has_its_lines_and_every_line_its_route():
    wanted = {(route, method) for route in routes() for method in ("GET", "POST")}
    assert sorted(wanted - set(TABLE)) == [], "addresses without a line in permissions.py"
    assert sorted(set(TABLE) - wanted) == [], "lines of permissions.py without an address"


@pytest.mark.parametrize("room", ROOMS)
def test_everybody_gets_the_answer_of_the_table(house, room):
    world = build(house)
    wrong = []
    for (route, method), answers in TABLE.items():
        if routes().get(route) != room:
            continue
        path = world.path(route, method)
        for who, wanted in asking(answers).items():
            told = said(ask(method, path, world.cookies.get(who, "")))
            if not fits(told, wanted):
                wrong.append(f"{method} {route} as {who}: {told}, not {wanted}")
    assert not wrong, "\n".join(wrong)


def test_what_may_not_be_known_looks_like_what_never_was(house):
    world = build(house)
    never = ask("GET", "/never-was", world.cookies["lantern"])
    for route, method in TABLE:
        if method == "GET" and TABLE[route, method]["lantern"] == "gone" and "<" in route:
            told = ask("GET", world.path(route), world.cookies["lantern"])
            plain = told.body.replace(world.path(route).encode(), b"/never-was")
            assert without_nonce(plain) == without_nonce(never.body), route


def without_nonce(body: bytes) -> list[bytes]:
    return [
        line for line in body.split(b"\n") if b"nonce" not in line and b"/language?" not in line
    ]


def test_another_sites_people_are_strangers_here_and_ours_there(house):
    """T18: neither a cookie nor an id crosses from one site to another."""
    world = build(house)
    _other, _member, cookie = another_site()
    wrong = []
    for (route, method), answers in TABLE.items():
        if "<" not in route and answers["stranger"] == answers["lantern"]:
            continue  # the same for everybody
        path = world.path(route, method)
        told = said(ask(method, path, cookie))
        if not fits(told, answers["stranger"]):
            wrong.append(f"{method} {route} with a cookie of elsewhere: {told}")
        if leads_to_somebodys(route):
            there = said(ask(method, path, cookie, host=ELSEWHERE))
            # Every hat worn there opens nothing that is here.
            if there != "gone":
                wrong.append(f"{method} {route} asked elsewhere: {there}")
            if said(ask(method, path, world.cookies["heron"], host=ELSEWHERE)) not in (
                "gone",
                "sign-in",
            ):
                wrong.append(f"{method} {route} asked elsewhere with a cookie of here")
    assert not wrong, "\n".join(wrong)


def leads_to_somebodys(route: str) -> bool:
    """Whether an address names something that belongs to a member or the team."""
    return any(kind in route for kind in ("<uuid:", "<int:topic>", "<int:block>", "<str:token>"))


def test_no_form_is_taken_without_its_token(house):
    """Whatever anybody may do, another page cannot do it in their name (safety.md 3.4)."""
    world = build(house)
    wrong = []
    for route, method in TABLE:
        if method != "POST":
            continue
        told = ask("POST", world.path(route), world.cookies["wren"], enforce_csrf_checks=True)
        if told.status != 403:
            wrong.append(f"{route}: {told.status}")
    assert not wrong, "\n".join(wrong)
