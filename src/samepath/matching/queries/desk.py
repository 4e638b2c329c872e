"""What a supporter on duty sees: the offer of the moment, who else is on, how many wait."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from samepath.accounts.models import Member
from samepath.conversations import queries as talk
from samepath.kit import clock
from samepath.matching import rules
from samepath.matching.choices import Line, Outcome
from samepath.matching.models import Availability, Offer, Request
from samepath.matching.queries.line import crowd, topic_label
from samepath.organisations import queries as organisations
from samepath.organisations.choices import Hat
from samepath.profiles import queries as profiles
from samepath.profiles.choices import Part


@dataclass(frozen=True, slots=True)
class DeskState:
    """What a whole duty sees: how many wait, how many are free."""

    waiting: int
    longest_minutes: int
    free: int
    busy: int


def desk_state() -> DeskState:
    """Queue health, shown to everybody on duty."""
    now = clock.now()
    line = Request.objects.filter(state=Line.WAITING, seen_at__gt=now - rules.PLACE_KEPT)
    oldest = line.order_by("joined_at").values_list("joined_at", flat=True).first()
    free, busy = crowd()
    longest = int((now - oldest).total_seconds() // 60) if oldest else 0
    return DeskState(line.count(), longest, free, busy)


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


def on_desk() -> list[tuple[Member, str]]:
    """Who else is on duty, and "available", "talking" or "not now" of each."""
    now = clock.now()
    rows = [row for row in organisations.on_duty(Hat.SUPPORTER, now) if not row.on_call]
    said = {
        row.member_id: row
        for row in Availability.objects.filter(member_id__in=[row.member_id for row in rows])
    }
    counts = talk.open_counts([row.member_id for row in rows])
    out = []
    for duty in rows:
        row = said.get(duty.member_id)
        if counts[duty.member_id]:
            state = "talking"
        elif row and row.available and now - row.seen_at < rules.PRESENT:
            state = "available"
        else:
            state = "not now"
        out.append((duty.member, state))
    return out


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
    return Member.objects.filter(pk=member_id, public_id=public_id).exists()
