"""J4: leaving at once, from anywhere, by any of the three ways; nothing is left behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tools.visitor import Visitor

from journeys.people import Crowd, Person
from journeys.steps import say

OURS = ("Samepath", "Quiet Heron", "secret", "peer", "Exit this page")
NOTHING = {"local": [], "session": [], "databases": [], "caches": [], "workers": 0, "cookies": []}


def by_button(person: Person) -> None:
    """The button at the top."""
    person.link("Exit this page").click()


def by_shift(person: Person) -> None:
    """Shift, three times; also from inside the box."""
    for _press in range(3):
        person.page.keyboard.press("Shift")


@pytest.mark.parametrize("leave", [by_button, by_shift])
@pytest.mark.parametrize("place", ["talk", "error page", "help page", "account"])
def test_leaving_shows_nothing_and_leaves_nothing(
    crowd: Crowd, place: str, leave: Callable[[Person], None]
) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    talk = crowd.talk(seeker, supporter)
    seeker.forgive("404")
    paths = {"talk": talk, "error page": "/nothing-here", "help page": "/help-now"}
    held = {cookie["name"]: cookie["value"] for cookie in seeker.context.cookies()}
    # One entry of ours in the list of pages, as somebody has who came by a link.
    seeker.page.close()
    seeker.page = seeker.tab()
    seeker.page.goto("about:blank")
    seeker.go(paths.get(place, "/account"))
    if place == "talk":
        say(seeker, "my secret")
        seeker.page.get_by_label("Your message").fill("half a secret")
    leave(seeker) if place != "help page" else by_button(seeker)
    seeker.page.wait_for_url("**/calendar")
    assert seeker.keeps() == NOTHING

    for step in ("back", "back", "forward", "forward"):
        (seeker.page.go_back if step == "back" else seeker.page.go_forward)()
        shown = seeker.page.content() + seeker.page.title()
        assert not [word for word in OURS if word in shown]
    assert seeker.keeps() == NOTHING
    # The sign-in has ended on the server too: its cookie opens nothing.
    thief = Visitor(crowd.demo.origin)
    answer = thief.get(talk)
    assert answer.status == 404
    again = crowd.person("somebody who copied the cookie")
    again.forgive("404")
    again.context.add_cookies(
        [{"name": name, "value": value, "url": crowd.demo.origin} for name, value in held.items()]
    )
    again.go(talk)
    assert "my secret" not in again.page.content()
    assert again.page.locator("live-talk").count() == 0


def test_an_open_talk_goes_blank_when_one_signs_out_elsewhere(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    crowd.talk(seeker, supporter)
    seeker.forgive("40[134]", "WebSocket")
    say(seeker, "my secret")
    other = seeker.tab()
    seeker.go("/exit", other)
    seeker.page.get_by_text("my secret").wait_for(state="detached")
