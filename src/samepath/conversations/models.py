"""Conversations, who takes part, and what was said, sealed."""

from __future__ import annotations

from django.db import models

from samepath.accounts.models import Member
from samepath.conversations.choices import Notice, Sort, State
from samepath.kit.ids import new_id
from samepath.kit.models import SiteModel


class Conversation(SiteModel):
    """People who write to each other. `version` counts changes of who may do what."""

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    last_seq = models.PositiveBigIntegerField(default=0)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    shred_at = models.DateTimeField(null=True)
    guests = models.BooleanField(default=True)  # a guest takes part: kept for hours, not days

    class Meta:
        indexes = [models.Index(fields=["state", "shred_at"])]


class Participant(SiteModel):
    """A member in a conversation, with the name they had and the key of their words."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="participants"
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="participations")
    key_name = models.CharField(max_length=100)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    muted_until = models.DateTimeField(null=True)
    read_seq = models.PositiveBigIntegerField(default=0)
    seen_at = models.DateTimeField()  # heartbeat: a socket or a refreshed page
    lost_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "member"], name="participant_once")
        ]
        indexes = [models.Index(fields=["member", "conversation"])]


class Message(SiteModel):
    """A line of the log. `seq` is gapless within a conversation and is the only order."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    seq = models.PositiveBigIntegerField()
    public_id = models.UUIDField(unique=True, editable=False)
    sender = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    client_id = models.UUIDField()  # made by the sender's page: a re-send is harmless
    sort = models.CharField(max_length=8, choices=Sort.choices)
    notice = models.CharField(max_length=8, choices=Notice.choices, blank=True)
    sealed = models.BinaryField()
    digest = models.BinaryField()  # keyed digest of the text: same client_id, other text → 409
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="message_in_order"),
            models.UniqueConstraint(
                fields=["conversation", "sender", "client_id"], name="message_once"
            ),
        ]
