"""What a viewer sees of a conversation. Viewer first; nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet

from samepath.accounts.models import Member
from samepath.conversations import rules
from samepath.conversations.access import Seat, Snapshot
from samepath.conversations.choices import Sort, State
from samepath.conversations.models import Conversation, Message, Participant
from samepath.kit import clock, crypto, keys
from samepath.kit.registry import Quote, Said


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log as one viewer sees it. `text` is None where it cannot be shown."""

    seq: int
    message: UUID
    client_id: UUID
    sort: str
    notice: str
    author: UUID | None
    name: str
    mine: bool
    text: str | None
    sent_at: datetime


def _open(row: Message, key_name: str, public_id: UUID) -> str | None:
    bound = rules.bound_to(
        row.site_id, str(public_id), str(row.public_id), row.sender_id or 0, row.sort
    )
    return _unseal(key_name, bytes(row.sealed), bound)


def _unseal(key_name: str, sealed: bytes, bound: bytes) -> str | None:
    try:
        key = keys.service().unwrap(key_name)
        return crypto.open_sealed(key, sealed, bound).decode()
    except (keys.NoKey, crypto.CannotOpen):
        return None


def lines(
    seat: Seat, *, after: int | None = None, before: int | None = None, limit: int = rules.PAGE
) -> list[Line]:
    """Lines in order: the newest `limit`, or those after or before a seq. Never counts rows."""
    rows = Message.objects.filter(conversation=seat.conversation)
    if after is not None:
        found = list(rows.filter(seq__gt=after).order_by("seq")[:limit])
    else:
        if before is not None:
            rows = rows.filter(seq__lt=before)
        found = list(rows.order_by("-seq")[:limit])[::-1]
    people = {p.member_id: p for p in (seat.mine, *seat.others)}
    out = []
    for row in found:
        author = people.get(row.sender_id or 0)
        shown: str | None = ""
        if row.sort in (Sort.TEXT, Sort.GOODBYE):
            shown = _open(row, author.key_name, seat.conversation.public_id) if author else None
        out.append(
            Line(
                row.seq,
                row.public_id,
                row.client_id,
                row.sort,
                row.notice,
                author.member.public_id if author else None,
                author.member.name if author else "",
                row.sender_id == seat.mine.member_id,
                shown,
                row.sent_at,
            )
        )
    return out


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the log as everybody in the conversation sees it: loaded and opened once for all.
    `text` is None where it cannot be shown, "" for what has no words."""

    seq: int
    message: UUID
    client_id: UUID
    sort: str
    notice: str
    author: UUID | None
    text: str | None
    sent_at: datetime


def said(
    held: Snapshot, *, after: int | None = None, before: int | None = None, limit: int = rules.PAGE
) -> list[LogLine]:
    """Like `lines`, for the sockets of a process: no viewer, so that one look serves all of them.
    The caller has checked who may listen."""
    rows = Message.objects.filter(conversation_id=held.id).values_list(
        "seq", "public_id", "client_id", "sort", "notice", "sender_id", "sealed", "sent_at"
    )
    if after is not None:
        found = list(rows.filter(seq__gt=after).order_by("seq")[:limit])
    else:
        if before is not None:
            rows = rows.filter(seq__lt=before)
        found = list(rows.order_by("-seq")[:limit])[::-1]
    out = []
    for seq, message, client_id, sort, notice, sender_id, sealed, sent_at in found:
        author = held.places.get(sender_id or 0)
        shown: str | None = ""
        if sort in (Sort.TEXT, Sort.GOODBYE):
            shown = None
            if author is not None:
                bound = rules.bound_to(
                    held.site_id, str(held.public_id), str(message), sender_id, sort
                )
                shown = _unseal(author.key_name, bytes(sealed), bound)
        by = author.member if author else None
        out.append(LogLine(seq, message, client_id, sort, notice, by, shown, sent_at))
    return out


def listeners(public_ids: list[UUID]) -> set[tuple[UUID, int]]:
    """Every (conversation, member) of these that may still be listened to: one query."""
    rows = Participant.objects.filter(conversation__public_id__in=public_ids).exclude(
        conversation__state=State.SHREDDED
    )
    return set(rows.values_list("conversation__public_id", "member_id"))


def last_seq(public_id: UUID) -> int | None:
    """The newest seq of a conversation, for the poll that makes the bus a mere hint."""
    return (
        Conversation.objects.filter(public_id=public_id).values_list("last_seq", flat=True).first()
    )


def last_seqs(public_ids: list[UUID]) -> dict[UUID, int]:
    """The newest seq of many conversations: one query."""
    rows = Conversation.objects.filter(public_id__in=public_ids)
    return dict(rows.values_list("public_id", "last_seq"))


@dataclass(frozen=True, slots=True)
class Listed:
    """One of the member's own conversations in a list."""

    public_id: UUID
    peer: UUID | None
    name: str
    unread: bool
    muted: bool
    since: datetime


def open_seats(member: Member) -> list[Participant]:
    """The member's open conversations, newest first, with `unread` counts and everybody in them."""
    rows = _own(member).filter(left_at=None).order_by("-conversation__opened_at")
    return list(rows.annotate(unread=F("conversation__last_seq") - F("read_seq"))[:50])


