"""From a person's own words to topics: the engine's router with our cards in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from samepath.engine.routing import Router
from samepath.kit import text
from samepath.profiles.cards import openers, routing_cards
from samepath.safety.screen import crisis


@cache
def router() -> Router:
    """The router with the cards of every language, made on first use and kept (about a second)."""
    return Router(routing_cards(), openers())


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text seems to be about: up to three topics, whether to ask, whether it is danger."""

    topics: list[str]
    ask: bool
    danger: bool


def read_words(words: str) -> Reading:
    """Topics to offer as chips; nothing of the text is kept. Never raises: danger is looked for
    first, and a router that fails finds no topics."""
    plain = text.clean(words)
    if not plain:
        return Reading([], ask=False, danger=False)
    danger = crisis(plain)
    found = router().route(plain)
    return Reading([key for key, _score in found.topics], found.ask, danger)
