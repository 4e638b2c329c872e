"""J1 up to the open talk: the first page, the three screens, the wait, and the ways that differ."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from journeys.people import Crowd, Person
from journeys.steps import ready_supporter, three_screens


def looked_at(supporter: Person) -> Locator:
    """The desk's word that somebody looks first."""
    return supporter.page.get_by_role("heading", name=re.compile("is having a look"))


def test_three_screens_lead_to_an_open_talk_in_both_browsers(crowd: Crowd) -> None:
    supporter = ready_supporter(crowd)
    seeker = crowd.person("seeker")
    three_screens(seeker)
    expect(seeker.page.locator(".place")).to_be_visible()
    expect(seeker.page.locator("main")).to_contain_text("You can close this and come back until")

    supporter.button("I am here for them").click()
    supporter.page.wait_for_url(re.compile("/conversations/"))
    seeker.page.wait_for_url(re.compile("/conversations/"))
    assert seeker.path == supporter.path


def test_looking_first_needs_both_to_say_yes(crowd: Crowd) -> None:
    supporter = ready_supporter(crowd)
    seeker = crowd.person("seeker")
    three_screens(seeker, first_look=True)
    supporter.button("I am here for them").click()
    expect(looked_at(supporter)).to_be_visible()
    expect(seeker.heading("Quiet Heron 27 is here for you.")).to_be_visible()
    expect(seeker.page.locator("main")).to_contain_text("You have both lived")

    seeker.button("Give me two more minutes").click()
    expect(seeker.heading("Quiet Heron 27 is here for you.")).to_be_visible()
    seeker.button("Open the conversation").click()
    seeker.page.wait_for_url(re.compile("/conversations/"))
    supporter.page.wait_for_url(re.compile("/conversations/"))
    assert seeker.path == supporter.path


def test_a_no_after_looking_is_silent_and_keeps_the_place(crowd: Crowd) -> None:
    supporter = ready_supporter(crowd)
    seeker = crowd.person("seeker")
    three_screens(seeker, first_look=True)
    place = seeker.path
    supporter.button("I am here for them").click()
    seeker.button("Not this time").click()
    expect(seeker.page.locator(".place")).not_to_contain_text("is here for you")
    assert seeker.path == place
    expect(looked_at(supporter)).to_be_hidden()
    told = supporter.page.locator("main").inner_text()
    assert not re.search("declined|said no|refused", told, re.IGNORECASE)
    seeker.button("Leave the line").click()
    expect(seeker.heading("You are no longer in line.")).to_be_visible()


def test_one_can_close_the_page_and_come_back_to_the_same_place(crowd: Crowd) -> None:
    crowd.free_desk()
    seeker = crowd.person("seeker")
    three_screens(seeker)
    place = seeker.path
    seeker.page.close()
    seeker.page = seeker.tab()
    seeker.go("/requests/new")
    assert seeker.path == place
    seeker.button("Leave the line").click()


def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(crowd: Crowd) -> None:
    seeker = crowd.person("seeker")
    seeker.go("/requests/begin")
    seeker.page.locator('input[name="handle"]').nth(1).check()
    chosen = seeker.page.locator('input[name="handle"]:checked').input_value()
    seeker.forgive("400")
    seeker.button("Go on").click()
    expect(seeker.page.locator(".wrong")).to_have_count(2)
    expect(seeker.page.locator(".wrong").first).to_contain_text("Please read it, then tick this")
    assert seeker.page.locator('input[name="handle"]:checked').input_value() == chosen
    assert seeker.page.evaluate("document.activeElement.name") == "promise"
