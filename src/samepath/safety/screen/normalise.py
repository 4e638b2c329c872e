"""From written words to plain tokens, whatever disguise the words wear.

Folding undoes capitals, accents, full-width and look-alike letters, invisible characters, digits
and signs inside words, stretched letters, letters set apart, and the spellings and code words that
a pack lists. Offsets always point into the text as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

#: Look-alike letters of Cyrillic and Greek: the lower-case part of Unicode TS 39 "confusables"
#: that a phone keyboard can reach. NFKC leaves them alone, so they are folded by hand.
_LOOKALIKES = str.maketrans(
    "авеёіїјкмнорстухѕԁһӏґαβεικνορτυχω",
    "abeeiijkmhopctyxsdhlrabeikvoptyxw",
)
_LEET = str.maketrans("0134578@$", "oieastbas")
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f"
_APOSTROPHES = "'\u2019\u2018\u02bc\u00b4`\uff07"
_STRIP = str.maketrans("", "", _INVISIBLE + _APOSTROPHES)
_EMOJI = "😂🤣😹💀☠💊🔪🗡🔫🪦⚰🪢"
_INNER = f"{_INVISIBLE}\u0300-\u036f"

#: Words (with the signs that people hide letters behind), the signs that end a sentence, emoji.
TOKEN = re.compile(
    rf"(?:[^\W_][{_INNER}]*)+(?:[{_APOSTROPHES}*@$]{{1,4}}(?:[^\W_][{_INNER}]*)+)*"
    rf"|[.,!?;\n\u2026\u00bf\u00a1]|[{_EMOJI}]+"
)
_MARKS = frozenset(".,!?;\n\u2026\u00bf\u00a1")
_STRETCHED = re.compile(r"(.)\1{2,}")
_STARS = re.compile(r"\*+")
#: So many single letters in a row may spell a word.
SPELLED_FROM = 3
_SINGLES_MAX = 40
_LONGEST_WORD = 40
_CACHED_WORDS = 16_384


class Token(NamedTuple):
    """One folded word, or an empty word for the end of a sentence, with its place in the text."""

    word: str
    start: int
    end: int


@lru_cache(maxsize=8192)
def fold(raw: str) -> str:
    """Return ``raw`` in lower case without accents, look-alikes, apostrophes or hidden signs."""
    if raw.isascii():
        return raw.lower().replace("'", "").replace("`", "")
    text = unicodedata.normalize("NFKD", raw).lower().translate(_STRIP)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return text.translate(_LOOKALIKES)


class Normaliser:
    """Turns text into tokens with the spellings of one pack.

    ``folds`` maps a spelling to the words it stands for; ``vocabulary`` are the words that rules
    know: a disguise is undone only if it uncovers one of them, so ordinary words are left alone.
    ``sensitive`` are the words that people write with stars.
    """

    def __init__(
        self,
        folds: Mapping[str, tuple[str, ...]],
        merges: Mapping[tuple[str, str], str],
        vocabulary: Iterable[str],
        sensitive: Iterable[str],
    ) -> None:
        self._folds = dict(folds)
        self._merges = dict(merges)
        self._second = frozenset(second for _, second in merges)
        self._vocabulary = frozenset(vocabulary) | frozenset(self._folds)
        self._masked = _masked_forms(sensitive)
        # Only these are put together again from letters set apart, by their first three letters.
        self._spelled: dict[str, list[str]] = {}
        for word in sorted(self._vocabulary, key=len, reverse=True):
            if len(word) >= SPELLED_FROM:
                self._spelled.setdefault(word[:SPELLED_FROM], []).append(word)
        self._cache: dict[str, tuple[str, ...]] = {}

    def tokens(self, text: str) -> list[Token]:
        """Return the tokens of ``text`` in order."""
        found: list[Token] = []
        singles: list[Token] = []
        cache = self._cache
        for match in TOKEN.finditer(text):
            raw = match.group()
            words = cache.get(raw)
            if words is None:
                if raw in _MARKS:
                    self._mark(match, text, singles, found)
                    continue
                start, end = match.span()
                if end - start == 1 and raw.isalnum():
                    singles.append(Token(fold(raw), start, end))
                    if len(singles) > _SINGLES_MAX:
                        self._flush(singles, found)
                    continue
                words = self._words(raw)
                if len(cache) > _CACHED_WORDS:
                    cache.clear()
                cache[raw] = words
            if singles:
                self._flush(singles, found)
            start, end = match.span()
            for word in words:
                found.append(Token(word, start, end))
        if singles:
            self._flush(singles, found)
        return self._merged(found)

    def _mark(
        self, match: re.Match[str], text: str, singles: list[Token], found: list[Token]
    ) -> None:
        """Take a punctuation mark: the end of a sentence, or part of a disguise, or nothing."""
        start, end = match.span()
        if singles:
            # Full stops between single letters are part of the disguise: k.i.l.l
            if text[start] == "." and start == singles[-1].end and text[end : end + 1].isalpha():
                return
            self._flush(singles, found)
        if not found or not found[-1].word:
            return
        # "No, I want to die": a word alone before a comma is a sentence of its own.
        if text[start] != "," or len(found) == 1 or not found[-2].word:
            found.append(Token("", start, end))

    def _merged(self, tokens: list[Token]) -> list[Token]:
        """Read two words as one where the pack says so."""
        if self._second.isdisjoint(token.word for token in tokens):
            return tokens
        joined: list[Token] = []
        for token in tokens:
            if joined and token.word in self._second:
                word = self._merges.get((joined[-1].word, token.word))
                if word is not None:
                    joined[-1] = Token(word, joined[-1].start, token.end)
                    continue
            joined.append(token)
        return joined

    def _flush(self, singles: list[Token], found: list[Token]) -> None:
        """Join letters that were set apart where they spell known words; else keep them."""
        at = 0
        if len(singles) == 1:
            self._single(singles[0], found)
        elif len(singles) >= SPELLED_FROM:
            letters = "".join(token.word[:1] or "_" for token in singles)
            while at < len(singles):
                word = next(
                    (
                        known
                        for known in self._spelled.get(letters[at : at + SPELLED_FROM], ())
                        if letters.startswith(known, at)
                    ),
                    "",
                )
                if word:
                    start, end = singles[at].start, singles[at + len(word) - 1].end
                    for part in self._folds.get(word, (word,)):
                        found.append(Token(part, start, end))
                    at += len(word)
                else:
                    self._single(singles[at], found)
                    at += 1
        else:
            for token in singles:
                self._single(token, found)
        singles.clear()

    def _single(self, token: Token, found: list[Token]) -> None:
        words = self._folds.get(token.word)
        if words is None:
            found.append(token)
        else:
            found.extend(Token(word, token.start, token.end) for word in words)

    def _words(self, raw: str) -> tuple[str, ...]:
        if raw[0] in _EMOJI:
            return self._known(raw[0]) or ("_",)
        if len(raw) > _LONGEST_WORD:
            return ("_",)
        word = fold(raw)
        known = self._known(word)
        if known is not None:
            return known
        short = _STRETCHED.sub(r"\1\1", word)
        for candidate in (short, _STRETCHED.sub(r"\1", word)):
            known = self._known(candidate)
            if known is not None:
                return known
        if not word.isalpha():
            if "*" in word:
                uncovered = self._masked.get(_STARS.sub("*", word))
                if uncovered is not None:
                    return self._folds.get(uncovered, (uncovered,))
            known = self._known(word.translate(_LEET))
            if known is not None and any(letter.isalpha() for letter in word):
                return known
            parts = re.split(r"[*@$]+", word)
            if len(parts) > 1:
                return tuple(part for part in parts if part) or ("_",)
        return (word or "_",)

    def _known(self, word: str) -> tuple[str, ...] | None:
        folded = self._folds.get(word)
        if folded is not None:
            return folded
        return (word,) if word in self._vocabulary else None


def _masked_forms(sensitive: Iterable[str]) -> dict[str, str]:
    """Return starred spellings, such as s*icide, of each word of ``sensitive``."""
    forms: dict[str, str] = {}
    for word in sorted(sensitive):
        for start in range(1, len(word)):
            for end in range(start + 1, len(word)):
                forms.setdefault(word[:start] + "*" + word[end:], word)
    return forms
