"""Steps that several journeys take: to the open talk, words in it, the menu, the seven words."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from tools.walk import WORDS

from journeys.people import Crowd, Person

# What the browser itself says when a line is cut on purpose.
CUT = r"net::ERR_|WebSocket|Failed to load resource|Failed to fetch"


def ready_supporter(crowd: Crowd, key: str = "heron") -> Person:
    """A supporter at the desk who has said "available"."""
    crowd.free_desk()
    supporter = crowd.person("supporter")
    supporter.become(key)
    supporter.button("I am available").click()
    expect(supporter.button("Not now")).to_be_visible()
    return supporter


def three_screens(seeker: Person, *, first_look: bool = False) -> None:
    """From the first page to the wait."""
    seeker.go("/")
    seeker.page.locator("a.door.main").click()
    expect(seeker.heading("Before the first word")).to_be_visible()
    name = seeker.page.locator('label:has(input[name="handle"]:checked)').inner_text().strip()
    assert re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+ \d+", name)
    seeker.page.get_by_label("I have read this").check()
    seeker.page.get_by_label("I am 18 or older").check()
    seeker.button("Go on").click()
    expect(seeker.heading("What is it about?")).to_be_visible()
    expect(seeker.page.locator(".page-header")).to_contain_text(name)
    seeker.page.locator('textarea[name="words"]').fill(WORDS)
    seeker.button("Find topics in my words").click()
    chips = seeker.page.get_by_role("group", name="Is it this? Choose up to three.")
    expect(chips.locator(".chip").first).to_be_visible()
    assert seeker.page.locator('textarea[name="words"]').input_value() == WORDS
    for box in chips.get_by_role("checkbox").all():
        box.check()
    if first_look:
        seeker.page.get_by_label("let me look first").check()
    seeker.button("Look for somebody").click()
    seeker.page.wait_for_url(re.compile(r"/requests/[0-9a-f-]{36}$"))


def say(person: Person, text: str, page: Page | None = None) -> None:
    """Write something and press the button."""
    shown = page or person.page
    shown.get_by_label("Your message").fill(text)
    shown.get_by_role("button", name="Send", exact=True).click()


def said(person: Person, page: Page | None = None) -> list[str]:
    """What people wrote, in the order of the log."""
    return (page or person.page).locator(".log .message > p").all_inner_texts()


def hears(person: Person, text: str, page: Page | None = None) -> None:
    """It stands in the log, once."""
    words = (page or person.page).locator(".log .message > p").get_by_text(text, exact=True)
    expect(words).to_have_count(1)


def live(person: Person) -> None:
    """Until the fast line is open: from then on it is told that the other writes."""
    person.page.wait_for_function("document.querySelector('live-talk')?.line?.state === 'open'")


def keep_by_phrase(person: Person) -> None:
    """From "keep this name" to the page with the seven words."""
    expect(person.page).to_have_url(re.compile("/account/keep"))
    person.button("Give me seven words").click()
    expect(person.page.locator(".phrase li")).to_have_count(7)


def choices(person: Person, name: str) -> None:
    """Open the menu of a talk and press one entry."""
    person.page.locator("details.choices > summary").click()
    entry = person.page.locator(".choices-list").get_by_text(name, exact=True)
    entry.first.click()
