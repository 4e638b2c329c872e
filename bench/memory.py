"""Memory of all processes together, and how long a start takes.

The demo as `samepath demo` runs it: supervisor, serving process, background process. Memory is the
proportional set size of each (/proc/PID/smaps_rollup), summed: shared pages are counted once. Idle
means started, the first pages answered, nobody in line yet: before the first match. Two seconds
after its start the serving process loads the words of routing and screening in a thread, some
30 MB, because loaded on demand they cost the first person who writes a second or more; an idle
place stays far below its limit with them.
"""

from __future__ import annotations

import time
from pathlib import Path

from tools.demo import Demo, seed
from tools.visitor import Visitor

from bench.common import Figure, Outcome, folder, spread

TARGET_MB = 250
TARGET_START_S = 3.0
PAGES = ("/", "/help-now", "/read", "/first-time", "/promise", "/sign-in", "/demo")
HEAVY = ("numpy", "scipy")  # loaded in large batches only


def pss(process: int) -> float:
    """Proportional set size of a process in MiB."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no Pss here")


def processes(demo: Demo) -> dict[str, int]:
    """Process ids by name, the supervisor among them."""
    found = demo.children()
    parent = Path(f"/proc/{found['serve']}/stat").read_text().rsplit(")", 1)[1].split()[1]
    return {"supervisor": int(parent), **found}


def sizes(demo: Demo) -> dict[str, float]:
    """MiB of each process now."""
    return {name: pss(number) for name, number in processes(demo).items()}


def in_words(found: dict[str, float]) -> str:
    """ "92 MB (supervisor 6, serve 46, background 40)"."""
    parts = ", ".join(f"{name} {size:.0f}" for name, size in found.items())
    return f"{sum(found.values()):.0f} MB ({parts})"


def heavy_loaded(demo: Demo) -> list[str]:
    """Which of the heavy libraries some process has in memory."""
    maps = "".join(Path(f"/proc/{n}/maps").read_text() for n in processes(demo).values())
    return [name for name in HEAVY if f"/{name}/" in maps]


def words_at_the_door(demo: Demo) -> tuple[float, float]:
    """Seconds of the first and the second text that somebody writes at the front door."""
    visitor = Visitor(demo.origin)
    visitor.send(visitor.get("/requests/begin"), "/requests/begin", of_age="on", promise="on")
    took = []
    for words in ("My father died in spring.", "I cannot sleep and worry about money."):
        page = visitor.get("/requests/about")
        begin = time.monotonic()
        page = visitor.send(page, "/requests/about", button=("step", "find"), words=words)
        took.append(time.monotonic() - begin)
        if page.status != 200:
            raise RuntimeError(f"/requests/about answered {page.status}")
    return took[0], took[1]


def starts(home: Path, seeded: Path, times: int) -> list[float]:
    """Seconds of later starts, from the command until the first page answered."""
    took = []
    place = home / "starts"
    place.mkdir()
    demo = Demo(place, seeded=seeded)
    for turn in range(times + 1):
        begin = time.monotonic()
        with demo:
            if turn:  # the first one finds nothing prepared for this folder
                took.append(time.monotonic() - begin)
    return took


def measure(*, short: bool = True) -> Outcome:
    """Idle memory, what the first words add, and the second start."""
    with folder() as home:
        begin = time.monotonic()
        seeded = seed(home)
        seeding = time.monotonic() - begin
        place = home / "memory"
        place.mkdir()
        with Demo(place, seeded=seeded) as demo:
            visitor = Visitor(demo.origin)
            for path in PAGES:
                visitor.get(path)
            time.sleep(6 if short else 30)  # the clock has ticked
            idle, heavy = sizes(demo), heavy_loaded(demo)
            first, second = words_at_the_door(demo)
            after = sizes(demo)
        again = starts(home, seeded, 3 if short else 5)
    total = sum(idle.values())
    return Outcome(
        [
            Figure(
                "idle memory, all processes",
                in_words(idle),
                f"≤ {TARGET_MB} MB",
                total <= TARGET_MB,
            ),
            Figure(
                "heavy libraries in an idle process", ", ".join(heavy) or "none", "none", not heavy
            ),
            Figure(
                "memory after the first words at the front door",
                in_words(after),
                f"≤ {TARGET_MB} MB",
                sum(after.values()) <= TARGET_MB,
            ),
            Figure("first / second answer to somebody's words", f"{first:.2f} / {second:.2f} s"),
            Figure(
                "a later `samepath demo`, until the first page answers (min / median / max)",
                spread(again, "s", 2),
                f"< {TARGET_START_S:.0f} s",
                sorted(again)[len(again) // 2] < TARGET_START_S,
            ),
            Figure("`samepath seed` into an empty folder", f"{seeding:.1f} s"),
        ]
    )
