"""Members, their ways in, their sign-ins, whom they blocked. A member is an invented name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from samepath.accounts import rules
from samepath.accounts.choices import Way
from samepath.kit.ids import new_id
from samepath.kit.models import SiteModel


class Member(SiteModel):
    """One person of a site, known by an invented name. `kept_on` is empty for a guest."""

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    handle = models.CharField(max_length=24)  # two words and a number: quiet-heron-27
    skeleton = models.CharField(max_length=24)  # folded, so that no two names look alike
    language = models.CharField(max_length=8, default="en")
    country = models.CharField(max_length=2, blank=True)  # chosen, never guessed
    created_on = models.DateField()
    kept_on = models.DateField(null=True)
    last_active_on = models.DateField()
    discreet = models.BooleanField(default=False)
    staff = models.BooleanField(default=False)  # kept by organisations; sign-ins are shorter
    erased_on = models.DateField(null=True)  # the row stays as an empty tombstone

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "skeleton"], name="name_once")]
        indexes = [models.Index(fields=["last_active_on"])]

    @property
    def name(self) -> str:
        """The handle as people read it: Quiet Heron 27. A tombstone has none."""
        if self.erased_on is not None:
            return _("Somebody who left")
        return rules.spoken(self.handle)

    @property
    def is_guest(self) -> bool:
        """Whether the name is not kept yet."""
        return self.kept_on is None


class Credential(models.Model):
    """A way in: a phrase of seven words, or a private sign-in name with a password."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="credentials")
    way = models.CharField(max_length=10, choices=Way.choices)
    lookup = models.CharField(max_length=64)  # phrase: scrypt of it; password: the sign-in name
    secret = models.CharField(max_length=200)
    made_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["way", "lookup"], name="way_in_once"),
            models.UniqueConstraint(fields=["member", "way"], name="one_of_each_way"),
        ]


class SignIn(models.Model):
    """A sign-in on a device. Only a hash of the cookie is here, a coarse label, no address."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="sign_ins")
    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    cookie_hash = models.CharField(max_length=64, unique=True)
    device = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    stays = models.BooleanField(default=False)
    last_ticket_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["ends_at"])]


class Block(SiteModel):
    """Silent and mutual, on every surface; survives both changing their names."""

    blocker = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    blocked = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    # The name of that day: a block must not become a way to follow somebody through new names.
    known_as = models.CharField(max_length=24, blank=True)
    made_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once"),
            models.CheckConstraint(condition=~Q(blocker=models.F("blocked")), name="block_another"),
        ]

    @property
    def name(self) -> str:
        """Whom this is about, by the name they had when the block was placed."""
        return rules.spoken(self.known_as)


class Consent(models.Model):
    """Which version of the promise a member accepted, or that they asked for help first."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="consents")
    version = models.CharField(max_length=20)
    on = models.DateField()
    informed_only = models.BooleanField(default=False)  # crisis path: told, not agreed

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "version"], name="consent_once")]
