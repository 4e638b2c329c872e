"""Who is signed in where, whom somebody blocked, what an account holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from samepath.accounts import rules
from samepath.accounts.models import Block, Consent, Credential, Member, SignIn
from samepath.kit import clock, sites
from samepath.kit.registry import directories


def sign_in_of(cookie: str) -> SignIn | None:
    """The living sign-in of this cookie in the site in force, its member loaded, or None."""
    if len(cookie) != 64:
        return None
    row = (
        SignIn.objects.select_related("member")
        .filter(cookie_hash=rules.cookie_hash(cookie))
        .first()
    )
    if row is None or row.member.site_id not in sites.current() or row.member.erased_on:
        return None
    span = rules.span(staff=row.member.staff, stays=row.stays)
    if rules.is_over(now=clock.now(), seen_at=row.seen_at, ends_at=row.ends_at, idle=span.idle):
        return None
    return row


def living(sign_in_ids: Iterable[int]) -> set[int]:
    """Which of these sign-ins are not over: one query, for the sockets of a process."""
    now = clock.now()
    rows = SignIn.objects.select_related("member").filter(pk__in=list(sign_in_ids))
    return {
        row.pk
        for row in rows
        if not row.member.erased_on
        and not rules.is_over(
            now=now,
            seen_at=row.seen_at,
            ends_at=row.ends_at,
            idle=rules.span(staff=row.member.staff, stays=row.stays).idle,
        )
    }


def sign_ins(member: Member) -> list[SignIn]:
    """The member's own sign-ins, newest first."""
    return list(SignIn.objects.filter(member=member).order_by("-started_at")[:50])


def ways_in(member: Member) -> dict[str, Credential]:
    """The member's own ways in, by kind."""
    return {row.way: row for row in Credential.objects.filter(member=member).order_by("way")}


def countries(language: str) -> list[tuple[str, str]]:
    """(code, name) of every country numbers are known for, by name; an upper room knows them."""
    found = {
        code.upper(): name
        for listed in directories.all()
        for code, name in listed.countries(language)
    }
    return sorted(found.items(), key=lambda pair: pair[1])


def header(request: HttpRequest | None = None, **_more: object) -> dict[str, Any]:
    """For the header of every page: who is here."""
    return {"member": getattr(request, "member", None)}


def blocked_with(member_id: int) -> frozenset[int]:
    """Everybody this member may not meet, whoever of the two said so."""
    rows = Block.objects.filter(Q(blocker_id=member_id) | Q(blocked_id=member_id))
    return frozenset(
        blocked if blocker == member_id else blocker
        for blocker, blocked in rows.values_list("blocker_id", "blocked_id")
    )


def blocked_pairs(member_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """For each of these members, everybody they may not meet: one query."""
    ids = list(member_ids)
    rows = Block.objects.filter(Q(blocker_id__in=ids) | Q(blocked_id__in=ids))
    found: dict[int, set[int]] = defaultdict(set)
    for blocker, blocked in rows.values_list("blocker_id", "blocked_id"):
        found[blocker].add(blocked)
        found[blocked].add(blocker)
    return {member: frozenset(found[member]) for member in ids}


def own_blocks(member: Member) -> list[Block]:
    """The blocks this member placed, to take them back."""
    return list(
        Block.objects.filter(blocker=member).select_related("blocked").order_by("-pk")[:200]
    )


def has_consented(member: Member, version: str) -> bool:
    """Whether this version of the promise was accepted, or told in need."""
    return Consent.objects.filter(member=member, version=version).exists()


def export(member_id: int) -> dict[str, Any]:
    """What this room knows of a member."""
    member = Member.objects.filter(pk=member_id).first()
    if member is None:
        return {}
    return {
        "name": member.name,
        "discreet": member.discreet,
        "language": member.language,
        "country": member.country,
        "began_on": member.created_on.isoformat(),
        "kept_on": member.kept_on.isoformat() if member.kept_on else None,
        "last_active_on": member.last_active_on.isoformat(),
        "ways_in": [
            {"way": row.way, "made_on": row.made_on.isoformat()} for row in ways_in(member).values()
        ],
        "sign_ins": [
            {
                "device": row.device,
                "started_at": row.started_at.isoformat(),
                "seen_at": row.seen_at.isoformat(),
                "ends_at": row.ends_at.isoformat(),
            }
            for row in sign_ins(member)
        ],
        "blocked": [row.name for row in own_blocks(member)],
        "promises": [
            {"version": row.version, "on": row.on.isoformat(), "told_in_need": row.informed_only}
            for row in member.consents.all()
        ],
    }
