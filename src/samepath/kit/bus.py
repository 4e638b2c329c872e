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
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction

log = logging.getLogger("samepath.bus")
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
    _hear(kind, public_id, numbers)
    global _sender
    payload = json.dumps([kind, public_id, numbers], separators=(",", ":")).encode()
    if _sender is None:
        _sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        _sender.setblocking(False)
    for name in _others():
        try:
            _sender.sendto(payload, str(_folder() / name))
        except (ConnectionRefusedError, FileNotFoundError):
            # Its process is gone; the file is what a kill leaves behind.
            (_folder() / name).unlink(missing_ok=True)
        except OSError:
            # A full buffer: the other side is busy and will poll.
            log.info("ring lost", extra={"kind": kind})


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
    path = _folder() / name
    # A Unix socket's path holds 107 bytes; a deep data folder goes by its descriptor.
    door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    if len(str(path)) > 100:
        handle = os.open(_folder(), os.O_RDONLY)
        path = Path(f"/proc/self/fd/{handle}/{name}")
    door.bind(str(path))
    os.chmod(path, 0o600)
    _own = name

    def hear() -> None:
        while True:
            try:
                kind, public_id, numbers = json.loads(door.recv(4096))
            except (ValueError, OSError):
                continue
            _hear(kind, public_id, numbers)

    thread = threading.Thread(target=hear, name="bus", daemon=True)
    thread.start()
    return thread
