"""Typed choices of a site: in range, audited, and each site's own."""

from __future__ import annotations

from uuid import uuid4

import pytest

from real import at_once
from samepath.kit import choices, clock, db, sites
from samepath.kit.errors import Invalid
from samepath.kit.models import AuditEntry, SettingValue, Site


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("minimum_age", [18, 25], [17, 26, -1, "18", True, None, 18.0]),
        ("guest_hours", [1, 72], [0, 73]),
        ("kept_days", [1, 30], [0, 31]),
        ("country", ["", "GB"], [7, None, "x" * 301, ["GB"]]),
        ("helpers", [0, 10_000], [-1, 10_001]),
    ],
)
def test_a_choice_stays_in_its_range(site, key, good, bad):
    default = choices.get(key)
    for value in bad:
        with pytest.raises(Invalid) as told:
            choices.change(key, value, actor=None)
        assert told.value.field == key
        assert told.value.sentence
    assert choices.get(key) == default
    assert not AuditEntry.objects.exists()
    for value in good:
        choices.change(key, value, actor=None)
        assert choices.get(key) == value
    assert SettingValue.objects.filter(key=key).count() == 1


def test_a_change_is_written_down_with_who_and_which(site):
    actor = uuid4()
    choices.change("kept_days", 7, actor=actor)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.reason) == (actor, "setting:change", "kept_days")


def test_a_choice_that_does_not_exist_is_a_fault_of_ours(site):
    with pytest.raises(RuntimeError):
        choices.get("no_such_choice")
    with pytest.raises(RuntimeError):
        choices.change("no_such_choice", 1, actor=None)


def test_each_site_has_its_own(site):
    other = Site.objects.create(host="two.test", name="Two", open_since=clock.now())
    choices.change("kept_days", 7, actor=None)
    with sites.scope(other.pk):
        assert choices.get("kept_days") == 30
        choices.change("kept_days", 3, actor=None)
        assert choices.get("kept_days") == 3
    assert choices.get("kept_days") == 7


def test_a_change_of_another_process_is_seen_within_a_minute(site, monkeypatch):
    assert choices.get("kept_days") == 30
    SettingValue.objects.create(key="kept_days", value=5, changed_at=clock.now())
    assert choices.get("kept_days") == 30
    later = clock.steady() + choices.HELD_SECONDS
    monkeypatch.setattr(clock, "steady", lambda: later)
    assert choices.get("kept_days") == 5


def test_every_choice_keeps_its_own_rule(site):
    """The default of every registered choice is inside its own range, and it has words."""
    listed = choices.settings_table.all()
    assert len(listed) >= 6
    for setting in listed:
        assert setting.check(setting.default) == setting.default
        assert str(setting.label)


def test_a_change_that_is_undone_is_not_remembered(site):
    with pytest.raises(ZeroDivisionError), db.write():
        choices.change("kept_days", 5, actor=None)
        assert choices.get("kept_days") == 5
        raise ZeroDivisionError
    assert choices.get("kept_days") == 30


def test_a_change_is_in_force_at_once_for_every_thread(real_site):
    assert choices.get("kept_days") == 30
    with db.write():
        choices.change("kept_days", 5, actor=None)
        # Another thread still sees, and remembers, what holds until the commit.
        assert at_once([lambda: choices.get("kept_days")], site=real_site.pk) == [30]
    assert choices.get("kept_days") == 5
    assert at_once([lambda: choices.get("kept_days")], site=real_site.pk) == [5]
