"""Kinds that are stored."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Hat(models.TextChoices):
    """What a member may do for others here. Everybody is a member first."""

    SUPPORTER = "supporter", _("supporter")
    LEAD = "lead", _("looks after safety")
    SECOND = "second", _("second")
    ADMIN = "admin", _("runs the place")
