"""The helpline records themselves, and the words they are sorted by. Pure data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple

Text = Mapping[str, str]
"""A sentence by language code; always holds at least ``en`` and ``es``."""

ChannelKind = Literal["call", "text", "chat", "web"]

DANGERS: Final = ("thoughts", "someone", "took")
"""Danger from my own thoughts, from someone, or because I took something."""

AUDIENCES: Final = (
    "all", "youth", "lgbtq", "abuse", "sexual-violence", "substance", "eating", "grief",
    "older", "veterans", "carers", "racism", "debt", "parents", "perinatal",
)  # fmt: skip

INTERNATIONAL_CODE: Final = "zz"
"""The record shown when a country is not known here: words and a directory, never a number."""

CHANNEL_KINDS: Final[tuple[ChannelKind, ...]] = ("call", "text", "chat", "web")

SOURCE_KINDS: Final = ("service", "public", "news", "other")
"""Whose page was read: the service's own, a public body's, a newspaper's, anything else. The
organisation should confirm numbers from the last two first."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach a line. ``number`` is shown, ``tel`` goes into the link, digits equal.

    ``keyword`` is the word to send first (text lines). ``label`` tells channels of one line apart
    ("WhatsApp", "Paris"). ``source`` is the page read for this channel.
    """

    kind: ChannelKind
    number: str
    tel: str
    keyword: str
    url: str
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class Emergency:
    """An emergency number of a country. ``kind`` is "text" where one writes instead of calling."""

    key: str
    kind: ChannelKind
    number: str
    tel: str
    for_: tuple[str, ...]
    note: Text
    source: str
    source_kind: str
    source_date: str
    also_read: tuple[str, ...]
    checked_on: date | None = None

    def fingerprint(self) -> str:
        """What a confirmation is bound to: changes whenever the number itself changes."""
        return _digest(self.kind, self.tel)


@dataclass(frozen=True, slots=True)
class Line:
    """A helpline. ``free`` is None where the page read does not say.

    ``pair`` is the key of the line for the other age group, always shown beside this one.
    """

    key: str
    name: str
    country: str
    region: str
    languages: tuple[str, ...]
    audience: tuple[str, ...]
    for_: tuple[str, ...]
    pair: str
    channels: tuple[Channel, ...]
    hours: Text
    open_24h: bool
    free: bool | None
    note: Text
    url: str
    source: str
    source_kind: str
    source_date: str
    also_read: tuple[str, ...]
    checked_on: date | None = None

    def fingerprint(self) -> str:
        """What a confirmation is bound to: changes whenever a way to reach the line changes."""
        parts = (f"{c.kind}:{c.tel}:{c.keyword}:{c.url}" for c in self.channels)
        return _digest(self.name, *parts)


@dataclass(frozen=True, slots=True)
class Country:
    """Everything known for one country. ``main`` is the line shown on every page."""

    code: str
    name: Text
    main: str
    emergency: tuple[Emergency, ...]
    lines: tuple[Line, ...]

    def records(self) -> tuple[Emergency | Line, ...]:
        """Everything a person of the organisation can confirm, emergency numbers first."""
        return (*self.emergency, *self.lines)

    def line(self, key: str) -> Line:
        """The line with this key. Raises KeyError where the country has none."""
        for line in self.lines:
            if line.key == key:
                return line
        raise KeyError(key)


class FirstNumbers(NamedTuple):
    """The strip on every page. ``emergency`` is None only for a country not known here."""

    emergency: Emergency | None
    main: Line


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
