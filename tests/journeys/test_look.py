"""The pages without data and the scenes of the style guide: for eyes, fingers, screen readers."""

from __future__ import annotations

from typing import Any

import pytest

from journeys.people import SMALL, Crowd, Person

PAGES = (
    "/", "/first-time", "/promise", "/promise/easy", "/rules", "/easy", "/read", "/peer-support",
    "/language", "/leave-fast", "/steady", "/steady/easy", "/help-now", "/help-now/es",
    "/help-now/zz", "/help-now/easy", "/calendar", "/nothing-here", "/styleguide",
    *(f"/styleguide/{name}" for name in
      ("talk", "talk-empty", "waiting", "matched", "ending", "keep", "desk")),
)  # fmt: skip
WIDE = {"width": 1280, "height": 800}

# A link inside a sentence may be as high as its line (WCAG 2.5.8); all else is 46 px each way.
SMALL_TARGETS = """() => [
  ...document.querySelectorAll(
    "a[href], button, summary, select, textarea, input:not([type=hidden])")
].filter((one) => {
    const box = one.getBoundingClientRect();
    if (!box.width || !box.height || one.closest(".unseen, .skip")) return false;
    if (getComputedStyle(one).display === "inline" && one.closest("p, li, td, th")) return false;
    const target = (one.type === "checkbox" || one.type === "radio") ? one.closest("label") : one;
    const size = target.getBoundingClientRect();
    return size.height < 45.9 || size.width < 45.9;
  }).map((one) => one.outerHTML.slice(0, 90))"""


def faults_of(person: Person, axe: str, path: str) -> list[str]:
    """What is wrong with a page: axe, sideways scrolling, targets that are too small."""
    person.go(path)
    person.page.wait_for_timeout(250)  # what moves for 200 ms has come to rest
    person.page.evaluate(axe)
    found: dict[str, Any] = person.page.evaluate("axe.run()")
    faults = [
        f"{path}: {one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]
    ]
    if person.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        faults.append(f"{path}: scrolls sideways")
    return faults + [f"{path}: small: {one}" for one in person.page.evaluate(SMALL_TARGETS)]


@pytest.mark.parametrize(
    ("viewport", "scheme", "language"),
    [(SMALL, "dark", "en"), (WIDE, "light", "en"), (SMALL, "light", "es")],
    ids=["small-dark", "wide-light", "small-spanish"],
)
def test_every_page_is_without_fault(
    crowd: Crowd, axe: str, viewport: dict[str, int], scheme: str, language: str
) -> None:
    person = crowd.person(
        "reader", viewport=viewport, color_scheme=scheme, locale=language, bypass_csp=True
    )
    person.forgive("404")
    assert [fault for path in PAGES for fault in faults_of(person, axe, path)] == []


def test_the_page_turns_round_for_right_to_left(crowd: Crowd) -> None:
    person = crowd.person("reader", small=True)
    person.go("/")
    left = person.page.locator(".exit").bounding_box()
    person.page.evaluate("document.documentElement.dir = 'rtl'")
    right = person.page.locator(".exit").bounding_box()
    assert left
    assert right
    assert left["x"] + left["width"] > 280
    assert right["x"] < 40
    assert not person.page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_words_stand_still_when_the_letters_arrive(crowd: Crowd) -> None:
    """The stand-in face has Atkinson's widths and heights: almost nothing moves."""
    person = crowd.person("reader", small=True)
    person.page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => { for (const one of list.getEntries())"
        " window.moved += one.value; }).observe({type: 'layout-shift', buffered: true});"
    )
    person.go("/")
    person.page.evaluate("document.fonts.ready.then(() => 1)")
    person.page.wait_for_timeout(300)
    assert person.page.evaluate("document.fonts.check('17px \"Atkinson Next\"')")
    assert person.page.evaluate("window.moved") < 0.02


def test_reduced_motion_moves_nothing(crowd: Crowd) -> None:
    person = crowd.person("reader", reduced_motion="reduce")
    for path in ("/steady", "/styleguide/matched", "/styleguide/talk"):
        person.go(path)
        assert person.page.evaluate("document.getAnimations().length") == 0
    person.page.emulate_media(reduced_motion="no-preference")
    person.go("/steady")
    assert person.page.evaluate("document.getAnimations().length") == 1
    person.link("Without the circle").click()
    assert not person.page.locator(".breath-water").is_visible()


def test_the_danger_page_prints_with_its_numbers_and_without_the_rest(crowd: Crowd) -> None:
    person = crowd.person("reader")
    person.go("/help-now/gb")
    person.page.emulate_media(media="print")
    assert person.page.locator(".dial-number").first.is_visible()
    for gone in (".page-header", ".page-footer", ".ways"):
        assert not person.page.locator(gone).first.is_visible()


def test_the_talk_keeps_its_box_in_sight_on_the_smallest_screen(crowd: Crowd) -> None:
    """With the keyboard up there are about 300 px left; the log scrolls, the box stays."""
    person = crowd.person("seeker", viewport={"width": 320, "height": 330})
    person.go("/styleguide/talk")
    box = person.page.locator("textarea").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 330
    assert person.page.locator(".log").evaluate("one => one.clientHeight") >= 40
    person.page.get_by_text("Choices").click()
    for name in ("Pause", "Someone else", "Stop here", "Block", "Report", "Mute"):
        assert person.page.locator(".choices-list").get_by_text(name, exact=True).is_visible()
