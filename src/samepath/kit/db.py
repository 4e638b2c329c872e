"""Transactions. On SQLite every writer of every process passes a fair turnstile.

SQLite's busy wait is unfair: beside a process that commits back to back another writer can wait
for seconds. Two file locks make a queue: hold `gate` while waiting for `write`, so that at most
one waiter competes with the writer and the kernel hands `gate` on in order (docs/decisions/0003).
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, transaction


class _Locks:
    """The two open lock files of a thread beside one database; closed when the thread has ended."""

    def __init__(self, name: str) -> None:
        self.name = name
        folder = os.path.dirname(name) or str(settings.DATA)
        os.makedirs(folder, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        base = os.path.join(folder, f".{os.path.basename(name)}")
        self.gate = os.open(f"{base}.gate", flags, 0o600)
        try:
            self.write = os.open(f"{base}.write", flags, 0o600)
        except OSError:
            os.close(self.gate)
            raise

    def __del__(self, close: Callable[[int], None] = os.close) -> None:
        for name in ("gate", "write"):
            handle = self.__dict__.pop(name, None)
            if handle is not None:
                close(handle)


_held = threading.local()


def on_sqlite() -> bool:
    """Whether the embedded database serves this process."""
    return connection.vendor == "sqlite"


def _locks() -> _Locks | None:
    """This thread's own open files (a lock belongs to the open file, so threads exclude too)."""
    name = str(connection.settings_dict["NAME"])
    if "memory" in name or not name:
        return None
    held: _Locks | None = getattr(_held, "locks", None)
    if held is None or held.name != name:
        held = _held.locks = _Locks(name)
    return held


@contextmanager
def turnstile() -> Iterator[None]:
    """Hold the right to write on SQLite; nothing on PostgreSQL. Not re-entrant: see `write`."""
    locks = _locks() if on_sqlite() else None
    if locks is None:
        yield
        return
    fcntl.flock(locks.gate, fcntl.LOCK_EX)
    try:
        fcntl.flock(locks.write, fcntl.LOCK_EX)
    finally:
        fcntl.flock(locks.gate, fcntl.LOCK_UN)
    try:
        yield
    finally:
        fcntl.flock(locks.write, fcntl.LOCK_UN)


@contextmanager
def write() -> Iterator[None]:
    """One write transaction: BEGIN IMMEDIATE behind the turnstile, or a savepoint inside another.

    What is announced inside (kit.events) is told after the commit.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with turnstile(), transaction.atomic():
        yield


def insert_many(table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """One set insert; column and table names come from code, values are bound."""
    if not rows:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        one = "(" + ", ".join(["%s"] * len(columns)) + ")"
        # SQLite binds at most 32,766 values in a statement, PostgreSQL 65,535.
        step = max(1, 30_000 // len(columns))
        for start in range(0, len(rows), step):
            part = rows[start : start + step]
            marks = ", ".join([one] * len(part))
            values = [value for row in part for value in row]
            cursor.execute(f'INSERT INTO "{table}" ({names}) VALUES {marks}', values)  # noqa: S608
