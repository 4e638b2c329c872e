"""Run the benches and print one table.

    python -m bench                    every bench, in its short form
    python -m bench pages talk         these
    python -m bench pages --long       more rounds
    python -m bench --write            also write bench/results/*.md
    python -m bench --wait 120         before each, wait up to so many seconds for a quiet machine

Ends with 1 where a bench failed; a missed target is a figure, not a fault of the bench.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
from pathlib import Path

from tools.machine import say

from bench import others
from bench.common import RESULTS, Figure, Outcome, as_people_start_it, machine, table

OWN = ("first_page", "script_weight", "memory", "talk", "pages")
OTHERS = {
    "routing": others.routing,
    "screening": others.screening,
    "dropin": others.dropin,
    "front_door": others.front_door,
}
QUIET = 0.6  # running processes a core, over the last minute


def settle(seconds: float) -> None:
    """Wait until the machine is quiet, or the time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and os.getloadavg()[0] > QUIET * (os.cpu_count() or 1):
        time.sleep(2)


def run(name: str, *, long: bool, write: bool) -> Outcome:
    """One bench by name. `bench.NAME` is read only now: a run of one loads no other."""
    if name in OTHERS:
        return OTHERS[name](write=write)
    outcome: Outcome = importlib.import_module(f"bench.{name}").measure(short=not long)
    return outcome


def page(name: str, line: str, outcome: Outcome) -> str:
    """The result of one bench as Markdown."""
    module = importlib.import_module(f"bench.{name}")
    title, _blank, about = (module.__doc__ or name).partition("\n")
    head = [f"# {title.rstrip('.')}", "", f"Written by `python -m bench {name} --write`. {line}"]
    parts = [*head, "", about.strip(), "", *table(outcome.figures), "", *outcome.text]
    return "\n".join(parts).rstrip() + "\n"


def main() -> int:
    """Run what was asked for; see the top of this file."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Speed and size.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join((*OWN, *OTHERS)))
    parser.add_argument("--long", action="store_true", help="more rounds")
    parser.add_argument("--write", action="store_true", help="write bench/results/*.md")
    parser.add_argument("--wait", type=float, default=0.0, help="seconds to wait for quiet")
    chosen = parser.parse_args()
    names = chosen.names or [*OWN, *OTHERS]
    unknown = set(names) - {*OWN, *OTHERS}
    if unknown:
        parser.error(f"no bench called {', '.join(sorted(unknown))}")
    as_people_start_it()
    print(machine() + "\n", flush=True)
    figures: list[Figure] = []
    failed = 0
    for name in names:
        settle(chosen.wait)
        line, begin = machine(), time.monotonic()
        say(f"{name} …")
        try:
            outcome = run(name, long=chosen.long, write=chosen.write)
        except Exception as error:
            failed += 1
            figures.append(Figure(name, f"FAILED: {str(error).strip().splitlines()[-1][:200]}"))
            print(f"{name} failed: {error}", file=sys.stderr, flush=True)
            continue
        say(f"{name}: {time.monotonic() - begin:.0f} s")
        figures += outcome.figures
        if outcome.skipped:
            figures.append(Figure(name, f"skipped: {outcome.skipped}"))
        elif chosen.write and name in OWN:
            Path(RESULTS / f"{name}.md").write_text(page(name, line, outcome), encoding="utf-8")
    print("\n".join(table(figures)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
