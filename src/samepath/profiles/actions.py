"""Changing what a member tells of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from samepath.accounts.models import Member
from samepath.kit import db
from samepath.kit.errors import Conflict, Invalid, NotFound
from samepath.profiles.cards import cards
from samepath.profiles.choices import Part, Seen, Stage
from samepath.profiles.models import Experience, Profile

MOST = 40


@dataclass(frozen=True, slots=True)
class Told:
    """A topic as somebody told it."""

    topic: str
    part: str
    first_hand: bool = True
    stage: str = ""
    offers: bool = False
    seen: str = Seen.PEER


def add_experience(member: Member, told: Told) -> Experience:
    """Add a topic, or change it where it is there. Raises Invalid, Conflict at 40 topics."""
    if told.topic not in cards("en"):
        raise Invalid(_("Please choose one from the list."), field="topic")
    if told.part not in Part.values or told.seen not in Seen.values:
        raise Invalid(_("Please choose one from the list."), field="part")
    if told.stage and told.stage not in Stage.values:
        raise Invalid(_("Please choose one from the list."), field="stage")
    with db.write():
        held = Experience.objects.filter(member=member)
        opposite = Part.AVOID if told.part != Part.AVOID else None
        if opposite:
            held.filter(topic=told.topic, part=opposite).delete()
        else:
            held.filter(topic=told.topic).exclude(part=Part.AVOID).delete()
        if held.count() >= MOST:
            raise Conflict(_("This list is full. Take something out first."))
        row, _made = Experience.objects.update_or_create(
            member=member,
            topic=told.topic,
            part=told.part,
            defaults={
                "first_hand": told.first_hand,
                "stage": told.stage,
                "offers": told.offers,
                "seen": told.seen,
            },
        )
    return row


def drop_experience(member: Member, pk: int) -> None:
    """Take one of the member's own topics out. Raises NotFound."""
    with db.write():
        gone, _by = Experience.objects.filter(member=member, pk=pk).delete()
    if not gone:
        raise NotFound


def set_profile(member: Member, values: Mapping[str, Any]) -> Profile:
    """Set style, languages, identity and wishes; unknown names are refused, not ignored."""
    known = {field.name for field in Profile._meta.concrete_fields} - {"id", "site", "member"}
    if not set(values) <= known:
        raise Invalid(_("Please choose one from the list."))
    with db.write():
        row, _made = Profile.objects.update_or_create(member=member, defaults=dict(values))
    return row


def remember_wanted(member: Member, topics: Iterable[str]) -> None:
    """Keep the topics of a request as "would like to talk about", for the next time."""
    for topic in topics:
        add_experience(member, Told(topic, Part.SEEK, seen=Seen.MATCH))


def erase(member_id: int) -> str | None:
    """The eraser of this room."""
    with db.write():
        Experience.objects.filter(member_id=member_id).delete()
        Profile.objects.filter(member_id=member_id).delete()
    return None
