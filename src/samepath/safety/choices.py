"""Kinds that are stored."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Where a concern came from."""

    SCREEN = "screen", _("words of danger")
    BUTTON = "button", _("I am not safe")
    PEER = "peer", _("raised by the other person")
    UNSCREENED = "unscreened", _("screening failed")


class Why(models.TextChoices):
    """Reasons for a report, in plain words."""

    HURT = "hurt", _("It was hurtful or hateful")
    SEXUAL = "sexual", _("It was sexual")
    CONTACT = "contact", _("They wanted my number, money or to meet")
    DANGER = "danger", _("I fear for them or for somebody else")
    CHILD = "child", _("A child may be in danger")
    OTHER = "other", _("Something else")
