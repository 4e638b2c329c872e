"""What one can do in a talk besides talking: someone else, pause, block, report, not safe."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from journeys.people import Crowd
from journeys.steps import CUT, choices, hears, say


def test_someone_else_ends_it_without_a_reason_and_puts_one_next(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    crowd.talk(seeker, supporter)
    seeker.button("Someone else").click()
    seeker.page.wait_for_url(re.compile("/requests/"))
    expect(seeker.page.locator("main")).to_contain_text("You are next.")
    expect(supporter.page.locator("#talk-end")).to_contain_text("This conversation has ended.")
    told = supporter.page.locator("main").inner_text()
    assert not re.search("someone else|switched|another peer", told, re.IGNORECASE)
    supporter.go("/desk")
    supporter.page.wait_for_timeout(5000)  # two batches: the two are not brought together again
    expect(supporter.button("I am here for them")).to_be_hidden()
    seeker.button("Leave the line").click()


def test_a_pause_is_told_as_a_pause_and_ends_when_one_says_so(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    crowd.talk(seeker, supporter)
    seeker.button("Pause").click()
    expect(supporter.page.locator(".log .state").last).to_contain_text("pause")
    say(supporter, "Take your time.")
    hears(seeker, "Take your time.")
    seeker.button("Go on").click()
    expect(seeker.button("Pause")).to_be_visible()


def test_a_block_ends_it_neutrally_and_holds_when_matching(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    crowd.talk(seeker, supporter)
    choices(seeker, "Block")
    seeker.page.get_by_role("button", name=re.compile("^Block")).click()
    seeker.page.wait_for_url(re.compile("/blocked$"))
    expect(supporter.page.locator("#talk-end")).to_contain_text("This conversation has ended.")
    assert "block" not in supporter.page.locator("main").inner_text().lower()

    supporter.go("/desk")
    seeker.go("/requests/about")
    seeker.page.locator('textarea[name="words"]').fill("My dad died in spring.")
    seeker.button("Find topics in my words").click()
    seeker.button("Look for somebody").click()
    seeker.page.wait_for_url(re.compile("/requests/"))
    supporter.page.wait_for_timeout(5000)
    expect(supporter.button("I am here for them")).to_be_hidden()
    seeker.button("Leave the line").click()


def test_a_report_takes_along_only_what_one_chooses(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    crowd.talk(seeker, supporter)
    say(supporter, "Tell me where you live.")
    hears(seeker, "Tell me where you live.")
    choices(seeker, "Report")
    seeker.page.wait_for_url(re.compile("/reports/new"))
    seeker.page.locator("main form input[type=radio]").first.check()
    seeker.page.locator("main form button.act").first.click()
    seeker.page.wait_for_url(re.compile("/reports/sent"))

    lead = crowd.person("lead")
    lead.become("oak")
    lead.go("/reports")
    lead.page.locator("main a[href^='/reports/']").first.click()
    lead.page.wait_for_url(re.compile("/reports/[0-9a-f-]{36}"))


def test_words_of_danger_bring_a_card_to_the_sender_and_a_mark_without_words(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    crowd.talk(seeker, supporter)
    words = "I want to die tonight and I have the pills next to me"
    say(seeker, words)
    hears(supporter, words)
    card = seeker.page.locator(".log .care")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("Steady Oak 14, who looks after safety here, has been told.")
    assert card.locator("a[href^='tel:']").count() >= 1
    after = card.evaluate("card => card.previousElementSibling?.innerText || ''")
    assert words in after
    expect(supporter.page.locator(".care")).to_have_count(0)
    # The box stays free: the card stands in the log and takes no key.
    say(seeker, "still here")
    hears(supporter, "still here")

    lead = crowd.person("lead")
    lead.become("oak")
    lead.go("/concerns")
    row = lead.page.locator("#concerns tbody tr").first
    expect(row).to_be_visible()
    assert "pills" not in lead.page.content()
    assert "die tonight" not in lead.page.content()
    lead.page.get_by_role("button", name=re.compile("I am on it")).first.click()
    expect(lead.page.get_by_role("heading", name="Somebody is on it")).to_be_visible()
    seeker.page.reload()
    expect(seeker.page.locator(".log .care")).to_contain_text("has seen this")

    seeker.page.locator(".care").get_by_role("button", name="Put this away").click()
    expect(seeker.page.locator(".log .care")).to_have_count(0)
    hears(seeker, "still here")


def test_i_am_not_safe_brings_the_numbers_at_once_and_tells_the_lead(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    path = crowd.talk(seeker, supporter)
    choices(seeker, "I am not safe right now")
    seeker.page.wait_for_url(re.compile("/help-now"))
    expect(seeker.page.locator("a.dial-number")).to_have_text(re.compile("999"))
    seeker.go(path)
    expect(seeker.page.locator(".log .care")).to_contain_text("You pressed “I am not safe”")
    expect(supporter.page.locator(".care")).to_have_count(0)
    lead = crowd.person("lead")
    lead.become("oak")
    lead.go("/concerns")
    name = supporter.page.locator("h1").inner_text()
    expect(lead.page.locator("#concerns")).to_contain_text(name)


def test_a_supporter_who_vanishes_is_told_kindly_and_one_is_next(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker"), crowd.person("supporter")
    path = crowd.talk(seeker, supporter)
    say(supporter, "I am")
    hears(seeker, "I am")
    seeker.forgive(CUT)
    supporter.context.close()
    crowd.people.remove(supporter)
    # A minute passes: what tells it is the moment the other was last seen.
    number = path.rsplit("/", 1)[1].replace("-", "")
    seeker.page.wait_for_timeout(1500)
    crowd.demo.sql(
        "UPDATE conversations_participant SET seen_at = datetime(seen_at, '-61 seconds')"
        " WHERE conversation_id = (SELECT id FROM conversations_conversation WHERE public_id = ?)"
        " AND member_id = (SELECT id FROM accounts_member WHERE handle = 'quiet-heron-27')",
        number,
    )
    notes = seeker.page.locator("#talk-notes")
    expect(notes).to_contain_text("We lost the connection to Quiet Heron 27.", timeout=25_000)
    expect(notes).to_contain_text("It is not because of anything you wrote. You are next.")
    seeker.link("See your place in line").click()
    seeker.page.wait_for_url(re.compile("/requests/"))
    expect(seeker.page.locator("main")).to_contain_text("You are next.")
    seeker.button("Leave the line").click()
