"""Changing what a member tells of themselves."""

from __future__ import annotations

import re
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
MOST_LANGUAGES = 12


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
    """Add a topic, or change it where it is there. Raises Invalid, Conflict at 40 topics.

    Not wanting to talk about a topic and wanting to exclude each other: the newer word counts.
    """
    _check(told)
    with db.write():
        held = Experience.objects.filter(member=member)
        same = held.filter(topic=told.topic)
        if told.part == Part.AVOID:
            same.exclude(part=Part.AVOID).delete()
        else:
            same.filter(part=Part.AVOID).delete()
        if not same.filter(part=told.part).exists() and held.count() >= MOST:
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


def _check(told: Told) -> None:
    listed = _("Please choose one from the list.")
    if told.topic not in cards("en"):
        raise Invalid(listed, field="topic")
    if told.part not in Part.values:
        raise Invalid(listed, field="part")
    # What somebody will not talk about always counts for matching, so "only me" would be untrue.
    if told.seen not in Seen.values or (told.part == Part.AVOID and told.seen == Seen.ME):
        raise Invalid(listed, field="seen")
    if told.stage and told.stage not in Stage.values:
        raise Invalid(listed, field="stage")


def drop_experience(member: Member, pk: int) -> None:
    """Take one of the member's own topics out. Raises NotFound."""
    with db.write():
        gone, _by = Experience.objects.filter(member=member, pk=pk).delete()
    if not gone:
        raise NotFound


def set_profile(member: Member, values: Mapping[str, Any]) -> Profile:
    """Set style, languages, identity and wishes. Raises Invalid for an unknown name or value."""
    known = {field.name: field for field in Profile._meta.concrete_fields}
    for unset in ("id", "site", "member"):
        del known[unset]
    for name, value in values.items():
        if name not in known or not _fits(known[name], value):
            field = name if name in known else ""
            raise Invalid(_("Please choose one from the list."), field=field)
    with db.write():
        row, _made = Profile.objects.update_or_create(member=member, defaults=dict(values))
    return row


def _fits(field: Any, value: Any) -> bool:
    if field.name == "languages":
        return (
            isinstance(value, list)
            and all(isinstance(code, str) and re.fullmatch(r"[a-z]{2,3}", code) for code in value)
            and len(value) <= MOST_LANGUAGES
        )
    if field.name == "wish_strong":
        return isinstance(value, bool)
    return (field.blank and value == "") or value in dict(field.choices)


def remember_wanted(member: Member, topics: Iterable[str]) -> None:
    """Keep the topics of a request as "would like to talk about", for the next time.

    What is there stays as the member set it, and a full list stays as it is.
    """
    with db.write():
        held = set(Experience.objects.filter(member=member).values_list("topic", "part"))
        for topic in dict.fromkeys(topics):
            if len(held) < MOST and not held & {(topic, Part.SEEK), (topic, Part.AVOID)}:
                add_experience(member, Told(topic, Part.SEEK, seen=Seen.MATCH))
                held.add((topic, Part.SEEK))


def erase(member_id: int) -> str | None:
    """The eraser of this room."""
    with db.write():
        Experience.objects.filter(member_id=member_id).delete()
        Profile.objects.filter(member_id=member_id).delete()
    return None
