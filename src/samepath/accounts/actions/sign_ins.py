"""Being known on a device, and no longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from samepath.accounts import rules
from samepath.accounts.events import SignInEnded
from samepath.accounts.models import Member, SignIn
from samepath.kit import clock, db, ids
from samepath.kit.errors import NotFound
from samepath.kit.events import announce


def start_sign_in(member: Member, *, user_agent: str = "", stays: bool = False) -> str:
    """Sign `member` in on a device; the cookie's value. A cookie from before is never reused."""
    cookie = ids.new_token(32)
    now = clock.now()
    span = rules.span(staff=member.staff, stays=stays)
    with db.write():
        SignIn.objects.create(
            member=member,
            cookie_hash=rules.cookie_hash(cookie),
            device=rules.device_label(user_agent),
            started_at=now,
            seen_at=now,
            ends_at=now + span.longest,
            stays=stays and not member.staff,
        )
        Member.objects.filter(pk=member.pk).exclude(last_active_on=now.date()).update(
            last_active_on=now.date()
        )
    return cookie


def renew_sign_in(sign_in: SignIn) -> str:
    """A new cookie for the same sign-in; the old one opens nothing any more (safety.md 3.3).

    Raises:
        NotFound: it has ended meanwhile.
    """
    cookie = ids.new_token(32)
    with db.write():
        won = SignIn.objects.filter(pk=sign_in.pk).update(cookie_hash=rules.cookie_hash(cookie))
    if not won:
        raise NotFound
    return cookie


def touch_sign_in(sign_in: SignIn) -> None:
    """Note that somebody is there; written at most every five minutes."""
    now = clock.now()
    if now - sign_in.seen_at < timedelta(minutes=5):
        return
    with db.write():
        SignIn.objects.filter(pk=sign_in.pk, seen_at__lt=now).update(seen_at=now)
    sign_in.seen_at = now


def touch_sign_ins(sign_in_ids: Sequence[int]) -> None:
    """`touch_sign_in` for everybody who was active on a socket lately: one write."""
    now = clock.now()
    stale = SignIn.objects.filter(pk__in=sign_in_ids, seen_at__lt=now - timedelta(minutes=5))
    if stale.exists():
        with db.write():
            stale.update(seen_at=now)


def take_tickets(uses: Sequence[tuple[int, datetime]]) -> list[bool]:
    """Use up tickets for sockets, each (sign-in id, when it was issued), in one transaction.

    True for each that was not used before. A sign-in notes the newest moment it used, so that a
    ticket opens one socket whichever process it is shown to; one issued before that moment has to
    be renewed (safety.md 3.4).
    """
    taken = []
    with db.write():
        for sign_in_id, issued_at in uses:
            unused = SignIn.objects.filter(pk=sign_in_id).exclude(last_ticket_at__gte=issued_at)
            taken.append(bool(unused.update(last_ticket_at=issued_at)))
    return taken


def end_sign_in(cookie: str) -> None:
    """End the sign-in this cookie belongs to; nothing happens when there is none."""
    if cookie:
        with db.write():
            end_rows(SignIn.objects.filter(cookie_hash=rules.cookie_hash(cookie)))


def end_one(member: Member, sign_in: UUID) -> None:
    """End one of the member's own sign-ins. Raises NotFound for anybody else's."""
    with db.write():
        if not end_rows(SignIn.objects.filter(member=member, public_id=sign_in)):
            raise NotFound


def end_all(member: Member, *, but: SignIn | None = None) -> int:
    """Sign out everywhere, or everywhere else; how many ended. Sockets close within 2 s."""
    rows = SignIn.objects.filter(member=member)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    with db.write():
        return end_rows(rows)


def end_rows(rows: QuerySet[SignIn]) -> int:
    """End these sign-ins inside the caller's transaction and announce each; how many."""
    found = list(rows.values_list("pk", "public_id", "member_id"))
    SignIn.objects.filter(pk__in=[pk for pk, _id, _member in found]).delete()
    for _pk, public_id, member_id in found:
        announce(SignInEnded(public_id, member_id))
    return len(found)


def sweep_sign_ins() -> int:
    """End the sign-ins that ran out; the clock calls this."""
    now = clock.now()
    spans = {staff: rules.span(staff=staff, stays=False).idle for staff in (True, False)}
    over = (
        Q(ends_at__lte=now)
        | Q(stays=False, member__staff=False, seen_at__lte=now - spans[False])
        | Q(member__staff=True, seen_at__lte=now - spans[True])
    )
    if not SignIn.objects.filter(over).exists():
        return 0
    with db.write():
        return end_rows(SignIn.objects.filter(over))
