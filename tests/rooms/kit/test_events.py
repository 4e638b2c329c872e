"""Announcing: inside the same transaction, or after its commit; never after a rollback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection

from samepath.kit import audit, bus, db, events
from samepath.kit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class LampLit:
    lamp: int


@pytest.fixture
def told() -> Iterator[list[tuple[str, int, bool]]]:
    """What was told to whom: (listener, lamp, whether a transaction was open)."""
    found: list[tuple[str, int, bool]] = []

    def inside(event: LampLit) -> None:
        found.append(("inside", event.lamp, connection.in_atomic_block))

    def after(event: LampLit) -> None:
        found.append(("after", event.lamp, connection.in_atomic_block))

    events.on(LampLit, inside, inside=True)
    events.on(LampLit, after)
    yield found
    events._inside.pop(LampLit), events._after.pop(LampLit)


def test_inside_now_and_after_the_commit(real_site, told):
    with db.write():
        events.announce(LampLit(1))
        assert told == [("inside", 1, True)]
        with db.write():
            events.announce(LampLit(2))
        assert told[1:] == [("inside", 2, True)]
    assert told[2:] == [("after", 1, False), ("after", 2, False)]
    events.announce(LampLit(3))  # outside any transaction: at once
    assert told[4:] == [("inside", 3, False), ("after", 3, False)]


def test_what_was_undone_is_not_told(real_site, told):
    with pytest.raises(ZeroDivisionError), db.write():
        events.announce(LampLit(1))
        raise ZeroDivisionError
    assert [name for name, _lamp, _open in told] == ["inside"]
    with db.write():
        with pytest.raises(ZeroDivisionError), db.write():
            events.announce(LampLit(2))
            raise ZeroDivisionError
        events.announce(LampLit(3))
    assert [lamp for name, lamp, _open in told if name == "after"] == [3]


def test_an_inside_listener_that_fails_undoes_the_act(real_site, told):
    def refuse(_event: LampLit) -> None:
        raise ZeroDivisionError

    events.on(LampLit, refuse, inside=True)
    with pytest.raises(ZeroDivisionError), db.write():
        audit.record(None, "lamp:light", "test", None, "")
        events.announce(LampLit(1))
    assert not AuditEntry.objects.exists()
    assert [name for name, _lamp, _open in told] == ["inside"]


def test_a_later_listener_that_fails_costs_nobody_anything(real_site, told, caplog):
    def fail(_event: LampLit) -> None:
        raise ZeroDivisionError("a word somebody wrote")

    late: list[int] = []
    events._after[LampLit].insert(0, fail)
    events.on(LampLit, lambda event: late.append(event.lamp))
    with caplog.at_level(logging.ERROR, "samepath.events"), db.write():
        audit.record(None, "lamp:light", "test", None, "")
        events.announce(LampLit(1))
    assert AuditEntry.objects.count() == 1
    assert late == [1]
    assert ("after", 1, False) in told
    assert [record.message for record in caplog.records] == ["handler failed"]
    assert caplog.records[0].event == "LampLit"


def test_a_listener_is_told_once_however_often_it_registers(real_site):
    heard: list[int] = []

    def hear(event: LampLit) -> None:
        heard.append(event.lamp)

    events.on(LampLit, hear)
    events.on(LampLit, hear)
    events.announce(LampLit(1))
    assert heard == [1]
    events._after.pop(LampLit)


def test_the_doorbell_rings_after_the_commit_and_not_after_a_rollback(real_site):
    heard: list[tuple[str, str, dict[str, int]]] = []

    def hear(kind: str, public_id: str, numbers: dict[str, int]) -> None:
        heard.append((kind, public_id, numbers))

    bus.listen(hear)
    try:
        with db.write():
            bus.ring("conversation", "a", first=1, last=2)
            assert heard == []
        with pytest.raises(ZeroDivisionError), db.write():
            bus.ring("conversation", "b")
            raise ZeroDivisionError
    finally:
        bus.unlisten(hear)
    bus.ring("conversation", "c")
    assert heard == [("conversation", "a", {"first": 1, "last": 2})]
