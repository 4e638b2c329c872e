"""Joining the line, keeping one's place, leaving it, and being put at its head."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _

from samepath.accounts.models import Member
from samepath.conversations import access as talk
from samepath.conversations import actions as talking
from samepath.conversations import queries as talked
from samepath.kit import bus, clock, db, sites
from samepath.kit.errors import Conflict, Invalid, NotFound, TooMany
from samepath.matching import rules
from samepath.matching.choices import Line, Outcome
from samepath.matching.models import (
    Apart,
    Availability,
    Ending,
    Offer,
    Pairing,
    Piece,
    Request,
)
from samepath.organisations import queries as organisations
from samepath.profiles.cards import cards
from samepath.profiles.choices import Style
from samepath.safety import actions as safety


def join_line(
    member: Member,
    *,
    topics: Sequence[str],
    style: str,
    fellow: bool = False,
    at_once: bool = True,
    crisis: bool = False,
    head: bool = False,
    lost: UUID | None = None,
    asks_first: bool = True,
    behind: bool = False,
) -> Request:
    """Ask for a peer now. A member waits once: a second ask changes the first.

    `crisis` puts the person first and tells whoever looks after safety. `asks_first` is False
    for "someone else" and lost peers, which never count against a limit. `behind` (many new
    guests from one address) is served after those who wait already, and served all the same.

    Raises:
        Invalid: topics or style. Conflict: nobody is on duty; said honestly, never a silent wait.
        TooMany: ten first asks in a day, danger excepted.
    """
    wanted = [topic for topic in topics if topic in cards("en")][:3]
    if len(wanted) != len(list(topics)[:3]):
        raise Invalid(_("Please choose from the list."), field="topics")
    if style not in Style.values:
        raise Invalid(_("Please choose one from the list."), field="style")
    now = clock.now()
    if not organisations.cover_at(now).open:
        if crisis:
            _tell_safety(member, None)
        raise Conflict(_("Nobody is here right now, and we will not pretend."), code="closed")
    if asks_first and not crisis:
        _within_a_day(member, now)
    row = _take_place(
        member,
        {
            "wanted": rules.weigh(wanted),
            "style": style,
            "fellow": fellow and not crisis,
            "at_once": at_once,
            "seen_at": now,
        },
        {"joined_at": now + rules.BEHIND if behind else now, "conversation": lost},
        crisis=crisis,
        head=head,
    )
    ring_line()
    return row


def _within_a_day(member: Member, now: datetime) -> None:
    since = now - timedelta(days=1)
    asked = Request.objects.filter(member=member, joined_at__gt=since, head=False).count()
    if asked >= rules.FIRST_ASKS_A_DAY:
        raise TooMany(
            _("That was ten times today. The numbers on this page answer all the same."),
            retry_after=3600,
        )


def _take_place(
    member: Member, values: dict[str, Any], fresh: dict[str, Any], *, crisis: bool, head: bool
) -> Request:
    """The member's one place in line, new or changed. Danger and head are never taken back."""
    try:
        with db.write():
            row = Request.objects.filter(member=member, state=Line.WAITING).first()
            if row is None:
                row = Request(member=member, **values, **fresh)
            for name, value in values.items():
                setattr(row, name, value)
            row.crisis, row.head = row.crisis or crisis, row.head or head
            row.fellow = row.fellow and not row.crisis
            changed = [*values, "crisis", "head"]
            if row._state.adding:
                row.save(force_insert=True)
            else:
                row.save(update_fields=changed)
            if crisis:
                _tell_safety(member, row)
    except IntegrityError:
        # Two tabs asked at once: the other one's place is ours too.
        return Request.objects.get(member=member, state=Line.WAITING)
    return row


def _tell_safety(member: Member, row: Request | None) -> None:
    subject = row.public_id if row else member.public_id
    safety.raise_words(member.pk, kind="request", subject=subject)


def ring_line() -> None:
    """Whoever watches the line looks again."""
    bus.ring("line", str(sites.current_one()))


def keep_place(request: Request) -> None:
    """The page is being looked at: the heartbeat of the person waiting."""
    now = clock.now()
    if request.state == Line.WAITING and now - request.seen_at >= rules.HEARTBEAT:
        with db.write():
            Request.objects.filter(pk=request.pk, state=Line.WAITING).update(seen_at=now)


def leave_line(member: Member, public_id: UUID) -> None:
    """Step out of the line; no reason, no trace for anybody. Raises NotFound."""
    with db.write():
        row = Request.objects.filter(member=member, public_id=public_id).first()
        if row is None:
            raise NotFound
        _end(row)
    ring_line()


