"""The supporter's desk: available or not, who else is on, who waits, the offer of the moment."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from samepath.accounts.models import Member
from samepath.conversations import queries as talk
from samepath.kit import clock
from samepath.kit.errors import Conflict, NotFound
from samepath.kit.http import see_other
from samepath.matching import access, actions, queries
from samepath.matching.choices import Answer, Outcome
from samepath.organisations import queries as organisations
from samepath.organisations.access import helper_of
from samepath.organisations.choices import Hat
from samepath.profiles.choices import Style


def desk(request: HttpRequest) -> HttpResponse:
    """The whole desk. Without script it asks for itself again, and then leads on like `part`."""
    member = helper_of(request, Hat.SUPPORTER)
    actions.stay_present(member)
    opened = queries.just_opened(member) if "again" in request.GET else None
    if opened is not None:
        return see_other(request, f"/conversations/{opened}")
    return render(request, "matching/desk.html", _desk(member))


def part(request: HttpRequest) -> HttpResponse:
    """What changes on it; an opened offer leads into the conversation."""
    member = helper_of(request, Hat.SUPPORTER)
    actions.stay_present(member)
    opened = queries.just_opened(member)
    if opened is not None:
        return see_other(request, f"/conversations/{opened}")
    return render(request, "matching/desk_part.html", _desk(member))


def _desk(member: Member) -> dict[str, object]:
    language = get_language() or "en"
    offer = queries.open_offer(member)
    desks = queries.at_desks()
    said = queries.availability(member)
    duty = [d for d in organisations.duty_of(member) if d.hat == Hat.SUPPORTER and not d.on_call]
    asked = offer is not None and offer.giver_says == Answer.OPEN
    return {
        "me": member,
        "offer": offer,
        "asked": asked,
        "seconds": max(0, int((offer.giver_until - clock.now()).total_seconds())) if offer else 0,
        "why": queries.why_for_giver(offer, language) if offer else [],
        "topics": [queries.topic_label(t, language) for t in offer.request.wanted] if offer else [],
        "style": Style(offer.request.style).label if offer else "",
        "available": said is not None and said.available,
        "duty": duty[0] if duty else None,
        "state": queries.desk_state(desks),
        "others": [pair for pair in queries.on_desk(desks) if pair[0].pk != member.pk],
        "cover": organisations.cover_now(),
        "safety_name": organisations.safety_name(),
        "seats": talk.open_seats(member),
    }


def availability(request: HttpRequest) -> HttpResponse:
    """Say "available" or "not now"."""
    member = helper_of(request, Hat.SUPPORTER)
    if request.method != "POST":
        raise NotFound
    try:
        actions.set_available(member, request.POST.get("available") == "yes")
    except Conflict as error:
        return render(
            request, "matching/desk.html", {**_desk(member), "fault": error.sentence}, status=409
        )
    return see_other(request, "/desk")


def answer(request: HttpRequest, public_id: UUID, says: str) -> HttpResponse:
    """Yes or not now. Not now is silent and costs nothing."""
    member = helper_of(request, Hat.SUPPORTER)
    if request.method != "POST":
        raise NotFound
    access.offer_for(member, public_id)
    try:
        offer = actions.answer_as_giver(member, public_id, yes=says == "yes")
    except Conflict as error:
        return render(
            request, "matching/desk.html", {**_desk(member), "fault": error.sentence}, status=409
        )
    if offer.outcome == Outcome.OPENED:
        pairing = queries.latest_pairing(member)
        if pairing is not None:
            return see_other(request, f"/conversations/{pairing.conversation}")
    return see_other(request, "/desk")
