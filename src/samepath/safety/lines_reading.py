"""Strict reading of a helpline record: every field is asked for, typed and checked.

A wrong record must fail the load with a sentence that names file, record and fault, because the
person who reads it may be adding a helpline and not be a programmer.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from samepath.safety.lines_records import (
    AUDIENCES,
    CHANNEL_KINDS,
    DANGERS,
    INTERNATIONAL_CODE,
    SOURCE_KINDS,
    Channel,
    Country,
    Emergency,
    Line,
)

_LANGUAGES = ("en", "es")
_NUMBER = re.compile(r"\*?[0-9][0-9 \-]*[0-9]|[0-9]")
_TEL = re.compile(r"\*?[0-9]{2,15}")
_KEY = re.compile(r"[a-z]{2}(-[a-z0-9]+)+")
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s/]+\S*")
_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_NOTHING: Mapping[str, str] = MappingProxyType({})


class HelplineDataError(ValueError):
    """A helpline record that must not be shown to anybody."""


class Fields:
    """One table of a helpline file. Each method takes a field out and raises HelplineDataError
    if it is missing, of the wrong kind, or not plausible; ``finish`` refuses what is left."""

    def __init__(self, where: str, raw: Mapping[str, Any]) -> None:
        self.where = where
        self._left = dict(raw)

    def fail(self, fault: str) -> NoReturn:
        """Refuse this record. Always raises HelplineDataError."""
        raise HelplineDataError(f"{self.where}: {fault}")

    def finish(self) -> None:
        """Refuse fields nobody asked for: a misspelt field is a lost field."""
        if self._left:
            self.fail(f"unknown fields: {', '.join(sorted(self._left))}")

    def text(self, name: str, *, required: bool = True) -> str:
        """A line of text without white space around it; "" where it may be missing."""
        value = self._left.pop(name, "")
        if not isinstance(value, str) or value != value.strip():
            self.fail(f"{name} must be text without space around it")
        if required and not value:
            self.fail(f"{name} is missing")
        return value

    def words(self, name: str, *, required: bool = True) -> Mapping[str, str]:
        """A sentence in every language that ships; empty where it may be missing."""
        value = self._left.pop(name, None)
        if value is None and not required:
            return _NOTHING
        if not isinstance(value, dict) or set(value) != set(_LANGUAGES):
            self.fail(f"{name} must be written in {' and '.join(_LANGUAGES)}")
        if not all(isinstance(v, str) and v.strip() for v in value.values()):
            self.fail(f"{name} has an empty sentence")
        return MappingProxyType(dict(value))

    def strings(self, name: str, *, required: bool = True) -> tuple[str, ...]:
        """A list of texts, none twice."""
        value = self._left.pop(name, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            self.fail(f"{name} must be a list of texts")
        if len(set(value)) != len(value):
            self.fail(f"{name} says something twice")
        if required and not value:
            self.fail(f"{name} is missing")
        return tuple(value)

    def some_of(self, name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        """At least one of the allowed texts."""
        value = self.strings(name)
        unknown = [v for v in value if v not in allowed]
        if unknown:
            self.fail(f"{name} has {', '.join(unknown)}; known are {', '.join(allowed)}")
        return value

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        """Exactly one of the allowed texts."""
        value = self.text(name)
        if value not in allowed:
            self.fail(f"{name} {value!r} is not one of {', '.join(allowed)}")
        return value

    def key(self, name: str, code: str) -> str:
        """A key that starts with the country code and names this table in later faults."""
        value = self.text(name)
        if not _KEY.fullmatch(value) or not value.startswith(f"{code}-"):
            self.fail(f"key {value!r} must look like {code}-name")
        self.where = f"{self.where}, {value}"
        return value

    def address(self, name: str, *, required: bool = True) -> str:
        """A web address; "" where it may be missing. A missing source gets its own sentence."""
        value = self.text(name, required=False)
        if not value and required:
            self.fail(f"{name} is missing: no number without the page it was read from")
        if value and not _ADDRESS.fullmatch(value):
            self.fail(f"{name} {value!r} is not a web address")
        return value

    def addresses(self, name: str) -> tuple[str, ...]:
        """Any count of web addresses."""
        values = self.strings(name, required=False)
        for value in values:
            if not _ADDRESS.fullmatch(value):
                self.fail(f"{name} {value!r} is not a web address")
        return values

    def dialled(self, *, required: bool) -> tuple[str, str]:
        """``number`` and ``tel``: as dialled in the country, the same digits, no country code."""
        number = self.text("number", required=required)
        tel = self.text("tel", required=required)
        if not number and not tel:
            return "", ""
        if "+" in number or "+" in tel:
            self.fail(f"{number!r}: write it as it is dialled in the country, without '+'")
        if not _NUMBER.fullmatch(number):
            self.fail(f"number {number!r} may hold digits, spaces and hyphens")
        if not _TEL.fullmatch(tel):
            self.fail(f"tel {tel!r} must be 2 to 15 digits")
        if tel != re.sub(r"[ \-]", "", number):
            self.fail(f"tel {tel!r} is not the same number as {number!r}")
        return number, tel

    def day(self, name: str) -> str:
        """The date a page states for itself, as exact as it is; "" if it states none."""
        if name not in self._left:
            self.fail(f'{name} is missing; write "" if the page states no date')
        value = self.text(name, required=False)
        if value:
            try:
                date.fromisoformat((value + "-01-01")[:10])
            except ValueError:
                self.fail(f"{name} {value!r} is not a date")
            if not _DAY.fullmatch(value):
                self.fail(f"{name} {value!r} is not a date")
        return value

    def flag(self, name: str) -> bool:
        """True or false, nothing else."""
        value = self._left.pop(name, None)
        if not isinstance(value, bool):
            self.fail(f"{name} must be true or false")
        return value

    def flag_or_unknown(self, name: str) -> bool | None:
        """True, false, or "" for not known."""
        if self._left.get(name) == "":
            del self._left[name]
            return None
        return self.flag(name)

    def never_checked(self) -> None:
        """A shipped file may not claim that anybody confirmed a number."""
        if self._left.pop("checked_on", None) != "":
            self.fail('checked_on must be "": only the organisation confirms a number')

    def tables(self, name: str) -> Iterator[Fields]:
        """The tables of a list, each with its place in the name for faults."""
        value = self._left.pop(name, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self.fail(f"{name} must be a list of tables")
        return (Fields(f"{self.where}, {name} {i}", raw) for i, raw in enumerate(value, start=1))


def load(path: Path) -> Country:
    """Read and check one country file. Raises HelplineDataError naming file, record and fault."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise HelplineDataError(f"{path.name}: cannot be read ({fault})") from fault
    fields = Fields(path.name, raw)
    code = fields.text("code")
    if code != path.stem:
        fields.fail(f"code {code!r} does not match the file name")
    country = Country(
        code=code,
        name=fields.words("name"),
        main=fields.text("main"),
        emergency=tuple(_emergency(code, f) for f in fields.tables("emergency")),
        lines=tuple(_line(code, f) for f in fields.tables("lines")),
    )
    fields.finish()
    _check_country(country, fields)
    return country


