"""What every test shares: a data folder of its own, a site in force, the cast."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

# Before Django reads its settings: nothing a test does may touch a real data folder.
_FOLDER = Path(tempfile.mkdtemp(prefix="samepath-test-"))
os.environ["SAMEPATH_DATA"] = str(_FOLDER)
for _name in ("SAMEPATH_DEMO", "SAMEPATH_ORIGIN", "SAMEPATH_PORT"):
    os.environ.pop(_name, None)

import pytest
from django.conf import settings as _settings
from django.utils.functional import empty

# pytest-django has read them already, before this file could name the folder: once more.
_settings._wrapped = empty
sys.modules.pop("samepath.settings", None)

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


def pytest_unconfigure() -> None:
    """Remove what the tests wrote."""
    shutil.rmtree(_FOLDER, ignore_errors=True)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Whatever a process keeps in memory begins empty for every test."""
    from samepath.conversations import access
    from samepath.kit import choices, http, ratelimit
    from samepath.organisations import middleware
    from samepath.safety import panels
    from samepath.web import numbers

    yield
    ratelimit.buckets.forget()
    choices.forget()
    http.forget_sites()
    middleware.forget()
    access.forget_all()
    panels.forget()
    numbers.forget()


@pytest.fixture
def site(db: None) -> Iterator[object]:
    """An open site without people, in force."""
    from samepath.kit import clock, sites
    from samepath.kit.models import Site

    row = Site.objects.create(host="localhost", name="Samepath", open_since=clock.now())
    with sites.scope(row.pk):
        yield row


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """A site with the cast and a week of duty, in force."""
    import hashlib

    from cast import House
    from samepath.demo.seed import seed
    from samepath.kit import hashing, sites
    from samepath.kit.models import Site

    row = Site.objects.create(host="localhost", name="Samepath")
    with monkeypatch.context() as quick:
        # The cast signs in by cookie; fourteen slow hashes a test would only cost a second.
        quick.setattr(
            hashing,
            "phrase_digest",
            lambda p, why: hashlib.sha256(f"{why}{p}".encode()).hexdigest(),
        )
        seed(row)
    row.refresh_from_db()
    with sites.scope(row.pk):
        yield House(row)
