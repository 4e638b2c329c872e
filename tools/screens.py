"""Screenshots of the running demo for the README: `.venv/bin/python tools/screens.py`.

Two browsers go the whole way; every word in the pictures is invented.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import BrowserContext, Page, ViewportSize, sync_playwright

from tools.demo import Demo
from tools.machine import ROOT

SCREENS = ROOT / "docs" / "screens"
PHONE: ViewportSize = {"width": 360, "height": 720}
DESK: ViewportSize = {"width": 1200, "height": 800}
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
TALK = [
    ("seeker", "thank you. my dad died in march. everyone thinks i should be ok by now"),
    ("heron", "There is no “by now”. For me the second spring was harder than the first."),
    ("heron", "What are the evenings like?"),
    ("seeker", "quiet. too quiet. i leave the radio on"),
]


def take(page: Page, name: str) -> None:
    """One picture of what the window shows."""
    page.wait_for_timeout(400)
    page.screenshot(path=str(SCREENS / f"{name}.png"))
    print(f"docs/screens/{name}.png", flush=True)


def say(page: Page, words: str) -> None:
    """Write and send."""
    page.fill("#words", words)
    page.click("#composer button")
    page.wait_for_timeout(500)


def become(page: Page, demo: Demo, person: str) -> None:
    """Sign in as one of the cast."""
    page.goto(f"{demo.origin}/demo")
    page.click(f"button[value={person}]")
    page.wait_for_load_state()


def walk(demo: Demo, phone: BrowserContext, desk: BrowserContext) -> None:
    """The whole way, with a picture at each station."""
    seeker, heron = phone.new_page(), desk.new_page()
    become(heron, demo, "heron")
    heron.click("button[name=available][value=yes]")
    heron.wait_for_selector("button[name=available][value=no]")
    seeker.goto(demo.origin)
    take(seeker, "home-phone")
    seeker.goto(f"{demo.origin}/requests/begin")
    seeker.check("input[name=promise]")
    seeker.check("input[name=of_age]")
    seeker.click("form[action='/requests/begin'] .act")
    seeker.wait_for_url("**/requests/about")
    seeker.fill("textarea[name=words]", "my dad died in march and i cannot sleep")
    seeker.click("button[value=find]")
    seeker.wait_for_selector("input[name=topics]:checked")
    take(seeker, "topics-phone")
    seeker.click("button[value=ask]")
    seeker.wait_for_selector(".place")
    take(seeker, "wait-phone")
    heron.wait_for_selector("form[action$='/answer/yes'] button", timeout=20_000)
    take(heron, "desk")
    heron.click("form[action$='/answer/yes'] button")
    heron.wait_for_url("**/conversations/**")
    seeker.wait_for_url("**/conversations/**", timeout=20_000)
    say(heron, "Hello. I am here to listen, and only say how it was for me if you want that.")
    for who, words in TALK:
        say(seeker if who == "seeker" else heron, words)
    take(seeker, "talk-phone")
    take(heron, "talk")


def main() -> int:
    """Take them all; 0 when every picture is there."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("SAMEPATH_CHROMIUM", "/usr/bin/chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=chromium, args=QUIET)
        with Demo(Path(folder)) as demo:
            walk(
                demo,
                browser.new_context(viewport=PHONE, device_scale_factor=2, has_touch=True),
                browser.new_context(viewport=DESK),
            )
            dark = browser.new_context(viewport=DESK, color_scheme="dark").new_page()
            dark.goto(demo.origin)
            take(dark, "home-dark")
            helped = browser.new_context(viewport=PHONE, device_scale_factor=2).new_page()
            helped.goto(f"{demo.origin}/help-now/gb")
            take(helped, "help-phone")
            lead = browser.new_context(viewport=DESK).new_page()
            become(lead, demo, "oak")
            lead.goto(f"{demo.origin}/concerns")
            take(lead, "safety")
            demo.sql(
                "UPDATE organisations_duty"
                " SET starts_at = '2099-01-01 18:00:00', ends_at = '2099-01-01 22:00:00'"
            )
            closed = browser.new_context(viewport=PHONE, device_scale_factor=2).new_page()
            closed.goto(demo.origin)
            take(closed, "closed-phone")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
