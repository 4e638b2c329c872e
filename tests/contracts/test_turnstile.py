"""A page's write beside a process that writes back to back: in turn, soon, and never in vain."""

from __future__ import annotations

import statistics
import time

from real import at_once, python

from samepath.kit import audit, db
from samepath.kit.models import AuditEntry

WRITES = 150
SATURATED = """
import sys
from samepath.kit import audit, db, sites
from samepath.kit.models import Site
with sites.scope(Site.objects.get().pk):
    done = 0
    print("ready", flush=True)
    sys.stdin.readline()
    while not sys.stdin.closed:
        with db.write():
            for _n in range(20):
                audit.record(None, "test:batch", "test", None, "")
        done += 1
        import select
        if select.select([sys.stdin], [], [], 0)[0]:
            break
    print(done)
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
    batches = int(busy.communicate("\n", timeout=20)[0])
    assert busy.returncode == 0
    assert AuditEntry.objects.filter(verb="test:page").count() == WRITES
    assert AuditEntry.objects.filter(verb="test:batch").count() == batches * 20
    # In turn: the other one went on too, and neither wrote twice as often as the other.
    assert batches > WRITES / 2
    waits.sort()
    print(batches, statistics.median(waits), waits[int(WRITES * 0.99)], waits[-1])
    assert statistics.median(waits) < 0.05
    assert waits[int(WRITES * 0.95)] < 0.25


def test_threads_of_one_process_exclude_each_other(real_site):
    inside: list[int] = []
    crowded: list[int] = []

    def write() -> None:
        for _n in range(10):
            with db.turnstile() if db.on_sqlite() else db.write():
                inside.append(1)
                if db.on_sqlite():
                    crowded.append(len(inside))
                with db.write() if not db.on_sqlite() else _nothing():
                    time.sleep(0.0005)
                inside.pop()

    at_once([write] * 6, site=real_site.pk)
