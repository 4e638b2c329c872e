"""Helplines: who confirmed which number, kept in one small file in the data folder."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from samepath.safety import lines

TODAY = date(2026, 3, 1)


def test_without_a_file_nothing_is_confirmed(tmp_path: Path) -> None:
    known = lines.confirmations(tmp_path / "missing.json")
    assert known == {}
    assert lines.check_state(lines.countries()["gb"].lines[0], known, TODAY) == "unchecked"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe\x00", b"[" * 100_000,
        b'{"gb-samaritans": 1}',
        b'{"gb-samaritans": {"checked_on": "soon", "by": "Ana"}}',
        b'{"gb-samaritans": {"checked_on": "2026-02-01", "by": " "}}',
        b'{"gb-samaritans": {"checked_on": 20260201, "by": "Ana"}}',
        b'{"gb-samaritans": {"checked_on": "2026-02-01", "by": "Ana", "fingerprint": 7}}',
    ],
)  # fmt: skip
def test_a_broken_file_confirms_nothing_and_never_raises(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "confirmed.json"
    path.write_bytes(content)
    assert lines.confirmations(path) == {}


def test_one_broken_entry_does_not_lose_the_others(tmp_path: Path) -> None:
    path = tmp_path / "confirmed.json"
    path.write_text(
        '{"gb-shout": [], "gb-samaritans": {"checked_on": "2026-02-01", "by": "Ana"}}',
        encoding="utf-8",
    )
    assert set(lines.confirmations(path)) == {"gb-samaritans"}


def test_a_folder_in_the_place_of_the_file_confirms_nothing(tmp_path: Path) -> None:
    assert lines.confirmations(tmp_path) == {}


def test_confirm_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "data" / "confirmed.json"
    lines.confirm(path, "gb-samaritans", TODAY, "  Ana \n María ")
    lines.confirm(path, "gb-emergency-999", TODAY - timedelta(days=3), "Ana María")
    known = lines.confirmations(path)
    assert known["gb-samaritans"].by == "Ana María"
    gb = lines.checked_country(lines.countries()["gb"], known, TODAY)
    assert gb.line("gb-samaritans").checked_on == TODAY
    assert gb.emergency[0].checked_on == TODAY - timedelta(days=3)
    assert gb.line("gb-shout").checked_on is None
    assert lines.countries()["gb"].line("gb-samaritans").checked_on is None
    assert sorted(p.name for p in path.parent.iterdir()) == [
        "confirmed.json",
        "confirmed.json.lock",
    ]


def test_confirm_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    path = tmp_path / "confirmed.json"
    with pytest.raises(KeyError):
        lines.confirm(path, "gb-nobody", TODAY, "Ana")
    with pytest.raises(ValueError, match="name of the person"):
        lines.confirm(path, "gb-samaritans", TODAY, "  ")
    assert not path.exists()


@pytest.mark.parametrize(
    ("days", "state"),
    [(0, "fresh"), (180, "fresh"), (181, "stale"), (4000, "stale"), (-1, "fresh"), (-2, "stale")],
)
def test_stale_after_180_days_and_never_fresh_from_the_future(
    tmp_path: Path, days: int, state: str
) -> None:
    path = tmp_path / "confirmed.json"
    lines.confirm(path, "us-988", TODAY - timedelta(days=days), "Ana")
    line = lines.countries()["us"].line("us-988")
    assert lines.check_state(line, lines.confirmations(path), TODAY) == state
    assert lines.STALE_AFTER_DAYS == 180


def test_a_confirmation_without_a_fingerprint_still_counts(tmp_path: Path) -> None:
    path = tmp_path / "confirmed.json"
    entry = {"checked_on": "2026-02-01", "by": "Ana"}
    path.write_text(json.dumps({"gb-samaritans": entry}), encoding="utf-8")
    line = lines.countries()["gb"].line("gb-samaritans")
    assert lines.check_state(line, lines.confirmations(path), TODAY) == "fresh"


def test_a_failed_write_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "confirmed.json"
    lines.confirm(path, "gb-samaritans", TODAY, "Ana")
    before = path.read_bytes()

    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        lines.confirm(path, "gb-shout", TODAY, "Ana")
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["confirmed.json", "confirmed.json.lock"]


def test_a_broken_file_is_kept_aside_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "confirmed.json"
    path.write_text("{ half", encoding="utf-8")
    lines.confirm(path, "gb-samaritans", TODAY, "Ana")
    assert set(lines.confirmations(path)) == {"gb-samaritans"}
    assert (tmp_path / "confirmed.json.broken").read_text(encoding="utf-8") == "{ half"


def test_people_who_confirm_at_once_all_keep_their_entry(tmp_path: Path) -> None:
    path = tmp_path / "confirmed.json"
    keys = [record.key for country in lines.countries().values() for record in country.records()]
    assert len(keys) > 60

    def one(key: str) -> int:
        lines.confirm(path, key, TODAY, "Ana")
        return len(lines.confirmations(path))

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(one, keys))
    assert set(lines.confirmations(path)) == set(keys)
    assert min(seen) >= 1  # a reader never met a half-written file
