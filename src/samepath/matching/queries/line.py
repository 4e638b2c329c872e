"""Who waits, in which place, how long it takes, and what the person waiting is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from samepath.accounts.models import Member
from samepath.conversations import queries as talk
from samepath.engine import waiting as engine_waiting
from samepath.kit import clock, ids
from samepath.matching import rules
from samepath.matching.choices import Answer, Line, Outcome
from samepath.matching.models import Availability, Offer, Pairing, Request
from samepath.organisations import queries as organisations
from samepath.organisations.choices import Hat
from samepath.profiles import queries as profiles
from samepath.profiles.cards import cards


def waiting_request(member: Member | None) -> Request | None:
    """The member's place in line, if they have one."""
    if member is None:
        return None
    return Request.objects.filter(member=member, state=Line.WAITING).first()


def place_in_line(request: Request) -> int:
    """From 1. Danger first, then who lost a peer, then who came first."""
    ahead = Request.objects.filter(state=Line.WAITING)
    mine = Q(joined_at__lt=request.joined_at) | Q(joined_at=request.joined_at, pk__lt=request.pk)
    if request.crisis:
        ahead = ahead.filter(mine, crisis=True)
    elif request.head:
        ahead = ahead.filter(Q(crisis=True) | (Q(head=True) & mine))
    else:
        ahead = ahead.filter(Q(crisis=True) | Q(head=True) | mine)
    return 1 + ahead.exclude(pk=request.pk).count()


def wait_range(
    before: int = 0, waited: float = 0.0, desks: list[AtDesk] | None = None
) -> tuple[int, int] | None:
    """Minutes as a range from what people lived through in the last day, or None: not known yet.

    `desks` are those of this moment, where the caller has looked already.
    """
    now = clock.now()
    day = now - timedelta(hours=24)
    lately = Request.objects.filter(joined_at__gt=day).order_by("-pk")
    waits = [
        engine_waiting.Wait(((ended or now) - joined).total_seconds(), state == Line.MATCHED)
        for joined, ended, state in lately.values_list("joined_at", "ended_at", "state")[:300]
    ]
    closed = Pairing.objects.filter(closed_at__gt=day).order_by("-pk")
    talks = [
        (ended - began).total_seconds()
        for began, ended in closed.values_list("opened_at", "closed_at")[:200]
        if ended
    ]
    free, busy = crowd(desks)
    found = engine_waiting.wait_range(
        waits, before=before, free=free, busy=busy, talks=talks, waited=waited
    )
    return (found.low_min, found.high_min) if found else None


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A supporter on duty: whether they are here and say "available", how many talks they have."""

    member: Member
    available: bool
    talks: int


def at_desks() -> list[AtDesk]:
    """Every supporter on duty, on call left out. Three queries."""
    here = clock.now() - rules.PRESENT
    on = [row.member for row in organisations.on_duty(Hat.SUPPORTER) if not row.on_call]
    ids = [member.pk for member in on]
    present = set(
        Availability.objects.filter(
            available=True, seen_at__gt=here, member_id__in=ids
        ).values_list("member_id", flat=True)
    )
    talks = talk.open_counts(ids)
    return [AtDesk(member, member.pk in present, talks[member.pk]) for member in on]


def crowd(desks: list[AtDesk] | None = None) -> tuple[int, int]:
    """How many who are available could talk at once, and how many of them talk already."""
    present = [one for one in (at_desks() if desks is None else desks) if one.available]
    free = sum(1 for one in present if not one.talks)
    return free, len(present) - free


@dataclass(frozen=True, slots=True)
class Looked:
    """An offer as the person waiting sees it: who it is, why, and whether they said yes already."""

    offer: Offer
    peer: Member
    why: list[str]
    said_yes: bool


def offer_for(request: Request, language: str) -> Looked | None:
    """What the person waiting may look at: the supporter has said yes, or both of two wait."""
    offer = (
        Offer.objects.filter(Q(request=request) | Q(giver_request=request), outcome=Outcome.OPEN)
        .exclude(seeker_until=None)
        .select_related("giver", "request__member")
        .first()
    )
    if offer is None:
        return None
    if offer.request_id == request.pk:
        why = reasons_shown(offer.why_seeker, language, asked=request.wanted)
        return Looked(offer, offer.giver, why, offer.seeker_says == Answer.YES)
    why = reasons_shown(offer.why_giver, language, asked=request.wanted)
    return Looked(offer, offer.request.member, why, offer.giver_says == Answer.YES)


def asked_now(request: Request) -> bool:
    """Whether somebody is being asked for this person at this moment."""
    return Offer.objects.filter(
        Q(request=request) | Q(giver_request=request), outcome=Outcome.OPEN
    ).exists()


def reasons_shown(
    reasons: Iterable[dict[str, Any]], language: str, *, asked: Iterable[str]
) -> list[str]:
    """True reasons in words for the person who asked about `asked`, best first. What has no words
    is left out, never guessed."""
    told, wanted, out = list(reasons), set(asked), []
    topics = [reason["value"] for reason in told if reason["kind"] == "topic"]
    both = [topic_label(topic, language) for topic in topics if topic in wanted]
    near = [topic_label(topic, language) for topic in topics if topic not in wanted]
    if both:
        out.append(_("You have both lived: %(topics)s") % {"topics": " · ".join(both)})
    if near:
        out.append(_("They have lived something close: %(topics)s") % {"topics": " · ".join(near)})
    words = {
        "listener": _("They have not lived this themselves. They are here to listen."),
        "first_hand": _("They lived it first-hand."),
        "preference": _("It is somebody you said you would rather talk with."),
        "age": _("You are of about the same age."),
    }
    kinds = dict.fromkeys(reason["kind"] for reason in told)
    return out + [words[kind] for kind in kinds if kind in words]


def topic_label(topic: str, language: str) -> str:
    """A topic as people read it."""
    return profiles.topic_name(topic, language)


def topics_by_family(language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Families and their topics, for picking without words."""
    from samepath.profiles.cards import families

    rows: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key, card in cards(language).items():
        rows[card.family].append((key, card.name))
    order: Iterable[Any] = families(language)
    listed = order.values() if isinstance(order, dict) else order
    return [(family.name, rows[family.key]) for family in listed if rows[family.key]]


def may_listen_request(member_id: int, public_id: str) -> bool:
    """A socket may listen to the member's own request."""
    wanted = ids.parse_id(public_id)
    if wanted is None:
        return False
    return Request.objects.filter(member_id=member_id, public_id=wanted).exists()
