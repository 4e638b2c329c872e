"""Who wears which hat, who is on duty, whether the place is covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from samepath.accounts.models import Member
from samepath.kit import choices, clock, paging
from samepath.organisations import rules
from samepath.organisations.access import hats as hats
from samepath.organisations.access import is_open as is_open
from samepath.organisations.choices import Hat
from samepath.organisations.models import Duty, Invitation, Organisation, Role, SetUpStep

FIRST = paging.window()


def organisation() -> Organisation | None:
    """The organisation of the site in force; None before set-up."""
    return Organisation.objects.order_by("pk").first()


def zone() -> ZoneInfo:
    """The organisation's own clock; UTC before it is named."""
    known = organisation()
    return ZoneInfo(known.zone if known else "UTC")


def helpers() -> int:
    """How many people help here, whatever their hat."""
    return Role.objects.values("member_id").distinct().count()


def _plain(duties: list[Duty]) -> list[rules.OnDuty]:
    return [
        rules.OnDuty(duty.member_id, duty.hat, duty.on_call, duty.starts_at, duty.ends_at)
        for duty in duties
    ]


def _size_facts() -> tuple[int, bool]:
    """How many help, or the larger number that was stated, and whether a second is named."""
    roles = list(Role.objects.values_list("member_id", "hat"))
    # The strictest is never silently relaxed: what was stated in set-up holds from the first day.
    people = max(len({member for member, _hat in roles}), int(choices.get("helpers")))
    return people, any(hat == Hat.SECOND for _member, hat in roles)


def _duties_between(now: datetime, until: datetime) -> list[Duty]:
    rows = Duty.objects.filter(ends_at__gt=now, starts_at__lt=until)
    return list(rows.order_by("starts_at")[:2000])


def cover_at(now: datetime) -> rules.Cover:
    """Cover at a moment, by the rule for this place's size. Two queries, three after a minute."""
    duties = _duties_between(now, now + rules.LOOK_AHEAD)
    people, second = _size_facts()
    return rules.cover(_plain(duties), now=now, helpers=people, second_named=second)


def gaps(now: datetime | None = None) -> list[rules.Gap]:
    """When somebody is here in the next two weeks, and it is not enough for drop-in."""
    moment = now or clock.now()
    duties = _duties_between(moment, moment + rules.LOOK_AHEAD)
    people, _second = _size_facts()
    return rules.gaps(_plain(duties), now=moment, helpers=people)


def second_named() -> bool:
    """Whether a second is named: without one drop-in and the opening of talks stay off."""
    return Role.objects.filter(hat=Hat.SECOND).exists()


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


def team(part: slice = FIRST) -> list[Member]:
    """Everybody who helps, by name."""
    # As a set: asked once for each member of the place, it took 400 ms at 10,000.
    wearing = Role.objects.values("member_id")
    return list(Member.objects.filter(pk__in=wearing).order_by("handle", "pk")[part])


def roles_of(members: Sequence[Member]) -> list[Role]:
    """Every hat these members wear."""
    return list(Role.objects.filter(member__in=[one.pk for one in members]).order_by("hat"))


def invitations(part: slice = FIRST) -> list[Invitation]:
    """Links that are still open."""
    now = clock.now()
    return list(Invitation.objects.filter(used_on=None, ends_at__gt=now).order_by("-pk")[part])


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the set-up: where it is done, whether it is done, whether its turn has come."""

    key: str
    path: str
    name: str
    done: bool
    reachable: bool
    value: str


def steps() -> list[Step]:
    """The steps of the set-up in their order."""
    done = dict(SetUpStep.objects.values_list("key", "value"))
    names = {
        "organisation": _("Who runs this place"),
        "promise": _("What you promise"),
        "admin": _("Your own name here"),
        "second": _("The second person"),
        "helplines": _("Numbers to call"),
    }
    found: list[Step] = []
    for key in rules.NEEDED_STEPS:
        reachable = all(step.done for step in found)
        path = "/set-up/account" if key == "admin" else f"/set-up/{key}"
        found.append(Step(key, path, names[key], key in done, reachable, done.get(key, "")))
    return found


def step(key: str) -> Step:
    """One step of the set-up. Raises StopIteration for a key that is none."""
    return next(one for one in steps() if one.key == key)


def first_admin() -> Member | None:
    """Who set the place up: the longest-serving admin, or None before there is one."""
    role = Role.objects.filter(hat=Hat.ADMIN).select_related("member").order_by("pk").first()
    return role.member if role else None


def helper(public_id: UUID) -> Member | None:
    """Somebody who wears a hat here, or None: the team knows no other members."""
    role = Role.objects.filter(member__public_id=public_id).select_related("member").first()
    return role.member if role else None


def export(member_id: int) -> object:
    """What this room knows of a member."""
    return {
        "hats": [
            {"hat": row.get_hat_display(), "given_on": row.given_on.isoformat()}
            for row in Role.objects.filter(member_id=member_id)
        ],
        "duty": [
            {"from": row.starts_at.isoformat(), "until": row.ends_at.isoformat()}
            for row in Duty.objects.filter(member_id=member_id)
        ],
    }
