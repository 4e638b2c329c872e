"""J4: leaving at once, from anywhere, by any of the three ways; nothing is left behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from journeys.people import Crowd, Person
from journeys.steps import say

OURS = ("Samepath", "Quiet Heron", "my secret", "peer", "Exit this page")
# The page of the danger numbers has no script at all (safety.md 3.10), so it cannot take itself out
# of the browser's list of pages: Back shows it again, as anybody sees it, signed out.
MAY_SHOW = {"help page": ("Samepath", "peer", "Exit this page")}
NOTHING = {"local": [], "session": [], "databases": [], "caches": [], "workers": 0, "cookies": []}


def by_button(person: Person) -> None:
    """The button at the top."""
    person.link("Exit this page").click()


def by_shift(person: Person) -> None:
    """Shift, three times; also from inside the box."""
    for _press in range(3):
        person.page.keyboard.press("Shift")


@pytest.mark.parametrize(
    ("place", "leave"),
    [
        ("talk", by_button),
        ("talk", by_shift),
        ("error page", by_button),
        ("error page", by_shift),
        ("help page", by_button),
        ("account", by_shift),
    ],
)
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
    leave(seeker)
    seeker.page.wait_for_url("**/calendar")
    assert seeker.keeps() == NOTHING

    for step in ("back", "back", "forward", "forward"):
        (seeker.page.go_back if step == "back" else seeker.page.go_forward)()
        shown = seeker.page.content() + seeker.page.title()
        assert (
            not set(OURS)
            .difference(MAY_SHOW.get(place, ()))
            .intersection(word for word in OURS if word in shown)
        )
    assert seeker.keeps() == NOTHING
    # The sign-in has ended on the server too: its cookie opens nothing.
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
