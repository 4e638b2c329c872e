"""The supporter says "available" or "not now"."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samepath.accounts.models import Member
from samepath.kit import clock, db
from samepath.kit.errors import Conflict
from samepath.matching.actions.requests import ring_line
from samepath.matching.choices import Outcome
from samepath.matching.models import Availability, Offer
from samepath.organisations import queries as organisations
from samepath.organisations.choices import Hat


def set_available(member: Member, available: bool) -> None:
    """Be available or not. Raises Conflict when not on duty as a supporter."""
    now = clock.now()
    on = [d for d in organisations.duty_of(member) if d.hat == Hat.SUPPORTER and not d.on_call]
    if available and not on:
        raise Conflict(_("Begin your duty first."))
    with db.write():
        row, made = Availability.objects.get_or_create(
            member=member, defaults={"available": available, "since": now, "seen_at": now}
        )
        if not made:
            fresh = {"since": now} if row.available != available else {}
            Availability.objects.filter(pk=row.pk).update(
                available=available, seen_at=now, rest_until=None, **fresh
            )
        if not available:
            Offer.objects.filter(giver=member, outcome=Outcome.OPEN, giver_says="open").update(
                outcome=Outcome.DECLINED, giver_says="no", ended_at=now
            )
    ring_line()


def stay_present(member: Member) -> None:
    """The desk is open on a screen: the heartbeat of a supporter, written every 10 s at most."""
    now = clock.now()
    row = Availability.objects.filter(member=member).first()
    if row is not None and (now - row.seen_at).total_seconds() >= 10:
        with db.write():
            Availability.objects.filter(pk=row.pk).update(seen_at=now)


def off_duty(member_id: int) -> None:
    """Duty has ended: nothing new is offered; a talk under way goes on."""
    with db.write():
        Availability.objects.filter(member_id=member_id).update(available=False)
    ring_line()
