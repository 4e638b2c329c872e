"""The doorbell between processes: ids only, never words, and nothing depends on it.

Embedded form: one Unix datagram socket per process in `bus/` of the data folder. Whoever misses a
ring finds out by polling (conversations every 10 s, alerts every 5 s).
"""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction

log = logging.getLogger("samepath.bus")
LONGEST_FOLDER = 60  # bytes; a socket's whole address holds 107
Listener = Callable[[str, str, dict[str, int]], None]
_listeners: list[Listener] = []
_sender: socket.socket | None = None
_own: str | None = None


def _folder() -> Path:
    folder: Path = settings.DATA / "bus"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def listen(listener: Listener) -> None:
    """Call `listener(kind, public_id, numbers)` for every ring, from this process or another."""
    _listeners.append(listener)


def unlisten(listener: Listener) -> None:
    """Stop calling it."""
    if listener in _listeners:
        _listeners.remove(listener)


def ring(kind: str, public_id: str, **numbers: int) -> None:
    """Ring once the current transaction has committed (at once outside one)."""
    transaction.on_commit(lambda: _ring(kind, public_id, numbers))


def _ring(kind: str, public_id: str, numbers: dict[str, int]) -> None:
    """Tell everybody here and elsewhere. What was committed stays so: this never raises."""
    _hear(kind, public_id, numbers)
    try:
        _send(json.dumps([kind, public_id, numbers], separators=(",", ":")).encode())
    except OSError:
        log.info("ring lost", extra={"kind": kind})


def _send(payload: bytes) -> None:
    global _sender
    if _sender is None:
        _sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        _sender.setblocking(False)
    folder = _folder()
    with _address_of(folder) as near:
        for name in _others():
            try:
                _sender.sendto(payload, f"{near}/{name}")
            except (ConnectionRefusedError, FileNotFoundError):
                # Its process is gone; the file is what a kill leaves behind.
                (folder / name).unlink(missing_ok=True)
            except OSError:
                # A full buffer: the other side is busy and will poll.
                log.info("ring lost")


@contextmanager
def _address_of(folder: Path) -> Iterator[str]:
    """The folder as a socket can name it: 107 bytes fit; a deep folder goes by its handle."""
    if len(os.fsencode(folder)) <= LONGEST_FOLDER:
        yield str(folder)
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{handle}"
    finally:
        os.close(handle)


def _others() -> list[str]:
    return [name for name in os.listdir(_folder()) if name.endswith(".sock") and name != _own]


def _hear(kind: str, public_id: str, numbers: dict[str, int]) -> None:
    for listener in list(_listeners):
        try:
            listener(kind, public_id, numbers)
        except Exception:
            log.exception("listener failed", extra={"kind": kind})


def open_door() -> threading.Thread:
    """Start hearing the other processes, in a daemon thread."""
    global _own
    name = f"{os.getpid()}-{os.urandom(4).hex()}.sock"
    door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    with _address_of(_folder()) as near:
        door.bind(f"{near}/{name}")
        os.chmod(f"{near}/{name}", 0o600)
    _own = name

    def hear() -> None:
        while True:
            try:
                kind, public_id, numbers = json.loads(door.recv(4096))
            except (ValueError, TypeError, OSError):
                continue
            if isinstance(public_id, str) and isinstance(numbers, dict):
                _hear(kind, public_id, numbers)

    thread = threading.Thread(target=hear, name="bus", daemon=True)
    thread.start()
    return thread
