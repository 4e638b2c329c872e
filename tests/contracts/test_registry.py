"""What rooms register with each other: every slot, tick, eraser and listener leads somewhere."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
import re
import typing
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import models
from django.template.loader import get_template

import samepath
from samepath.accounts.models import Member
from samepath.kit import clock, events, registry

SOURCE = Path(samepath.__file__).parent
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))


def test_every_slot_is_used_by_a_template_and_every_template_uses_known_slots():
    used = {
        name
        for path in TEMPLATES
        for name in re.findall(r'{%\s*slot\s+"([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert used <= set(registry.SLOTS), "slots nobody knows"
    assert set(registry.SLOTS) <= used, "slots no page has"
    for panel in registry.panels.all():
        assert panel.slot in used
        get_template(panel.template)


def test_a_slot_nobody_knows_is_a_fault_of_ours():
    with pytest.raises(RuntimeError):
        registry.panels_in("no.such.slot")


def test_a_kind_is_registered_once():
    table: registry.Table[registry.Exporter] = registry.Table()
    first = registry.Exporter("a", lambda _member: None)
    table.add(first)
    table.add(first)  # the same again changes nothing: an app may be made ready twice
    with pytest.raises(RuntimeError):
        table.add(registry.Exporter("a", lambda _member: 1))
    assert table.all() == [first]
    assert table.get("b") is None


def test_every_tick_runs_on_a_site_and_may_be_repeated(house):
    listed = registry.ticks.all()
    assert len(listed) >= 8
    for tick in listed:
        assert 0 < tick.every <= 3600, tick.kind
        tick.run(clock.now())
        tick.run(clock.now())


def test_every_tick_runs_on_a_site_where_nothing_is_set_up(site):
    for tick in registry.ticks.all():
        tick.run(clock.now())


def test_every_eraser_and_exporter_answers_for_somebody_and_for_nobody(house):
    erasers, exporters = registry.erasers.all(), registry.exporters.all()
    assert {eraser.kind for eraser in erasers} >= {
        "conversations",
        "matching",
        "safety",
        "profiles",
    }
    assert {exporter.kind for exporter in exporters} >= {"accounts", "conversations", "safety"}
    orders = [eraser.order for eraser in erasers]
    assert len(set(orders)) == len(orders), "two erasers at one place: which goes first?"
    for member in (house.wren.pk, house.heron.pk, 999_999_999):
        for exporter in exporters if member < 999_999_999 else ():
            json.dumps(exporter.export(member))
        for eraser in erasers:
            kept = eraser.erase(member)
            assert kept is None or (isinstance(kept, str) and kept.endswith("."))
    assert Member.objects.filter(pk=house.wren.pk).exists()


def test_every_room_that_holds_rows_of_a_member_can_hand_them_over():
    """A table with a link to a member needs its room's exporter; the team's rota is the team's."""
    exporting = {exporter.kind for exporter in registry.exporters.all()}
    for model in apps.get_models():
        room = model._meta.app_label
        linked = any(
            isinstance(field, models.ForeignKey) and field.related_model is Member
            for field in model._meta.concrete_fields
        )
        if linked and room != "organisations":
            assert room in exporting, model._meta.label


def test_every_live_kind_lets_no_stranger_in(house):
    listed = registry.live_kinds.all()
    assert {kind.kind for kind in listed} >= {"conversation", "request", "desk"}
    for kind in listed:
        for other in (uuid4(), house.heron.public_id, house.site.public_id):
            assert kind.may_subscribe(house.wren.pk, str(other)) is False, kind.kind
    desk = registry.live_kinds.get("desk")
    assert desk.may_subscribe(house.wren.pk, str(house.wren.public_id)) is True


def test_every_reportable_has_its_page():
    for reportable in registry.reportables.all():
        assert reportable.path.format(uuid4()).startswith("/")
        assert callable(reportable.quote)


def all_events() -> list[type]:
    found = []
    for path in sorted(SOURCE.glob("*/events.py")):
        if path.parent.name == "kit":
            continue
        module = importlib.import_module(f"samepath.{path.parent.name}.events")
        found += [
            one
            for _name, one in inspect.getmembers(module, inspect.isclass)
            if one.__module__ == module.__name__
        ]
    return found


@pytest.mark.parametrize("event", all_events(), ids=lambda event: event.__name__)
def test_an_event_is_frozen_and_carries_ids_alone(event):
    assert dataclasses.is_dataclass(event)
    assert event.__dataclass_params__.frozen
    told = typing.get_type_hints(event)
    for field in dataclasses.fields(event):
        kinds = set(typing.get_args(told[field.name])) or {told[field.name]}
        assert kinds <= {int, UUID, bool, type(None)}, f"{field.name}: {kinds}"


def test_whoever_listens_listens_to_something_that_is_announced():
    known = set(all_events())
    listened = {
        one for one in (*events._inside, *events._after) if one.__module__.startswith("samepath")
    }
    assert listened <= known
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.glob("**/*.py"))
    for event in listened:
        assert re.search(rf"announce\(\s*{event.__name__}\(", text), event.__name__
