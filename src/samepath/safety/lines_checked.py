"""Who confirmed which helpline, and when: one small JSON file in the data folder.

Not in the database, because the danger page must be made with the database down. A missing or
broken file means that nothing counts as confirmed; the numbers themselves are shown all the same.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

STALE_AFTER_DAYS: Final = 180
"""A number confirmed longer ago than this is shown with "please check"."""

_LARGEST_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One confirmation. ``fingerprint`` is "" where the file does not say what was confirmed."""

    checked_on: date
    by: str
    fingerprint: str = ""


def confirmations(path: Path) -> Mapping[str, Confirmation]:
    """Confirmations by record key. Never raises: what cannot be read counts as not confirmed.

    The file is ``{key: {"checked_on": "YYYY-MM-DD", "by": "name", "fingerprint": "…"}}``.
    """
    found: dict[str, Confirmation] = {}
    for key, entry in (_read(path) or {}).items():
        confirmation = _confirmation(entry)
        if confirmation is not None:
            found[key] = confirmation
    return found


def write(path: Path, key: str, on: date, by: str, fingerprint: str) -> None:
    """Add or replace one confirmation. A reader sees the old file or the new one, never half.

    Two people who confirm at once both keep their entry (a lock file beside it). A file that is
    there and cannot be understood is kept as ``<name>.broken`` instead of being written over.
    Raises ValueError without a name, OSError if the folder cannot be written.
    """
    name = " ".join(by.split())
    if not name:
        raise ValueError("a confirmation needs the name of the person who made it")
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.with_name(path.name + ".lock")):
        entries = _read(path)
        if entries is None:
            if path.exists():
                path.replace(path.with_name(path.name + ".broken"))
            entries = {}
        entries[key] = {"checked_on": on.isoformat(), "by": name, "fingerprint": fingerprint}
        _replace(path, json.dumps(entries, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def _read(path: Path) -> dict[str, Any] | None:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            return None
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return entries if isinstance(entries, dict) else None


def _confirmation(entry: object) -> Confirmation | None:
    if not isinstance(entry, dict):
        return None
    by, on, fingerprint = entry.get("by"), entry.get("checked_on"), entry.get("fingerprint", "")
    if not (isinstance(by, str) and by.strip() and isinstance(on, str)):
        return None
    if not isinstance(fingerprint, str):
        return None
    try:
        return Confirmation(date.fromisoformat(on), by.strip(), fingerprint)
    except ValueError:
        return None


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".", suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    # Without this a power cut may bring the old name back.
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
