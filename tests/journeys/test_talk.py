"""J1 in the open talk: by socket, through a lost line, to the ending and the name that is kept."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tools.walk import WORDS, open_talk

from journeys.people import Crowd
from journeys.steps import CUT, hears, keep_by_phrase, live, said, say


def test_words_go_both_ways_once_in_order_with_their_state(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    crowd.talk(seeker, supporter)
    expect(seeker.page.locator("h1")).to_have_text("Quiet Heron 27")
    expect(seeker.page.locator("header")).to_contain_text("You have both lived: Losing a parent")

    live(seeker)
    live(supporter)
    supporter.page.get_by_label("Your message").press_sequentially("I am still", delay=450)
    expect(seeker.page.locator(".typing")).to_have_text("Quiet Heron 27 is writing")
    say(supporter, "Good evening. I am here.")
    hears(seeker, "Good evening. I am here.")
    expect(seeker.page.locator(".typing")).to_have_text("")

    # Nothing is called "sent" before the server has it.
    seeker.context.set_offline(True)
    seeker.forgive(CUT)
    say(seeker, "It is hard to begin.")
    mine = seeker.page.locator(".log .message.mine")
    expect(mine.locator(".how")).to_contain_text(re.compile("sending|not sent yet"))
    assert said(supporter) == ["Good evening. I am here."]
    seeker.context.set_offline(False)
    expect(mine.locator(".how")).to_contain_text(" · sent")
    hears(supporter, "It is hard to begin.")

    seeker.page.reload()
    expect(seeker.page.locator(".log .message")).to_have_count(2)
    assert said(seeker) == said(supporter) == ["Good evening. I am here.", "It is hard to begin."]


def test_a_second_tab_and_a_cut_line_lose_nothing_and_double_nothing(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    path = crowd.talk(seeker, supporter)
    seeker.forgive(CUT)
    second = seeker.go(path, seeker.tab())
    say(seeker, "from the first tab")
    hears(seeker, "from the first tab", second)
    say(seeker, "from the second tab", second)
    hears(seeker, "from the second tab")

    seeker.context.set_offline(True)
    for number in range(3):
        say(supporter, f"while you were away {number}")
        hears(supporter, f"while you were away {number}")
    say(seeker, "written without a line")
    seeker.context.set_offline(False)
    hears(supporter, "written without a line")
    whole = said(supporter)
    for page in (seeker.page, second):
        expect(page.locator(".log .message")).to_have_count(len(whole))
        assert said(seeker, page) == whole
    assert len(whole) == len(set(whole)) == 6


def test_html_and_odd_letters_arrive_as_they_were_written(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    crowd.talk(seeker, supporter)
    for text in (
        "<b>not bold</b> <script>alert(1)</script>",
        "👪🏽 שלום and back",
        "a & b &amp; c",
    ):
        say(seeker, text)
        hears(supporter, text)
    assert supporter.page.locator(".log b, .log script").count() == 0
    long = "x" * 4001
    say(seeker, long)
    expect(seeker.page.locator("#words-wrong")).to_contain_text("1 characters too long")
    assert seeker.page.get_by_label("Your message").input_value() == long


@pytest.mark.faults
def test_a_killed_server_loses_no_word_and_the_page_recovers(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    crowd.talk(seeker, supporter)
    for one in (seeker, supporter):
        one.forgive(CUT)
    for number in range(4):
        say(seeker, f"before {number}")
        hears(supporter, f"before {number}")
    say(seeker, "in the last moment")
    killed = crowd.demo.kill("serve")
    say(seeker, "while nobody listens")
    crowd.demo.wait()
    assert crowd.demo.children()["serve"] != killed
    hears(supporter, "while nobody listens")
    expect(seeker.page.locator(".log .message.mine .how").last).to_contain_text("sent")
    whole = [
        *(f"before {number}" for number in range(4)),
        "in the last moment",
        "while nobody listens",
    ]
    assert said(seeker) == said(supporter) == whole
    say(supporter, "after")
    hears(seeker, "after")
    supporter.page.reload()
    assert said(supporter) == [*whole, "after"]


def test_the_ending_is_one_quiet_thing_a_screen_and_the_phrase_leads_back(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    path = crowd.talk(seeker, supporter)
    say(seeker, "Thank you for staying.")
    hears(supporter, "Thank you for staying.")

    supporter.button("Stop here").click()
    expect(supporter.heading("A goodbye, if you like")).to_be_visible()
    supporter.page.locator('textarea[name="text"]').fill("Go gently.")
    supporter.button("Send").click()
    expect(supporter.heading("One sentence to take along")).to_be_visible()
    supporter.button("Skip").click()
    expect(supporter.heading("Would you like to meet")).to_be_visible()
    supporter.button("Yes, I would").click()
    expect(supporter.heading("Three questions")).to_be_visible()
    supporter.button("Skip").click()
    expect(supporter.heading("Take care on your way.")).to_be_visible()
    assert "Keep this name" not in supporter.page.locator("main").inner_text()

    # The other one learns it in the talk, with the way on.
    expect(seeker.page.locator("#talk-end")).to_contain_text("This conversation has ended.")
    seeker.link("A quiet way to end").click()
    expect(seeker.page.locator(".said")).to_have_text("Go gently.")
    seeker.page.locator('textarea[name="text"]').fill("You too. Thank you.")
    seeker.button("Send").click()
    expect(seeker.heading("One sentence to take along")).to_be_visible()
    seeker.page.get_by_label("A sentence to take along").fill("Grief has its own clock.")
    seeker.page.get_by_label("They may read it too").check()
    seeker.button("Go on").click()
    expect(seeker.heading("Would you like to meet Quiet Heron 27 again?")).to_be_visible()
    seeker.button("Yes, I would").click()
    expect(seeker.heading("Three questions")).to_be_visible()
    for question in ("Did you feel heard?", "Did it help?", "Would you come back?"):
        group = seeker.page.get_by_role("group", name=question)
        group.get_by_label("much", exact=True).check()
    seeker.page.locator('textarea[name="line"]').fill("It was good not to be asked why.")
    seeker.button("Go on").click()
    expect(seeker.heading("Keep this name?")).to_be_visible()
    seeker.link("Keep this name").click()
    keep_by_phrase(seeker)
    words = seeker.page.locator(".phrase li").all_inner_texts()
    assert len(words) == 7
    name = seeker.page.locator(".page-header").inner_text()

    # Both goodbyes have arrived, and so has the sentence that was given.
    supporter.go(f"{path}/ending")
    expect(supporter.page.locator("main")).to_contain_text("You too. Thank you.")
    expect(supporter.page.locator("main")).to_contain_text("Grief has its own clock.")
    expect(supporter.page.locator("main")).to_contain_text("would both like to meet again")

    later = crowd.person("the same person, later")
    later.go("/sign-in")
    later.page.get_by_label("Your seven words").fill(" ".join(words))
    later.button("Sign in").first.click()
    later.page.wait_for_url(lambda url: "/sign-in" not in url)
    later.go("/account")
    assert later.page.locator("h1").inner_text().strip() in name


def test_every_screen_of_the_ending_can_be_skipped(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    crowd.talk(seeker, supporter)
    seeker.button("Stop here").click()
    for heading in (
        "A goodbye",
        "One sentence",
        "Would you like to meet",
        "Three questions",
        "Keep",
    ):
        expect(seeker.heading(re.compile(f"^{heading}"))).to_be_visible()
        seeker.button("Skip").click()
    expect(seeker.heading("Take care on your way.")).to_be_visible()


def test_the_words_of_the_second_screen_are_kept_nowhere(crowd: Crowd) -> None:
    open_talk_dump = crowd.demo
    crowd.free_desk()
    open_talk(open_talk_dump, words=f"{WORDS} My cat is called Bartholomew.")
    for file in open_talk_dump.data.glob("*.sqlite3*"):
        assert b"Bartholomew" not in file.read_bytes()
