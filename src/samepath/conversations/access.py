"""The only way to a conversation: as somebody who takes part. Everybody else is told: not found."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from samepath.accounts.models import Member
from samepath.conversations.choices import State
from samepath.conversations.events import ConversationChanged
from samepath.conversations.models import Conversation, Participant
from samepath.kit import sites
from samepath.kit.errors import NotFound

REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """A participant as the hot path needs it."""

    participant_id: int
    member_id: int
    member: UUID
    name: str
    language: str
    key_name: str
    left: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Who may do what in a conversation at `version`; checked again inside the transaction."""

    id: int
    public_id: UUID
    site_id: int
    version: int
    state: str
    places: dict[int, Place]


_held: OrderedDict[UUID, Snapshot] = OrderedDict()
_lock = threading.Lock()


def snapshot(public_id: UUID, *, fresh: bool = False) -> Snapshot | None:
    """Membership from memory, or read anew; None where there is no such conversation here."""
    if not fresh:
        with _lock:
            held = _held.get(public_id)
            if held is not None:
                _held.move_to_end(public_id)
                return held if held.site_id in sites.current() else None
    row = Conversation.objects.filter(public_id=public_id).first()
    if row is None:
        return None
    people = Participant.objects.filter(conversation=row).select_related("member")
    made = Snapshot(
        row.pk,
        row.public_id,
        row.site_id,
        row.version,
        row.state,
        {
            p.member_id: Place(
                p.pk,
                p.member_id,
                p.member.public_id,
                p.member.name,
                p.member.language,
                p.key_name,
                p.left_at is not None,
            )
            for p in people
        },
    )
    with _lock:
        _held[public_id] = made
        while len(_held) > REMEMBERED:
            _held.popitem(last=False)
    return made


def forget(event: ConversationChanged) -> None:
    """Drop a snapshot: who may do what has changed."""
    forget_one(event.conversation)


def forget_one(public_id: UUID) -> None:
    """Drop the snapshot of one conversation; the next look reads it anew."""
    with _lock:
        _held.pop(public_id, None)


def forget_all() -> None:
    """Drop every snapshot (tests, a restore)."""
    with _lock:
        _held.clear()


@dataclass(frozen=True, slots=True)
class Seat:
    """A conversation and the viewer's own part in it."""

    conversation: Conversation
    mine: Participant
    others: list[Participant]

    @property
    def peer(self) -> Participant:
        """The other one, in a conversation of two."""
        return self.others[0]

    @property
    def is_open(self) -> bool:
        """Whether words can be sent."""
        return self.conversation.state == State.OPEN and self.mine.left_at is None


def conversation_for(viewer: Member | None, public_id: UUID | None, *, to: str = "read") -> Seat:
    """The conversation for somebody who takes part in it.

    `to` is "read" (also after it closed, until it is destroyed) or "write" (open, not left).

    Raises:
        NotFound: not theirs, gone, or never was: one answer for all.
    """
    if viewer is None or public_id is None:
        raise NotFound
    rows = Participant.objects.filter(conversation__public_id=public_id)
    people = list(rows.select_related("conversation", "member").order_by("pk"))
    mine = next((p for p in people if p.member_id == viewer.pk), None)
    if mine is None or mine.conversation.state == State.SHREDDED:
        raise NotFound
    seat = Seat(mine.conversation, mine, [p for p in people if p is not mine])
    if to == "write" and not seat.is_open:
        raise NotFound
    return seat


def may_listen(member_id: int, public_id: str) -> bool:
    """Whether a member's socket may subscribe to a conversation."""
    try:
        held = snapshot(UUID(public_id))
    except ValueError:
        return False
    return held is not None and member_id in held.places and held.state != State.SHREDDED


def visible_until(seat: Seat) -> datetime | None:
    """When a closed conversation will be destroyed."""
    return seat.conversation.shred_at
