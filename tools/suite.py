"""Runs the tests: `python tools/suite.py full|fast|journeys [pytest arguments]`.

full: everything but the journeys on SQLite, everything but pure rules again on PostgreSQL, then
the journeys in Chromium. fast: the first of these only. What a machine cannot run is counted and
said at the end; with CI=true it is a failure, so that nothing is left out quietly.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import browser, postgres
from tools.machine import CI, ROOT, say

WORKERS = "2"
FAILED = 1  # pytest's exit code for "some failed"
NO_TESTS = 5  # and for "none collected"


@dataclass(frozen=True)
class Leg:
    """One pytest run: its name for people, the marks it selects, what it needs."""

    name: str
    marks: str
    database: str = "sqlite"
    in_browser: bool = False


SQLITE = Leg("SQLite", "not journey")
POSTGRESQL = Leg("PostgreSQL", "not journey and not rules", database="postgresql")
JOURNEYS = Leg("journeys", "journey", in_browser=True)
SUITES = {"full": (SQLITE, POSTGRESQL, JOURNEYS), "fast": (SQLITE,), "journeys": (JOURNEYS,)}


@dataclass
class Totals:
    """Counts over all legs, and the sentences about what was left out."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    left_out: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    second: list[str] = field(default_factory=list)

    def add(self, report: Path, again: Path | None = None) -> None:
        """Count one JUnit report of pytest and, where there is one, the second try of what failed
        in it; a missing one (pytest itself broke) counts nothing."""
        if again is not None and again.exists():
            self.failed -= len(failures(report))
            self._add(again)
        self._add(report)

    def _add(self, report: Path) -> None:
        if not report.exists():
            return
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            tests, errors, failures, skipped = (
                int(suite.get(name, "0")) for name in ("tests", "errors", "failures", "skipped")
            )
            self.passed += tests - errors - failures - skipped
            self.failed += errors + failures
            self.skipped += skipped


def failures(report: Path) -> list[str]:
    """The names of the tests that failed in a JUnit report."""
    cases = ElementTree.parse(report).getroot().iter("testcase")
    return [
        f"{case.get('classname')}.{case.get('name')}"
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    ]


def collected(output: str) -> int:
    """How many tests `pytest --collect-only -q` says it selected.

    >>> collected("tests/a.py::test_b\\n\\n3/18 tests collected (15 deselected) in 0.05s\\n")
    3
    >>> collected("no tests collected (18 deselected) in 0.05s")
    0
    """
    found = re.search(r"^(\d+)(?:/\d+)? tests? collected", output, re.MULTILINE)
    return int(found.group(1)) if found else 0


def _count(leg: Leg, environment: Mapping[str, str]) -> int:
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", leg.marks],
        cwd=ROOT,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    return collected(listed.stdout)


def run(leg: Leg, arguments: list[str], totals: Totals) -> None:
    """Run one leg with its own data folder and database; write the outcome into `totals`."""
    environment = dict(os.environ)
    environment.pop("SAMEPATH_DATABASE_URL", None)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="samepath-test-")))
        environment["SAMEPATH_DATA"] = str(data / "data")
        try:
            if leg.in_browser:
                environment["SAMEPATH_CHROMIUM"] = str(browser.chromium())
                try:
                    environment["SAMEPATH_AXE"] = str(browser.axe())
                except browser.Unavailable as reason:
                    totals.left_out.append(f"the accessibility checks of the journeys: {reason}")
            if leg.database == "postgresql":
                environment["SAMEPATH_DATABASE_URL"] = stack.enter_context(postgres.cluster())
        except (browser.Unavailable, postgres.Unavailable) as reason:
            count = _count(leg, environment)
            totals.left_out.append(f"{leg.name}, {count} tests: {reason}")
            return
        say(f"tests: {leg.name}")
        started = time.monotonic()
        report, again = data / "report.xml", data / "again.xml"
        pytest = [sys.executable, "-m", "pytest", "-m", leg.marks, "-rfE"]
        pytest += ["-o", f"cache_dir={data / 'cache'}", *arguments]
        # One at a time on PostgreSQL: the races bring their own crowd of connections.
        workers = WORKERS if leg.database == "sqlite" else "1"
        parallel = ["-n", workers, "--dist", "loadfile", f"--junitxml={report}"]
        code = subprocess.run(
            [*pytest, *parallel], cwd=ROOT, env=environment, check=False
        ).returncode
        if code == FAILED:
            # Real servers and browsers share two cores here: what failed in the crowd is tried
            # once more, alone, and named. A test that fails alone has failed.
            say(f"tests: {leg.name}: once more, alone, what failed")
            alone = ["-p", "no:xdist", "--last-failed", f"--junitxml={again}"]
            code = subprocess.run(
                [*pytest, *alone], cwd=ROOT, env=environment, check=False
            ).returncode
        totals.add(report, again)
        if again.exists() and not code:
            totals.second.append(f"{leg.name}: {', '.join(failures(report))}")
        if code == NO_TESTS:
            totals.broken.append(f"{leg.name}: no test was selected")
        elif code:
            totals.broken.append(f"{leg.name}: pytest ended with {code}")
        say(f"tests: {leg.name} took {time.monotonic() - started:.0f} s")


def main(arguments: list[str]) -> int:
    """Run the named suite; 0 only if every leg passed and, in CI, nothing was left out."""
    if not arguments or arguments[0] not in SUITES:
        print(__doc__)
        return 64
    postgres.stop_in_order_when_told()
    totals = Totals()
    for leg in SUITES[arguments[0]]:
        run(leg, arguments[1:], totals)
    print()
    for line in totals.broken:
        print(f"FAILED    {line}")
    for line in totals.second:
        print(f"SECOND TRY {line}")
    for line in totals.left_out:
        print(f"LEFT OUT  {line}")
    if totals.left_out and CI:
        print("FAILED    with CI=true nothing may be left out")
    print(f"{totals.passed} passed, {totals.failed} failed, {totals.skipped} skipped")
    return 1 if totals.broken or totals.failed or (totals.left_out and CI) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
