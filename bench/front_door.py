"""Real situations through the front door: own words, chips, a match, an open talk.

    python -m bench.front_door [--write] [--texts 60]

Texts of two public sets, spread evenly over their labels, are typed into the second screen of a
running demo by visitors without script; the chips are confirmed as they stand, the demo's four
supporters answer at their desks, both say one word. The sets are not part of this repository
(in ``$SAMEPATH_SHARED_DATA``, beside the tree by default); without them it says so and stops. Of
their words nothing is printed or written.

Where nobody free has lived the topic or one near it, a listener is offered after two minutes. Those
two minutes are not waited for: the moment of joining is moved back in the database, and the figure
says for how many.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final

from tools.demo import Demo
from tools.machine import ROOT, say
from tools.visitor import Visitor

from tools import walk

SETS: Final = ("counselchat_dev", "sad_dev")
RESULT: Final = ROOT / "bench" / "results" / "front_door.md"
PATIENCE_S: Final = 40.0
BATCHES_S: Final = 5.0  # two batches of matching: then nobody who shares the topic is free
LISTENER_AFTER_S: Final = 125.0


@dataclass
class Step:
    """What happened to one text."""

    set: str
    label: str
    chips: list[str] = field(default_factory=list)
    asked: bool = False
    danger: bool = False
    find_s: float = 0.0
    match_s: float = 0.0
    moved: bool = False
    talked: bool = False


def data() -> Path:
    """Where the texts would be."""
    return Path(os.environ.get("SAMEPATH_SHARED_DATA", ROOT.parent / "shared" / "data"))


def situations(count: int) -> list[tuple[str, str, str]]:
    """(set, label, text), the same each time: labels in turn, each set half. Empty without data."""
    chosen: list[tuple[str, str, str]] = []
    for name in SETS:
        path = data() / "routing" / f"{name}.jsonl"
        if not path.exists():
            return []
        by_label: dict[str, list[str]] = defaultdict(list)
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            by_label[row["label"]].append(row["text"])
        order = random.Random(7)
        for texts in by_label.values():
            order.shuffle(texts)
        turns = itertools.zip_longest(*(by_label[label] for label in sorted(by_label)))
        spread = (
            (name, label, text)
            for turn in turns
            for label, text in zip(sorted(by_label), turn, strict=True)
            if text
        )
        chosen += itertools.islice(spread, count // len(SETS))
    return chosen


@dataclass
class _Waiting:
    step: Step
    visitor: Visitor
    path: str
    since: float


def _enter(demo: Demo, step: Step, text: str) -> _Waiting:
    """The first two screens. Raises AssertionError where they lead nowhere."""
    visitor = walk.begin(demo)
    begun = time.monotonic()
    page = walk.find(visitor, text)
    step.find_s = time.monotonic() - begun
    assert page.status == 200, f"the second screen answers {page.status}"
    step.chips = walk.chips(page)
    step.danger = "sounded heavy" in page.words
    step.asked = "We are not sure yet" in page.words
    waiting = walk.join(visitor, page)
    assert waiting.path.startswith("/requests/"), f"led to {waiting.path}"
    assert waiting.path != "/requests/about", "the second screen did not lead on"
    return _Waiting(step, visitor, waiting.path, time.monotonic())


def _move_back(demo: Demo, one: _Waiting) -> None:
    """As if they had joined two minutes ago."""
    then = datetime.now(UTC) - timedelta(seconds=LISTENER_AFTER_S)
    demo.sql(
        "UPDATE matching_request SET joined_at = ? WHERE public_id = ?",
        then.strftime("%Y-%m-%d %H:%M:%S.%f"),
        one.path.rsplit("/", 1)[1].replace("-", ""),
    )
    one.step.moved = True


def walk_through(demo: Demo, texts: list[tuple[str, str, str]]) -> Iterator[Step]:
    """Every text from the first word to one message each way, four people at a time."""
    supporters = [walk.became(demo, key) for key in walk.SUPPORTERS]
    for start in range(0, len(texts), len(supporters)):
        for supporter in supporters:
            walk.say_available(supporter, True)
        line = [
            _enter(demo, Step(name, label), text)
            for name, label, text in texts[start : start + len(supporters)]
        ]
        yield from _answer(demo, supporters, line)


def _answer(demo: Demo, supporters: list[Visitor], line: list[_Waiting]) -> Iterator[Step]:
    """The supporters say yes until everybody in `line` talks."""
    busy: dict[str, Visitor] = {}
    until = time.monotonic() + PATIENCE_S
    while line:
        if time.monotonic() > until:
            raise TimeoutError(f"{len(line)} people still wait: {line[0].path}")
        for supporter in supporters:
            if supporter not in busy.values() and (path := walk.accept(supporter)):
                busy[path] = supporter
        for one in list(line):
            path = one.visitor.get(one.path).path
            if path.startswith("/conversations/"):
                one.step.match_s = time.monotonic() - one.since
                one.step.talked = _both_speak(one.visitor, busy[path], path)
                line.remove(one)
                yield one.step
            elif not one.step.moved and time.monotonic() - one.since > BATCHES_S:
                _move_back(demo, one)
        time.sleep(0.1)
    for path, supporter in busy.items():
        walk.stop(supporter, path)


def _both_speak(seeker: Visitor, supporter: Visitor, path: str) -> bool:
    walk.say(supporter, path, "Good evening.")
    walk.say(seeker, path, "Good evening to you.")
    seen = (seeker.get(f"{path}/log").words, supporter.get(f"{path}/log").words)
    return all("Good evening." in words and "to you." in words for words in seen)


def _seconds(values: list[float]) -> str:
    held = sorted(values)
    late = held[min(len(held) - 1, int(len(held) * 0.95))]
    return f"{median(held):.2f} / {late:.2f} / {held[-1]:.2f} s" if held else "0 texts"


def _of_a_set(name: str, rows: list[Step]) -> str:
    counts = (
        len(rows),
        len({step.label for step in rows}),
        sum(bool(step.chips) for step in rows),
        sum(step.asked for step in rows),
        sum(step.danger for step in rows),
    )
    told = " / ".join(str(count) for count in counts)
    return f"| {name}: texts / labels / offered chips / asked back / danger | {told} |"


def report(steps: list[Step], count: int) -> str:
    """The figures as Markdown."""
    sets = [_of_a_set(name, [step for step in steps if step.set == name]) for name in SETS]
    talked, chosen, asked, danger = (
        sum(bool(getattr(step, name)) for step in steps)
        for name in ("talked", "chips", "asked", "danger")
    )
    near = [step.match_s for step in steps if not step.moved]
    far = [step.match_s for step in steps if step.moved]
    about = (__doc__ or "").split("\n\n", 2)
    return "\n".join(
        [
            "# Real situations through the front door",
            "",
            about[2].strip().replace("``", "`"),
            "",
            f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores shared, Python"
            f" {sys.version_info.major}.{sys.version_info.minor}.",
            "",
            "| What | Measured |",
            "|---|---|",
            f"| came to an open talk with a word each way | {talked} of {count} |",
            f"| were offered chips | {chosen} of {count} |",
            f"| were asked one gentle question | {asked} of {count} |",
            f"| were shown the numbers as danger and went first | {danger} of {count} |",
            f"| someone with the topic or one near it was free at once | {len(near)} of {count} |",
            f"| words to chips, median / p95 / greatest | {_seconds([s.find_s for s in steps])} |",
            f"| line to open talk, someone near was free | {_seconds(near)} |",
            f"| line to open talk, the listener's two minutes moved | {_seconds(far)} |",
            *sets,
            "",
        ]
    )


def main() -> int:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(prog="python -m bench.front_door")
    parser.add_argument("--write", action="store_true", help=f"write {RESULT.relative_to(ROOT)}")
    parser.add_argument("--texts", type=int, default=60)
    chosen = parser.parse_args()
    texts = situations(chosen.texts)
    if not texts:
        print(f"skipped: no routing data in {data()}; set SAMEPATH_SHARED_DATA")
        return 0
    steps: list[Step] = []
    with tempfile.TemporaryDirectory() as folder, Demo(Path(folder)) as demo:
        for step in walk_through(demo, texts):
            steps.append(step)
            say(f"front door: {len(steps)} of {len(texts)}")
    told = report(steps, len(texts))
    print(told)
    if chosen.write:
        RESULT.write_text(told, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
