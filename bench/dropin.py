"""Drop-in matching: how long a tick takes, and what the order of service does to people.

Run it with the project's interpreter: `python bench/dropin.py`. It writes results/dropin.md.
People, arrivals, patience and answers are made up here, from fixed seeds; the times are of this
machine, the outcomes are of this made-up world and say only which order of service does better.
"""

from __future__ import annotations

import gc
import heapq
import math
import os
import platform
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from samepath.engine import dropin
from samepath.engine.jsonl import Session
from samepath.engine.people import BANDS, Rules, Seeker

FAMILIES = 10
TOPICS = [f"topic{n}" for n in range(60)]
POPULAR = [1 / (n + 1) ** 0.7 for n in range(60)]  # a few topics are common, most are rare
STAGES = ["new", "in the middle", "further along"]
CONFIG = {
    "type": "config",
    "topics": {topic: {"cluster": f"family{n % FAMILIES}"} for n, topic in enumerate(TOPICS)},
    "stage_order": STAGES,
}


def member(rng: random.Random, number: int) -> dict[str, Any]:
    """Somebody made up: one to four topics, one or two languages, sometimes wishes."""
    languages = rng.choices(["en", "es", "ar", "fr"], [6, 3, 1, 1], k=rng.choice([1, 1, 2]))
    lived = rng.choices(TOPICS, POPULAR, k=rng.randint(1, 4))
    wish = {"gender": [rng.choice(["woman", "man"])]}
    return {
        "id": number,
        "languages": list(dict.fromkeys(languages)),
        "age_band": "13-17" if rng.random() < 0.05 else rng.choice(BANDS[1:]),
        "youth_cleared": rng.random() < 0.2,
        "gender": rng.choice(["woman", "woman", "man", "undisclosed"]),
        "topics": {
            t: {"first_hand": rng.random() < 0.8, "stage": rng.choice(STAGES)} for t in lived
        },
        "avoid": [rng.choice(TOPICS)] if rng.random() < 0.1 else [],
        "must": wish if rng.random() < 0.08 else {},
        "nice": wish if rng.random() < 0.3 else {},
    }


def seek(rng: random.Random, number: int) -> dict[str, Any]:
    wanted = rng.choices(TOPICS, POPULAR, k=rng.randint(1, 3))
    want = {topic: rng.randint(1, 3) for topic in wanted}
    mutual = rng.random() < 0.4
    who = member(rng, number)
    return {"e": "arrive", "role": "seek", "member": who, "want": want, "mutual": mutual}


def give(rng: random.Random, number: int) -> dict[str, Any]:
    return {"e": "arrive", "role": "give", "member": member(rng, number)}


def spread(values: list[float]) -> tuple[float, float, float]:
    """Median, 99th percentile and greatest."""
    ordered = sorted(values)
    return median(ordered), ordered[math.ceil(0.99 * len(ordered)) - 1], ordered[-1]


def burst(waiting: int, free: int, rounds: int) -> list[float]:
    """Milliseconds of one batch in which everybody is new, in `rounds` different worlds."""
    took = []
    for seed in range(rounds):
        rng = random.Random(seed)
        session = Session()
        session.config(CONFIG)
        for number in range(waiting):
            session._arrive(seek(rng, number), -rng.uniform(0, 240))
        for number in range(waiting, waiting + free):
            session._arrive(give(rng, number), -rng.uniform(0, 3600))
        line, givers = list(session.waiting.values()), list(session.free.values())
        gc.collect()
        begin = time.perf_counter()
        dropin.propose(line, givers, 0.0, session.rules)
        took.append(1000 * (time.perf_counter() - begin))
    return took


