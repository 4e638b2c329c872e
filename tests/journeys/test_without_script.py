"""J1 whole without JavaScript for the one who looks for a peer; the supporter has it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from journeys.people import Crowd
from journeys.steps import hears, keep_by_phrase, ready_supporter, said, say, three_screens


def test_the_whole_way_without_script(crowd: Crowd) -> None:
    supporter = ready_supporter(crowd)
    seeker = crowd.without_script("seeker", small=True)
    three_screens(seeker)
    supporter.button("I am here for them").click()
    supporter.page.wait_for_url(re.compile("/conversations/"))
    # The page of the wait asks for itself and leads on.
    seeker.page.wait_for_url(re.compile("/conversations/"), timeout=25_000)

    say(supporter, "Good evening.")
    log = seeker.page.frame_locator("iframe.log-frame")
    expect(log.locator(".message > p").get_by_text("Good evening.", exact=True)).to_be_visible()
    # The log refreshes in a frame of its own: what is being typed stays.
    box = seeker.page.get_by_label("Your message")
    box.fill("I have been looking at this box for")
    say(supporter, "No hurry.")
    expect(log.locator(".message > p").get_by_text("No hurry.", exact=True)).to_be_visible()
    assert box.input_value() == "I have been looking at this box for"
    box.press_sequentially(" an hour.")
    seeker.button("Send").click()
    hears(supporter, "I have been looking at this box for an hour.")
    expect(log.locator(".message.mine > p")).to_have_text(
        ["I have been looking at this box for an hour."]
    )
    # Sent twice by mistake, it stands once.
    seeker.page.reload()
    seeker.page.go_back()
    seeker.page.go_forward()
    assert said(supporter).count("I have been looking at this box for an hour.") == 1

    seeker.page.locator("details.choices > summary").click()
    seeker.page.locator(".choices-list").get_by_role("button", name="Stop here").click()
    for heading in ("A goodbye", "One sentence", "Would you like to meet", "Three questions"):
        expect(seeker.heading(re.compile(f"^{heading}"))).to_be_visible()
        seeker.button("Skip").click()
    seeker.link("Keep this name").click()
    keep_by_phrase(seeker)


def test_too_long_a_message_comes_back_into_the_box(crowd: Crowd) -> None:
    supporter, seeker = crowd.person("supporter"), crowd.without_script("seeker")
    crowd.talk(seeker, supporter)
    seeker.forgive("400")
    words = "word " * 801
    seeker.page.get_by_label("Your message").fill(words)
    seeker.button("Send").click()
    expect(seeker.page.locator("#words-wrong")).to_be_visible()
    assert seeker.page.get_by_label("Your message").input_value().strip() == words.strip()
    assert said(supporter) == []


def test_words_of_danger_bring_the_card_without_script(crowd: Crowd) -> None:
    supporter, seeker = crowd.person("supporter"), crowd.without_script("seeker")
    crowd.talk(seeker, supporter)
    seeker.page.get_by_label("Your message").fill("I want to kill myself tonight")
    seeker.button("Send").click()
    log = seeker.page.frame_locator("iframe.log-frame")
    card = log.locator(".care")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("has been told")
    hears(supporter, "I want to kill myself tonight")
    expect(supporter.page.locator(".care")).to_have_count(0)


def test_the_danger_page_works_without_script_and_prints(crowd: Crowd) -> None:
    person = crowd.without_script("anybody")
    person.go("/help-now")
    assert person.page.locator("script").count() == 0
    dial = person.page.locator("a.dial-number")
    expect(dial).to_have_attribute("href", "tel:999")
    person.page.locator("ul.countries a", has_text="Spain").first.click()
    expect(person.page.locator("a.dial-number")).to_have_attribute("href", "tel:112")
    assert person.context.cookies() == []

    person.page.emulate_media(media="print")
    expect(person.page.locator(".emergency")).to_be_visible()
    expect(person.page.locator("ul.lines .line-name").first).to_be_visible()
    expect(person.page.locator(".exit")).to_be_hidden()
    paper = person.page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert 1 <= paper.count(b"/Type /Page\n") <= 6
