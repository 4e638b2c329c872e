"""Long lists come in pages: one more row is asked for than is shown, and nothing is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import HttpRequest

Row = TypeVar("Row")
LONGEST = 25  # rows of a page: the slowest of our lists paints them well within 50 ms
LAST = 400  # pages; nobody turns more


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Row]):
    """One page of a list. `before` and `after` are the numbers of the pages beside it, or 0."""

    rows: list[Row]
    number: int
    after: int

    @property
    def before(self) -> int:
        """The number of the page before, or 0."""
        return self.number - 1


def page_number(request: HttpRequest) -> int:
    """The page asked for by `?page=`, from 1; what is no such number is the first."""
    told = request.GET.get("page", "")
    number = int(told) if told.isascii() and told.isdigit() and len(told) < 5 else 1
    return min(max(1, number), LAST)


def window(number: int = 1, size: int = LONGEST) -> slice:
    """The rows of page `number`, and one more that tells whether there is a next page."""
    start = (number - 1) * size
    return slice(start, start + size + 1)


def sheet(found: Sequence[Row], number: int, size: int = LONGEST) -> Sheet[Row]:
    """The page made of what lay in its `window`."""
    return Sheet(list(found[:size]), number, number + 1 if len(found) > size else 0)
