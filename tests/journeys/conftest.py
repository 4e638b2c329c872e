"""The real thing in real browsers: one Chromium, a demo of its own for each file of journeys.

What a page writes to its console counts: an error there, or something the content policy stopped,
fails the test it happened in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright
from tools.browser import CHROMIUM
from tools.demo import Demo, seed
from tools.machine import program

from journeys.people import Crowd

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The hand that moves the browser."""
    with sync_playwright() as hand:
        yield hand


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all; every person gets a context of their own."""
    found = program(os.environ.get("SAMEPATH_CHROMIUM", "chromium"), *CHROMIUM)
    if found is None:
        pytest.skip("Chromium is not here: `make test` installs it where it may")
    browser = playwright.chromium.launch(executable_path=str(found), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo community."""
    return seed(tmp_path_factory.mktemp("seed"))


@pytest.fixture(scope="module")
def demo(
    request: pytest.FixtureRequest, seeded: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    """The running demo of this file; `DEMO = {...}` in the file adds to its environment."""
    more: dict[str, str] = getattr(request.module, "DEMO", {})
    with Demo(tmp_path_factory.mktemp("demo"), seeded=seeded, more=more) as running:
        yield running


@pytest.fixture
def crowd(demo: Demo, chromium: Browser) -> Iterator[Crowd]:
    """People with browsers; what went wrong in any of them is told at the end."""
    made = Crowd(demo, chromium)
    yield made
    faults = made.end()
    assert not faults, "in the browsers' consoles:\n" + "\n".join(faults)


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe, the accessibility checker."""
    path = Path(os.environ.get("SAMEPATH_AXE", "node_modules/axe-core/axe.min.js"))
    if not path.exists():
        pytest.skip("axe is not here: `make test` fetches it where it may")
    return path.read_text()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """After a failure, what every person saw: where they were and what stood there."""
    outcome: Any = yield
    report = outcome.get_result()
    made = getattr(item, "funcargs", {}).get("crowd")
    if report.when == "call" and report.failed and made is not None:
        report.sections.append(("what people saw", made.seen()))
