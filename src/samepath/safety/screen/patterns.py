"""The small language in which packs write phrases, and its compilation.

A phrase is a row of words: ``@want to (kill|hurt) myself ... tonight?``

===========  ==================================================================
``word``     that word, after folding (lower case, no accents, no apostrophes)
``@name``    any word of the class ``name``
``( a | b )``  either; each side may be several words
``?``        the element before it may be missing
``...N``     up to N words in between (3 if not said), none of them a negation or a subject
``~N``       up to N words in between, whatever they are
===========  ==================================================================

Neither gap crosses the end of a sentence. Every known word is one character of a private
alphabet, a sentence becomes a short string over it, and a phrase becomes a regular expression over
that string: five times shorter than the text, all repetitions bounded, so no input makes it slow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

UNKNOWN = "\x01"
BREAK = "\x02"
_FIRST_CODE = 0x4E00
_PIECE = re.compile(r"\s*(@[a-z_]+|[a-z0-9]+|\.\.\.\d*|~\d*|[()|?])")
_DEFAULT_GAP = 3


class PatternError(ValueError):
    """A pack holds a phrase that cannot be read."""


@dataclass(slots=True)
class Alphabet:
    """One character for every word that a pack knows."""

    codes: dict[str, str] = field(default_factory=dict)

    def code(self, word: str) -> str:
        """Return the character of ``word``, making one if it is new."""
        found = self.codes.get(word)
        if found is None:
            found = self.codes[word] = chr(_FIRST_CODE + len(self.codes))
        return found

    def group(self, words: Sequence[str] | frozenset[str]) -> str:
        """Return a regular expression for any one of ``words`` (at least one)."""
        return "[" + "".join(sorted(self.code(word) for word in words)) + "]"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase: its expression and the words without which it cannot match.

    A text must hold a word of ``anchors`` and a word of each set in ``needs``.
    """

    source: str
    expression: str
    anchors: frozenset[str]
    needs: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class _Node:
    """A piece of a phrase: its expression, its cheapest anchors and how common those are."""

    expression: str
    anchors: frozenset[str] | None
    cost: int
    needs: tuple[frozenset[str], ...] = ()


class Compiler:
    """Reads phrases with the classes and the common words of one pack.

    ``common`` are words too frequent to start the full rules on: each phrase must hold at least
    one element without them, and the rarest such element becomes its anchor. ``frequent`` words
    become anchors only where nothing rarer is at hand.
    """

    def __init__(
        self,
        alphabet: Alphabet,
        classes: Mapping[str, frozenset[str]],
        common: frozenset[str],
        frequent: frozenset[str],
        blocked: frozenset[str],
    ) -> None:
        self._alphabet = alphabet
        self._classes = classes
        self._common = common
        self._frequent = frequent
        stop = "".join(sorted(alphabet.code(word) for word in blocked))
        self._narrow_gap = f"[^{BREAK}{stop}]"
        self._wide_gap = f"[^{BREAK}]"

    def phrase(self, source: str) -> Phrase:
        """Compile one phrase; raises PatternError when it cannot be read or has no anchor."""
        pieces = self._split(source)
        node, end = self._alternatives(pieces, 0, source)
        if end != len(pieces):
            raise PatternError(f"unexpected {pieces[end]!r} in {source!r}")
        if node.anchors is None or node.anchors & self._common:
            raise PatternError(f"only common words in {source!r}")
        needs = tuple(sorted(set(node.needs) - {node.anchors}, key=len))
        return Phrase(source, node.expression, node.anchors, needs)

    @staticmethod
    def _split(source: str) -> list[str]:
        pieces: list[str] = []
        at = 0
        text = source.strip()
        while at < len(text):
            match = _PIECE.match(text, at)
            if match is None:
                raise PatternError(f"cannot read {text[at:]!r} in {source!r}")
            pieces.append(match.group(1))
            at = match.end()
        return pieces

    def _alternatives(self, pieces: list[str], at: int, source: str) -> tuple[_Node, int]:
        branches: list[_Node] = []
        while True:
            node, at = self._sequence(pieces, at, source)
            branches.append(node)
            if at < len(pieces) and pieces[at] == "|":
                at += 1
                continue
            break
        if len(branches) == 1:
            return branches[0], at
        anchors: frozenset[str] | None = frozenset()
        for branch in branches:
            anchors = (
                None if anchors is None or branch.anchors is None else anchors | branch.anchors
            )
        if all(len(branch.expression) == 1 for branch in branches):
            expression = "[" + "".join(branch.expression for branch in branches) + "]"
        else:
            expression = "(?:" + "|".join(branch.expression for branch in branches) + ")"
        return _Node(expression, anchors, max(branch.cost for branch in branches)), at

    def _sequence(self, pieces: list[str], at: int, source: str) -> tuple[_Node, int]:
        parts: list[str] = []
        needs: list[frozenset[str]] = []
        best: frozenset[str] | None = None
        best_cost = 1_000_000
        while at < len(pieces) and pieces[at] not in {")", "|"}:
            node, at = self._element(pieces, at, source)
            if at < len(pieces) and pieces[at] == "?":
                at += 1
                parts.append(f"(?:{node.expression})?")
                continue
            parts.append(node.expression)
            needs.extend(node.needs or ([node.anchors] if node.anchors else []))
            if node.anchors is not None and node.cost < best_cost and node.anchors:
                best, best_cost = node.anchors, node.cost
        if not parts:
            raise PatternError(f"an empty side in {source!r}")
        return _Node("".join(parts), best, best_cost, tuple(needs)), at

    def _element(self, pieces: list[str], at: int, source: str) -> tuple[_Node, int]:
        piece = pieces[at]
        if piece == "(":
            node, at = self._alternatives(pieces, at + 1, source)
            if at >= len(pieces) or pieces[at] != ")":
                raise PatternError(f"a bracket stays open in {source!r}")
            return node, at + 1
        if piece.startswith("..."):
            size = int(piece[3:] or _DEFAULT_GAP)
            return _Node(f"{self._narrow_gap}{{0,{size}}}", None, 1_000_000), at + 1
        if piece.startswith("~"):
            size = int(piece[1:] or _DEFAULT_GAP)
            return _Node(f"{self._wide_gap}{{0,{size}}}", None, 1_000_000), at + 1
        if piece in {"?", "|", ")"}:
            raise PatternError(f"misplaced {piece!r} in {source!r}")
        if piece.startswith("@"):
            if piece[1:] not in self._classes:
                raise PatternError(f"no class {piece!r} for {source!r}")
            words = self._classes[piece[1:]]
            return _Node(self._alphabet.group(words), words, self._cost(words)), at + 1
        words = frozenset({piece})
        return _Node(self._alphabet.code(piece), words, self._cost(words)), at + 1

    def _cost(self, words: frozenset[str]) -> int:
        return 1_000 * len(words & self._common) + 100 * len(words & self._frequent) + len(words)
