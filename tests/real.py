"""A database that threads and other processes can share: a file on SQLite, the server elsewhere."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, connections

SOURCE = Path(__file__).resolve().parent.parent / "src"


@pytest.fixture
def real_database(transactional_db: None, tmp_path: Path, settings: Any) -> Iterator[Path]:
    """An empty database whose commits are real; the data folder it lies in."""
    settings.DATA = tmp_path
    if connection.vendor != "sqlite":
        yield tmp_path
        return
    file = tmp_path / "samepath.sqlite3"
    connection.ensure_connection()
    target = sqlite3.connect(file)
    connection.connection.backup(target)
    target.close()
    memory, named = connections["default"], connections.settings["default"]["NAME"]
    del connections["default"]
    connections.settings["default"]["NAME"] = str(file)
    try:
        yield tmp_path
    finally:
        connections["default"].close()
        connections.settings["default"]["NAME"] = named
        connections["default"] = memory


@pytest.fixture
def real_site(real_database: Path) -> Iterator[Any]:
    """An open site in that database, in force."""
    from samepath.kit import clock, sites
    from samepath.kit.models import Site

    row = Site.objects.create(host="localhost", name="Samepath", open_since=clock.now())
    with sites.scope(row.pk):
        yield row


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What another process needs to work on the same data."""
    known = {key: value for key, value in os.environ.items() if not key.startswith("SAMEPATH_")}
    if connection.vendor != "sqlite":
        told = {key: str(value) for key, value in connection.settings_dict.items()}
        known["SAMEPATH_DATABASE_URL"] = (
            f"postgresql://{quote(told['USER'])}:{quote(told['PASSWORD'])}"
            f"@{told['HOST']}:{told['PORT']}/{quote(told['NAME'])}"
        )
    return {**known, "SAMEPATH_DATA": str(folder), "PYTHONPATH": str(SOURCE), **more}


def python(folder: Path, code: str, *words: str) -> subprocess.Popen[str]:
    """Run `code` in another process on the same data, Django set up."""
    begin = (
        "import os, django; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'samepath.settings'); "
        "django.setup()\n"
    )
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", begin + code, *words],
        env=environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def at_once(works: Sequence[Callable[[], Any]], *, site: int | None = None) -> list[Any]:
    """Run these in threads that begin at the same moment; what each returned or raised.

    Each thread has a database connection of its own, as in the service.
    """
    from samepath.kit import sites

    found: list[Any] = [None] * len(works)
    line = threading.Barrier(len(works))

    def run(place: int) -> None:
        with sites.scope(*([] if site is None else [site])):
            try:
                connection.ensure_connection()
                line.wait(20)
                found[place] = works[place]()
            except Exception as error:
                found[place] = error
            finally:
                connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return found
