"""What matching shows. Cut by noun: pool, line, desk, pairings."""

from samepath.matching.queries.desk import (
    DeskState,
    availability,
    desk_state,
    may_listen_desk,
    on_desk,
    open_offer,
    why_for_giver,
)
from samepath.matching.queries.line import (
    Looked,
    asked_now,
    may_listen_request,
    offer_for,
    place_in_line,
    reasons_shown,
    topic_label,
    topics_by_family,
    wait_range,
    waiting_request,
)
from samepath.matching.queries.pairings import (
    endings_of,
    export,
    first_pieces,
    latest_pairing,
    open_words,
    pairing_of,
    pairings_of,
    pieces_of,
)
from samepath.matching.queries.pool import (
    Pool,
    engine_rules,
    pool,
)

__all__ = [
    "DeskState",
    "Looked",
    "Pool",
    "asked_now",
    "availability",
    "desk_state",
    "endings_of",
    "engine_rules",
    "export",
    "first_pieces",
    "latest_pairing",
    "may_listen_desk",
    "may_listen_request",
    "offer_for",
    "on_desk",
    "open_offer",
    "open_words",
    "pairing_of",
    "pairings_of",
    "pieces_of",
    "place_in_line",
    "pool",
    "reasons_shown",
    "topic_label",
    "topics_by_family",
    "wait_range",
    "waiting_request",
    "why_for_giver",
]
