"""Who is there: heartbeats, reading marks, and the minute after which somebody counts as lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from samepath.conversations import access, rules
from samepath.conversations.actions.messages import say_notice
from samepath.conversations.choices import Notice, State
from samepath.conversations.events import ParticipantBack, ParticipantLost
from samepath.conversations.models import Conversation, Participant
from samepath.kit import clock, db
from samepath.kit.events import announce


def mark_seen(pairs: Iterable[tuple[UUID, int]]) -> None:
    """Note that these (conversation, member) are there; at most one write per call and 20 s."""
    now = clock.now()
    wanted = list(pairs)
    if not wanted:
        return
    stale = Participant.objects.filter(
        conversation__public_id__in={conversation for conversation, _m in wanted},
        member_id__in={member for _c, member in wanted},
        seen_at__lt=now - rules.HEARTBEAT,
    ).select_related("conversation")
    pairs_set = set(wanted)
    rows = [p for p in stale if (p.conversation.public_id, p.member_id) in pairs_set]
    if not rows:
        return
    with db.write():
        Participant.objects.filter(pk__in=[row.pk for row in rows]).update(seen_at=now)
        for row in rows:
            if row.lost_at is None:
                continue
            Participant.objects.filter(pk=row.pk).update(lost_at=None)
            if row.conversation.state == State.OPEN:
                say_notice(row.conversation, Notice.BACK, row.member_id)
                announce(ParticipantBack(row.site_id, row.conversation.public_id, row.member_id))


def mark_read(seat: access.Seat, seq: int) -> None:
    """Note how far the viewer has read; only forward, never past what is there."""
    seq = min(seq, seat.conversation.last_seq)
    if seq <= seat.mine.read_seq:
        return
    with db.write():
        Participant.objects.filter(pk=seat.mine.pk, read_seq__lt=seq).update(read_seq=seq)


def mark_reads(marks: Mapping[tuple[UUID, int], int]) -> None:
    """`mark_read` for many (conversation, member) → seq at once: one transaction."""
    if not marks:
        return
    rows = Participant.objects.filter(
        conversation__public_id__in={conversation for conversation, _m in marks},
        member_id__in={member for _c, member in marks},
    ).values_list(
        "pk", "conversation__public_id", "member_id", "read_seq", "conversation__last_seq"
    )
    ahead = [
        (pk, min(marks[conversation, member], last))
        for pk, conversation, member, read, last in rows
        if read < min(marks.get((conversation, member), 0), last)
    ]
    if ahead:
        with db.write():
            for pk, seq in ahead:
                Participant.objects.filter(pk=pk, read_seq__lt=seq).update(read_seq=seq)


def mark_lost() -> int:
    """Tell those whose peer has been silent in every way for a minute; how many were lost."""
    now = clock.now()
    rows = list(
        Participant.objects.filter(
            conversation__state=State.OPEN,
            left_at=None,
            lost_at=None,
            paused_at=None,
            seen_at__lte=now - rules.LOST_AFTER,
        ).select_related("conversation")[:500]
    )
    for row in rows:
        with db.write():
            won = Participant.objects.filter(
                pk=row.pk, lost_at=None, seen_at__lte=now - rules.LOST_AFTER
            ).update(lost_at=now)
            if not won:
                continue
            still_open = Conversation.objects.filter(
                pk=row.conversation_id, state=State.OPEN
            ).exists()
            if still_open:
                say_notice(row.conversation, Notice.LOST, row.member_id)
                announce(ParticipantLost(row.site_id, row.conversation.public_id, row.member_id))
    return len(rows)