class World:
    """Arrivals, patience, answers and conversations around one `Session`."""

    def __init__(self, seed: int, supporters: int, per_second: float, talk_s: float) -> None:
        self.rng = random.Random(seed)
        self.per_second, self.talk_s = per_second, talk_s
        self.session = Session()
        self.session.config(CONFIG)
        self.later: list[tuple[float, int, dict[str, Any]]] = []
        self.count = supporters
        self.arrived: dict[int, float] = {}
        self.served: dict[int, float] = {}
        self.fits: list[float] = []
        self.seen: Counter[str] = Counter()
        self.online: list[int] = []
        self.ticks: list[float] = []
        # Start in the middle of an evening: as many in conversation as the arrivals keep busy.
        engaged = min(supporters, int(per_second * talk_s))
        for number in range(supporters):
            self.session._arrive(give(self.rng, number), -self.rng.uniform(0, 3600))
            if number < engaged:
                event = {"e": "accepted", "a": -1, "b": number}
                self.session._event(event, 0.0)
                self._at(self.rng.uniform(0, talk_s), {"e": "free", "id": number})

    def _at(self, second: float, event: dict[str, Any]) -> None:
        heapq.heappush(self.later, (second, len(self.later) + self.count, event))
        self.count += 1

    def run(self, seconds: int, every: int) -> None:
        """Tick `every` seconds; who has waited too long leaves, about half offers are taken."""
        rng, session = self.rng, self.session
        arrival = rng.expovariate(self.per_second)
        for now in range(0, seconds, every):
            events = []
            while arrival <= now:
                self.count += 1
                number = self.count
                events.append(seek(rng, number))
                self.arrived[number] = now
                patience = {"e": "leave", "id": number}
                self._at(now + rng.expovariate(1 / 480), patience)
                arrival += rng.expovariate(self.per_second)
            while self.later and self.later[0][0] <= now:
                event = heapq.heappop(self.later)[2]
                if event["e"] == "leave" and event["id"] in self.served:
                    continue
                if event["e"] == "accepted":
                    self._talk(event, now)
                events.append(event)
            begin = time.perf_counter()
            answer = session.tick({"type": "tick", "t": now, "events": events})
            self.ticks.append(1000 * (time.perf_counter() - begin))
            talking = sum(giver.talks for giver in session.free.values())
            self.online.append(len(session.free) + len(session.waiting) + talking)
            for offer in answer["proposals"]:
                self._answer(offer, now)

    def _talk(self, event: dict[str, Any], now: float) -> None:
        a, b = event["a"], event["b"]
        for one in (a, b):
            if one in self.arrived and one in self.session.waiting:
                self.served[one] = now - self.arrived[one]
                self.fits.append(event["fit"])
        if b in self.session.free:
            self._at(now + self.rng.gammavariate(3, self.talk_s / 3), {"e": "free", "id": b})

    def _answer(self, offer: dict[str, Any], now: float) -> None:
        a, b = offer["a"], offer["b"]
        seeker = self.session.waiting[a]
        partner = self.session.free.get(b) or self.session.waiting[b]
        q, topic = dropin.fit(seeker, partner, self.session.rules)
        self.seen["offers"] += 1
        self.seen["shared nothing"] += topic == 0
        taken = self.rng.random() < 0.3 + 0.6 * q
        answer = {"a": a, "b": b, "by": b, "e": "accepted" if taken else "declined", "fit": q}
        self.seen["no"] += not taken
        self._at(now + self.rng.uniform(3, 15), answer)


def steady(seconds: int) -> World:
    """About 5,000 people online: 3,600 supporters, one arrival a second, 20-minute talks."""
    world = World(1, supporters=3600, per_second=1.1, talk_s=1200)
    world.run(seconds, every=2)
    return world


WEIGHTS: dict[str, Callable[[float, float], float]] = {
    "q * 0.5 ** (wait / 300)": lambda q, waited: q * 0.5 ** (waited / 300),
    "q": lambda q, waited: q,
    "q * (1 + wait / 300), in use": lambda q, waited: q * (1 + waited / 300),
}


