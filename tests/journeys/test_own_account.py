"""What one takes along and what one takes back: the export, and being deleted."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect

from journeys.people import Crowd
from journeys.steps import hears, say


def test_export_holds_my_words_and_deleting_takes_them_from_the_other_side(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    path = crowd.talk(seeker, supporter)
    say(seeker, "These words are mine.")
    hears(supporter, "These words are mine.")
    say(supporter, "These are theirs.")
    hears(seeker, "These are theirs.")

    seeker.go("/account/export")
    with seeker.page.expect_download() as waiting:
        seeker.button("Save the file").click()
    assert waiting.value.suggested_filename == "export.json"
    text = waiting.value.path().read_text()
    json.loads(text)
    assert "These words are mine." in text
    assert "These are theirs." not in text

    seeker.go("/account/delete")
    for box in seeker.page.locator("main input[type=checkbox]").all():
        box.check()
    seeker.button("Delete everything").click()
    expect(seeker.heading("It is gone.")).to_be_visible()
    assert seeker.context.cookies() == []
    supporter.page.reload()
    expect(supporter.page.locator(".log .message.theirs")).to_have_text(
        re.compile("They removed their words.")
    )
    assert "These words are mine." not in supporter.page.content()
    expect(supporter.page.locator("#talk-end")).to_contain_text("This conversation has ended.")
    seeker.forgive("404")
    seeker.go(path)
    assert "These are theirs." not in seeker.page.content()


def test_deleting_takes_the_words_from_a_page_that_stands_open(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    crowd.talk(seeker, supporter)
    say(seeker, "These words are mine.")
    hears(supporter, "These words are mine.")
    seeker.go("/account/delete")
    for box in seeker.page.locator("main input[type=checkbox]").all():
        box.check()
    seeker.button("Delete everything").click()
    expect(supporter.page.locator("#talk-end")).to_contain_text("This conversation has ended.")
    expect(supporter.page.get_by_text("These words are mine.")).to_have_count(0)
