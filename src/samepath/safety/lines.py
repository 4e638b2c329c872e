"""Helplines and emergency numbers: the records, how they are read, and in which order they stand.

Pure data: no Django, no database, no network. The danger page is made from this module and must
work with everything else down, so nothing here may import a room or open a connection.

The records live in ``helplines/<country>.toml``. Every number stands with the page it was read
from. Whether a person of the organisation has confirmed a number is kept apart, in the data folder
(see ``lines_checked``), because a shipped file cannot know it.

Numbers are written as they are dialled in the country itself ("988", "116 123"). ``tel`` holds the
same digits for the ``tel:`` link and never gains a country code: a short code with a country code
in front reaches nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from samepath.safety import lines_checked
from samepath.safety.lines_checked import STALE_AFTER_DAYS, Confirmation, confirmations
from samepath.safety.lines_reading import HelplineDataError, load
from samepath.safety.lines_records import (
    AUDIENCES,
    DANGERS,
    INTERNATIONAL_CODE,
    Channel,
    Country,
    Emergency,
    FirstNumbers,
    Line,
)

__all__ = [
    "AUDIENCES",
    "DANGERS",
    "INTERNATIONAL_CODE",
    "STALE_AFTER_DAYS",
    "Channel",
    "Confirmation",
    "Country",
    "Emergency",
    "FirstNumbers",
    "HelplineDataError",
    "Line",
    "check_state",
    "checked_country",
    "confirm",
    "confirmations",
    "countries",
    "country_for",
    "emergency_for",
    "first_numbers",
    "for_danger",
    "load",
]

CheckState = Literal["unchecked", "fresh", "stale"]

_FOLDER: Final = Path(__file__).parent / "helplines"


@cache
def countries() -> Mapping[str, Country]:
    """All countries that ship, by lower-case code, the international record not among them.

    Read once per process. Raises HelplineDataError if a shipped file is wrong: a start that fails
    loudly is better than a danger page with a bad number.
    """
    return MappingProxyType({c: rec for c, rec in _everything().items() if c != INTERNATIONAL_CODE})


def country_for(code: str) -> Country:
    """The country for a code the person picked; the international record if it is not known.

    Never guessed from the network: the caller passes what the person or the organisation chose.
    """
    everything = _everything()
    return everything.get(code.strip().lower(), everything[INTERNATIONAL_CODE])


def first_numbers(code: str) -> FirstNumbers:
    """Emergency number and main line for the strip on every page.

    For a country not known here ``emergency`` is None and ``main`` is the international directory:
    the strip then shows words, because a number that may not exist there is worse than none.
    """
    country = country_for(code)
    emergency = country.emergency[0] if country.emergency else None
    return FirstNumbers(emergency, country.line(country.main))


def emergency_for(country: Country, kind: str) -> tuple[Emergency, ...]:
    """Emergency numbers that fit one of DANGERS, in the file's order. Raises ValueError."""
    _known_danger(kind)
    return tuple(e for e in country.emergency if kind in e.for_)


def for_danger(country: Country, kind: str) -> tuple[Line, ...]:
    """Lines for one of DANGERS in the order they are shown. Raises ValueError.

    The country's main line first where it fits; then lines meant for this danger alone, then the
    rest; open round the clock before the others; the whole country before a region; else the
    file's order. The paired line for the other age group stands directly after its partner
    (ThroughLine's rule that the two are never shown apart).
    """
    _known_danger(kind)
    fitting = [line for line in country.lines if kind in line.for_]

    def rank(line: Line) -> tuple[bool, bool, bool, bool]:
        specific = line.for_ == (kind,)
        return (line.key != country.main, not specific, not line.open_24h, bool(line.region))

    ordered: list[Line] = []
    by_key = {line.key: line for line in fitting}
    for line in sorted(fitting, key=rank):
        if line in ordered:
            continue
        ordered.append(line)
        partner = by_key.get(line.pair)
        if partner is not None and partner not in ordered:
            ordered.append(partner)
    return tuple(ordered)


def check_state(
    record: Line | Emergency, known: Mapping[str, Confirmation], today: date
) -> CheckState:
    """Whether a person of the organisation has confirmed this record, as of ``today``.

    "unchecked": nobody has, or the number changed since they did. "stale": longer ago than
    STALE_AFTER_DAYS, or dated in the future (a wrong clock proves nothing). Else "fresh".
    """
    seen = known.get(record.key)
    if seen is None or seen.fingerprint not in ("", record.fingerprint()):
        return "unchecked"
    age = (today - seen.checked_on).days
    # One day of grace: the person may live east of the server.
    return "fresh" if -1 <= age <= STALE_AFTER_DAYS else "stale"


def checked_country(country: Country, known: Mapping[str, Confirmation], today: date) -> Country:
    """The country with ``checked_on`` filled for every record confirmed and unchanged since."""

    def when(record: Line | Emergency) -> date | None:
        if check_state(record, known, today) == "unchecked":
            return None
        return known[record.key].checked_on

    return replace(
        country,
        emergency=tuple(replace(e, checked_on=when(e)) for e in country.emergency),
        lines=tuple(replace(line, checked_on=when(line)) for line in country.lines),
    )


def confirm(path: Path, key: str, on: date, by: str) -> None:
    """Record that ``by`` rang or read the line or emergency number ``key`` on the day ``on``.

    Bound to the number as it stands today, so that a later change asks for a new confirmation.
    Raises KeyError for an unknown key, ValueError without a name, OSError if it cannot be written.
    """
    for country in _everything().values():
        for record in country.records():
            if record.key == key:
                lines_checked.write(path, key, on, by, record.fingerprint())
                return
    raise KeyError(key)


@cache
def _everything() -> Mapping[str, Country]:
    found = {path.stem: load(path) for path in sorted(_FOLDER.glob("*.toml"))}
    if INTERNATIONAL_CODE not in found:
        raise HelplineDataError(f"{INTERNATIONAL_CODE}.toml is missing")
    return found


def _known_danger(kind: str) -> None:
    if kind not in DANGERS:
        raise ValueError(f"unknown danger {kind!r}, expected one of {', '.join(DANGERS)}")
