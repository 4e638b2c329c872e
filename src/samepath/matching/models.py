"""Requests in the line, offers to both, pairings that came of them, and how they ended."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from samepath.accounts.models import Member
from samepath.kit.ids import new_id
from samepath.kit.models import SiteModel
from samepath.matching.choices import Answer, Line, Outcome, Step


class Request(SiteModel):
    """Somebody would like to talk now. What they wrote to find topics is not kept."""

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=Line.choices, default=Line.WAITING)
    wanted = models.JSONField(default=dict)  # topic -> weight, sum 1
    style = models.CharField(max_length=8)
    fellow = models.BooleanField(default=False)  # somebody who waits too is fine
    at_once = models.BooleanField(default=True)  # open as soon as somebody is there
    crisis = models.BooleanField(default=False)  # first in line, to a supporter only
    head = models.BooleanField(default=False)  # lost a peer: is next
    joined_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    conversation = models.UUIDField(null=True)  # what came of it, or what was lost

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(state="waiting"), name="one_request_waits"
            )
        ]
        indexes = [models.Index(fields=["site", "state", "joined_at"])]


class Offer(SiteModel):
    """Two people may talk, if both say yes. `giver_request` is set when both wait."""

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="offers")
    giver = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    giver_request = models.ForeignKey(
        Request, on_delete=models.CASCADE, null=True, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    seeker_says = models.CharField(max_length=4, choices=Answer.choices, default=Answer.OPEN)
    giver_says = models.CharField(max_length=4, choices=Answer.choices, default=Answer.OPEN)
    shared = models.BooleanField()
    why_seeker = models.JSONField(default=list)  # reasons told to the seeker about the giver
    why_giver = models.JSONField(default=list)
    fit = models.FloatField()
    offered_at = models.DateTimeField()
    giver_until = models.DateTimeField()
    seeker_until = models.DateTimeField(null=True)  # set when the giver has said yes
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(outcome="open"), name="one_offer_a_request"
            ),
            models.UniqueConstraint(
                fields=["giver"], condition=Q(outcome="open"), name="one_offer_a_giver"
            ),
        ]
        indexes = [models.Index(fields=["outcome", "giver_until"])]


class Availability(SiteModel):
    """A supporter on duty says "available" or "not now"; a heartbeat shows they are there."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="+")
    available = models.BooleanField(default=False)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    rest_until = models.DateTimeField(null=True)


class Pairing(SiteModel):
    """Two people, one conversation, and what each may know of the other."""

    conversation = models.UUIDField(unique=True)
    seeker = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    giver = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    request = models.ForeignKey(Request, on_delete=models.SET_NULL, null=True, related_name="+")
    why_seeker = models.JSONField(default=list)
    why_giver = models.JSONField(default=list)
    fellow = models.BooleanField(default=False)
    shared = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["site", "closed_at"])]


class Piece(SiteModel):
    """Something one lets the other know in this conversation; the owner can take it back."""

    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="pieces")
    owner = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    sort = models.CharField(max_length=10)  # topic, stage, style
    value = models.CharField(max_length=80)
    shown = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pairing", "owner", "sort", "value"], name="piece_once")
        ]


class Ending(SiteModel):
    """One side of an ending. Sentences are sealed under the owner's key of the conversation."""

    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="endings")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=8, choices=Step.choices, default=Step.GOODBYE)
    keepsake = models.BinaryField(default=bytes)  # the sentence to take along, sealed
    give_keepsake = models.BooleanField(default=False)  # the other may read it too
    again = models.BooleanField(null=True)  # would like this peer again
    heard = models.PositiveSmallIntegerField(null=True)  # 1 not at all … 5 very much
    helped = models.PositiveSmallIntegerField(null=True)
    come_back = models.PositiveSmallIntegerField(null=True)
    line = models.BinaryField(default=bytes)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pairing", "member"], name="one_ending_each")
        ]


class Apart(SiteModel):
    """Asked for someone else: these two are not offered to each other again. No reason is kept."""

    first = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="apart_once")]
