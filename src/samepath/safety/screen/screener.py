"""Screening a message: the cheap first look, the full rules, and one finding.

Everything happens in this process: no model, no network, nothing kept. The first look reads the
words of a text against the words that rules need; a text without any of them cannot match, so it is
answered at once (a property test holds the two paths equal).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from samepath.safety.screen.engine import Helping, Verdict, encode, evidence, weigh
from samepath.safety.screen.finding import Finding, Level, Stream
from samepath.safety.screen.normalise import SPELLED_FROM, Token
from samepath.safety.screen.packs import Pack, could_match, load
from samepath.safety.screen.reasons import NONE, NOT_SCREENED, REASONS

#: Languages with a pack, as BCP 47 primary tags.
SUPPORTED: tuple[str, ...] = ("en", "es")

#: A message has at most 4,000 characters. Longer texts (files on the command line) are read from
#: both ends up to this many, so the cost stays bounded.
MAX_CHARACTERS = 40_000
_LONG = 500
_PREVIOUS_MESSAGES = 3
_PREVIOUS_CHARACTERS = 600

_WORD = re.compile(r"[a-z0-9]+")
# Signs of a disguise: digits or signs inside words, stretched letters, letters set apart. The cheap
# question comes first, since everyday texts seldom hold a digit.
_SIGNS = re.compile(r"[0-9*@$`]")
_HIDDEN = re.compile(r"[a-z0-9][*@$`]|[a-z][0-9]|[0-9][a-z]")
_STRETCHED = re.compile(r"([a-z])\1\1")

_NOTHING = Verdict(Level.R0, "", 0.0, "", ())
_CLEAR = Finding(Level.R0, "", (), (), NONE, True, 0.0)
_UNREAD = Finding(Level.R0, "", (), (), NOT_SCREENED, False, 0.0)


def screen(text: str, *, previous: Sequence[str] = (), language: str | None = "en") -> Finding:
    """Screen one message for words of danger and return what was found. Never raises on any text.

    ``previous`` are the last texts of the same person, oldest first; at most three are read, and
    they only complete what ``text`` says. ``language`` is a BCP 47 tag: its primary part picks the
    pack; with None every pack is read; with a language that has no pack every pack is read too and
    the finding says ``screened=False``, because silence would then mean nothing.

    Cost: a few dozen microseconds for everyday words, at most about 5 ms for 4,000 characters.
    """
    tag = (language or "").replace("_", "-").split("-", 1)[0].lower()
    screened = not tag or tag in SUPPORTED
    packs = (tag,) if tag in SUPPORTED else SUPPORTED
    recent = _recent(previous)
    if not any(_worth_reading(load(name), text, recent) for name in packs):
        return _CLEAR if screened else _UNREAD
    best: tuple[Verdict, list[Token], int] | None = None
    for name in packs:
        result = _full(load(name), text, recent)
        if best is None or (result[0].level, result[0].score) > (best[0].level, best[0].score):
            best = result
    assert best is not None
    return _finding(*best, screened=screened)


def crisis(text: str, *, language: str | None = None) -> bool:
    """Return whether the front door should show help first: high recall, one text, no history.

    True at high or imminent in any stream, and at moderate where the words are about suicide or
    self-harm.
    """
    finding = screen(text, language=language)
    return finding.level >= Level.R3 or (finding.level == Level.R2 and finding.stream == "S")


def _recent(previous: Sequence[str]) -> str:
    """Return the last texts of the same person as one run of words."""
    if not previous:
        return ""
    return " ".join(text[-_PREVIOUS_CHARACTERS:] for text in previous[-_PREVIOUS_MESSAGES:])


def _worth_reading(pack: Pack, text: str, recent: str) -> bool:
    """Return whether any rule of ``pack`` could match: the first look."""
    if len(text) > _LONG:
        # Long texts nearly always hold some such word: looking twice would only cost.
        return True
    if recent:
        text = f"{recent} {text}"
    lowered = text.lower()
    if not lowered.isascii():
        lowered = lowered.replace("\u2019", "'").replace("\u201c", '"').replace("\u201d", '"')
    if not lowered.isascii() or _disguised(lowered):
        return could_match(pack, {token.word for token in pack.normaliser.tokens(text)})
    listed = _WORD.findall(lowered.replace("'", ""))
    words = set(listed)
    if len([word for word in listed if len(word) == 1]) >= SPELLED_FROM:
        return could_match(pack, {token.word for token in pack.normaliser.tokens(text)})
    if pack.triggers.isdisjoint(words):
        return False
    for word in words & pack.folds.keys():
        words.update(pack.folds[word])
    return could_match(pack, words)


def _disguised(lowered: str) -> bool:
    """Return whether a plain lower-case text may hide words from a look at its words."""
    if _SIGNS.search(lowered) is not None and _HIDDEN.search(lowered) is not None:
        return True
    return "''" in lowered or _STRETCHED.search(lowered) is not None


def _full(pack: Pack, text: str, recent: str) -> tuple[Verdict, list[Token], int]:
    """Run the full rules; returns the verdict, the tokens and where the new text's tokens begin."""
    if len(text) > MAX_CHARACTERS:
        half = MAX_CHARACTERS // 2
        text = text[:half] + "\n" + " " * (len(text) - 2 * half - 1) + text[-half:]
    before = pack.normaliser.tokens(recent) if recent else []
    fresh_from = len(before)
    tokens = before + pack.normaliser.tokens(text)
    signs = evidence(pack, tokens, fresh_from)
    if not signs:
        return _NOTHING, tokens, fresh_from
    return weigh(signs, Helping(pack, encode(pack, tokens)).near, len(tokens)), tokens, fresh_from


def _finding(
    verdict: Verdict, tokens: Sequence[Token], fresh_from: int, *, screened: bool
) -> Finding:
    if not verdict.signs:
        return _CLEAR if screened else _UNREAD
    stream: Stream = verdict.stream if verdict.level else ""
    reason = REASONS[verdict.why] if verdict.level else NONE
    if not screened and not verdict.level:
        reason = NOT_SCREENED
    return Finding(
        level=verdict.level,
        stream=stream,
        rules=tuple(sign.rule for sign in verdict.signs),
        spans=_spans(verdict, tokens, fresh_from),
        reason=reason,
        screened=screened,
        score=round(verdict.score, 4),
    )


def _spans(
    verdict: Verdict, tokens: Sequence[Token], fresh_from: int
) -> tuple[tuple[int, int], ...]:
    """Return the character ranges of the signs in the new text, joined where they overlap."""
    ranges = sorted(
        (tokens[max(sign.start, fresh_from)].start, tokens[sign.end - 1].end)
        for sign in verdict.signs
    )
    joined: list[tuple[int, int]] = []
    for start, end in ranges:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
