"""`samepath prepare`, `check` and `start` as an operator runs them: real processes, a real port."""

from __future__ import annotations

import http.client
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from realtime.world import Databases, free_port
from rooms.kit.test_http import EXACT

SOURCE = Path(__file__).resolve().parents[2] / "src"


@dataclass
class Place:
    """A data folder and the environment that leads to it."""

    folder: Path
    environment: dict[str, str]

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "samepath.cli", *words],
            env=self.environment | more,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def shell(self, code: str) -> str:
        """What a line of Python prints beside the service."""
        done = self.run("manage", "shell", "--no-imports", "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A prepared place that nobody has set up."""
    folder = tmp_path_factory.mktemp("place") / "data"
    databases = Databases()
    known = {key: value for key, value in os.environ.items() if not key.startswith("SAMEPATH_")}
    mine = databases.new(f"processes_{os.getpid()}")
    port = free_port()
    made = Place(
        folder,
        {
            **known,
            **mine,
            "SAMEPATH_DATA": str(folder),
            "SAMEPATH_PORT": str(port),
            "SAMEPATH_ORIGIN": f"http://localhost:{port}",
            "PYTHONPATH": str(SOURCE),
        },
    )
    done = made.run("prepare")
    assert done.returncode == 0, done.stderr
    yield made
    databases.drop_all()


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    found = sorted(path for path in (folder / "static").rglob("*") if path.is_file())
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in found}


COUNT = (
    "from samepath.kit.models import Site; print(*Site.objects.values_list('pk', 'host', 'demo'))"
)


def test_preparing_twice_changes_nothing(place):
    assert place.shell(COUNT) == "(1, 'localhost', False)"
    before = stamps(place.folder)
    assert len(before) > 20
    done = place.run("prepare")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert stamps(place.folder) == before
    assert place.shell(COUNT) == "(1, 'localhost', False)"
    assert place.folder.stat().st_mode & 0o077 == 0
    assert (place.folder / "secrets" / "page-key").stat().st_mode & 0o077 == 0


def test_check_says_what_is_sound_and_what_is_not(place):
    place.shell("from samepath.kit import keys; keys.service().secret('first')")
    sound = place.run("check")
    assert (sound.returncode, sound.stderr) == (0, "")
    assert "Sound." in sound.stdout
    kek = place.folder / "keys" / "kek"
    kek.chmod(0o644)
    place.folder.chmod(0o755)
    try:
        told = place.run("check", SAMEPATH_ORIGIN="http://peers.example")
    finally:
        kek.chmod(0o600)
        place.folder.chmod(0o700)
    assert told.returncode == 1
    assert f"chmod 600 {kek}" in told.stderr
    assert f"chmod 700 {place.folder}" in told.stderr
    assert "SAMEPATH_ORIGIN=https://" in told.stderr
    assert "3 to mend." in told.stdout


def test_a_real_start_refuses_the_demos_data_and_the_demo_real_data(place):
    refused = place.run("seed")
    assert refused.returncode == 1
    assert "belongs to a real community" in refused.stdout
    flip = "from samepath.kit.models import Site; Site.objects.update(demo={})"
    place.shell(flip.format(True))
    try:
        told = place.run("start")
    finally:
        place.shell(flip.format(False))
    assert told.returncode == 1
    assert "holds the demo" in told.stdout
    assert "SAMEPATH_DATA=" in told.stdout
    # Nothing was listening, and nothing is left of it.
    assert place.shell(COUNT) == "(1, 'localhost', False)"


def wait_for(done: Callable[[], object], *, seconds: float = 30) -> object:
    until = time.monotonic() + seconds
    while not (found := done()):
        assert time.monotonic() < until
        time.sleep(0.05)
    return found


def children(pid: int) -> dict[str, int]:
    """The processes a supervisor keeps: name -> process id."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"--only" in words:
            found[words[words.index(b"--only") + 1].decode()] = int(child)
    return found


def ask(port: str, path: str) -> http.client.HTTPResponse | None:
    line = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
    try:
        line.request("GET", path, headers={"Host": f"localhost:{port}"})
        answer = line.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
    except OSError:
        return None
    else:
        return answer
    finally:
        line.close()


def test_the_service_runs_restarts_what_falls_and_stops_gently(place):
    port = place.environment["SAMEPATH_PORT"]
    log = place.folder / "start.log"
    with log.open("w") as told:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "samepath.cli", "start"],
            env=place.environment,
            stdout=told,
            stderr=told,
        )
    try:
        first = wait_for(lambda: ask(port, "/"))
        assert first is not None, log.read_text()
        # A fresh place answers nothing but set-up, and says its code in the terminal.
        assert (first.status, first.headers["Location"]) == (303, "/set-up")
        assert re.search(r"/set-up with the code \S+", log.read_text())
        over_the_wire(port)

        before = wait_for(lambda: len(now := children(supervisor.pid)) == 2 and now)
        time.sleep(2.2)  # what falls in its first two seconds cannot start at all
        for name in ("serve", "background"):
            os.kill(before[name], signal.SIGKILL)
        after = wait_for(
            lambda: (
                len(now := children(supervisor.pid)) == 2
                and not set(now.values()) & set(before.values())
                and now
            )
        )
        assert wait_for(lambda: ask(port, "/help-now")).status == 200
        assert "serve ended with -9; starting it again" in log.read_text()
        assert "background ended with -9; starting it again" in log.read_text()

        begun = time.monotonic()
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(30) == 0
        assert time.monotonic() - begun < 15
        assert not [pid for pid in after.values() if Path(f"/proc/{pid}").exists()]
        assert ask(port, "/") is None
    finally:
        left = children(supervisor.pid).values() if supervisor.poll() is None else ()
        for pid in (*left, supervisor.pid):
            if supervisor.poll() is None:
                os.kill(pid, signal.SIGKILL)
        supervisor.wait(10)
    if not place.environment.get("SAMEPATH_DATABASE_URL"):
        whole = sqlite3.connect(place.folder / "samepath.sqlite3")
        assert whole.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        whole.close()


def over_the_wire(port: str) -> None:
    """What only a real server adds or leaves out."""
    for path, status in (("/help-now", 200), ("/never-was", 303), ("/set-up", 200)):
        page = ask(port, path)
        assert page.status == status
        for name, value in EXACT.items():
            assert page.headers.get_all(name) == [value], (path, name)
        assert page.headers["Server"] is None
    sheet = re.search(r'href="(/static/css/[^"]+\.css)"', ask(port, "/help-now").body.decode())
    file = ask(port, sheet.group(1))
    assert re.fullmatch(r"/static/css/\w+\.[0-9a-f]{12}\.css", sheet.group(1))
    assert file.status == 200
    assert file.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert file.headers["Server"] is None
    assert ask(port, "/static/../../secrets/page-key").status in (303, 400, 404)
    assert ask(port, "/static/%2e%2e/%2e%2e/secrets/page-key").status in (303, 400, 404)
