"""What the tests of the pages without data share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from samepath.safety import panels
from samepath.web import numbers


@pytest.fixture(autouse=True)
def _no_home_remembered() -> Iterator[None]:
    yield
    numbers.forget()
    panels.forget()


@pytest.fixture
def stranger() -> Client:
    """A browser that has never been here."""
    return Client(SERVER_NAME="localhost")
