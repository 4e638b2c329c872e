"""What a person of the organisation has to look at, and what a member is shown in its place."""

from __future__ import annotations

from django.db import models

from samepath.accounts.models import Member
from samepath.kit.ids import new_id
from samepath.kit.models import SiteModel
from samepath.safety.choices import Source, Why


class Concern(SiteModel):
    """Somebody may be in danger: level, stream, rule ids. The words stay where they were said."""

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)  # of the place: "conversation", "request"
    subject = models.UUIDField()
    message = models.UUIDField(null=True)
    source = models.CharField(max_length=12, choices=Source.choices)
    level = models.PositiveSmallIntegerField()
    stream = models.CharField(max_length=1, blank=True)
    rules = models.JSONField(default=list)
    times = models.PositiveIntegerField(default=1)
    not_meant = models.BooleanField(default=False)  # the person's own word; never lowers the level
    raised_at = models.DateTimeField()
    last_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["site", "seen_at", "-level", "raised_at"]),
            models.Index(fields=["member", "subject", "last_at"]),
        ]


class CareCard(SiteModel):
    """Numbers shown to the author after their own message; at most one in 30 minutes."""

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.SET_NULL, null=True, related_name="+")
    subject = models.UUIDField()
    after = models.UUIDField(null=True)  # the message it stands behind
    level = models.PositiveSmallIntegerField()
    folded = models.BooleanField(default=False)
    shown_at = models.DateTimeField()
    away_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["member", "subject"])]


class Report(SiteModel):
    """A person tells us. The words they chose to pass on are sealed under a key of their own."""

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    reporter = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    about = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    subject = models.UUIDField()
    why = models.CharField(max_length=12, choices=Why.choices)
    sealed = models.BinaryField()  # JSON: {"note": …, "words": [{"mine": bool, "text": …}]}
    key_name = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["site", "seen_at", "made_at"])]
