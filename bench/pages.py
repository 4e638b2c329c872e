"""Server time of every page, with one row of everything and with ten thousand.

Over real HTTP on loopback, one visitor after the other, against the serving process of the product
on SQLite in a file. Every GET address of the house is asked as everybody of the cast, as a guest
who talks, waits, looks at an offer or is at an ending, and as a stranger; where several get a page,
the slowest is measured. A second site in set-up mode gives the pages of set-up.

Wall time counts whatever else the machine does; the column of processor time (mean of a request, of
the serving process alone) is what the page itself costs. Where the machine was busy, read both.
"""

from __future__ import annotations

import http.client
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

from tools.demo import seed
from tools.visitor import Visitor

from bench.common import Figure, Outcome, Served, filled, folder, percentile

TARGET_MS = 50.0
SIZES = (1, 10_000)
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
PLAIN = {"part": ["lived"], "place": ["0"], "code": ["gb", "es"], "says": ["yes"]}
PLAIN["answer"] = ["yes"]
# Coming here ends a sign-in, which the next question still needs.
ENDING = ("exit", "accounts:sign-out")


@dataclass(frozen=True)
class View:
    """One page as one visitor sees it."""

    route: str
    path: str
    visitor: str


@dataclass
class Timing:
    """What asking for it many times took."""

    view: View
    bytes: int
    ms: list[float] = field(default_factory=list)
    cpu_ms: float = 0.0

    @property
    def p95(self) -> float:
        """The 95th percentile in milliseconds."""
        return percentile(self.ms, 0.95)


class Line:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def get(self, path: str, cookies: str) -> tuple[int, bytes, float]:
        """Status, body as it came, and the milliseconds until its last byte."""
        headers = {"Host": f"localhost:{self._port}", "Accept-Encoding": "gzip"}
        if cookies:
            headers["Cookie"] = cookies
        begin = time.perf_counter()
        self._line.request("GET", path, headers=headers)
        answer = self._line.getresponse()
        body = answer.read()
        return answer.status, body, (time.perf_counter() - begin) * 1000

    def close(self) -> None:
        """Let go."""
        self._line.close()


def paths_of(pattern: str, samples: dict[str, list[str]]) -> Iterator[str]:
    """Every path a route takes with the samples; none where a parameter has no sample."""
    names = PARAMETER.findall(pattern)
    first = pattern.strip("/").split("/")[0]
    values = []
    for name in names:
        known = samples.get(name) or PLAIN.get(name)
        if name in ("public_id", "token"):
            known = samples.get(first)
        values.append(known or [])
    for chosen in product(*values):
        path = pattern
        for value in chosen:
            path = PARAMETER.sub(value, path, count=1)
        yield path


def probe(
    line: Line, found: dict[str, Any], cookies: dict[str, str]
) -> tuple[list[View], list[str]]:
    """The slowest view of every route that shows a page, and the routes that show none."""
    views, silent = [], []
    for route, pattern in found["routes"]:
        seen: list[tuple[float, View]] = []
        for path, (who, cookie) in product(paths_of(pattern, found["samples"]), cookies.items()):
            if cookie and route in ENDING:
                continue
            status, _body, took = line.get(path, cookie)
            if status == 200:
                seen.append((took, View(route, path, who)))
        if seen:
            views.append(max(seen, key=lambda one: one[0])[1])
        else:
            silent.append(route)
    return views, silent


def time_views(
    served: Served, views: list[View], cookies: dict[str, str], rounds: int
) -> list[Timing]:
    """Ask for each view `rounds` times, in turns, so that a busy moment hits all of them alike."""
    line = Line(served.port)
    timings = [Timing(view, 0) for view in views]
    with closing(line):
        for _round in range(rounds):
            for one in timings:
                before = served.cpu()
                status, body, took = line.get(one.view.path, cookies[one.view.visitor])
                if status != 200:
                    raise RuntimeError(f"{one.view.path} answered {status} in the middle")
                one.ms.append(took)
                one.cpu_ms += (served.cpu() - before) * 1000 / rounds
                one.bytes = len(body)
    return timings


def cookies_of(found: dict[str, Any]) -> dict[str, str]:
    """The Cookie header of everybody, and of a stranger."""
    return {"stranger": "", **{who: f"session={key}" for who, key in found["cookies"].items()}}


