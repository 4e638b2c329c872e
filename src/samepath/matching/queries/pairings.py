"""What came of a match: what two people know of each other, and how it ended."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from samepath.accounts.models import Member
from samepath.kit import crypto, keys
from samepath.matching.choices import Line
from samepath.matching.models import Ending, Offer, Pairing, Piece, Request
from samepath.profiles import queries as profiles
from samepath.profiles.cards import cards
from samepath.profiles.choices import Part, Seen
from samepath.profiles.models import Experience


def pairing_of(conversation: UUID) -> Pairing | None:
    """The pairing a conversation came of."""
    return (
        Pairing.objects.select_related("seeker", "giver", "request")
        .filter(conversation=conversation)
        .first()
    )


def latest_pairing(member: Member) -> Pairing | None:
    """The pairing opened last."""
    return Pairing.objects.filter(Q(seeker=member) | Q(giver=member)).order_by("-pk").first()


def pairings_of(member: Member) -> dict[UUID, Pairing]:
    """The member's pairings by conversation, newest first."""
    rows = Pairing.objects.filter(Q(seeker=member) | Q(giver=member)).order_by("-pk")[:50]
    return {row.conversation: row for row in rows}


def first_pieces(offer: Offer) -> list[tuple[int, str, str]]:
    """(owner, sort, value) of what each lets the other know at the start: what they asked about,
    and of what they have lived only pieces they marked as "the other may see it"."""
    seeker, giver = offer.request.member, offer.giver
    pieces = [(seeker.pk, "topic", topic) for topic in offer.request.wanted]
    pieces.append((seeker.pk, "style", offer.request.style))
    told = profiles.experiences_by([seeker.pk, giver.pk])
    wanted = set(offer.request.wanted)
    families = {cards("en")[topic].family for topic in wanted if topic in cards("en")}
    for row in told.get(giver.pk, []):
        if row.part == Part.LIVED and row.seen == Seen.PEER and _near(row, wanted, families):
            pieces.append((giver.pk, "topic", row.topic))
            if row.stage:
                pieces.append((giver.pk, "stage", row.stage))
    if offer.giver_request is not None:
        pieces += [(giver.pk, "topic", topic) for topic in offer.giver_request.wanted]
        pieces.append((giver.pk, "style", offer.giver_request.style))
    else:
        profile = profiles.profiles_of([giver.pk]).get(giver.pk)
        if profile:
            pieces.append((giver.pk, "style", profile.style))
    return list(dict.fromkeys(pieces))


def _near(row: Experience, wanted: set[str], families: set[str]) -> bool:
    card = cards("en").get(row.topic)
    return row.topic in wanted or (card is not None and card.family in families)


def pieces_of(pairing: Pairing) -> list[Piece]:
    """What the two know of each other, and what is taken back."""
    return list(Piece.objects.filter(pairing=pairing).order_by("owner_id", "sort", "pk"))


def endings_of(pairing: Pairing) -> dict[int, Ending]:
    """Both sides' endings by member id."""
    return {row.member_id: row for row in Ending.objects.filter(pairing=pairing)}


def open_words(ending: Ending, key_name: str, what: str) -> str:
    """The sentence or line of an ending, "" where it is gone."""
    sealed = bytes(ending.keepsake if what == "keepsake" else ending.line)
    if not sealed:
        return ""
    try:
        key = keys.service().unwrap(key_name)
        return crypto.open_sealed(key, sealed, f"v1|ending|{what}|{ending.pk}".encode()).decode()
    except (keys.NoKey, crypto.CannotOpen):
        return ""


def export(member_id: int) -> object:
    """What this room knows of a member."""
    return {
        "requests": [
            {
                "asked_at": row.joined_at.isoformat(),
                "topics": list(row.wanted),
                "style": row.style,
                "became_a_conversation": row.state == Line.MATCHED,
            }
            for row in Request.objects.filter(member_id=member_id)
        ],
        "conversations": [
            {"opened_at": row.opened_at.isoformat()}
            for row in Pairing.objects.filter(Q(seeker_id=member_id) | Q(giver_id=member_id))
        ],
        "answers": list(
            Ending.objects.filter(member_id=member_id).values(
                "heard", "helped", "come_back", "again"
            )
        ),
    }
