"""The links of the team in the header of every page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from samepath.organisations.access import hats


def header(request: HttpRequest | None = None, **_values: Any) -> Mapping[str, Any] | None:
    """For whoever wears a hat: where they work. None for everybody else; one query a page."""
    worn = hats(getattr(request, "member", None))
    return {"hats": worn} if worn else None