def orders() -> list[str]:
    """The same short-handed evenings under three weights: one table row each."""
    rows = []
    kept = dropin.weight
    for name, worth in WEIGHTS.items():

        def weight(
            s: Seeker, q: float, now: float, rules: Rules, worth: Callable[..., float] = worth
        ) -> float:
            return worth(q, max(0.0, now - s.since))

        dropin.weight = weight
        waits: list[float] = []
        value = came = 0.0
        seen: Counter[str] = Counter()
        for seed in range(5):
            world = World(100 + seed, supporters=60, per_second=0.05, talk_s=1200)
            world.run(3 * 3600, every=2)
            waits += world.served.values()
            came += len(world.arrived)
            pairs = zip(world.served.values(), world.fits, strict=True)
            value += sum(q * 0.5 ** (w / 300) for w, q in pairs)
            seen += world.seen
        waits.sort()
        rows.append(
            f"| {name} | {len(waits) / came:.3f} | {value / came:.3f} | {median(waits):.0f} s "
            f"| {waits[int(0.95 * len(waits))]:.0f} s | {waits[-1]:.0f} s "
            f"| {seen['shared nothing'] / seen['offers']:.2f} | {seen['no'] / len(waits):.2f} |"
        )
    dropin.weight = kept
    return rows


def cost_of_scipy() -> tuple[float, float]:
    """(seconds, MB of resident memory) that the first large batch adds, in a fresh process."""
    code = (
        "import resource, time\n"
        "from samepath.engine import dropin\n"
        "size = lambda: int(open('/proc/self/statm').read().split()[1]) * resource.getpagesize()\n"
        "edges = {(r, c): 1.0 + r * c % 7 for r in range(9) for c in range(9)}\n"
        "before, begin = size(), time.perf_counter()\n"
        "dropin.assign(edges)\n"
        "print(time.perf_counter() - begin, (size() - before) / 2**20)\n"
    )
    path = str(Path(__file__).resolve().parents[1] / "src")
    out = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=path
    ).stdout.split()
    return float(out[0]), float(out[1])


def main() -> None:
    """Measure everything and write results/dropin.md beside this file."""
    lines = ["# Drop-in matching, measured", "", "Written by `python bench/dropin.py`.", ""]
    lines += [
        f"Python {platform.python_version()}, {os.cpu_count()} cores ({platform.machine()}), "
        f"load {os.getloadavg()[0]:.1f} at the start.",
        "",
        "## One batch in which everybody is new",
        "",
        "| waiting | free supporters | worlds | p50 | p99 | greatest |",
        "|---|---|---|---|---|---|",
    ]
    first, megabytes = cost_of_scipy()
    import_module("scipy.optimize")
    for waiting, free, rounds in ((5, 10, 200), (50, 100, 100), (50, 2500, 100), (500, 1000, 100)):
        p50, p99, most = spread(burst(waiting, free, rounds))
        row = f"| {waiting} | {free} | {rounds} | {p50:.1f} ms | {p99:.1f} ms | {most:.1f} ms |"
        lines.append(row)
        print(row, flush=True)
    lines += [
        "",
        f"The first batch with more than {dropin.SMALL} people on both sides loads scipy, once: "
        f"{first:.2f} s and {megabytes:.0f} MB. Smaller ones never do.",
        "",
    ]
    world = steady(1200)
    p50, p99, most = spread(world.ticks[60:])
    lines += [
        "## A running evening, 5,000 online",
        "",
        f"{median(world.online):.0f} people online (median), a tick every 2 s for "
        f"{len(world.ticks) * 2 // 60} minutes, {len(world.arrived)} arrivals; events and offers "
        f"included, the first two minutes left out. Tick p50 {p50:.1f} ms, p99 {p99:.1f} ms, "
        f"greatest {most:.1f} ms (target p99: 50 ms).",
        "",
        "## Who goes first when supporters are short",
        "",
        "Five evenings of three hours, 60 supporters, an arrival every 20 s, talks of 20 minutes, "
        "people leave after 8 minutes on average. Value is fit * 0.5 ** (wait / 300 s) over "
        "everybody who came.",
        "",
        "| weight in a batch | served | value | wait p50 | p95 | longest | offers sharing nothing "
        "| declines a match |",
        "|---|---|---|---|---|---|---|---|",
    ]
    print(lines[-8], flush=True)
    lines += orders()
    Path(__file__).parent.joinpath("results", "dropin.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines[-4:]))


if __name__ == "__main__":
    main()