def open_talks(member: Member) -> list[Listed]:
    """The member's open conversations, newest first, and whether something is unread. 2 queries."""
    rows = _own(member).filter(left_at=None).order_by("-conversation__opened_at")[:50]
    return [_listed(row) for row in rows]


def returnable(member: Member) -> list[Listed]:
    """Open conversations the member left and may come back to. Two queries."""
    rows = _own(member).exclude(left_at=None).order_by("-left_at")[:20]
    return [_listed(row) for row in rows]


def _own(member: Member) -> QuerySet[Participant]:
    everybody = Participant.objects.select_related("member").order_by("pk")
    return (
        Participant.objects.filter(member=member, conversation__state=State.OPEN)
        .select_related("conversation")
        .prefetch_related(Prefetch("conversation__participants", queryset=everybody))
    )


def _listed(row: Participant) -> Listed:
    talk = row.conversation
    others = [one for one in talk.participants.all() if one.member_id != row.member_id]
    muted = row.muted_until is not None and row.muted_until > clock.now()
    return Listed(
        talk.public_id,
        others[0].member.public_id if others else None,
        ", ".join(one.member.name for one in others),
        talk.last_seq > row.read_seq and not muted,
        muted,
        row.left_at or talk.opened_at,
    )


def open_count(member_id: int) -> int:
    """How many open conversations a member is in: the cap on a supporter's talks."""
    return Participant.objects.filter(
        member_id=member_id, conversation__state=State.OPEN, left_at=None
    ).count()


def open_counts(member_ids: list[int]) -> dict[int, int]:
    """`open_count` for many: one query."""
    counts = dict.fromkeys(member_ids, 0)
    rows = Participant.objects.filter(
        member_id__in=member_ids, conversation__state=State.OPEN, left_at=None
    )
    for member_id in rows.values_list("member_id", flat=True):
        counts[member_id] += 1
    return counts


def is_there(public_id: UUID, member_id: int) -> bool:
    """Whether a participant is still in an open conversation and not lost."""
    return Participant.objects.filter(
        conversation__public_id=public_id,
        conversation__state=State.OPEN,
        member_id=member_id,
        left_at=None,
        lost_at=None,
    ).exists()


def peer_state(seat: Seat) -> str:
    """ "here", "paused", "lost" or "left", of the other one."""
    if not seat.others:
        return "left"
    peer = seat.peer
    if peer.left_at is not None:
        return "left"
    if peer.paused_at is not None:
        return "paused"
    return "lost" if rules.is_lost(seen_at=peer.seen_at, now=clock.now()) else "here"


def quote(viewer: Member, public_id: UUID, chosen: list[UUID]) -> Quote:
    """The words a participant may pass on with a report: only lines of a talk they were in."""
    from samepath.conversations.access import conversation_for

    seat = conversation_for(viewer, public_id)
    wanted = Message.objects.filter(
        conversation=seat.conversation, public_id__in=chosen, sort__in=(Sort.TEXT, Sort.GOODBYE)
    ).order_by("seq")[:20]
    people = {p.member_id: p for p in (seat.mine, *seat.others)}
    words = [
        (row.sender_id or 0, opened)
        for row in wanted
        if row.sender_id in people
        and (opened := _open(row, people[row.sender_id].key_name, public_id)) is not None
    ]
    return Quote(words, seat.peer.member_id if seat.others else None)


def recent_for_report(viewer: Member, public_id: UUID) -> list[Said]:
    """The last forty lines people wrote, for a participant to choose from; also after the end.

    Raises:
        NotFound: the viewer took no part, or the words are gone.
    """
    from samepath.conversations.access import conversation_for

    seat = conversation_for(viewer, public_id)
    return [
        Said(line.message, line.name, line.mine, line.text, line.sent_at)
        for line in lines(seat, limit=40)
        if line.sort in (Sort.TEXT, Sort.GOODBYE) and line.text
    ]


def people_in(public_ids: list[UUID]) -> dict[UUID, list[tuple[int, str]]]:
    """Who is in each of these conversations now, as (member id, name): one query."""
    found: dict[UUID, list[tuple[int, str]]] = {public_id: [] for public_id in public_ids}
    rows = Participant.objects.filter(
        conversation__public_id__in=public_ids, conversation__state=State.OPEN, left_at=None
    ).select_related("member", "conversation")
    for row in rows.order_by("pk"):
        found[row.conversation.public_id].append((row.member_id, row.member.name))
    return found


def export(member_id: int) -> list[dict[str, Any]]:
    """One's own words in every conversation still kept; the other person's words stay theirs."""
    out = []
    mine = Participant.objects.filter(member_id=member_id).exclude(
        conversation__state=State.SHREDDED
    )
    for seat in mine.select_related("conversation", "member").order_by("pk"):
        rows = Message.objects.filter(conversation=seat.conversation, sender_id=member_id)
        said = rows.filter(sort__in=(Sort.TEXT, Sort.GOODBYE)).order_by("seq")
        out.append(
            {
                "opened_at": seat.conversation.opened_at.isoformat(),
                "closed_at": seat.conversation.closed_at
                and seat.conversation.closed_at.isoformat(),
                "my_words": [
                    {
                        "sent_at": row.sent_at.isoformat(),
                        "text": _open(row, seat.key_name, seat.conversation.public_id),
                    }
                    for row in said.iterator(chunk_size=500)
                ],
            }
        )
    return out
