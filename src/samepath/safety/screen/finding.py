"""What the screener answers: a level, a stream and the evidence behind it.

The levels and streams are those of the safety page, section 4.2. A finding never holds any of the
words that were screened: only offsets into them, so it may be stored beside a sealed message.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

Stream = Literal["S", "V", "C", "M", "X", "E", ""]

#: Which stream is named when two streams stand at the same level: the one that needs another kind
#: of help first (a child, then a body in danger), then thoughts of suicide, then the rest.
STREAM_ORDER: tuple[Stream, ...] = ("C", "M", "S", "V", "E", "X", "")


class Level(IntEnum):
    """How much danger the words speak of. Flagged means ``R2`` and above."""

    R0 = 0
    R1 = 1
    R2 = 2
    R3 = 3
    R4 = 4

    @property
    def word(self) -> str:
        """The level as outside formats name it: none, low, moderate, high or imminent."""
        return ("none", "low", "moderate", "high", "imminent")[self]


#: Score at and above which a moderate finding also shows the care card. The list of the lead takes
#: every moderate finding; a card is put in front of a person, so it asks for more.
#: Where the figure comes from: bench/results/screening.md.
CARD_SCORE = 0.5


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of screening one message.

    ``score`` runs from 0 to 1 and only ranks: it is no probability. ``spans`` are (start, end)
    character offsets into the screened text, in order and without overlap. ``rules`` are the ids
    of the rules that spoke, strongest first. ``reason`` is one sentence for a volunteer and never
    quotes the text. ``screened`` is False where nobody checks the language: then a low level means
    nothing, and people must be told so.
    """

    level: Level
    stream: Stream
    rules: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    reason: str
    screened: bool
    score: float

    @property
    def flagged(self) -> bool:
        """Whether the message belongs in the lead's list (moderate and above)."""
        return self.level >= Level.R2

    @property
    def shows_card(self) -> bool:
        """Whether the care card is shown to the person who wrote this."""
        return self.level >= Level.R3 or (self.level == Level.R2 and self.score >= CARD_SCORE)

    @property
    def rings(self) -> bool:
        """Whether a safeguarding lead's phone rings."""
        return self.level >= Level.R3
