"""The care card: numbers after a message that sounded heavy. Each sentence only while true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from samepath.accounts.access import member_of
from samepath.accounts.models import Member
from samepath.conversations import access, queries
from samepath.kit import choices, clock
from samepath.kit.errors import NotFound
from samepath.kit.http import see_other
from samepath.organisations import queries as organisations
from samepath.safety import actions as safety
from samepath.safety import lines
from samepath.safety import queries as safety_queries
from samepath.safety.models import CareCard

UNANSWERED = timedelta(seconds=180)  # then the author is told that nobody has (safety.md 4.2)
DANGER = {"V": "someone", "M": "took"}  # which numbers fit a stream; its own thoughts for the rest


@dataclass(frozen=True, slots=True)
class Way:
    """A number or an address to press."""

    words: str
    href: str
    whose: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as its author sees it. `waits` asks the page to look again."""

    public_id: UUID
    after: UUID | None
    first: str
    sentences: tuple[str, ...]
    ways: tuple[Way, ...]
    folded: bool
    waits: bool


def shown(member: Member, seat: access.Seat, cookie_country: str = "") -> list[Shown]:
    """The member's own cards in this conversation. One query where there is none."""
    held = safety_queries.cards_for(member, seat.conversation.public_id)
    if not held:
        return []
    known = safety_queries.country_of(member.country, cookie_country)
    country = lines.country_for(known or str(choices.get("country")))
    keeper = organisations.safety_name() if any(card.level >= 3 for card in held) else ""
    peer = seat.peer.member.name if seat.others and queries.peer_state(seat) == "here" else ""
    return [_card(card, country, keeper, peer) for card in held]


def _card(card: CareCard, country: lines.Country, keeper: str, peer: str) -> Shown:
    stream = card.concern.stream if card.concern else ""
    danger = DANGER.get(stream, "thoughts")
    emergency = lines.emergency_for(country, danger) or country.emergency
    ways = [way for line in lines.for_danger(country, danger)[:3] for way in _ways(line)]
    if card.level >= 3 and emergency:
        number = emergency[0]
        call = Way(_("Call %(number)s") % {"number": number.number}, f"tel:{number.tel}", "")
        ways.insert(0, call)
    first, sentences, waits = _sentences(card, keeper, peer)
    return Shown(
        card.public_id, card.after, first, tuple(sentences), tuple(ways[:4]), card.folded, waits
    )


def _ways(line: lines.Line) -> list[Way]:
    found = []
    for way in line.channels:
        if way.kind == "call" and way.tel:
            words = _("Call %(number)s") % {"number": way.number}
            found.append(Way(words, f"tel:{way.tel}", line.name))
        elif way.kind == "text" and way.tel:
            words = _("Text %(number)s") % {"number": way.number}
            if way.keyword:
                words = _("Text %(word)s to %(number)s") % {
                    "word": way.keyword,
                    "number": way.number,
                }
            found.append(Way(words, f"sms:{way.tel}", line.name))
    return found


def _sentences(card: CareCard, keeper: str, peer: str) -> tuple[str, list[str], bool]:
    with_you = _("%(peer)s is still with you.") % {"peer": peer} if peer else ""
    concern = card.concern
    if card.level < 3 or concern is None:
        first = _("Some words here sounded heavy, so a computer put these numbers here.")
        return first, [_("Nobody has been called."), with_you], False
    if card.level >= 4:
        first = _("Please call now. You can keep writing here.")
    elif concern.source == "button":
        first = _("You pressed “I am not safe”. These numbers answer.")
    else:
        first = _("Some words here sounded very heavy, so a computer put these numbers here.")
    if concern.seen_at is not None:
        name = concern.seen_by.name if concern.seen_by else keeper
        told = _("Somebody who looks after safety here has seen this.")
        if name:
            told = _("%(name)s, who looks after safety here, has seen this.") % {"name": name}
        return first, [told, with_you], False
    if clock.now() - concern.raised_at >= UNANSWERED:
        return first, [_("Nobody from our team has answered yet. The numbers do."), with_you], True
    if keeper:
        told = _("%(name)s, who looks after safety here, has been told.") % {"name": keeper}
        return first, [told, _("They have not called anyone."), with_you], True
    told = _("Nobody who looks after safety here is on duty now. Nobody has been called.")
    return first, [told, with_you], True


def on_page(cards: Sequence[Shown]) -> list[Shown]:
    """Cards without empty sentences."""
    return [
        Shown(
            one.public_id,
            one.after,
            one.first,
            tuple(words for words in one.sentences if words),
            one.ways,
            one.folded,
            one.waits,
        )
        for one in cards
    ]


def cards_of(request: HttpRequest, member: Member, seat: access.Seat) -> list[Shown]:
    """The cards for a page."""
    return on_page(shown(member, seat, request.COOKIES.get("country", "")))


def card(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The cards of a talk: a piece for its script, a small page of its own without."""
    member = member_of(request)
    seat = access.conversation_for(member, public_id)
    found = cards_of(request, member, seat)
    return render(request, "conversations/card.html", {"seat": seat, "cards": found})


def away(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Put one's own card away, or say "that is not what I meant"."""
    if request.method != "POST":
        raise NotFound
    member = member_of(request)
    talk = safety_queries.place_of_card(member, public_id)
    safety.put_card_away(member, public_id, not_meant=request.POST.get("says") == "not-meant")
    return see_other(request, f"/conversations/{talk}")