def _emergency(code: str, fields: Fields) -> Emergency:
    kind: Any = fields.one_of("kind", ("call", "text"))
    number, tel = fields.dialled(required=True)
    record = Emergency(
        key=f"{code}-emergency-{tel}",
        kind=kind,
        number=number,
        tel=tel,
        for_=fields.some_of("for", DANGERS),
        note=fields.words("note", required=False),
        source=fields.address("source"),
        source_kind=fields.one_of("source_kind", SOURCE_KINDS),
        source_date=fields.day("source_date"),
        also_read=fields.addresses("also_read"),
    )
    fields.never_checked()
    fields.finish()
    return record


def _line(code: str, fields: Fields) -> Line:
    key = fields.key("key", code)
    source = fields.address("source")
    record = Line(
        key=key,
        name=fields.text("name"),
        country=code,
        region=fields.text("region", required=False),
        languages=fields.strings("languages"),
        audience=fields.some_of("audience", AUDIENCES),
        for_=fields.some_of("for", DANGERS),
        pair=fields.text("pair", required=False),
        channels=tuple(_channel(source, f) for f in fields.tables("channels")),
        hours=fields.words("hours"),
        open_24h=fields.flag("open_24h"),
        free=fields.flag_or_unknown("free"),
        note=fields.words("note", required=False),
        url=fields.address("url", required=False),
        source=source,
        source_kind=fields.one_of("source_kind", SOURCE_KINDS),
        source_date=fields.day("source_date"),
        also_read=fields.addresses("also_read"),
    )
    fields.never_checked()
    fields.finish()
    if not record.channels:
        fields.fail("has no way to reach it")
    return record


def _channel(line_source: str, fields: Fields) -> Channel:
    kind: Any = fields.one_of("kind", CHANNEL_KINDS)
    number, tel = fields.dialled(required=kind in ("call", "text"))
    record = Channel(
        kind=kind,
        number=number,
        tel=tel,
        keyword=fields.text("keyword", required=False),
        url=fields.address("url", required=False),
        label=fields.text("label", required=False),
        source=fields.address("source", required=False) or line_source,
    )
    fields.finish()
    if record.keyword and kind != "text":
        fields.fail("a keyword belongs to a text line")
    if kind == "web" and (number or not record.url):
        fields.fail("a web channel is an address and no number")
    if kind == "chat" and not (number or record.url):
        fields.fail("a chat needs an address or a number")
    return record


def _check_country(country: Country, fields: Fields) -> None:
    by_key = {line.key: line for line in country.lines}
    if len({record.key for record in country.records()}) != len(country.records()):
        fields.fail("two records have the same key")
    if country.main not in by_key or "thoughts" not in by_key[country.main].for_:
        fields.fail(f"main {country.main!r} is not one of its lines for thoughts")
    for kind in DANGERS:
        has_number = any(kind in e.for_ for e in country.emergency)
        if has_number == (country.code == INTERNATIONAL_CODE):
            fields.fail(
                f"emergency for {kind!r}: a country has a number, {INTERNATIONAL_CODE} none"
            )
    if country.emergency:
        first = country.emergency[0]
        if first.kind != "call" or first.for_ != DANGERS:
            fields.fail("the first emergency number stands on every page: a call for every danger")
    for line in country.lines:
        if line.pair and by_key.get(line.pair, line).pair != line.key:
            fields.fail(f"{line.key}: its pair {line.pair!r} does not point back")
        if line.pair and ("youth" in line.audience) == ("youth" in by_key[line.pair].audience):
            fields.fail(f"{line.key}: a pair is one line for adults and one for young people")
        if line.pair and not set(line.for_) & set(by_key[line.pair].for_):
            fields.fail(f"{line.key}: a pair must share a danger, or they never stand together")
        if country.code == INTERNATIONAL_CODE and any(c.number for c in line.channels):
            fields.fail(f"{line.key}: no number is the same in every country")
