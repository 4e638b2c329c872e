"""Kinds that are stored."""

from __future__ import annotations

from django.db import models


class Line(models.TextChoices):
    """Where a request stands."""

    WAITING = "waiting"
    MATCHED = "matched"
    ENDED = "ended"


class Answer(models.TextChoices):
    """One side's answer to an offer."""

    OPEN = "open"
    YES = "yes"
    NO = "no"


class Outcome(models.TextChoices):
    """How an offer ended. A no is never shown as a no."""

    OPEN = "open"
    OPENED = "opened"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Step(models.TextChoices):
    """The ending: one quiet thing per screen."""

    GOODBYE = "goodbye"
    KEEP = "keep"
    NEXT = "next"
    CHECK = "check"
    NAME = "name"
    DONE = "done"
