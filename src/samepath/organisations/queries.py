"""Who wears which hat, who is on duty, whether the place is covered."""

from __future__ import annotations

from datetime import datetime, timedelta

from samepath.accounts.models import Member
from samepath.kit import choices, clock
from samepath.organisations import rules
from samepath.organisations.choices import Hat
from samepath.organisations.models import Duty, Invitation, Organisation, Role


def organisation() -> Organisation | None:
    """The organisation of the site in force; None before set-up."""
    return Organisation.objects.order_by("pk").first()


def hats(member: Member | None) -> frozenset[str]:
    """The hats of a member; empty for a guest or a stranger."""
    if member is None:
        return frozenset()
    known: frozenset[str] | None = getattr(member, "_hats", None)
    if known is None:
        known = frozenset(Role.objects.filter(member=member).values_list("hat", flat=True))
        member._hats = known  # type: ignore[attr-defined]
    return known


def helpers() -> int:
    """How many people help here, whatever their hat."""
    return Role.objects.values("member_id").distinct().count()


def _plain(duties: list[Duty]) -> list[rules.OnDuty]:
    return [
        rules.OnDuty(duty.member_id, duty.hat, duty.on_call, duty.starts_at, duty.ends_at)
        for duty in duties
    ]


def cover_at(now: datetime) -> rules.Cover:
    """Cover at a moment, by the rule for this place's size. Three queries."""
    duties = list(
        Duty.objects.filter(ends_at__gt=now, starts_at__lt=now + rules.LOOK_AHEAD).order_by(
            "starts_at"
        )[:2000]
    )
    roles = list(Role.objects.values_list("member_id", "hat"))
    people = max(len({member for member, _hat in roles}), int(choices.get("helpers")) if not roles else 0)
    second = any(hat == Hat.SECOND for _member, hat in roles)
    return rules.cover(_plain(duties), now=now, helpers=people, second_named=second)


def cover_now() -> rules.Cover:
    """Cover at this moment."""
    return cover_at(clock.now())


def on_duty(hat: Hat, now: datetime | None = None) -> list[Duty]:
    """Who is on duty or on call with this hat, members loaded."""
    moment = now or clock.now()
    rows = Duty.objects.filter(hat=hat, starts_at__lte=moment, ends_at__gt=moment)
    return list(rows.select_related("member").order_by("on_call", "starts_at")[:500])


def safety_name() -> str:
    """The invented name of who looks after safety now, or "" when nobody does."""
    for hat in (Hat.LEAD, Hat.SECOND):
        for duty in on_duty(hat):
            return duty.member.name
    return ""


def duty_of(member: Member, now: datetime | None = None) -> list[Duty]:
    """A member's duties of this moment."""
    moment = now or clock.now()
    return list(Duty.objects.filter(member=member, starts_at__lte=moment, ends_at__gt=moment))


def duties_ahead(days: int = 14) -> list[Duty]:
    """The rota from now on, members loaded."""
    now = clock.now()
    rows = Duty.objects.filter(ends_at__gt=now, starts_at__lt=now + timedelta(days=days))
    return list(rows.select_related("member").order_by("starts_at")[:500])


def team() -> list[Role]:
    """Everybody who helps, members loaded."""
    return list(Role.objects.select_related("member").order_by("member__handle", "hat")[:1000])


def invitations() -> list[Invitation]:
    """Links that are still open."""
    now = clock.now()
    return list(Invitation.objects.filter(used_on=None, ends_at__gt=now).order_by("-pk")[:200])
