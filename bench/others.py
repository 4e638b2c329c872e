"""The benches with a command of their own, in a short form, as figures for the common table."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tools.machine import ROOT

from bench.common import RESULTS, Figure, Outcome, folder

LIMIT_S = 900


def _run(*words: str) -> str:
    """Run one of them; what it printed. Raises RuntimeError where it failed."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{words[0]} failed: {(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def routing(*, write: bool) -> Outcome:
    """Topics found in people's own words (bench/routing.py)."""
    with folder() as home:
        told = _run(
            "bench/routing.py",
            "--report",
            str(RESULTS / "routing.md" if write else home / "routing.md"),
        )
    if told.startswith("skipped"):
        return Outcome(skipped=told.strip())
    figures = []
    for name, first, third in re.findall(
        r"## (\w+): .*?\n\n- top-1 ([\d.]+), top-3 ([\d.]+)", told, re.DOTALL
    ):
        figures.append(Figure(f"routing, {name}: top-1 / top-3", f"{first} / {third}"))
    asked = re.search(r"on no card: ([\d.]+) and ([\d.]+)", " ".join(told.split()))
    if asked:
        figures.append(
            Figure("routing: vague openers asked back, en / es", " / ".join(asked.groups()))
        )
    speed = re.search(r"load ([\d.]+) s; a text p50 ([\d.]+) ms, p99 ([\d.]+)", told)
    if speed:
        load, middle, late = speed.groups()
        figures.append(
            Figure(
                "routing: a text, p50 / p99 (loading the words takes)",
                f"{middle} / {late} ms ({load} s)",
                "≤ 5 ms",
                float(late) <= 5,
            )
        )
    return Outcome(figures)


def screening(*, write: bool) -> Outcome:
    """Words of danger found, and the cost of looking (bench/screening.py)."""
    told = _run("bench/screening.py", *(["--write"] if write else []))
    figures = []
    rows = re.findall(r"^\| (.+?) \| ([≤≥])\s*([\d.]+)[^|]* \| (.+?) \|$", told, re.MULTILINE)
    for what, sign, aim, measured in rows:
        numbers = re.findall(r"\d*\.\d+|\d+", re.sub(r"\(.*?\)", "", measured))
        value = float(numbers[-1])
        met = value <= float(aim) if sign == "≤" else value >= float(aim)
        figures.append(Figure(f"screening: {what}", measured, f"{sign} {aim}", met))
    return Outcome(figures, skipped="" if rows else told.strip()[-300:])


DROPIN = """
import scipy.optimize
from bench import dropin
for waiting, free, rounds in ((5, 10, 60), (50, 100, 30)):
    print(waiting, free, *(f"{value:.1f}" for value in dropin.spread(
        dropin.burst(waiting, free, rounds))))
ticks = dropin.steady(240).ticks[60:]
print("tick", 0, *(f"{value:.1f}" for value in dropin.spread(ticks)))
"""


def dropin(*, write: bool) -> Outcome:
    """The drop-in engine (bench/dropin.py); its whole form runs when results are written."""
    if write:
        _run("bench/dropin.py")
    figures = []
    for line in _run("-c", DROPIN).splitlines():
        waiting, free, middle, late, most = line.split()
        if waiting == "tick":
            figures.append(
                Figure(
                    "drop-in: a tick with 5,000 online (p50 / p99 / greatest)",
                    f"{middle} / {late} / {most} ms",
                    "p99 ≤ 50 ms",
                    float(late) <= 50,
                )
            )
        else:
            figures.append(
                Figure(
                    f"drop-in: {waiting} wait, {free} free, everybody new (p50 / p99 / greatest)",
                    f"{middle} / {late} / {most} ms",
                )
            )
    return Outcome(figures)


def front_door(*, write: bool) -> Outcome:
    """Real situations through the front door (bench/front_door.py), where it is there."""
    path = Path(__file__).with_name("front_door.py")
    if not path.exists():
        return Outcome(skipped="bench/front_door.py is not here")
    told = _run("-m", "bench.front_door", *(["--write"] if write else []))
    lines = [line for line in told.splitlines() if line.strip()]
    if lines and lines[0].startswith("skipped"):
        return Outcome(skipped=lines[0])
    rows = re.findall(r"^\|\s*([^|\n]+?)\s*\|\s*([^|\n]*\d[^|\n]*?)\s*\|", told, re.MULTILINE)
    figures = [Figure(f"front door: {what}", measured) for what, measured in rows[:12]]
    return Outcome(figures or [Figure("front door", line) for line in lines[-6:]])
