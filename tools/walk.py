"""The steps of the front door, taken by visitors without script, for journeys and benches."""

from __future__ import annotations

import re
import time

from tools.demo import Demo
from tools.visitor import Page, Visitor

SUPPORTERS = ("heron", "lantern", "otter", "oak")  # of the demo's cast
# Our own words; the first topic found in them is one that Quiet Heron has lived.
WORDS = "My dad died in spring and I lie awake every night."
Sent = str | list[str]


def became(demo: Demo, key: str) -> Visitor:
    """A visitor who is one of the cast."""
    visitor = Visitor(demo.origin)
    visitor.send(visitor.get("/demo"), "/demo", button=("person", key))
    return visitor


def say_available(visitor: Visitor, available: bool) -> None:
    """At the desk: "I am available" or "not now", where that is not so already."""
    desk = visitor.get("/desk")
    press = ("available", "yes" if available else "no")
    if press in desk.form("/desk/available").buttons:
        visitor.send(desk, "/desk/available", button=press)


def begin(demo: Demo) -> Visitor:
    """A new guest who has read the promise."""
    visitor = Visitor(demo.origin)
    page = visitor.get("/requests/begin")
    visitor.send(page, "/requests/begin", of_age="on", promise="on")
    return visitor


def find(visitor: Visitor, words: str) -> Page:
    """The second screen after "find topics in my words"."""
    page = visitor.get("/requests/about")
    return visitor.send(page, "/requests/about", button=("step", "find"), words=words)


def chips(page: Page) -> list[str]:
    """The topics offered on it, before the list of all topics."""
    return re.findall(r'name="topics" value="([\w-]+)"', page.html.split('id="all-topics"')[0])


def join(visitor: Visitor, page: Page, **more: Sent) -> Page:
    """From the second screen into the line: the page of the wait."""
    return visitor.send(page, "/requests/about", button=("step", "ask"), **more)


def accept(supporter: Visitor) -> str:
    """Say yes to the offer of the moment; the talk's address, "" where there is no offer.

    Raises LookupError where the talk did not open.
    """
    desk = supporter.get("/desk")
    yes = [form.action for form in desk.forms if form.action.endswith("/answer/yes")]
    if not yes:
        return ""
    answered = supporter.send(desk, yes[0])
    if not answered.path.startswith("/conversations/"):
        raise LookupError(f"the talk did not open: {answered.words[:500]}")
    return answered.path


def say(visitor: Visitor, path: str, words: str) -> Page:
    """One message in a talk, by its form."""
    return visitor.send(visitor.get(path), f"{path}/messages", text=words)


def stop(visitor: Visitor, path: str) -> None:
    """Stop a talk by the button that says so, where it is still open."""
    page = visitor.get(path)
    if any(form.action == f"{path}/stop" for form in page.forms):
        visitor.send(page, f"{path}/stop")


def free_desk(demo: Demo) -> None:
    """End what stands open: every supporter is free and says "not now"."""
    for key in SUPPORTERS:
        visitor = became(demo, key)
        for link in visitor.get("/desk").links:
            if link.startswith("/conversations/"):
                stop(visitor, link)
        say_available(visitor, False)


def open_talk(
    demo: Demo, *, giver: str = "heron", words: str = WORDS, seconds: float = 30.0, **more: Sent
) -> tuple[Visitor, str]:
    """A guest and a supporter in an open talk: the guest's visitor and the talk's address.

    Raises TimeoutError where nobody was offered in time.
    """
    supporter = became(demo, giver)
    say_available(supporter, True)
    seeker = begin(demo)
    waiting = join(seeker, find(seeker, words), **more).path
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        seeker.get(waiting)
        if path := accept(supporter):
            return seeker, path
        time.sleep(0.3)
    raise TimeoutError(f"nobody was offered: {seeker.get(waiting).words[:1500]}")