def _end(row: Request) -> None:
    now = clock.now()
    Request.objects.filter(pk=row.pk, state=Line.WAITING).update(state=Line.ENDED, ended_at=now)
    for offer in Offer.objects.filter(outcome=Outcome.OPEN, request=row).select_related("giver"):
        Offer.objects.filter(pk=offer.pk).update(outcome=Outcome.WITHDRAWN, ended_at=now)
        bus.ring("desk", str(offer.giver.public_id))
    Offer.objects.filter(outcome=Outcome.OPEN, giver_request=row).update(
        outcome=Outcome.WITHDRAWN, ended_at=now
    )


def sweep_line() -> int:
    """Give up the places nobody has looked at for ten minutes; how many."""
    over = Request.objects.filter(state=Line.WAITING, seen_at__lte=clock.now() - rules.PLACE_KEPT)
    rows = list(over[:500])
    for row in rows:
        with db.write():
            _end(row)
    if rows:
        ring_line()
    return len(rows)


def someone_else(member: Member, seat: talk.Seat) -> Request | None:
    """End this one kindly; who looks for a peer is next in line. The two are not paired again, and
    no reason is asked. From a supporter it is a hand-over: the other one is next, and the
    supporter goes back to the desk (None).

    Raises:
        Conflict: nobody is on duty any more; the conversation has ended all the same.
    """
    public_id = seat.conversation.public_id
    pairing = (
        Pairing.objects.select_related("request", "seeker").filter(conversation=public_id).first()
    )
    with db.write():
        for other in seat.others:
            first, second = sorted((member.pk, other.member_id))
            Apart.objects.get_or_create(first_id=first, second_id=second)
        talking.close_conversation(seat.conversation, by=member.pk)
    handed_over = pairing is not None and pairing.giver_id == member.pk and not pairing.fellow
    seeker = pairing.seeker if pairing is not None and handed_over else member
    before = pairing.request if pairing and pairing.seeker_id == seeker.pk else None
    row = join_line(
        seeker,
        topics=list(before.wanted) if before else [],
        style=before.style if before else Style.LISTEN,
        fellow=before.fellow if before else False,
        at_once=before.at_once if before and not handed_over else not handed_over,
        crisis=False,
        head=True,
        lost=public_id if handed_over else None,
        asks_first=False,
    )
    return None if handed_over else row


def peer_lost(conversation: UUID, lost_id: int) -> None:
    """A supporter's connection is gone for a minute: whoever is left is next in line."""
    pairing = (
        Pairing.objects.select_related("request", "seeker")
        .filter(conversation=conversation)
        .first()
    )
    if pairing is None or lost_id != pairing.giver_id or pairing.request is None:
        return
    if not talked.is_there(conversation, pairing.seeker_id) or not organisations.cover_now().open:
        return
    before = pairing.request
    join_line(
        pairing.seeker,
        topics=list(before.wanted),
        style=before.style,
        at_once=False,
        head=True,
        lost=conversation,
        asks_first=False,
    )
    _ring_talk(conversation)


def _ring_talk(conversation: UUID) -> None:
    """The open pages of a talk ask again what stands round it. The line that told of the loss rang
    before there was a place in line to tell of."""
    bus.ring("conversation", str(conversation), changed=1)


def peer_back(conversation: UUID, back_id: int) -> None:
    """The lost one is here again: the place in line is not needed any more."""
    waiting = Request.objects.filter(state=Line.WAITING, head=True, conversation=conversation)
    for row in waiting.exclude(member_id=back_id):
        with db.write():
            _end(row)
        _ring_talk(conversation)


def erase(member_id: int) -> str | None:
    """The eraser of this room: requests, offers, pieces, own endings and availability go."""
    with db.write():
        for row in Request.objects.filter(member_id=member_id, state=Line.WAITING):
            _end(row)
        Request.objects.filter(member_id=member_id).delete()
        Offer.objects.filter(giver_id=member_id).delete()
        # The other one's ending and keepsake are theirs: the pairing stays while they do, emptied.
        Piece.objects.filter(owner_id=member_id).delete()
        Ending.objects.filter(member_id=member_id).delete()
        mine = Pairing.objects.filter(Q(seeker_id=member_id) | Q(giver_id=member_id))
        mine.filter(endings=None).delete()
        mine.update(why_seeker=[], why_giver=[])
        Apart.objects.filter(first_id=member_id).delete()
        Apart.objects.filter(second_id=member_id).delete()
        Availability.objects.filter(member_id=member_id).delete()
    return None
