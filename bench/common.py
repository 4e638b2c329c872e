"""What the benches share: figures with their targets, spreads, the machine, a demo to measure."""

from __future__ import annotations

import json
import math
import os
import platform
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from tools.demo import PATIENCE, free_port
from tools.machine import ROOT

RESULTS = ROOT / "bench" / "results"


@dataclass(frozen=True)
class Figure:
    """One measured thing. `met` is None where there is no target to meet."""

    what: str
    measured: str
    target: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """How it stands, in a word."""
        return {True: "met", False: "MISSED", None: ""}[self.met]


@dataclass
class Outcome:
    """What one bench found. `skipped` says why nothing was measured; `text` is Markdown."""

    figures: list[Figure] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    skipped: str = ""


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(values: Sequence[float], unit: str, digits: int = 0) -> str:
    """ "1.1 / 1.3 / 1.9 s": least, median, greatest."""
    three = (min(values), median(values), max(values))
    return " / ".join(f"{value:.{digits}f}" for value in three) + f" {unit}"


def machine() -> str:
    """The machine and the moment in one line, to stand above figures."""
    one, five, _fifteen = os.getloadavg()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    database = f"SQLite {sqlite3.sqlite_version} (embedded, synchronous=FULL)"
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores ({platform.machine()}), "
        f"{memory:.0f} GiB, Python {platform.python_version()}, {database}; load at the start "
        f"{one:.1f} (one minute), {five:.1f} (five)."
    )


def table(figures: Sequence[Figure]) -> list[str]:
    """The figures as lines of a Markdown table."""
    rows = ["| What | Target | Measured | |", "|---|---|---|---|"]
    rows += [f"| {f.what} | {f.target} | {f.measured} | {f.verdict} |" for f in figures]
    return rows


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of our own that is gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix="samepath-bench-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a process of ours that works on `data`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SAMEPATH_")}
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    hashed = {"SAMEPATH_HASHED_STATIC": "1", "SAMEPATH_DEMO": "1"}
    return {**kept, **hashed, "SAMEPATH_DATA": str(data), "PYTHONPATH": path, **more}


def as_people_start_it() -> None:
    """Byte code is kept, as `run` sees to: without it every start compiles everything anew."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


class Served:
    """The serving process alone (`samepath start --only serve`) on a data folder: no clock beside
    it changes what is measured. `cpu()` reads the processor seconds it has used."""

    def __init__(self, data: Path, log: Path) -> None:
        self.port = free_port()
        self.log = log
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "samepath.cli", "start", "--only", "serve"],
                env=environment(data, SAMEPATH_PORT=str(self.port)),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def origin(self) -> str:
        """Where it answers."""
        return f"http://localhost:{self.port}"

    def __enter__(self) -> Served:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return self
            time.sleep(0.05)
        self.__exit__(None, None, None)
        raise RuntimeError(f"it did not start:\n{self.log.read_text(errors='replace')[-3000:]}")

    def __exit__(self, *_fault: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)

    def cpu(self) -> float:
        """Seconds of processor time it has used until now, ended threads included."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def filled(data: Path, rows: int, pairs: int = 0) -> dict[str, Any]:
    """Fill a seeded folder (bench.filling); whom to be and where to look."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.filling", str(rows), str(pairs)],
        env=environment(data),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"filling failed:\n{done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
