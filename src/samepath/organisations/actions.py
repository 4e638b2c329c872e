"""Everything that changes the organisation, its hats and its rota."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from samepath.accounts import actions as accounts
from samepath.accounts.models import Member
from samepath.kit import audit, choices, clock, db, ids
from samepath.kit.errors import Conflict, Denied, Invalid, NotFound
from samepath.kit.events import announce
from samepath.kit.models import Site
from samepath.organisations import access, rules, setup
from samepath.organisations.choices import Hat
from samepath.organisations.events import DutyEnded
from samepath.organisations.models import Duty, Invitation, Organisation, Role, SetUpStep

NEEDED_STEPS = rules.NEEDED_STEPS


def name_organisation(*, name: str, country: str, zone: str) -> Organisation:
    """Say who runs this place, in which country (two letters) and time zone. Raises Invalid.

    Another country has other numbers: those confirmed in set-up have to be confirmed anew.
    """
    if not name:
        raise Invalid(_("Please write the name of your organisation."), field="name")
    if zone not in available_timezones():
        raise Invalid(_("Please choose a time zone from the list."), field="zone")
    country = country.upper()
    with db.write():
        row = Organisation.objects.order_by("pk").first()
        if row is None:
            row = Organisation.objects.create(name=name, country=country, zone=zone)
        else:
            if row.country != country:
                SetUpStep.objects.filter(key="helplines").delete()
            Organisation.objects.filter(pk=row.pk).update(name=name, country=country, zone=zone)
        if choices.get("country") != country:
            choices.change("country", country, actor=None)
    row.name, row.country, row.zone = name, country, zone
    return row


def change_choice(actor: Member | None, key: str, value: object) -> None:
    """Set a choice of this place where it differs; audited. Raises Invalid outside its range."""
    if choices.get(key) != value:
        choices.change(key, value, actor=actor.public_id if actor else None)


def _check_giver(giver: Member | None, hat: str, member: Member | None = None) -> None:
    """Raise Denied where `giver` may not decide about `hat`; None is the service itself."""
    if giver is None:
        return
    if not rules.may_give(access.hats(giver), hat):
        raise Denied(_("Only somebody who runs the place can do this."))
    if member is not None and member.pk == giver.pk:
        raise Denied(_("Nobody gives a role to themselves. Please ask another person on the team."))


def give_hat(giver: Member | None, member: Member, hat: str) -> None:
    """Give a hat; audited, and the member's sign-ins end so that the shorter ones hold.

    `giver` None is the service itself: set-up, and an invitation that was given by somebody.

    Raises:
        Invalid: no such hat. Denied: not theirs to give, or to themselves.
    """
    if hat not in Hat.values:
        raise Invalid(_("Please choose one from the list."), field="hat")
    _check_giver(giver, hat, member)
    with db.write():
        _row, made = Role.objects.get_or_create(
            member=member, hat=hat, defaults={"given_on": clock.today(), "given_by": giver}
        )
        if made:
            actor = giver.public_id if giver else None
            audit.record(actor, "role:give", "member", member.public_id, hat)
            if hat != Hat.SUPPORTER:
                accounts.set_staff(member.pk, True)
    member.__dict__.pop("_hats", None)


def take_hat(taker: Member, member_id: UUID, hat: str) -> None:
    """Take a hat back; its duties and the open links its owner made with it end.

    Raises:
        NotFound: they do not wear it. Denied: not theirs to take. Conflict: the last admin stays.
    """
    _check_giver(taker, hat)
    with db.write():
        row = (
            Role.objects.select_related("member")
            .filter(member__public_id=member_id, hat=hat)
            .first()
        )
        if row is None:
            raise NotFound
        if hat == Hat.ADMIN and Role.objects.filter(hat=Hat.ADMIN).count() == 1:
            raise Conflict(_("Somebody has to run the place. Give this to another person first."))
        member = row.member
        row.delete()
        _end_duties(member, hat)
        if hat in (Hat.ADMIN, Hat.LEAD):
            _close_invitations(member.pk)
        audit.record(taker.public_id, "role:take", "member", member.public_id, hat)
        staff = Role.objects.filter(member=member).exclude(hat=Hat.SUPPORTER).exists()
        accounts.set_staff(member.pk, staff)


def _end_duties(member: Member, hat: str) -> None:
    """Hours that were held stay in the rota's past; what lies ahead goes."""
    now = clock.now()
    mine = Duty.objects.filter(member=member, hat=hat)
    mine.filter(starts_at__gte=now).delete()
    mine.filter(ends_at__gt=now).update(ends_at=now)
    announce(DutyEnded(member.site_id, member.pk))


def _close_invitations(member_id: int) -> None:
    Invitation.objects.filter(made_by_id=member_id, used_on=None, ends_at__gt=clock.now()).update(
        ends_at=clock.now()
    )


