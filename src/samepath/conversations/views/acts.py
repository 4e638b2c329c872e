"""What can be done in a talk, each by one press and none with a reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from samepath.accounts.access import member_of
from samepath.accounts.models import Member
from samepath.conversations import access, actions
from samepath.conversations.choices import State
from samepath.conversations.forms import MuteForm
from samepath.kit.errors import Invalid, NotFound
from samepath.kit.http import see_other
from samepath.organisations import queries as organisations
from samepath.safety import actions as safety

Act = Callable[[HttpRequest, Member, access.Seat], str]

MUTES = (
    ("hour", _("For an hour")),
    ("day", _("For a day")),
    ("always", _("For as long as this talk lasts")),
)


def _act(act: Act) -> Callable[[HttpRequest, UUID], HttpResponse]:
    """A door that takes a form, does one thing in the member's own talk, and leads on."""

    @wraps(act)
    def door(request: HttpRequest, public_id: UUID) -> HttpResponse:
        if request.method != "POST":
            raise NotFound
        member = member_of(request)
        return see_other(request, act(request, member, access.conversation_for(member, public_id)))

    return door


def _page(seat: access.Seat) -> str:
    return f"/conversations/{seat.conversation.public_id}"


@_act
def pause(request: HttpRequest, member: Member, seat: access.Seat) -> str:
    """Take a pause."""
    actions.pause_conversation(seat)
    return _page(seat)


@_act
def resume(request: HttpRequest, member: Member, seat: access.Seat) -> str:
    """Go on."""
    actions.resume_conversation(seat)
    return _page(seat)


@_act
def stop(request: HttpRequest, member: Member, seat: access.Seat) -> str:
    """End it for both; the goodbye comes next."""
    actions.close_conversation(seat.conversation, by=member.pk)
    return f"{_page(seat)}/ending"


@_act
def leave(request: HttpRequest, member: Member, seat: access.Seat) -> str:
    """Go now; one can come back for three days."""
    actions.leave_conversation(seat)
    return "/conversations"


@_act
def back(request: HttpRequest, member: Member, seat: access.Seat) -> str:
    """Come back."""
    actions.come_back(seat)
    return _page(seat)


@_act
def not_safe(request: HttpRequest, member: Member, seat: access.Seat) -> str:
    """I am not safe right now: somebody is told, the numbers come at once."""
    safety.not_safe(member, kind="conversation", subject=seat.conversation.public_id)
    return "/help-now"


def block(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What a block does, said before it is done; works after the end too."""
    member = member_of(request)
    seat = access.conversation_for(member, public_id)
    if request.method == "POST":
        actions.block_peer(seat, member)
        return see_other(request, f"/conversations/{public_id}/blocked")
    return render(request, "conversations/block.html", {"seat": seat, "peer": seat.peer.member})


def blocked(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """It is done, and what else can be done."""
    seat = access.conversation_for(member_of(request), public_id)
    if seat.conversation.state == State.OPEN:
        return see_other(request, f"/conversations/{public_id}")
    return render(request, "conversations/blocked.html", {"seat": seat})


def mute(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """For how long the list says nothing of new words; only my own view."""
    member = member_of(request)
    seat = access.conversation_for(member, public_id)
    form = MuteForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.mute_conversation(seat, form.cleaned_data["length"])
            return see_other(request, f"/conversations/{public_id}")
        except Invalid as error:
            form.refuse(error)
            status = 400
    shown = {"seat": seat, "form": form, "lengths": MUTES, "peer": seat.peer.member}
    return render(request, "conversations/mute.html", shown, status=status)


def worried(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Tell somebody that I am worried about the other one; what happens next is said first."""
    member = member_of(request)
    seat = access.conversation_for(member, public_id)
    if request.method == "POST":
        for other in seat.others:
            safety.raise_for(
                other.member_id, kind="conversation", subject=seat.conversation.public_id
            )
        return see_other(request, f"/conversations/{public_id}/worried?told=yes")
    shown = {
        "seat": seat,
        "peer": seat.peer.member,
        "told": "told" in request.GET,
        "name": organisations.safety_name(),
    }
    return render(request, "conversations/worried.html", shown)
