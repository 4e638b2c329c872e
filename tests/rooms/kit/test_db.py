"""One write transaction: whole or not at all, nested as a savepoint, told after the commit."""

from __future__ import annotations

import pytest
from django.db import connection

from samepath.kit import audit, db
from samepath.kit.models import AuditEntry


def note(verb: str) -> None:
    audit.record(None, verb, "test", None, "")


def verbs() -> set[str]:
    return set(AuditEntry.objects.values_list("verb", flat=True))


class Stop(Exception):
    pass


def test_a_write_is_whole_or_nothing(real_site):
    with pytest.raises(Stop), db.write():
        note("first")
        raise Stop
    assert verbs() == set()
    with db.write():
        note("second")
    assert verbs() == {"second"}
    assert not connection.in_atomic_block


def test_a_nested_write_is_a_savepoint_and_does_not_wait_for_itself(real_site):
    with db.write():
        note("outer")
        with db.write():
            note("inner")
        with pytest.raises(Stop), db.write():
            note("undone")
            raise Stop
        note("after")
    assert verbs() == {"outer", "inner", "after"}
    with pytest.raises(Stop), db.write():
        with db.write():
            note("kept by the inner one")
        raise Stop
    assert verbs() == {"outer", "inner", "after"}


def test_a_set_insert_takes_more_rows_than_one_statement_binds(real_site):
    columns = ("site_id", "at", "verb", "subject_kind", "reason")
    at = "2026-01-01 00:00:00+00:00"
    rows = [(real_site.pk, at, f"verb-{n}", "test", "") for n in range(7001)]
    with db.write():
        db.insert_many("kit_auditentry", columns, rows)
        db.insert_many("kit_auditentry", columns, [])
    assert AuditEntry.objects.count() == 7001
    assert len(verbs()) == 7001


def test_the_embedded_database_keeps_what_it_acknowledged(real_site):
    with connection.cursor() as cursor:
        if db.on_sqlite():
            asked = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}
            for name, wanted in asked.items():
                cursor.execute(f"PRAGMA {name}")
                assert cursor.fetchone()[0] == wanted, name
        else:
            for name in ("fsync", "full_page_writes", "synchronous_commit"):
                cursor.execute(f"SHOW {name}")
                assert cursor.fetchone()[0] == "on", name
