"""J1 with nothing but Tab, Enter, Space and letters, for both sides."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from tools.walk import WORDS

from journeys.people import Crowd, Person
from journeys.steps import hears

# Where the focus is: what it stands on, whether it can be seen, how high on the page.
FOCUS = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const shown = one.matches("input") && one.closest("label") || one;
    const ring = [one, shown, one.nextElementSibling].filter(Boolean).some((part) => {
        const style = getComputedStyle(part);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    const box = shown.getBoundingClientRect();
    return {
        words: (one.getAttribute("aria-label") || shown.innerText || one.value || "").trim(),
        name: one.getAttribute("name") || "", value: one.getAttribute("value") || "",
        tag: one.localName, ring, frame: one.localName === "iframe",
        seen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    };
}"""


def focus(page: Page) -> dict[str, object]:
    """Where the focus is now; fails where nobody could see it."""
    held: dict[str, object] | None = page.evaluate(FOCUS)
    assert held is not None, "the focus is nowhere"
    assert held["seen"], f"the focus is out of sight: {held}"
    assert held["ring"], f"no ring round {held}"
    return held


def tab_to(
    person: Person, words: str = "", *, name: str = "", value: str = "", most: int = 90
) -> None:
    """Press Tab until the focus stands on it."""
    for _press in range(most):
        person.page.keyboard.press("Tab")
        held = focus(person.page)
        if name and held["name"] == name and (not value or held["value"] == value):
            return
        if words and str(held["words"]).split("\n")[0].strip() == words:
            return
    raise AssertionError(f"Tab never came to {words or name}")


def press(person: Person, words: str) -> None:
    """Go there with Tab and press Enter."""
    tab_to(person, words)
    person.page.keyboard.press("Enter")


def test_the_whole_way_by_keyboard(crowd: Crowd) -> None:
    crowd.free_desk()
    supporter, seeker = crowd.person("supporter"), crowd.person("seeker")
    supporter.become("heron")
    press(supporter, "I am available")
    expect(supporter.button("Not now")).to_be_visible()

    seeker.go("/")
    seeker.page.keyboard.press("Tab")
    assert focus(seeker.page)["words"] == "Skip to the page"
    seeker.page.keyboard.press("Enter")
    press(seeker, "Talk to a peer now")
    expect(seeker.heading("Before the first word")).to_be_visible()
    tab_to(seeker, name="promise")
    seeker.page.keyboard.press("Space")
    tab_to(seeker, name="of_age")
    seeker.page.keyboard.press("Space")
    press(seeker, "Go on")
    expect(seeker.heading("What is it about?")).to_be_visible()
    tab_to(seeker, name="words")
    seeker.page.keyboard.type(WORDS)
    press(seeker, "Find topics in my words")
    expect(seeker.page.get_by_role("group", name=re.compile("Is it this"))).to_be_visible()
    tab_to(seeker, name="topics")
    if not seeker.page.evaluate("document.activeElement.checked"):
        seeker.page.keyboard.press("Space")
    press(seeker, "Look for somebody")
    seeker.page.wait_for_url(re.compile("/requests/"))

    # The desk changes by itself; the focus is not thrown back by it.
    expect(supporter.button("I am here for them")).to_be_visible()
    press(supporter, "I am here for them")
    for one in (supporter, seeker):
        one.page.wait_for_url(re.compile("/conversations/"))
    tab_to(seeker, name="text")
    seeker.page.keyboard.type("Hello")
    seeker.page.keyboard.press("Enter")
    hears(supporter, "Hello")
    tab_to(supporter, name="text")
    supporter.page.keyboard.type("Good evening.")
    supporter.page.keyboard.press("Shift+Enter")
    supporter.page.keyboard.type("Take your time.")
    supporter.page.keyboard.press("Enter")
    hears(seeker, "Good evening.\nTake your time.")

    seeker.page.reload()
    press(seeker, "Stop here")
    for heading in (
        "A goodbye",
        "One sentence",
        "Would you like to meet",
        "Three questions",
        "Keep",
    ):
        expect(seeker.heading(re.compile(f"^{heading}"))).to_be_visible()
        press(seeker, "Skip")
    expect(seeker.heading("Take care on your way.")).to_be_visible()


def test_the_menu_of_a_talk_opens_and_closes_by_keyboard(crowd: Crowd) -> None:
    seeker, supporter = crowd.person("seeker", small=True), crowd.person("supporter")
    crowd.talk(seeker, supporter)
    press(seeker, "Choices")
    tab_to(seeker, "I am not safe right now")
    tab_to(seeker, "Report")
    tab_to(seeker, "Block")
    seeker.page.keyboard.press("Enter")
    seeker.page.wait_for_url(re.compile("/block$"))
