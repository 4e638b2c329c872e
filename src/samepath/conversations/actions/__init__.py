"""Every write of talk. Cut by noun: messages, conversations, presence."""

from samepath.conversations.actions.conversations import (
    block_peer,
    close_between,
    close_conversation,
    close_forgotten,
    come_back,
    erase,
    leave_conversation,
    mute_conversation,
    open_conversation,
    pause_conversation,
    resume_conversation,
    shred_due,
    sweep_orphan_keys,
)
from samepath.conversations.actions.messages import (
    Draft,
    Posted,
    Refused,
    Result,
    post_message,
    post_messages,
)
from samepath.conversations.actions.presence import mark_lost, mark_read, mark_reads, mark_seen

__all__ = [
    "Draft",
    "Posted",
    "Refused",
    "Result",
    "block_peer",
    "close_between",
    "close_conversation",
    "close_forgotten",
    "come_back",
    "erase",
    "leave_conversation",
    "mark_lost",
    "mark_read",
    "mark_reads",
    "mark_seen",
    "mute_conversation",
    "open_conversation",
    "pause_conversation",
    "post_message",
    "post_messages",
    "resume_conversation",
    "shred_due",
    "sweep_orphan_keys",
]
