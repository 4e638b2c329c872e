"""The key store: data keys by name, wrapped, in a file of its own apart from the main database.

This is the key-service interface with its embedded form; the form as a process of its own under
its own user sits behind the same four verbs. Life of a key: made before the row that needs it,
destroyed between marking and finishing the row, so that neither side can be left readable.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from django.conf import settings

from samepath.kit import clock, crypto
from samepath.kit.errors import Unavailable

log = logging.getLogger("samepath.keys")
STORE = "keys.sqlite3"
BUSY_SECONDS = 10.0  # how long a writer waits for another one
CACHED = 20_000
CACHED_SECONDS = 600.0


class NoKey(Exception):
    """The key was shredded or never made: what it sealed is gone."""


class KeyService(Protocol):
    """What the rest of the house knows of keys."""

    def new(self, names: Iterable[str]) -> None: ...
    def unwrap(self, name: str) -> bytes: ...
    def shred(self, names: Iterable[str]) -> int: ...
    def names(self, prefix: str) -> list[str]: ...
    def secret(self, name: str) -> bytes: ...


class EmbeddedKeys:
    """Keys in `keys/keys.sqlite3`, wrapped under `keys/kek`; both readable by our user alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._local = threading.local()
        self._lock = threading.Lock()
        self._cache: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self._kek: bytes | None = None

    def _wrapping_key(self) -> bytes:
        if self._kek is None:
            path = self._folder / "kek"
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                # Looked at first: a store is never there before its wrapping key.
                begun = (self._folder / STORE).exists()
                if begun and not path.exists():
                    # A new one would look sound, and everything said so far would stay unreadable.
                    log.error("the wrapping key is missing", extra={"event": "key_store"})
                    raise Unavailable(code="key_store")
                if not path.exists():
                    # Written whole before it gets its name: two processes may start at once.
                    draft = self._folder / f".kek-{os.getpid()}-{os.urandom(4).hex()}"
                    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                    with os.fdopen(handle, "wb") as file:
                        file.write(crypto.new_key())
                        file.flush()
                        os.fsync(file.fileno())
                    with suppress(FileExistsError):
                        os.link(draft, path)
                    draft.unlink()
                kek = path.read_bytes()
            except OSError as error:
                raise Unavailable(code="key_store") from error
            if len(kek) != 32:
                raise Unavailable(code="key_store")
            self._kek = kek
        return self._kek

    def _store(self) -> sqlite3.Connection:
        held: sqlite3.Connection | None = getattr(self._local, "store", None)
        if held is not None:
            return held
        self._wrapping_key()
        path = self._folder / STORE
        try:
            with self._alone():
                if not path.exists():
                    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
                self._local.store = store = sqlite3.connect(
                    path, timeout=BUSY_SECONDS, isolation_level=None
                )
                store.execute("PRAGMA journal_mode=WAL")
                store.execute("PRAGMA synchronous=FULL")
                # Destroyed keys must not linger in free pages of the file.
                store.execute("PRAGMA secure_delete=ON")
                store.execute(
                    "CREATE TABLE IF NOT EXISTS keys (name TEXT PRIMARY KEY, wrapped BLOB NOT NULL,"
                    " version INTEGER NOT NULL, made_on TEXT NOT NULL) WITHOUT ROWID"
                )
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise Unavailable(code="key_store") from error
        return store

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process opens the store at a time: the change to WAL does not wait for a lock."""
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def new(self, names: Iterable[str]) -> None:
        """Make a key under each name; a name that has one keeps it.

        Raises:
            Unavailable: the key store cannot be written; the caller refuses honestly.
        """
        kek, day = self._wrapping_key(), clock.today().isoformat()
        rows = [
            (name, crypto.seal(kek, crypto.new_key(), f"kek1|{name}".encode()), 1, day)
            for name in names
        ]
        try:
            store = self._store()
            store.execute("BEGIN IMMEDIATE")
            store.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?, ?, ?)", rows)
            store.execute("COMMIT")
        except sqlite3.Error as error:
            self.close()
            raise Unavailable(code="key_store") from error

    def unwrap(self, name: str) -> bytes:
        """The data key called `name`.

        Raises:
            NoKey: shredded or never made. Unavailable: the store does not answer.
        """
        now = clock.steady()
        with self._lock:
            held = self._cache.get(name)
            if held and now - held[1] < CACHED_SECONDS:
                self._cache.move_to_end(name)
                return held[0]
        try:
            row = (
                self._store().execute("SELECT wrapped FROM keys WHERE name = ?", (name,)).fetchone()
            )
        except sqlite3.Error as error:
            self.close()
            raise Unavailable(code="key_store") from error
        if row is None:
            raise NoKey(name)
        try:
            key = crypto.open_sealed(self._wrapping_key(), row[0], f"kek1|{name}".encode())
        except crypto.CannotOpen as error:
            raise Unavailable(code="key_store") from error
        with self._lock:
            self._cache[name] = (key, now)
            while len(self._cache) > CACHED:
                self._cache.popitem(last=False)
        return key

    def shred(self, names: Iterable[str]) -> int:
        """Destroy these keys; how many there were. What they sealed can never be read again."""
        wanted = list(names)
        self.forget(wanted)
        try:
            store = self._store()
            store.execute("BEGIN IMMEDIATE")
            gone = 0
            for name in wanted:
                gone += store.execute("DELETE FROM keys WHERE name = ?", (name,)).rowcount
            store.execute("COMMIT")
            store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            self.close()
            raise Unavailable(code="key_store") from error
        return gone

    def names(self, prefix: str) -> list[str]:
        """Names that begin with `prefix`, for sweeping orphans."""
        low, high = prefix, prefix + "\uffff"
        rows = self._store().execute(
            "SELECT name FROM keys WHERE name >= ? AND name < ?", (low, high)
        )
        return [row[0] for row in rows]

    def secret(self, name: str) -> bytes:
        """A service secret (a pepper), made on first use and never shredded."""
        full = f"secret:{name}"
        try:
            return self.unwrap(full)
        except NoKey:
            self.new([full])
            return self.unwrap(full)

    def forget(self, names: Iterable[str] | None = None) -> None:
        """Drop opened keys from memory: these, or all."""
        with self._lock:
            if names is None:
                self._cache.clear()
            else:
                for name in names:
                    self._cache.pop(name, None)

    def close(self) -> None:
        """Give up this thread's connection and what it had begun; the next use opens one."""
        store: sqlite3.Connection | None = getattr(self._local, "store", None)
        self._local.store = None
        if store is not None:
            with suppress(sqlite3.Error):
                store.close()


_services: dict[str, EmbeddedKeys] = {}


def service() -> EmbeddedKeys:
    """The key service of this process."""
    folder = settings.DATA / "keys"
    held = _services.get(str(folder))
    if held is None:
        held = _services[str(folder)] = EmbeddedKeys(folder)
    return held
