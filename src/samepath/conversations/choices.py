"""Kinds that are stored."""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    """Life of a conversation (safety.md 3.1.4)."""

    OPEN = "open"
    RESTING = "resting"  # closed; kept for a while so that a report or a goodbye works
    SHREDDED = "shredded"  # keys destroyed, words gone


class Sort(models.TextChoices):
    """What a line of the log is."""

    TEXT = "text"
    GOODBYE = "goodbye"
    NOTICE = "notice"  # said by the service: a code, never words people wrote
    REMOVED = "removed"


class Notice(models.TextChoices):
    """What the service says in a log."""

    LEFT = "left"
    BACK = "back"
    PAUSED = "paused"
    RESUMED = "resumed"
    ENDED = "ended"
    LOST = "lost"  # the connection to a peer