def set_up_views(data: Path, log: Path, found: dict[str, Any], rounds: int) -> list[Timing]:
    """The pages of set-up, in a copy of the site whose doors are not open."""
    with closing(sqlite3.connect(data / "samepath.sqlite3")) as database:
        database.execute("UPDATE kit_site SET open_since = NULL")
        database.commit()
    with Served(data, log) as served:
        visitor = Visitor(served.origin)
        visitor.send(visitor.get("/set-up"), "/set-up", code=found["code"])
        held = "; ".join(f"{name}={value}" for name, value in visitor.cookies().items())
        cookies = {"whoever sets up": held, "admin": f"{held}; session={found['cookies']['field']}"}
        wanted = {**found, "routes": [one for one in found["routes"] if "/set-up" in one[1]]}
        line = Line(served.port)
        with closing(line):
            views, _silent = probe(line, wanted, cookies)
        return time_views(served, views, cookies, rounds)


def measure_size(home: Path, seeded: Path, rows: int, rounds: int) -> dict[str, Any]:
    """Timings of every page at one size."""
    data = home / f"rows-{rows}"
    shutil.copytree(seeded, data)
    found = filled(data, rows)
    cookies = cookies_of(found)
    set_up = home / f"set-up-{rows}"
    shutil.copytree(data, set_up)
    with Served(data, home / "serve.log") as served:
        line = Line(served.port)
        with closing(line):
            first = line.get("/", "")[2]
            views, silent = probe(line, found, cookies)
        timings = time_views(served, views, cookies, rounds)
    timings += set_up_views(set_up, home / "serve.log", found, rounds)
    known = {one.view.route for one in timings}
    return {
        "timings": sorted(timings, key=lambda one: -one.p95),
        "silent": [route for route in silent if route not in known],
        "first": first,
        "tick_ms": found["tick_ms"],
    }


def measure(*, short: bool = True) -> Outcome:
    """p50 and p95 of every page at both sizes."""
    rounds = 40 if short else 200
    outcome = Outcome()
    with folder() as home:
        seeded = seed(home)
        for rows in SIZES:
            result = measure_size(home, seeded, rows, rounds)
            timings: list[Timing] = result["timings"]
            slow = [one for one in timings if one.p95 > TARGET_MS]
            worst = timings[0]
            everything = [ms for one in timings for ms in one.ms]
            dear = max(timings, key=lambda one: one.cpu_ms)
            outcome.figures += [
                Figure(
                    f"pages at {rows:,} rows: slowest p95 of {len(timings)} pages"
                    f" ({worst.view.route})",
                    f"{worst.p95:.0f} ms",
                    f"≤ {TARGET_MS:.0f} ms",
                    not slow,
                ),
                Figure(
                    f"pages at {rows:,} rows: pages with p95 over {TARGET_MS:.0f} ms",
                    f"{len(slow)} of {len(timings)}",
                ),
                Figure(
                    f"pages at {rows:,} rows: most processor time, mean ({dear.view.route})",
                    f"{dear.cpu_ms:.0f} ms",
                ),
                Figure(
                    f"pages at {rows:,} rows: all requests together, p50 / p95",
                    f"{percentile(everything, 0.5):.0f} / {percentile(everything, 0.95):.0f} ms",
                ),
                Figure(
                    f"one match tick of the clock at {rows:,} rows, median of five",
                    f"{median(result['tick_ms']):.0f} ms",
                ),
            ]
            outcome.text += [
                f"## {rows:,} rows",
                "",
                f"{rounds} requests a page. The very first answer after the start: "
                f"{result['first']:.0f} ms.",
                "",
                "| Page | seen by | p50 ms | p95 ms | processor ms | bytes sent |",
                "|---|---|--:|--:|--:|--:|",
                *(
                    f"| `{one.view.route}` | {one.view.visitor} | {median(one.ms):.1f} "
                    f"| {one.p95:.1f} | {one.cpu_ms:.1f} | {one.bytes:,} |"
                    for one in timings
                ),
                "",
                "Addresses that show no page by themselves (forms are sent to them, or they lead "
                "on): " + ", ".join(f"`{route}`" for route in result["silent"]) + ".",
                "",
            ]
    return outcome
