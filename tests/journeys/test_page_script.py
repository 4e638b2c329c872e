"""What the script of every page does: leaving at once, one line in the list of pages, the swap."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from journeys.people import Crowd, Person

# The browser itself complains when a line is cut on purpose.
CUT = r"net::ERR_|Failed to load resource"


# Done inside the page, because the browser's driver waits for the way to /exit to begin. Gives the
# milliseconds until nothing of the page is painted any more, or -1.
BLANK = """(act) => {
  const begun = performance.now();
  if (act === "click") document.querySelector(".exit").click();
  else document.body.dispatchEvent(new KeyboardEvent("keyup", {key: "Shift", bubbles: true}));
  const gone = document.body.hidden && getComputedStyle(document.body).display === "none"
    && getComputedStyle(document.documentElement).backgroundColor === "rgb(255, 255, 255)";
  return gone ? performance.now() - begun : -1;
}"""


def slow_exit(person: Person) -> list[Route]:
    """Hold back the answer of /exit, so that the time before it can be looked at."""
    held: list[Route] = []
    person.page.route("**/exit", lambda route: held.append(route))
    return held


def wait_for(held: list[Route], page: Page) -> None:
    """Until the browser has asked for /exit."""
    until = time.monotonic() + 5
    while not held and time.monotonic() < until:
        page.wait_for_timeout(20)
    assert held


def test_exit_blanks_the_page_in_the_same_moment_and_back_shows_nothing(crowd: Crowd) -> None:
    person = crowd.person("seeker")
    person.go("/calendar")
    person.become("heron")
    person.go("/read")
    held = slow_exit(person)
    taken = person.page.evaluate(BLANK, "click")
    assert 0 <= taken < 100
    wait_for(held, person.page)
    held[0].continue_()
    person.page.wait_for_url("**/calendar")
    assert person.keeps()["cookies"] == []
    assert person.keeps()["local"] == []

    # Back leads before the page that was left; what is there belongs to nobody any more.
    person.forgive("404")
    person.page.go_back()
    assert person.path == "/desk"
    assert "Quiet Heron" not in person.page.content()


def test_shift_three_times_leaves_and_is_announced(crowd: Crowd) -> None:
    person = crowd.person("seeker")
    person.go("/read")
    said = person.page.locator("p.unseen[role=status]")
    person.page.keyboard.press("Shift")
    expect(said).to_have_text("Shift. Press two more times to exit.")
    person.page.keyboard.press("Shift")
    expect(said).to_have_text("Shift. Press one more time to exit.")
    held = slow_exit(person)
    assert 0 <= person.page.evaluate(BLANK, "press") < 100
    wait_for(held, person.page)
    held[0].continue_()
    person.page.wait_for_url("**/calendar")


def test_shift_in_typing_does_not_leave(crowd: Crowd) -> None:
    person = crowd.person("seeker")
    person.go("/styleguide/talk")
    box = person.page.locator("textarea")
    box.press_sequentially("ONE TWO THREE")
    for letter in "abc":
        person.page.keyboard.press(f"Shift+{letter}")
    # Twice, then another key: the count begins anew.
    for key in ("Shift", "Shift", "a", "Shift", "Shift"):
        person.page.keyboard.press(key)
    person.page.wait_for_timeout(200)
    assert person.path == "/styleguide/talk"
    assert box.input_value().startswith("ONE TWO THREE")


def test_three_presses_that_take_too_long_do_nothing(crowd: Crowd) -> None:
    person = crowd.person("seeker")
    person.page.clock.install()
    person.go("/read")
    person.page.keyboard.press("Shift")
    person.page.keyboard.press("Shift")
    person.page.clock.run_for(5100)
    said = person.page.locator("p.unseen[role=status]")
    expect(said).to_have_text("The three presses took too long. Nothing happened.")
    person.page.keyboard.press("Shift")
    assert person.path == "/read"


def test_a_page_the_browser_had_put_aside_goes_blank_and_loads_anew(crowd: Crowd) -> None:
    person = crowd.person("seeker")
    person.go("/read")
    with person.page.expect_navigation():
        assert person.page.evaluate(
            """() => { dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true}));
                       return document.body.hidden; }"""
        )
    expect(person.heading("Read quietly")).to_be_visible()


def test_the_exit_link_works_without_script(crowd: Crowd) -> None:
    person = crowd.without_script("seeker")
    person.become("heron")
    for path in ("/read", "/help-now", "/nothing-here"):
        person.forgive("404")
        person.go(path)
        expect(person.link("Exit this page")).to_be_visible()
    person.link("Exit this page").click()
    person.page.wait_for_url("**/calendar")
    assert person.context.cookies() == []


def test_discreet_mode_leaves_one_line_in_the_list_of_pages(crowd: Crowd) -> None:
    person = crowd.person("seeker")
    person.go("/styleguide")
    person.page.locator("discreet-mode label").click()
    assert person.keeps()["local"] == ["discreet"]
    person.go("/read")
    before = person.page.evaluate("history.length")
    person.page.locator("a[href='/rules']").first.click()
    person.page.wait_for_url("**/rules")
    person.page.locator(".page-links a[href^='/language']").click()
    person.page.wait_for_url("**/language?*")
    person.page.get_by_role("button", name="Español").click()
    person.page.wait_for_url("**/rules")
    expect(person.page.locator("html")).to_have_attribute("lang", "es")
    assert person.page.evaluate("history.length") == before


SWAP = """async (wanted) => {
  const script = [...document.scripts].find((one) => one.src.includes("/page."));
  const source = await (await fetch(script.src)).text();
  const forms = source.match(/import\\("(\\.\\/forms[^"]*)"\\)/)[1];
  const inner = await (await fetch(new URL(forms, script.src))).text();
  const swap = await import(new URL(inner.match(/from "(\\.\\/swap[^"]*)"/)[1], script.src));
  const piece = (hint) => {
    const page = document.implementation.createHTMLDocument("");
    const place = page.createElement("div");
    const line = page.createElement("p"); line.textContent = hint;
    const box = page.createElement("textarea"); box.name = "words"; box.id = "words";
    const more = page.createElement("details"); more.id = "more";
    const tick = page.createElement("input");
    tick.type = "checkbox"; tick.name = "t"; tick.value = "1";
    place.append(line, box, more, tick);
    return place;
  };
  const place = document.adoptNode(piece("two are before you"));
  document.getElementById("main").append(place);
  const box = place.querySelector("textarea");
  box.focus(); box.value = "half a sent"; box.setSelectionRange(4, 4);
  place.querySelector("details").open = true;
  place.querySelector("input").checked = true;
  const again = piece("two are before you"); again.querySelector("details").open = false;
  const same = swap.swap(place, again);
  const changed = swap.swap(place, piece("one is before you"));
  const now = place.querySelector("textarea");
  return { same, changed, text: now.value, focused: document.activeElement === now,
           caret: now.selectionStart, line: place.querySelector("p").textContent,
           open: place.querySelector("details").open,
           ticked: place.querySelector("input").checked };
}"""


def test_a_swap_keeps_what_is_typed_ticked_opened_and_focused(crowd: Crowd) -> None:
    person = crowd.person("seeker")
    person.go("/read")
    assert person.page.evaluate(SWAP, None) == {
        "same": False,  # nothing changed, nothing was touched
        "changed": True,
        "text": "half a sent",
        "focused": True,
        "caret": 4,
        "line": "one is before you",
        "open": True,
        "ticked": True,
    }


LIVE = """async (src) => {
  await customElements.whenDefined("live-part");
  const part = document.createElement("live-part");
  part.setAttribute("src", src); part.setAttribute("every", "60"); part.id = "part";
  document.getElementById("main").append(part);
  return part.refresh().then(() => part.textContent.length);
}"""


def test_a_live_part_shows_what_it_asked_for_and_follows_a_redirect(crowd: Crowd) -> None:
    person = crowd.person("seeker")
    person.go("/read")
    assert person.page.evaluate(LIVE, "/first-time") > 500
    assert person.path == "/read"
    # /exit leads to the calendar: so does a part that asks for it.
    with person.page.expect_navigation():
        person.page.evaluate(f"src => {{ void ({LIVE})(src); }}", "/exit")
    assert person.path == "/calendar"


def test_a_live_part_that_gets_no_answer_says_so_and_keeps_its_words(crowd: Crowd) -> None:
    person = crowd.person("seeker")
    person.forgive(CUT)
    person.go("/read")
    person.page.evaluate(LIVE, "/first-time")
    person.page.evaluate(
        "addEventListener('part-failed', () => document.body.setAttribute('data-failed', '1'))"
    )
    person.context.set_offline(True)
    kept = person.page.evaluate(
        "() => { const p = document.getElementById('part');"
        " return p.refresh().then(() => p.textContent.length); }"
    )
    assert kept > 500
    expect(person.page.locator("body")).to_have_attribute("data-failed", "1")


def test_a_form_that_does_not_arrive_says_so_and_loses_nothing(crowd: Crowd) -> None:
    person = crowd.person("seeker")
    person.forgive(CUT)
    person.go("/language")
    person.page.evaluate("document.querySelector('form').setAttribute('data-swap', '')")
    person.context.set_offline(True)
    person.page.get_by_role("button", name="Español").click()
    line = person.page.locator("form .not-sent-line")
    expect(line).to_have_text("This did not reach us. Nothing you wrote is lost. Please try again.")
    assert person.path == "/language"
    person.context.set_offline(False)
    person.page.get_by_role("button", name="Español").click()
    expect(person.page.locator("html")).to_have_attribute("lang", "es")


@pytest.mark.parametrize("path", ["/", "/read", "/requests/begin"])
def test_nothing_is_fetched_from_elsewhere_and_nothing_is_kept(crowd: Crowd, path: str) -> None:
    person = crowd.person("seeker")
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.url))
    person.go(path)
    person.page.wait_for_timeout(300)
    origin = re.escape(person.origin)
    assert [url for url in asked if not re.match(origin, url)] == []
    kept = person.keeps()
    assert (kept["local"], kept["session"], kept["databases"], kept["workers"]) == ([], [], [], 0)
