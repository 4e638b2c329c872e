"""What every test shares."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

TESTS = Path(__file__).resolve().parent


def mark_of(path: str) -> str | None:
    """The mark that a test's place gives it: `path` is relative to tests/, with forward slashes."""
    place = PurePosixPath(path)
    if place.parts[0] == "journeys":
        return "journey"
    if place.parts[0] in {"engine", "tools"} or place.name == "test_rules.py":
        return "rules"
    if "rules" in place.parts[:-1]:
        return "rules"
    if place.name in {"test_locks.py", "test_docs.py"}:
        return "rules"
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pure tests are not repeated on PostgreSQL, and journeys have a leg of their own."""
    for item in items:
        if item.path.is_relative_to(TESTS):
            mark = mark_of(item.path.relative_to(TESTS).as_posix())
            if mark:
                item.add_marker(mark)
