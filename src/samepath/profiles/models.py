"""What a member tells of themselves, piece by piece, each with its own visibility."""

from __future__ import annotations

from django.db import models

from samepath.accounts.models import Member
from samepath.kit.models import SiteModel
from samepath.profiles.choices import AgeBand, Gender, Part, Seen, Stage, Style


class Profile(SiteModel):
    """Style, languages and, only if wanted, identity and wishes."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="profile")
    style = models.CharField(max_length=8, choices=Style.choices, default=Style.LISTEN)
    languages = models.JSONField(default=list)
    age_band = models.CharField(max_length=12, choices=AgeBand.choices, default=AgeBand.UNDISCLOSED)
    age_seen = models.CharField(max_length=6, choices=Seen.choices, default=Seen.MATCH)
    gender = models.CharField(max_length=12, choices=Gender.choices, default=Gender.UNDISCLOSED)
    gender_seen = models.CharField(max_length=6, choices=Seen.choices, default=Seen.MATCH)
    wish_gender = models.CharField(max_length=12, choices=Gender.choices, blank=True)
    wish_strong = models.BooleanField(default=False)  # a must, not a wish


class Experience(SiteModel):
    """One topic and what it is to the member."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="experiences")
    topic = models.CharField(max_length=60)
    part = models.CharField(max_length=6, choices=Part.choices)
    first_hand = models.BooleanField(default=True)  # else beside somebody
    stage = models.CharField(max_length=10, choices=Stage.choices, blank=True)
    offers = models.BooleanField(default=False)  # would be there for others about this
    seen = models.CharField(max_length=6, choices=Seen.choices, default=Seen.PEER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "topic", "part"], name="experience_once")
        ]
