"""Kinds that are stored."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """The ways to sign in."""

    PHRASE = "phrase", _("a phrase of seven words")
    PASSWORD = "password", _("a sign-in name and a password")
