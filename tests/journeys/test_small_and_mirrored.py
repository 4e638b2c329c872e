"""J1 on a phone of 320 px with the page mirrored, for both sides; nothing scrolls sideways."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from journeys.eyes import too_small, too_wide
from journeys.people import Crowd, Person
from journeys.steps import choices, hears, say, three_screens

DEMO = {"SAMEPATH_PSEUDO_RTL": "1"}


def mirrored(crowd: Crowd, name: str) -> Person:
    """A small phone in a language that is written from right to left."""
    person = crowd.person(name, small=True, has_touch=True)
    cookie = {"name": "language", "value": "ar", "url": crowd.demo.origin}
    person.context.add_cookies([cookie])  # type: ignore[list-item]
    return person


def fits(person: Person) -> None:
    """The page is mirrored, whole, and every target is large enough."""
    assert person.page.locator("html").get_attribute("dir") == "rtl"
    assert too_wide(person.page) == []
    assert too_small(person.page) == []


def test_the_whole_way_small_and_mirrored(crowd: Crowd) -> None:
    crowd.free_desk()
    supporter, seeker = mirrored(crowd, "supporter"), mirrored(crowd, "seeker")
    supporter.become("heron")
    # Two who share no language are not brought together; this one says that they speak it.
    supporter.go("/profile/talk")
    more = supporter.page.locator("main details summary").first
    if more.count():
        more.click()
    supporter.page.locator('input[name="languages"][value="ar"]').check()
    supporter.page.locator("main form button.act").first.click()
    supporter.go("/desk")
    fits(supporter)
    supporter.button("I am available").click()
    seeker.go("/")
    fits(seeker)
    # The exit stands at the end of the line, which is the left side here.
    box = seeker.link("Exit this page").bounding_box()
    assert box is not None
    assert box["x"] < 160 - box["width"] / 2
    three_screens(seeker)
    fits(seeker)
    supporter.button("I am here for them").click()
    for one in (supporter, seeker):
        one.page.wait_for_url(re.compile("/conversations/"))
    say(supporter, "Good evening, and there is no hurry at all.")
    hears(seeker, "Good evening, and there is no hurry at all.")
    say(seeker, "Averyveryverylongwordwithoutanyspaceinitthatwouldpushthepagewideropen")
    hears(supporter, "Averyveryverylongwordwithoutanyspaceinitthatwouldpushthepagewideropen")
    mine = seeker.page.locator(".message.mine").bounding_box()
    theirs = seeker.page.locator(".message.theirs").bounding_box()
    assert mine is not None
    assert theirs is not None
    assert mine["x"] < theirs["x"]
    fits(seeker)
    choices(seeker, "Stop here")
    for heading in (
        "A goodbye",
        "One sentence",
        "Would you like to meet",
        "Three questions",
        "Keep",
    ):
        expect(seeker.heading(re.compile(f"^{heading}"))).to_be_visible()
        fits(seeker)
        seeker.button("Skip").click()
    fits(seeker)


def test_the_card_is_read_from_its_first_line_on_a_small_phone(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker", small=True), crowd.person("supporter")
    crowd.talk(seeker, supporter)
    say(seeker, "I want to die tonight and I have the pills next to me")
    card = seeker.page.locator(".log .care")
    expect(card.locator("p").first).to_be_in_viewport(ratio=1)
    expect(card.locator("a[href^='tel:']").first).to_be_in_viewport(ratio=1)
    expect(seeker.page.get_by_label("Your message")).to_be_in_viewport(ratio=1)


def test_the_talk_is_usable_above_the_keyboard_of_a_small_phone(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    crowd.talk(seeker, supporter)
    for number in range(12):
        say(supporter, f"line {number}")
    hears(seeker, "line 11")
    # What is left of a 320 × 640 phone when its keyboard is open.
    seeker.page.set_viewport_size({"width": 320, "height": 330})
    seeker.page.get_by_label("Your message").focus()
    expect(seeker.page.get_by_label("Your message")).to_be_in_viewport(ratio=1)
    expect(seeker.button("Send")).to_be_in_viewport(ratio=1)
    expect(seeker.link("Exit this page")).to_be_in_viewport(ratio=1)
    expect(seeker.page.locator(".message").last).to_be_in_viewport()
