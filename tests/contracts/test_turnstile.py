"""A page's write beside a process that writes back to back: in turn, soon, and never in vain."""

from __future__ import annotations

import os
import time

import pytest
from django.db import connection

from real import at_once, python
from samepath.kit import audit, db
from samepath.kit.models import AuditEntry

WRITES = 30
SATURATED = """
import select, sys, time
from samepath.kit import audit, db, sites
from samepath.kit.models import Site
with sites.scope(Site.objects.get().pk):
    took = []
    print("ready", flush=True)
    sys.stdin.readline()
    while not select.select([sys.stdin], [], [], 0)[0]:
        with db.write():
            begun = time.perf_counter()
            for _n in range(60):
                audit.record(None, "test:batch", "test", None, "")
        took.append(time.perf_counter() - begun)
    print(len(took), max(took))
"""


def test_a_page_write_waits_its_turn_and_no_longer(real_database, real_site):
    busy = python(real_database, SATURATED)
    assert busy.stdout.readline() == "ready\n"
    busy.stdin.write("\n")
    busy.stdin.flush()
    time.sleep(0.1)
    waits = []
    for _n in range(WRITES):
        begun = time.perf_counter()
        with db.write():
            waits.append(time.perf_counter() - begun)
            audit.record(None, "test:page", "test", None, "")
    told = busy.communicate("\n", timeout=20)[0].split()
    assert busy.returncode == 0
    batches, longest = int(told[0]), float(told[1])
    assert AuditEntry.objects.filter(verb="test:page").count() == WRITES
    assert AuditEntry.objects.filter(verb="test:batch").count() == batches * 60
    assert batches >= 1
    if db.on_sqlite():
        assert batches > WRITES / 4  # the other one went on too
        # In turn: never the second of the other one's batches, let alone SQLite's own busy wait,
        # under which this ends with "database is locked" or waits of seconds.
        assert batches < WRITES * 2
    assert max(waits) < 2 * longest + 0.1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL needs no turnstile")
def test_threads_of_one_process_exclude_each_other_too(real_site):
    inside, most = [], []

    def hold() -> None:
        for _n in range(10):
            with db.turnstile():
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.0005)
                inside.pop()

    assert at_once([hold] * 6) == [None] * 6
    assert set(most) == {1}
    assert len(most) == 60


def test_a_thread_that_ends_gives_its_locks_back(real_site):
    def write() -> None:
        with db.write():
            audit.record(None, "test:page", "test", None, "")

    assert at_once([write] * 2, site=real_site.pk) == [None] * 2
    before = len(os.listdir("/proc/self/fd"))
    for _n in range(5):
        assert at_once([write] * 6, site=real_site.pk) == [None] * 6
    # Five rounds that kept theirs would hold sixty more; SQLite itself closes a few late.
    assert len(os.listdir("/proc/self/fd")) < before + 12
    assert AuditEntry.objects.count() == 32
