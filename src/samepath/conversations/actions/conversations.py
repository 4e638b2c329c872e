"""Opening, pausing, leaving, closing and destroying conversations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from samepath.accounts import actions as accounts
from samepath.accounts import queries as people
from samepath.accounts.models import Member
from samepath.conversations import access, rules
from samepath.conversations.actions.messages import say_notice
from samepath.conversations.choices import Notice, Sort, State
from samepath.conversations.events import ConversationChanged, ConversationClosed
from samepath.conversations.models import Conversation, Message, Participant
from samepath.kit import bus, choices, clock, db, ids, keys
from samepath.kit.errors import Conflict, Invalid
from samepath.kit.events import announce


def prepare_keys(conversation: UUID, members: Sequence[Member]) -> list[str]:
    """Make the keys of a conversation to be: keys first, then rows; orphans are swept."""
    names = [rules.key_name(str(conversation), str(member.public_id)) for member in members]
    keys.service().new(names)
    return names


def open_conversation(members: Sequence[Member], *, public_id: UUID | None = None) -> Conversation:
    """A conversation of these members, inside the caller's transaction where there is one.

    Raises:
        Conflict: two of them may not meet. Unavailable: the key store does not answer.
    """
    public_id = public_id or ids.new_id()
    names = prepare_keys(public_id, members)
    now = clock.now()
    with db.write():
        blocked = people.blocked_pairs([member.pk for member in members])
        if any(other.pk in blocked[one.pk] for one in members for other in members):
            raise Conflict(_("This conversation cannot be opened."))
        row = Conversation.objects.create(
            public_id=public_id, opened_at=now, guests=any(member.is_guest for member in members)
        )
        Participant.objects.bulk_create(
            Participant(conversation=row, member=member, key_name=name, joined_at=now, seen_at=now)
            for member, name in zip(members, names, strict=True)
        )
    return row


def _changed(conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(version=F("version") + 1)
    announce(ConversationChanged(conversation.public_id))
    bus.ring("conversation", str(conversation.public_id), changed=1)


def pause_conversation(seat: access.Seat) -> None:
    """Take a pause; the other is told that it is one, and may go on writing."""
    with db.write():
        won = Participant.objects.filter(pk=seat.mine.pk, paused_at=None).update(
            paused_at=clock.now()
        )
        if won:
            say_notice(seat.conversation, Notice.PAUSED, seat.mine.member_id)


def resume_conversation(seat: access.Seat) -> None:
    """Go on after a pause."""
    with db.write():
        won = (
            Participant.objects.filter(pk=seat.mine.pk)
            .exclude(paused_at=None)
            .update(paused_at=None)
        )
        if won:
            say_notice(seat.conversation, Notice.RESUMED, seat.mine.member_id)


def leave_conversation(seat: access.Seat) -> None:
    """Go without a word; the other sees a neutral "left". One can come back while it is kept."""
    with db.write():
        won = Participant.objects.filter(pk=seat.mine.pk, left_at=None).update(left_at=clock.now())
        if won and seat.conversation.state == State.OPEN:
            say_notice(seat.conversation, Notice.LEFT, seat.mine.member_id)
            _changed(seat.conversation)


def come_back(seat: access.Seat) -> None:
    """Return to a conversation one left. Raises Conflict when it has ended meanwhile."""
    with db.write():
        if seat.conversation.state != State.OPEN:
            raise Conflict(_("This conversation has ended."))
        won = (
            Participant.objects.filter(pk=seat.mine.pk)
            .exclude(left_at=None)
            .update(left_at=None, seen_at=clock.now(), lost_at=None)
        )
        if won:
            say_notice(seat.conversation, Notice.BACK, seat.mine.member_id)
            _changed(seat.conversation)


def close_conversation(conversation: Conversation, *, by: int | None, quiet: bool = False) -> bool:
    """End it for everybody; False when it already was. `quiet` leaves no line in the log."""
    now = clock.now()
    # Kept or not may have changed while they talked.
    guests = Participant.objects.filter(conversation=conversation, member__kept_on=None).exists()
    shred_at = rules.shred_moment(
        now,
        guests=guests,
        guest_hours=choices.get("guest_hours"),
        kept_days=choices.get("kept_days"),
    )
    with db.write():
        won = Conversation.objects.filter(pk=conversation.pk, state=State.OPEN).update(
            state=State.RESTING, closed_at=now, shred_at=shred_at
        )
        if not won:
            return False
        if not quiet:
            say_notice(conversation, Notice.ENDED, by)
        _changed(conversation)
        announce(ConversationClosed(conversation.site_id, conversation.public_id, by))
    return True


def block_peer(seat: access.Seat, member: Member) -> None:
    """Block everybody else in this conversation and end it; they see a neutral end."""
    with db.write():
        for other in seat.others:
            accounts.block_member(member, other.member_id)
        close_conversation(seat.conversation, by=None)


def close_between(first_id: int, second_id: int) -> None:
    """End what two members who may not meet any more still share."""
    shared = Conversation.objects.filter(state=State.OPEN, participants__member_id=first_id).filter(
        participants__member_id=second_id
    )
    for conversation in shared:
        close_conversation(conversation, by=None)


def mute_conversation(seat: access.Seat, length: str) -> None:
    """No unread mark for a while; only my own view. Raises Invalid."""
    if length not in rules.MUTES:
        raise Invalid(_("Please choose one from the list."), field="length")
    with db.write():
        Participant.objects.filter(pk=seat.mine.pk).update(
            muted_until=clock.now() + rules.MUTES[length]
        )


def close_forgotten() -> int:
    """End the open conversations nobody has come back to for three days; how many. Without it they
    would be kept for ever, because only an ended one is destroyed."""
    over = clock.now() - rules.FORGOTTEN_AFTER
    fresh = Participant.objects.filter(
        conversation=OuterRef("pk"), left_at=None, seen_at__gt=over
    ) | Participant.objects.filter(conversation=OuterRef("pk"), left_at__gt=over)
    rows = Conversation.objects.filter(state=State.OPEN).exclude(Exists(fresh))
    return sum(close_conversation(row, by=None) for row in rows.order_by("pk")[:200])


def shred_due() -> int:
    """Destroy the conversations whose time is over; how many. Safe to repeat after a crash."""
    now = clock.now()
    due = list(
        Conversation.objects.filter(state=State.RESTING, shred_at__lte=now).order_by("pk")[:200]
    )
    for conversation in due:
        names = list(
            Participant.objects.filter(conversation=conversation).values_list("key_name", flat=True)
        )
        # Key first: from this moment the words are gone, whatever happens next.
        keys.service().shred(names)
        with db.write():
            Message.objects.filter(conversation=conversation).delete()
            Conversation.objects.filter(pk=conversation.pk).update(
                state=State.SHREDDED,
                opened_at=clock.to_hour(conversation.opened_at),
                closed_at=clock.to_hour(conversation.closed_at or now),
            )
            _changed(conversation)
    return len(due)


def sweep_orphan_keys() -> int:
    """Destroy keys whose conversation was never opened (a crash between key and row)."""
    named = keys.service().names("conversation:")
    if not named:
        return 0
    wanted = {name.split(":")[1] for name in named}
    known = {
        str(public_id)
        for public_id in Conversation.objects.exclude(state=State.SHREDDED).values_list(
            "public_id", flat=True
        )
    }
    fresh = clock.now() - timedelta(hours=1)
    if Conversation.objects.filter(opened_at__gt=fresh).exists():
        # Somebody may be between key and row right now; next time.
        return 0
    gone = wanted - known
    return keys.service().shred([name for name in named if name.split(":")[1] in gone])


def erase(member_id: int) -> str | None:
    """The eraser of this room: one's own words everywhere become unreadable, then empty."""
    mine = list(Participant.objects.filter(member_id=member_id).select_related("conversation"))
    keys.service().shred([one.key_name for one in mine])
    for one in mine:
        close_conversation(one.conversation, by=member_id)
        with db.write():
            Message.objects.filter(conversation=one.conversation, sender_id=member_id).exclude(
                sort=Sort.NOTICE
            ).update(sort=Sort.REMOVED, sealed=b"", digest=b"")
            Participant.objects.filter(pk=one.pk, left_at=None).update(left_at=clock.now())
            _changed(one.conversation)
    return None
