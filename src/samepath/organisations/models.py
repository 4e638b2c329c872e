"""The organisation of a site, who wears which hat, and who is on duty when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from samepath.accounts.models import Member
from samepath.kit.ids import new_id
from samepath.kit.models import SiteModel
from samepath.organisations.choices import Hat


class Organisation(SiteModel):
    """Who runs this place. One for now; several may share a site later."""

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    name = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    zone = models.CharField(max_length=60, default="UTC")


class Role(SiteModel):
    """A hat a member was given, by whom; never self-assigned."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="roles")
    hat = models.CharField(max_length=12, choices=Hat.choices)
    given_on = models.DateField()
    given_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "hat"], name="role_once")]


class Duty(SiteModel):
    """A promise to be there: supporters and leads on duty, seconds and others on call."""

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="duties")
    hat = models.CharField(max_length=12, choices=Hat.choices)
    on_call = models.BooleanField(default=False)  # answers a page within 15 minutes
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="duty_has_length")
        ]
        indexes = [models.Index(fields=["site", "ends_at", "starts_at"])]


class Invitation(SiteModel):
    """A one-time link that gives a hat to whoever opens it. Only its hash is kept."""

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    hat = models.CharField(max_length=12, choices=Hat.choices)
    made_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    made_on = models.DateField()
    ends_at = models.DateTimeField()
    used_on = models.DateField(null=True)


class SetUpStep(SiteModel):
    """A thing a person confirmed while setting the place up."""

    key = models.CharField(max_length=30)
    done_at = models.DateTimeField()
    value = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "key"], name="step_once")]