def invite(maker: Member | None, hat: str) -> tuple[Invitation, str]:
    """A one-time link for a hat, good for seven days: the row and the token, shown this once.

    Raises:
        Invalid: no such hat. Denied: not theirs to give.
    """
    if hat not in Hat.values:
        raise Invalid(_("Please choose one from the list."), field="hat")
    _check_giver(maker, hat)
    token = ids.new_token(24)
    with db.write():
        row = Invitation.objects.create(
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            hat=hat,
            made_by=maker,
            made_on=clock.today(),
            ends_at=clock.now() + timedelta(days=7),
        )
        audit.record(
            maker.public_id if maker else None, "role:invite", "invitation", row.public_id, hat
        )
    return row, token


def open_invitation(token: str) -> Invitation:
    """The unused invitation of this link. Raises NotFound."""
    row = Invitation.objects.filter(
        token_hash=hashlib.sha256(token.encode()).hexdigest(), used_on=None, ends_at__gt=clock.now()
    ).first()
    if row is None:
        raise NotFound
    return row


def accept_invitation(member: Member, token: str) -> str:
    """Take the hat of this link, once; the hat.

    Raises:
        NotFound: used, over, or withdrawn. Denied: one's own link.
    """
    with db.write():
        row = open_invitation(token)
        if not Invitation.objects.filter(pk=row.pk, used_on=None).update(used_on=clock.today()):
            raise NotFound
        give_hat(row.made_by, member, row.hat)
    return row.hat


def welcome_first(member: Member, *, listens: bool) -> None:
    """Make who sets the place up its admin and lead, and a supporter if they listen too.

    Raises:
        Conflict: somebody already runs the place.
    """
    with db.write():
        if Role.objects.filter(hat=Hat.ADMIN).exists():
            raise Conflict(_("Somebody already runs this place."))
        for hat in (Hat.ADMIN, Hat.LEAD, *((Hat.SUPPORTER,) if listens else ())):
            give_hat(None, member, hat)


def withdraw_invitation(member: Member, public_id: UUID) -> None:
    """Make an open link useless. Raises NotFound."""
    now = clock.now()
    with db.write():
        row = Invitation.objects.filter(public_id=public_id, used_on=None, ends_at__gt=now).first()
        if row is None:
            raise NotFound
        _check_giver(member, row.hat)
        Invitation.objects.filter(pk=row.pk).update(ends_at=now)
        audit.record(member.public_id, "role:uninvite", "invitation", public_id, "withdrawn")


def withdraw_open(hat: str) -> None:
    """Make every open link for a hat useless: set-up makes a new one, or none."""
    with db.write():
        Invitation.objects.filter(hat=hat, used_on=None, ends_at__gt=clock.now()).update(
            ends_at=clock.now()
        )


def take_duty(
    member: Member, *, hat: str, starts_at: datetime, ends_at: datetime, on_call: bool = False
) -> Duty:
    """Promise to be there. The member must wear the hat; two duties of a hat may not overlap.

    Raises:
        Invalid, Denied-like Invalid for a hat not worn, Conflict for an overlap.
    """
    fault = rules.duty_fault(starts_at, ends_at, now=clock.now())
    if fault == "past":
        raise Invalid(
            _("The end has to come after the start, and still lie ahead."), field="ends_at"
        )
    if fault:
        raise Invalid(_("Please plan at most 60 days ahead."), field="starts_at")
    with db.write():
        if not Role.objects.filter(member=member, hat=hat).exists():
            raise Invalid(_("This is not one of your roles here."), field="hat")
        clash = Duty.objects.filter(
            member=member, hat=hat, starts_at__lt=ends_at, ends_at__gt=starts_at
        )
        if clash.exists():
            raise Conflict(_("You already promised some of these hours."))
        return Duty.objects.create(
            member=member, hat=hat, on_call=on_call, starts_at=starts_at, ends_at=ends_at
        )


def end_duty(member: Member, public_id: UUID) -> None:
    """Stop one of the member's own duties now, or drop one that has not begun. Raises NotFound."""
    now = clock.now()
    with db.write():
        duty = Duty.objects.filter(member=member, public_id=public_id, ends_at__gt=now).first()
        if duty is None:
            raise NotFound
        if duty.starts_at >= now:
            duty.delete()
        else:
            Duty.objects.filter(pk=duty.pk).update(ends_at=now)
        announce(DutyEnded(member.site_id, member.pk))


def confirm_step(key: str, value: str = "") -> None:
    """Note a confirmed step of the set-up."""
    with db.write():
        SetUpStep.objects.update_or_create(
            key=key, defaults={"done_at": clock.now(), "value": value}
        )


def open_site(site_id: int) -> None:
    """Leave set-up mode. Raises Conflict while a step is missing."""
    with db.write():
        done = set(SetUpStep.objects.values_list("key", flat=True))
        missing = [step for step in NEEDED_STEPS if step not in done]
        if missing:
            raise Conflict(_("Some steps are still open."))
        Site.objects.filter(pk=site_id, open_since=None).update(open_since=clock.now())
    setup.forget_code()


def erase(member_id: int) -> str | None:
    """The eraser of this room: hats and duties go."""
    with db.write():
        Duty.objects.filter(member_id=member_id).delete()
        Role.objects.filter(member_id=member_id).delete()
        Role.objects.filter(given_by_id=member_id).update(given_by=None)
        _close_invitations(member_id)
        Invitation.objects.filter(made_by_id=member_id).update(made_by=None)
    return None
