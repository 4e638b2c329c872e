"""The handshake: exact Origin, a living sign-in, and who it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import parse_cookie

from samepath.accounts import queries
from samepath.kit import http, ratelimit, sites

Scope = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whose sign-in knocks."""

    site: int
    member_id: int
    member: UUID
    sign_in_id: int
    sign_in: UUID
    cookie_hash: str


def _headers(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def our_origins() -> frozenset[str]:
    """Our own address; on this computer alone, also its other names at the same port."""
    own = urlsplit(settings.ORIGIN)
    if (own.hostname or "") not in settings.LOOPBACK and own.hostname != "::1":
        return frozenset({settings.ORIGIN})
    port = f":{own.port}" if own.port else ""
    names = ("localhost", "127.0.0.1", "[::1]")
    return frozenset({settings.ORIGIN, *(f"{own.scheme}://{name}{port}" for name in names)})


def is_ours(scope: Scope) -> bool:
    """Whether exactly one Origin came, and it is ours: scheme, host and port (safety.md 3.4)."""
    told = _headers(scope, b"origin")
    return len(told) == 1 and told[0] in our_origins()


def address_of(scope: Scope) -> bytes:
    """The keyed hash of where a socket comes from, for a limit in memory; never stored."""
    client = scope.get("client") or ("",)
    address = str(client[0])
    if settings.TRUSTED_PROXY and address == settings.TRUSTED_PROXY:
        forwarded = _headers(scope, b"x-forwarded-for")
        if forwarded:
            address = forwarded[-1].rsplit(",", 1)[-1].strip()
    return ratelimit.address_key(address)


def _cookie(headers: Iterable[str]) -> str:
    for header in headers:
        found = parse_cookie(header).get(settings.SIGN_IN_COOKIE)
        if found:
            return str(found)
    return ""


def visitor(scope: Scope) -> Visitor | None:
    """Whose living sign-in the cookie is, or None. Asks the database; for a reading thread."""
    cookie = _cookie(_headers(scope, b"cookie"))
    if not cookie:
        return None
    hosts = _headers(scope, b"host")
    site = http.site_of_host(hosts[0]) if len(hosts) == 1 else None
    if site is None:
        return None
    with sites.scope(site):
        row = queries.sign_in_of(cookie)
    if row is None:
        return None
    return Visitor(
        site, row.member_id, row.member.public_id, row.pk, row.public_id, row.cookie_hash
    )
