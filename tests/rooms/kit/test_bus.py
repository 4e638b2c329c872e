"""The doorbell between processes: heard by everybody there, and nothing depends on it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from real import environment
from samepath.kit import bus

# Hears until it is told to ring back, so that both directions are seen.
OTHER = """
import sys, threading
from samepath.kit import bus
from django.conf import settings
heard = threading.Event()
def hear(kind, public_id, numbers):
    print(kind, public_id, sorted(numbers.items()), flush=True)
bus.listen(hear)
bus.open_door()
print("ready", flush=True)
for line in sys.stdin:
    bus._ring("desk", line.strip(), {})
"""


def wait_for(done: Callable[[], object]) -> None:
    until = time.monotonic() + 10
    while not done():
        assert time.monotonic() < until
        time.sleep(0.005)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    found: list[tuple[str, str]] = []

    def hear(kind: str, public_id: str, numbers: dict[str, int]) -> None:
        found.append((kind, public_id))

    monkeypatch.setattr(bus, "_own", None)
    bus.listen(hear)
    yield found
    bus.unlisten(hear)


@pytest.mark.parametrize("depth", [0, 3], ids=["short path", "long path"])
def test_two_processes_hear_each_other(tmp_path, settings, heard, depth, db):
    folder = tmp_path.joinpath(*["a-deep-data-folder-of-a-hosting-company"] * depth)
    folder.mkdir(parents=True, exist_ok=True)
    settings.DATA = folder
    assert (len(str(folder)) > 107) == (depth > 0)
    other = subprocess.Popen(
        [sys.executable, "-c", "import django; django.setup()\n" + OTHER],
        env={**environment(folder), "DJANGO_SETTINGS_MODULE": "samepath.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        bus.open_door()
        assert other.stdout.readline() == "ready\n"
        bus._ring("conversation", "a", {"first": 4, "last": 7})
        assert other.stdout.readline() == "conversation a [('first', 4), ('last', 7)]\n"
        other.stdin.write("b\n")
        other.stdin.flush()
        assert other.stdout.readline() == "desk b []\n"  # it hears itself, once
        wait_for(lambda: ("desk", "b") in heard)
        assert heard == [("conversation", "a"), ("desk", "b")]
        doors = [path for path in (folder / "bus").iterdir() if path.suffix == ".sock"]
        assert len(doors) == 2
        assert {path.stat().st_mode & 0o077 for path in doors} == {0}
    finally:
        other.kill()
        other.communicate()
    # What a kill leaves behind goes with the next ring.
    bus._ring("conversation", "c", {})
    assert len(list((folder / "bus").glob("*.sock"))) == 1


def test_no_ring_ever_fails_whoever_rings(tmp_path, settings, heard):
    settings.DATA = tmp_path
    bus._ring("line", "1", {})
    # A door that nobody empties, until its buffer is full.
    stuck = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    stuck.bind(str(tmp_path / "bus" / "stuck.sock"))
    for _n in range(2000):
        bus._ring("line", "1", {})
    assert len(heard) == 2001
    stuck.close()
    # The folder itself is gone, or cannot be: the commit before it stands all the same.
    shutil.rmtree(tmp_path / "bus")
    (tmp_path / "bus").write_text("in the way")
    bus._ring("line", "1", {})
    assert len(heard) == 2002


def test_a_listener_that_fails_does_not_silence_the_others(tmp_path, settings, heard, caplog):
    settings.DATA = tmp_path

    def fail(_kind: str, _public_id: str, _numbers: dict[str, int]) -> None:
        raise ZeroDivisionError

    bus._listeners.insert(0, fail)
    try:
        bus._ring("line", "1", {})
    finally:
        bus.unlisten(fail)
    assert heard == [("line", "1")]
    assert [record.message for record in caplog.records] == ["listener failed"]


def test_noise_at_the_door_is_passed_over(tmp_path: Path, settings, heard):
    settings.DATA = tmp_path
    bus.open_door()
    door = next((tmp_path / "bus").glob("*.sock"))
    noise = [b"", b"not json", b"[]", b"[1,2]", b'"abc"', b"{}", b"[1,2,3]", b"\xff\xfe", b"7"]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        for words in [*noise, b'["desk","after",{}]']:
            sender.sendto(words, str(door))
    wait_for(lambda: ("desk", "after") in heard)
    assert heard == [("desk", "after")]
