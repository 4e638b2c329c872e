"""The first page on a slow phone: its weight, and how soon its four doors answer a tap.

Weights are read from the wire. Time is measured in Chromium with the throttling of its developer
tools: processor four times slower, 400 kbit/s each way, 400 ms before every answer; a new, empty
profile each time. The clock starts when the browser asks for the page; "painted" is the frame in
which all four doors have their place, "answered" the moment the browser asks for the page behind
the door that was tapped in that frame. Needs Chromium and Playwright; else only weights are read.
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

from tools.browser import CHROMIUM
from tools.demo import Demo, seed
from tools.machine import program

from bench.common import Figure, Outcome, folder, spread

HTML_KB, ALL_KB, SCRIPT_KB, SECONDS = 24, 100, 60, 1.5
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
PHONE = {"width": 360, "height": 740}
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
LIMIT_MS = 20_000
# Runs before any script of the page; asks in every frame whether the doors stand there, and then
# waits for one more frame, which is the first that can follow their paint.
WATCH = """(() => {
  if (window !== top) return;
  const look = () => {
    const doors = [...document.querySelectorAll(".doors a.door")];
    const placed = doors.filter((door) => door.getBoundingClientRect().height > 0);
    if (placed.length < 4) return requestAnimationFrame(look);
    requestAnimationFrame(() => {
      const at = performance.now();
      const box = placed[0].getBoundingClientRect();
      doorsPainted(JSON.stringify({
        at,
        doors: placed.map((door) => door.getAttribute("href")),
        seen: placed.filter((door) => door.getBoundingClientRect().top < innerHeight).length,
        whole: placed.filter((door) => door.getBoundingClientRect().bottom <= innerHeight).length,
        x: box.x + box.width / 2,
        y: Math.min(box.y + box.height / 2, innerHeight - 1),
      }));
    });
  };
  requestAnimationFrame(look);
})();"""


def fetch(port: int, path: str, *, packed: bool, cookie: str = "") -> bytes:
    """The body of one answer as it comes over the wire. Raises RuntimeError unless it is 200."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with closing(line):
        headers = {"Host": f"localhost:{port}"}
        headers |= {"Accept-Encoding": "gzip"} if packed else {}
        headers |= {"Cookie": cookie} if cookie else {}
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return body


