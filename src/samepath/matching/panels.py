"""What matching shows inside a conversation: what you two know, and a place kept in line."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from samepath.conversations.access import Seat
from samepath.matching import queries
from samepath.matching.models import Piece
from samepath.profiles.choices import Stage, Style


def _words(piece: Piece, language: str) -> str:
    if piece.sort == "topic":
        return queries.topic_label(piece.value, language)
    labels = dict(Stage.choices) | dict(Style.choices)
    return str(labels.get(piece.value, piece.value))


def known(request: HttpRequest, seat: Seat, **_more: Any) -> dict[str, Any] | None:
    """Two columns, each chosen by its owner."""
    pairing = queries.pairing_of(seat.conversation.public_id)
    if pairing is None:
        return None
    language = get_language() or "en"
    mine, theirs = [], []
    for piece in queries.pieces_of(pairing):
        if piece.owner_id == seat.mine.member_id:
            mine.append({"piece": piece, "words": _words(piece, language)})
        elif piece.shown:
            theirs.append(_words(piece, language))
    return {"mine": mine, "theirs": theirs, "seat": seat}


def shared_line(request: HttpRequest, seat: Seat, **_more: Any) -> dict[str, Any] | None:
    """The line under the peer's name."""
    pairing = queries.pairing_of(seat.conversation.public_id)
    if pairing is None:
        return None
    rows = [piece for piece in queries.pieces_of(pairing) if piece.shown and piece.sort == "topic"]
    owners: dict[str, set[int]] = {}
    for piece in rows:
        owners.setdefault(piece.value, set()).add(piece.owner_id)
    language = get_language() or "en"
    both = [queries.topic_label(t, language) for t, who in owners.items() if len(who) > 1]
    if both:
        return {"line": _("You have both lived: %(topics)s") % {"topics": " · ".join(both)}}
    return {"line": _("Here to listen")} if not pairing.shared else None


def next_in_line(request: HttpRequest, seat: Seat, **_more: Any) -> dict[str, Any] | None:
    """After a lost connection, or a hand-over by the supporter: you are next."""
    row = queries.waiting_request(seat.mine.member)
    if row is None or row.conversation != seat.conversation.public_id:
        return None
    return {"row": row, "peer": seat.peer.member, "handed_over": not seat.is_open}
