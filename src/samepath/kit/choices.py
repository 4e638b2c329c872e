"""Typed choices of a site: each with its default, its range and what it does to the promise.

Everything else is fixed on purpose. A change is a row, audited, in force at once in this process
and within a minute in the others.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from samepath.kit import clock, sites
from samepath.kit.errors import Invalid
from samepath.kit.registry import Table


@dataclass(frozen=True)
class Setting:
    """One choice. `low`/`high` bound whole numbers; `options` bound words."""

    kind: str
    default: Any
    label: Any
    effect: Any = ""
    low: int | None = None
    high: int | None = None
    options: tuple[str, ...] | None = None

    def check(self, value: Any) -> Any:
        """`value` in the right type and range, or Invalid."""
        if isinstance(self.default, bool):
            if not isinstance(value, bool):
                raise Invalid(str(_("Please choose yes or no.")), field=self.kind)
            return value
        if isinstance(self.default, int):
            if not isinstance(value, int) or isinstance(value, bool):
                raise Invalid(str(_("Please write a whole number.")), field=self.kind)
            if (self.low is not None and value < self.low) or (
                self.high is not None and value > self.high
            ):
                raise Invalid(
                    str(_("Please choose a number from %(low)s to %(high)s."))
                    % {"low": self.low, "high": self.high},
                    field=self.kind,
                )
            return value
        if self.options is not None and value not in self.options:
            raise Invalid(str(_("Please choose one from the list.")), field=self.kind)
        if not isinstance(value, str) or len(value) > 300:
            raise Invalid(str(_("Please write a short line.")), field=self.kind)
        return value


settings_table: Table[Setting] = Table()
_held: dict[tuple[int, str], tuple[Any, float]] = {}
_local = threading.local()
HELD_SECONDS = 60.0

for _setting in (
    Setting(
        "minimum_age", 18, _("Minimum age"), _("Younger people are shown youth lines."), 18, 25
    ),
    Setting("guest_hours", 72, _("Hours a finished guest conversation is kept"), "", 1, 72),
    Setting("kept_days", 30, _("Days a finished conversation of members is kept"), "", 1, 30),
    Setting("country", "", _("Country")),
    Setting("exit_address", "/calendar", _("Where “Exit this page” leads")),
    Setting("helpers", 2, _("How many people help"), "", 0, 10_000),
):
    settings_table.add(_setting)


def get(key: str) -> Any:
    """The value in force for the current site."""
    site = sites.current_one()
    unsettled = (site, key) in _unsettled()
    held = _held.get((site, key))
    if held and not unsettled and clock.steady() - held[1] < HELD_SECONDS:
        return held[0]
    from samepath.kit.models import SettingValue

    setting = settings_table.get(key)
    if setting is None:
        raise RuntimeError(f"no setting {key}")
    row = SettingValue.objects.filter(key=key).first()
    value = setting.default if row is None else row.value
    if not unsettled:
        _held[(site, key)] = (value, clock.steady())
    return value


def _unsettled() -> set[tuple[int, str]]:
    """What this thread changed in a transaction that may still be undone: asked anew each time."""
    found: set[tuple[int, str]] = _local.__dict__.setdefault("unsettled", set())
    if found and not connection.in_atomic_block:
        found.clear()
    return found


def change(key: str, value: Any, *, actor: Any) -> None:
    """Set a choice for the current site; audited. Raises Invalid outside its range."""
    from samepath.kit import audit, db
    from samepath.kit.models import SettingValue

    setting = settings_table.get(key)
    if setting is None:
        raise RuntimeError(f"no setting {key}")
    value = setting.check(value)
    with db.write():
        SettingValue.objects.update_or_create(
            key=key, defaults={"value": value, "changed_at": clock.now()}
        )
        audit.record(actor, "setting:change", "setting", None, key)
    changed = (sites.current_one(), key)
    _unsettled().add(changed)
    transaction.on_commit(lambda: _held.pop(changed, None))


def forget() -> None:
    """Drop what this process remembers (tests, and after a restore)."""
    _held.clear()
    _local.__dict__.clear()
