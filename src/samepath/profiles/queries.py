"""What members told, for themselves and for matching."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from samepath.accounts.models import Member
from samepath.kit.errors import NotFound
from samepath.organisations import queries as organisations
from samepath.organisations.choices import Hat
from samepath.profiles.cards import cards
from samepath.profiles.choices import Gender, Part, Seen
from samepath.profiles.models import Experience, Profile


def profile_of(member: Member) -> Profile:
    """The member's profile; an unsaved one with the defaults where nothing was told."""
    row = Profile.objects.filter(member=member).first()
    return row or Profile(member=member, languages=[member.language], site_id=member.site_id)


def experiences_of(member: Member) -> list[Experience]:
    """Everything the member told about topics, in order."""
    return list(Experience.objects.filter(member=member).order_by("part", "topic"))


def sought(member: Member) -> list[str]:
    """Topics the member would like to talk about and lets us use, newest first, at most six."""
    rows = Experience.objects.filter(member=member, part=Part.SEEK).exclude(seen=Seen.ME)
    return list(rows.order_by("-pk").values_list("topic", flat=True)[:6])


def profiles_of(member_ids: Iterable[int]) -> dict[int, Profile]:
    """Profiles of many members: one query."""
    return {row.member_id: row for row in Profile.objects.filter(member_id__in=list(member_ids))}


def experiences_by(member_ids: Iterable[int]) -> dict[int, list[Experience]]:
    """Topics of many members: one query."""
    found: dict[int, list[Experience]] = defaultdict(list)
    for row in Experience.objects.filter(member_id__in=list(member_ids)):
        found[row.member_id].append(row)
    return found


def own_experience(member: Member, pk: int) -> Experience:
    """One of the member's own topics. Raises NotFound for anybody else's."""
    row = Experience.objects.filter(member=member, pk=pk).first()
    if row is None:
        raise NotFound
    return row


def wish_costs() -> tuple[dict[str, int], int]:
    """How many supporters on duty count as which gender, and how many there are. Two queries."""
    here = {row.member_id for row in organisations.on_duty(Hat.SUPPORTER) if not row.on_call}
    told = Profile.objects.filter(member_id__in=here).exclude(gender_seen=Seen.ME)
    counted = Counter(told.values_list("gender", flat=True))
    wishes = [gender for gender in Gender.values if gender != Gender.UNDISCLOSED]
    return {gender: counted[gender] for gender in wishes}, len(here)


def topic_name(topic: str, language: str) -> str:
    """A topic as people read it; its key where the card is gone."""
    card = cards(language).get(topic)
    return card.name if card else topic.replace("-", " ")


def export(member_id: int) -> object:
    """What this room knows of a member."""
    row = Profile.objects.filter(member_id=member_id).first()
    return {
        "profile": row
        and {
            "style": row.style,
            "languages": row.languages,
            "age_band": row.age_band,
            "age_seen": row.age_seen,
            "gender": row.gender,
            "gender_seen": row.gender_seen,
            "wish_gender": row.wish_gender,
            "wish_strong": row.wish_strong,
        },
        "topics": list(
            Experience.objects.filter(member_id=member_id).values(
                "topic", "part", "first_hand", "stage", "offers", "seen"
            )
        ),
    }
