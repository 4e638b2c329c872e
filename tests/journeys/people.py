"""People with browsers, and what they do many times: become somebody, ask for a peer, talk."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    expect,
)
from tools.demo import Demo
from tools.visitor import Visitor

from tools import walk

SMALL = {"width": 320, "height": 640}
USUAL = {"width": 1024, "height": 800}
PATIENCE = 15_000  # ms a page may take to show what another person's act brings

expect.set_options(timeout=PATIENCE)


@dataclass
class Person:
    """Somebody in front of a browser. `faults` fills with what their pages complained about."""

    name: str
    origin: str
    context: BrowserContext
    page: Page
    faults: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to a page's console from its first line on."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        where = message.location.get("url", "")
        self.faults.append(f"{where}: {message.text}")

    def forgive(self, *patterns: str) -> None:
        """What the browser itself has to say in this journey: a cut line, a missing page."""
        self.forgiven.extend(patterns)

    def complaints(self) -> list[str]:
        """What is left of the faults."""
        return [
            f"{self.name}: {fault}"
            for fault in dict.fromkeys(self.faults)
            if not any(re.search(pattern, fault) for pattern in self.forgiven)
        ]

    def tab(self) -> Page:
        """One more tab of the same browser."""
        return self.context.new_page()

    def go(self, path: str, page: Page | None = None) -> Page:
        """Load a page of ours."""
        shown = page or self.page
        shown.goto(self.origin + path)
        return shown

    @property
    def path(self) -> str:
        """Where they are, without the host."""
        return urlsplit(self.page.url).path

    def button(self, name: str) -> Locator:
        """A button by what it says, whole."""
        return self.page.get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        """A link by what it says, whole."""
        return self.page.get_by_role("link", name=name, exact=True)

    def heading(self, words: str | re.Pattern[str]) -> Locator:
        """The page's main heading."""
        return self.page.get_by_role("heading", level=1, name=words)

    def become(self, key: str) -> None:
        """Sign in as one of the demo's cast."""
        self.go("/demo")
        self.page.locator(f'button[name="person"][value="{key}"]').click()
        self.page.wait_for_url(lambda url: "/demo" not in url)

    def signed_in_as(self, visitor: Visitor) -> None:
        """Take over the cookies of a visitor who did the first steps without a browser."""
        self.context.add_cookies(
            [
                {"name": name, "value": value, "url": self.origin}
                for name, value in visitor.cookies().items()
            ]
        )

    def keeps(self) -> dict[str, Any]:
        """Everything a browser can keep of us, as far as pages and the browser can tell."""
        stores = self.page.evaluate(
            """async () => ({
                local: Object.keys(localStorage),
                session: Object.keys(sessionStorage),
                databases: (await indexedDB.databases()).map((one) => one.name),
                caches: "caches" in window ? await caches.keys() : [],
                workers: (await navigator.serviceWorker.getRegistrations()).length,
            })"""
        )
        cookies = [cookie["name"] for cookie in self.context.cookies()]
        return {**stores, "cookies": cookies}


class Crowd:
    """Everybody of one journey."""

    def __init__(self, demo: Demo, chromium: Browser) -> None:
        self.demo = demo
        self.chromium = chromium
        self.people: list[Person] = []

    def person(self, name: str, *, small: bool = False, **options: Any) -> Person:
        """A new browser: its own cookies, its own storage. `options` go to the browser context."""
        options.setdefault("viewport", SMALL if small else USUAL)
        options.setdefault("locale", "en-GB")
        options.setdefault("timezone_id", "Europe/London")
        context = self.chromium.new_context(**options)
        context.set_default_timeout(PATIENCE)
        made = Person(name, self.demo.origin, context, None)  # type: ignore[arg-type]
        context.on("page", made.watch)
        made.page = context.new_page()
        self.people.append(made)
        return made

    def without_script(self, name: str, **options: Any) -> Person:
        """A browser with JavaScript switched off."""
        return self.person(name, java_script_enabled=False, **options)

    def free_desk(self) -> None:
        """End what earlier journeys left open: every supporter is free and says "not now"."""
        walk.free_desk(self.demo)

    def talk(self, seeker: Person, supporter: Person, **asked: Any) -> str:
        """A talk between these two, opened through the doors without script; its address."""
        self.free_desk()
        visitor, path = walk.open_talk(self.demo, **asked)
        seeker.signed_in_as(visitor)
        supporter.signed_in_as(walk.became(self.demo, asked.get("giver", "heron")))
        for one in (seeker, supporter):
            one.go(path)
        return path

    def seen(self) -> str:
        """What everybody had before their eyes, for the report of a failure."""
        out = []
        for one in self.people:
            for page in one.context.pages:
                try:
                    words = page.locator("body").inner_text(timeout=2000)
                except Error as error:
                    words = f"({error})"
                out.append(f"--- {one.name} at {page.url}\n{words[:2500]}")
            out += one.faults
        return "\n".join(out)

    def end(self) -> list[str]:
        """Close every browser; what their consoles said."""
        complaints = [line for one in self.people for line in one.complaints()]
        for one in self.people:
            one.context.close()
        return complaints
