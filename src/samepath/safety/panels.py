"""What safety shows on pages of other rooms: numbers on every one, a link for the team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import Error as DatabaseError
from django.http import HttpRequest

from samepath.kit import choices, sites
from samepath.kit.http import is_standing, site_of_host
from samepath.organisations.access import hats
from samepath.organisations.choices import Hat
from samepath.safety import lines, queries

_home: dict[str, str] = {}


def home_country(request: HttpRequest) -> str:
    """The organisation's country, remembered by host name for a time when nothing can be asked."""
    host = str(request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", ""))
    standing = getattr(request, "standing", False) or is_standing(request.path)
    if standing and host in _home:
        return _home[host]
    try:
        site = site_of_host(host)
        if site is not None:
            with sites.scope(site):
                _home[host] = str(choices.get("country")).lower()
    except (DatabaseError, OSError):
        pass  # an old answer, or none, is better than a page that fails
    return _home.get(host, "")


def forget() -> None:
    """Drop what is remembered (tests)."""
    _home.clear()


def strip(request: HttpRequest | None = None, **_values: Any) -> Mapping[str, Any] | None:
    """One emergency number and one line, the same on every page; words for no country."""
    if request is None:
        return None
    member = getattr(request, "member", None)
    code = queries.country_of(
        member.country if member else "", request.COOKIES.get("country", "")
    ) or home_country(request)
    first = lines.first_numbers(code)
    ways = first.main.channels
    return {
        "emergency": first.emergency,
        "line": first.main,
        "call": next((way for way in ways if way.kind == "call"), None),
        "page": next((way.url for way in ways if way.url), ""),
    }


def header(request: HttpRequest | None = None, **_values: Any) -> Mapping[str, Any] | None:
    """For a lead or a second: how much waits."""
    member = getattr(request, "member", None)
    if member is None or not hats(member) & {Hat.LEAD, Hat.SECOND}:
        return None
    return {"count": sum(queries.waiting_counts(member))}


def looked_at(request: HttpRequest | None = None, **_values: Any) -> Mapping[str, Any] | None:
    """For every member: who looked at what concerns them."""
    return {} if getattr(request, "member", None) is not None else None
