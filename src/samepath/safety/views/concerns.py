"""The list of whoever looks after safety: what is open, who is on it. No words people wrote."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from samepath.accounts.access import member_of
from samepath.accounts.models import Member
from samepath.kit import clock, paging
from samepath.kit.errors import Conflict, NotFound
from samepath.kit.http import see_other
from samepath.organisations import queries as organisations
from samepath.organisations.access import helper_of
from samepath.organisations.choices import Hat
from samepath.safety import actions, queries

GUARDS = (Hat.LEAD, Hat.SECOND)


def concerns(request: HttpRequest) -> HttpResponse:
    """Open ones by level and then by waiting time; below them those somebody is on."""
    return _page(request, helper_of(request, *GUARDS))


def _page(
    request: HttpRequest, member: Member, *, fault: str = "", status: int = 200
) -> HttpResponse:
    now, number = clock.now(), paging.page_number(request)
    found = paging.sheet(queries.open_concerns(member, paging.window(number)), number)
    shown = {
        "hats": organisations.hats(member),
        "tab": "concerns",
        "sheet": found,
        "cards": queries.cards(found.rows, now),
        "seen": queries.cards(queries.seen_concerns(member), now),
        "cover": organisations.cover_at(now),
        "now": now,
        "zone": str(organisations.zone()),
        "fault": fault,
    }
    return render(request, "safety/concerns.html", shown, status=status)


def see(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """I am on it. When somebody was faster, the list says so and stays."""
    member = helper_of(request, *GUARDS)
    if request.method != "POST":
        raise NotFound
    try:
        actions.see_concern(member, public_id)
    except Conflict as error:
        return _page(request, member, fault=error.sentence, status=error.status)
    return see_other(request, "/concerns")


def looked_at(request: HttpRequest) -> HttpResponse:
    """For every member: who looked at what concerns them, and why."""
    member = member_of(request)
    return render(
        request, "safety/looked_at.html", {"looks": queries.looks_at(member, clock.now())}
    )