def scripts_of(port: int, path: str, *, cookie: str = "") -> dict[str, tuple[int, int]]:
    """(raw bytes, bytes sent) of every script a page loads, imports of imports included."""
    html = fetch(port, path, packed=False, cookie=cookie).decode()
    waiting = re.findall(r'<script[^>]*\ssrc="([^"]+)"', html)
    waiting += re.findall(r'<link[^>]*rel="modulepreload"[^>]*href="([^"]+)"', html)
    found: dict[str, tuple[int, int]] = {}
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        raw = fetch(port, address, packed=False)
        found[address] = (len(raw), len(fetch(port, address, packed=True)))
        for named in re.findall(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""", raw.decode()):
            waiting.append(os.path.normpath(os.path.join(os.path.dirname(address), named)))
    return found


def browser_path() -> Path | None:
    """A Chromium that answers, or None."""
    return program(os.environ.get("SAMEPATH_CHROMIUM", "chromium"), *CHROMIUM)


class Load:
    """One cold visit: what the browser said of it."""

    def __init__(self) -> None:
        self.painted: dict[str, Any] = {}
        self.began = 0.0
        self.tapped = 0.0
        self.first_bytes = 0
        self.bytes: dict[str, int] = {}

    @property
    def painted_s(self) -> float:
        """Seconds until the four doors were painted."""
        return float(self.painted["at"]) / 1000

    @property
    def answered_s(self) -> float:
        """Seconds until the tap had led somewhere."""
        return self.tapped - self.began


def visit(browser: Any, origin: str, *, slow: bool, tap: bool) -> Load:
    """Load the first page in an empty profile; tap the first door as soon as all are painted."""
    load = Load()
    context = browser.new_context(
        viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True, locale="en-GB"
    )
    try:
        page = context.new_page()
        tools = context.new_cdp_session(page)
        address: dict[str, str] = {}

        def asked(event: dict[str, Any]) -> None:
            address[event["requestId"]] = event["request"]["url"]
            if event.get("type") != "Document":
                return
            if not load.began:
                load.began = event["timestamp"]
            elif not load.tapped:
                load.tapped = event["timestamp"]

        def painted(event: dict[str, Any]) -> None:
            if event["name"] == "doorsPainted" and not load.painted:
                load.painted = json.loads(event["payload"])

        def arrived(event: dict[str, Any]) -> None:
            name = address.get(event["requestId"], "")
            load.bytes[name] = load.bytes.get(name, 0) + int(event["encodedDataLength"])

        tools.on("Network.requestWillBeSent", asked)
        tools.on("Network.loadingFinished", arrived)
        tools.on("Runtime.bindingCalled", painted)
        tools.send("Network.enable")
        tools.send("Runtime.enable")
        tools.send("Runtime.addBinding", {"name": "doorsPainted"})
        tools.send("Page.enable")
        tools.send("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        if slow:
            tools.send("Network.emulateNetworkConditions", SLOW)
            tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.goto(origin + "/", wait_until="commit", timeout=LIMIT_MS)
        _wait(page, lambda: bool(load.painted))
        if tap and load.painted:
            point = {"x": load.painted["x"], "y": load.painted["y"]}
            for kind, points in (("touchStart", [point]), ("touchEnd", [])):
                tools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
            _wait(page, lambda: bool(load.tapped))
        if not tap:
            page.wait_for_load_state("networkidle", timeout=LIMIT_MS)
            page.wait_for_timeout(300)
    finally:
        context.close()
    if not load.painted or (tap and not load.tapped):
        raise RuntimeError("the doors did not appear, or did not answer")
    return load


def _wait(page: Any, done: Callable[[], bool]) -> None:
    """Let events come in until `done`, or the limit is over."""
    until = time.monotonic() + LIMIT_MS / 1000
    while time.monotonic() < until and not done():
        page.wait_for_timeout(5)


def weights(port: int) -> list[Figure]:
    """What the first page weighs without a browser."""
    raw = fetch(port, "/", packed=False)
    sent = len(fetch(port, "/", packed=True))
    best = len(gzip.compress(raw, 9))
    if b"<style" not in raw:
        raise RuntimeError("the first page carries no style of its own")
    return [
        Figure(
            "first page: HTML with its critical CSS, as sent",
            f"{sent / 1000:.1f} kB ({len(raw) / 1000:.1f} kB raw, gzip -9 {best / 1000:.1f} kB)",
            f"≤ {HTML_KB} kB",
            sent <= HTML_KB * 1000,
        )
    ]


def in_browser(origin: str, times: int) -> tuple[list[Figure], list[str]]:
    """Figures of cold visits, and what the first one loaded."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return [], ["The times were not measured: Playwright is not here."]
    found = browser_path()
    if found is None:
        return [], ["The times were not measured: Chromium is not here."]
    with sync_playwright() as hand:
        browser = hand.chromium.launch(executable_path=str(found), args=FLAGS)
        try:
            version = browser.version
            whole = visit(browser, origin, slow=False, tap=False)
            visit(browser, origin, slow=True, tap=True)  # the browser itself is warm from here on
            loads = [visit(browser, origin, slow=True, tap=True) for _turn in range(times)]
        finally:
            browser.close()
    total = sum(whole.bytes.values())
    painted = [one.painted_s for one in loads]
    answered = [one.answered_s for one in loads]
    first = loads[0].painted
    figures = [
        Figure(
            "first page: all bytes of a cold visit, headers included",
            f"{total / 1000:.1f} kB in {len(whole.bytes)} answers",
            f"≤ {ALL_KB} kB",
            total <= ALL_KB * 1000,
        ),
        Figure(
            f"slow phone: four doors painted (min / median / max of {times})",
            spread(painted, "s", 2),
            f"≤ {SECONDS} s",
            median(painted) <= SECONDS,
        ),
        Figure(
            f"slow phone: a tapped door answers (min / median / max of {times})",
            spread(answered, "s", 2),
            f"≤ {SECONDS} s",
            median(answered) <= SECONDS,
        ),
        Figure(
            f"doors in the first view of {PHONE['width']} × {PHONE['height']} (begun / whole)",
            f"{first['seen']} / {first['whole']} of {len(first['doors'])}",
        ),
    ]
    text = [
        f"Chromium {version}. Its throttling delays the answer to every request; it knows nothing "
        "of name look-up, connection and TLS, which on a real line cost some round trips more.",
        "",
        "A cold visit loads:",
        "",
        "| What | bytes |",
        "|---|--:|",
        *(
            f"| `{name.removeprefix(origin)}` | {size:,} |"
            for name, size in sorted(whole.bytes.items(), key=lambda pair: -pair[1])
        ),
    ]
    return figures, text


def measure(*, short: bool = True) -> Outcome:
    """Weights and cold starts of the first page."""
    with folder() as home, Demo(home, seeded=seed(home)) as demo:
        figures = weights(demo.port)
        scripts = scripts_of(demo.port, "/")
        more, text = in_browser(demo.origin, 5 if short else 15)
    raw, sent = (sum(size[place] for size in scripts.values()) for place in (0, 1))
    figures.append(
        Figure("first page: script, raw / as sent", f"{raw / 1000:.1f} / {sent / 1000:.1f} kB")
    )
    return Outcome(figures + more, text)
