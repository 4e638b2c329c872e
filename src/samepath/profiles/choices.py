"""Kinds that are stored."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Part(models.TextChoices):
    """What a topic is to a member."""

    LIVED = "lived", _("I have lived this")
    SEEK = "seek", _("I would like to talk about this")
    AVOID = "avoid", _("I do not want to talk about this")


class Seen(models.TextChoices):
    """Who sees a piece. Every piece has its own."""

    ME = "me", _("only me")
    MATCH = "match", _("counts when we look for a peer, is never shown")
    PEER = "peer", _("the person I talk with may see it")


class Stage(models.TextChoices):
    """How far along, in plain words; earliest first."""

    BEGINNING = "beginning", _("it is new")
    MIDST = "midst", _("in the middle of it")
    LEARNING = "learning", _("learning to live with it")
    BEHIND = "behind", _("some of it lies behind me")


class Style(models.TextChoices):
    """How somebody would like to talk."""

    LISTEN = "listen", _("Listening is enough")
    IDEAS = "ideas", _("Ideas too")
    BOTH = "both", _("Both of us share")


class AgeBand(models.TextChoices):
    """Adults only here; said only where somebody wants to."""

    UNDISCLOSED = "undisclosed", _("I would rather not say")
    B18 = "18-24", "18–24"
    B25 = "25-34", "25–34"
    B35 = "35-44", "35–44"
    B45 = "45-54", "45–54"
    B55 = "55-64", "55–64"
    B65 = "65+", "65+"


class Gender(models.TextChoices):
    """Said only where somebody wants to."""

    UNDISCLOSED = "undisclosed", _("I would rather not say")
    WOMAN = "woman", _("woman")
    MAN = "man", _("man")
    NON_BINARY = "non-binary", _("non-binary")
