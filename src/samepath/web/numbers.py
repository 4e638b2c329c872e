"""Numbers to call, made ready for a page.

Works with the database down: what it needs to know of the site it remembers, and the records are
files (safety.lines).

The country is the one the person picked, else the organisation's, else none; never guessed from the
network (safety.md 4.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from samepath.kit import choices, clock, sites
from samepath.kit.http import site_of_host
from samepath.safety import lines
from samepath.safety.queries import CHECKED_FILE, country_of

NUMBERS_NOW = 3

_home: dict[str, tuple[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a line: what the link says and where it leads."""

    words: str
    href: str
    kind: str
    number: str = ""
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A helpline or an emergency number as a page shows it."""

    name: str
    ways: tuple[Way, ...]
    hours: str
    notes: tuple[str, ...]
    checked: str
    source: str
    source_host: str


@dataclass(frozen=True, slots=True)
class Part:
    """What stands under one danger: the lines that fit."""

    kind: str
    emergency: tuple[Way, ...]
    lines: tuple[Shown, ...]


def in_words(text: Mapping[str, str]) -> str:
    """The sentence in the page's language, else in English, else nothing."""
    return text.get(get_language() or "en") or text.get("en", "")


def remember_home(host: str) -> tuple[str, str]:
    """Ask the database for the organisation's country and name and keep them for worse times."""
    from samepath.organisations import queries

    organisation = queries.organisation()
    country = str(choices.get("country") or (organisation.country if organisation else ""))
    held = (country.lower(), organisation.name if organisation else "")
    _home[host] = held
    return held


def host_of(request: HttpRequest) -> str:
    """The name the browser asked for."""
    return str(request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", ""))


def home_of(request: HttpRequest) -> tuple[str, str]:
    """The country to show first and the organisation's name; "" where nobody said.

    The browser's own choice (cookie "country") comes before the organisation's country.
    """
    country, name = _home_of_host(host_of(request))
    return country_of("", request.COOKIES.get("country", "")) or country, name


def _home_of_host(host: str) -> tuple[str, str]:
    if host in _home:
        return _home[host]
    try:
        site = site_of_host(host)
        if site is None:
            return "", ""
        with sites.scope(site):
            return remember_home(host)
    except (DatabaseError, OSError):
        return "", ""


def forget() -> None:
    """Drop what is remembered (tests, set-up)."""
    _home.clear()


def confirmed() -> Mapping[str, lines.Confirmation]:
    """Who confirmed which number, from the file in the data folder."""
    return lines.confirmations(settings.DATA / CHECKED_FILE)


def ways_of(channels: tuple[Any, ...]) -> tuple[Way, ...]:
    """Channels as links; `printed` is what stands on paper."""
    found = []
    for channel in channels:
        label = f" ({channel.label})" if channel.label else ""
        values = {"number": channel.number, "keyword": channel.keyword}
        if channel.kind == "call":
            way = Way(
                _("Call %(number)s") % values + label, f"tel:{channel.tel}", "call", channel.number
            )
        elif channel.kind == "text":
            words = (
                _("Text %(keyword)s to %(number)s") if channel.keyword else _("Write to %(number)s")
            )
            way = Way(words % values + label, f"sms:{channel.tel}", "text", channel.number)
        else:
            words = _("Their page") if channel.kind == "web" else _("Write to them on their page")
            way = Way(
                words + label, channel.url, channel.kind, "", urlsplit(channel.url).hostname or ""
            )
        found.append(way)
    return tuple(found)


def _checked_words(
    record: Any, known: Mapping[str, lines.Confirmation], name: str, today: date
) -> str:
    """One honest sentence on who has checked this number."""
    from django.utils.formats import date_format

    values = {"organisation": name or _("our team")}
    state = lines.check_state(record, known, today)
    if state == "unchecked":
        return _("Nobody of %(organisation)s has checked this number yet.") % values
    values["day"] = date_format(known[record.key].checked_on, "DATE_FORMAT")
    if state == "fresh":
        return _("%(organisation)s checked this number on %(day)s.") % values
    return (
        _("%(organisation)s checked this number on %(day)s. That was long ago. Please check it.")
        % values
    )


def shown_line(
    line: lines.Line, known: Mapping[str, lines.Confirmation], name: str, today: date
) -> Shown:
    """A helpline with every sentence that is true of it."""
    notes = []
    if line.free:
        calls = any(channel.kind == "call" for channel in line.channels)
        notes.append(_("The call is free.") if calls else _("It is free."))
    if line.region:
        notes.append(_("In %(region)s.") % {"region": line.region})
    if (get_language() or "en") not in line.languages:
        spoken = ", ".join(_language(code) for code in line.languages)
        notes.append(_("They speak %(languages)s.") % {"languages": spoken})
    if note := in_words(line.note):
        notes.append(note)
    host = urlsplit(line.source).hostname or ""
    return Shown(
        line.name,
        ways_of(line.channels),
        in_words(line.hours),
        tuple(notes),
        _checked_words(line, known, name, today),
        line.source,
        host,
    )


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def emergency_ways(country: lines.Country, kind: str = "") -> tuple[Way, ...]:
    """Emergency numbers of a country, for one danger or all."""
    found = lines.emergency_for(country, kind) if kind else country.emergency
    return tuple(
        Way(
            (_("Call %(number)s") if one.kind == "call" else _("Text %(number)s"))
            % {"number": one.number},
            f"{'tel' if one.kind == 'call' else 'sms'}:{one.tel}",
            one.kind,
            one.number,
            in_words(one.note),
        )
        for one in found
    )


def parts_of(country: lines.Country, name: str) -> list[Part]:
    """Everything for a country's danger page, by danger."""
    known, today = confirmed(), clock.today()
    return [
        Part(
            kind,
            emergency_ways(country, kind),
            tuple(shown_line(line, known, name, today) for line in lines.for_danger(country, kind)),
        )
        for kind in lines.DANGERS
    ]


def emergency_checked(country: lines.Country, name: str) -> list[tuple[str, str, str]]:
    """(number, sentence on who checked it, address of the source) for each emergency number."""
    known, today = confirmed(), clock.today()
    return [
        (one.number, _checked_words(one, known, name, today), one.source)
        for one in country.emergency
    ]


def answering_now(country_code: str) -> list[Shown]:
    """Lines that answer at any hour, the country's main one first: for a night when nobody is here.

    Only round-the-clock lines count: the others keep their hours as words, which no clock can read.
    """
    country = lines.country_for(country_code)
    open_now = [line for line in lines.for_danger(country, "thoughts") if line.open_24h]
    today = clock.today()
    return [shown_line(line, {}, "", today) for line in open_now[:NUMBERS_NOW]]


def all_countries() -> list[tuple[str, str]]:
    """(code, name in the page's language), by name."""
    found = [(code, in_words(country.name)) for code, country in lines.countries().items()]
    return sorted(found, key=lambda pair: pair[1])
