"""Transactions. On SQLite every writer of every process passes a fair turnstile.

SQLite's busy wait is unfair: beside a process that commits back to back another writer can wait
for seconds. Two file locks make a queue: hold `gate` while waiting for `write`, so that at most
one waiter competes with the writer and the kernel hands `gate` on in order (docs/decisions/0003).
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, transaction

_files = threading.local()


def on_sqlite() -> bool:
    """Whether the embedded database serves this process."""
    return connection.vendor == "sqlite"


def _handles() -> tuple[int, int] | None:
    """This thread's own open files (a lock belongs to the open file, so threads exclude too)."""
    name = str(connection.settings_dict["NAME"])
    if "memory" in name or not name:
        return None
    if getattr(_files, "name", None) != name:
        folder = settings.DATA
        os.makedirs(folder, exist_ok=True)
        base = name.rsplit("/", 1)[-1]
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        _files.pair = tuple(
            os.open(
                os.path.join(os.path.dirname(name) or str(folder), f".{base}.{lock}"), flags, 0o600
            )
            for lock in ("gate", "write")
        )
        _files.name = name
    pair: tuple[int, int] = _files.pair
    return pair


@contextmanager
def turnstile() -> Iterator[None]:
    """Hold the right to write on SQLite; nothing on PostgreSQL. Not re-entrant: see `write`."""
    handles = _handles() if on_sqlite() else None
    if handles is None:
        yield
        return
    gate, lock = handles
    fcntl.flock(gate, fcntl.LOCK_EX)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
    finally:
        fcntl.flock(gate, fcntl.LOCK_UN)
    try:
        yield
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)


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
