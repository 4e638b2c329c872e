"""What a supporter on duty sees: the offer of the moment, who else is on, how many wait."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from samepath.accounts.models import Member
from samepath.conversations import queries as talk
from samepath.kit import clock, ids
from samepath.matching import rules
from samepath.matching.choices import Line, Outcome
from samepath.matching.models import Availability, Offer, Request
from samepath.matching.queries.line import AtDesk, at_desks, crowd, topic_label
from samepath.profiles import queries as profiles
from samepath.profiles.choices import Part


@dataclass(frozen=True, slots=True)
class DeskState:
    """What a whole duty sees: how many wait, how many are free."""

    waiting: int
    longest_minutes: int
    free: int
    busy: int


def desk_state(desks: list[AtDesk] | None = None) -> DeskState:
    """Queue health, shown to everybody on duty. `desks`, where the caller has looked already."""
    now = clock.now()
    line = Request.objects.filter(state=Line.WAITING, seen_at__gt=now - rules.PLACE_KEPT)
    found = line.aggregate(oldest=Min("joined_at"), count=Count("pk"))
    oldest = found["oldest"]
    free, busy = crowd(desks)
    longest = int((now - oldest).total_seconds() // 60) if oldest else 0
    return DeskState(found["count"], longest, free, busy)


def open_offer(member: Member) -> Offer | None:
    """The offer a supporter is asked about; two who wait see theirs on the page of the wait."""
    return (
        Offer.objects.filter(giver=member, giver_request=None, outcome=Outcome.OPEN)
        .select_related("request__member", "giver")
        .first()
    )


def just_opened(member: Member) -> UUID | None:
    """The open conversation that began a moment ago because the one who looked first said yes."""
    found = (
        Offer.objects.filter(
            giver=member,
            outcome=Outcome.OPENED,
            giver_request=None,
            request__at_once=False,
            ended_at__gt=clock.now() - rules.LEADS_FOR,
        )
        .order_by("-ended_at")
        .values_list("request__conversation", flat=True)
        .first()
    )
    still = {seat.conversation.public_id for seat in talk.open_seats(member)} if found else set()
    return found if found in still else None


def availability(member: Member) -> Availability | None:
    """What a supporter said last."""
    return Availability.objects.filter(member=member).first()


def on_desk(desks: list[AtDesk] | None = None) -> list[tuple[Member, str]]:
    """Who else is on duty, and "available", "talking" or "not now" of each."""
    return [
        (one.member, "talking" if one.talks else "available" if one.available else "not now")
        for one in (at_desks() if desks is None else desks)
    ]


def why_for_giver(offer: Offer, language: str) -> list[str]:
    """What the one who is asked may know beforehand, in words; only what is true of both."""
    lived = {
        row.topic
        for row in profiles.experiences_by([offer.giver_id]).get(offer.giver_id, [])
        if row.part == Part.LIVED
    }
    both = [topic_label(topic, language) for topic in offer.request.wanted if topic in lived]
    out = [_("You have both lived: %(topics)s") % {"topics": " · ".join(both)}] if both else []
    if not both and offer.request.wanted:
        out.append(_("You said nothing of having lived this. Listening is enough."))
    return out


def may_listen_desk(member_id: int, public_id: str) -> bool:
    """A socket may listen to the member's own desk."""
    wanted = ids.parse_id(public_id)
    return wanted is not None and Member.objects.filter(pk=member_id, public_id=wanted).exists()
