"""A demo of our own for journeys, benches and screenshots: seeded once, started, ended.

    with Demo(folder) as demo:
        print(demo.origin)

The supervisor and its two processes run as `samepath demo` runs them, on a free port of loopback,
with a data folder that is theirs alone.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType

from tools.machine import ROOT

PATIENCE = 40.0  # seconds until a start counts as failed


def free_port() -> int:
    """A port of loopback nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(data: Path, more: Mapping[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SAMEPATH_")}
    path = os.pathsep.join([str(ROOT / "src"), *filter(None, [kept.get("PYTHONPATH")])])
    return {**kept, "SAMEPATH_DATA": str(data), "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", **more}


class Demo:
    """One running demo. `seeded` names a data folder to begin from (see `seed`)."""

    def __init__(
        self, folder: Path, *, seeded: Path | None = None, more: Mapping[str, str] | None = None
    ) -> None:
        self.data = folder / "data"
        self.log = folder / "demo.log"
        self.port = free_port()
        self.more = dict(more or {})
        if seeded is not None:
            shutil.copytree(seeded, self.data)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        """Where it answers, as a browser writes it."""
        return f"http://localhost:{self.port}"

    def __enter__(self) -> Demo:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it answers. Raises RuntimeError with the end of its log."""
        environment = _environment(self.data, {"SAMEPATH_PORT": str(self.port), **self.more})
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "samepath.cli", "demo"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.wait()

    def wait(self) -> None:
        """Until the first page is there. Raises RuntimeError when that takes too long."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                break
            if self.answers():
                return
            time.sleep(0.1)
        said = self.log.read_text(errors="replace")[-3000:]
        self.stop()
        raise RuntimeError(f"The demo did not start:\n{said}")

    def answers(self) -> bool:
        """Whether the first page is there now."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with closing(line), suppress(OSError, http.client.HTTPException):
            line.request("GET", "/", headers={"Host": f"localhost:{self.port}"})
            return line.getresponse().status == 200
        return False

    def children(self) -> dict[str, int]:
        """The process ids of the supervisor's processes by name ("serve", "background")."""
        if self._process is None:
            return {}
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with suppress(OSError, IndexError, ValueError):
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                words = (entry / "cmdline").read_bytes().decode().split("\0")
                if parent == self._process.pid and "--only" in words:
                    found[words[words.index("--only") + 1]] = int(entry.name)
        return found

    def kill(self, name: str) -> int:
        """`kill -9` one of the processes, as a full memory would; its process id."""
        number = self.children()[name]
        os.kill(number, signal.SIGKILL)
        return number

    def sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """One statement on the database beside the running service: to move time, or to count."""
        name = self.data / "samepath.sqlite3"
        with closing(sqlite3.connect(name, timeout=20, isolation_level=None)) as database:
            return database.execute(statement, values).fetchall()

    def stop(self) -> None:
        """End it gently, and by force where that takes longer than its own limit."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(25)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait(5)


def seed(folder: Path) -> Path:
    """A data folder with the demo community in it, to be copied for each demo."""
    data = folder / "seeded"
    subprocess.run(
        [sys.executable, "-m", "samepath.cli", "seed"],
        env=_environment(data, {"SAMEPATH_HASHED_STATIC": "1"}),
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    return data
