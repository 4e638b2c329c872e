"""Running one pack over one text: matching, weighing each match in its sentence, combining.

Each match is judged where it stands: who is meant (the writer, somebody close, the reader, people
in general), whether it is taken back by a "not", whether it lies in the past, whether it is a story
or a joke. The anchors for what counts as low, moderate, high and imminent are those of the safety
page, section 4.2; weights were set by hand and only rank (see bench/screening.py).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from samepath.safety.screen.finding import STREAM_ORDER, Level, Stream
from samepath.safety.screen.normalise import Token
from samepath.safety.screen.packs import Pack, Rule, phrases_for
from samepath.safety.screen.patterns import BREAK, UNKNOWN

_LOOK_BACK = 9
_EYE_CLASSES = ("neg", "none", "light", "turn", "i", "you", "other", "relative")
_MAX_HITS_PER_PHRASE = 40
_MAX_HITS = 400
_NEGATED_WEIGHT = 0.05
#: Several low signs together are moderate when their joined weight reaches this.
_MANY_HEAVY = 0.60
#: Words on either side of a sign in which its tone is read.
_NEAR = 45
#: From here on moderate signs are heard as somebody else's or past ones; high ones as moderate.
_HELPING = 0.42
_HELPING_HIGH = 0.6
_HELPING_ARCHIVE = 0.15
#: Words beyond which a text cannot be one message of 4,000 characters.
_ARCHIVE = 1000
_ARCHIVE_LOW = 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign in the text: tokens ``start`` to ``end``, and what it means there."""

    rule: str
    stream: Stream
    level: Level
    weight: float
    why: str
    tags: frozenset[str]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Eyes:
    """The expressions of one pack with which a match is judged."""

    negated: re.Pattern[str]
    subject: re.Pattern[str]
    turn: re.Pattern[str]
    i: frozenset[str]
    you: frozenset[str]
    relative: re.Pattern[str]


@cache
def _eyes(parts: tuple[str, ...]) -> _Eyes:
    neg, none, light, turn, i, you, other, relative = parts
    return _Eyes(
        # "no" and its like negate a noun ("no plans to"), never a new sentence ("no, I want to").
        negated=re.compile(f"(?:{neg}(?:{light}|{i}){{0,7}}|{none}{light}{{0,7}})$"),
        subject=re.compile(f"{i}|{you}|{other}"),
        turn=re.compile(turn),
        i=frozenset(i),
        you=frozenset(you),
        relative=re.compile(relative),
    )


def _eyes_of(pack: Pack) -> _Eyes:
    return _eyes(tuple(pack.classes[name] for name in _EYE_CLASSES))


def encode(pack: Pack, tokens: Sequence[Token]) -> str:
    """Return ``tokens`` as a string over the pack's alphabet, one character each."""
    codes = pack.alphabet
    return "".join([codes.get(token.word, UNKNOWN) for token in tokens])


def evidence(pack: Pack, tokens: Sequence[Token], fresh_from: int) -> list[Evidence]:
    """Return every sign in ``tokens`` that touches token ``fresh_from`` or a later one.

    Earlier tokens belong to earlier messages: they complete a sign but never make one alone.
    """
    words = frozenset([token.word for token in tokens])
    candidates = list(phrases_for(pack, words))
    if not any(rule.weight for rule, _ in candidates):
        return []
    encoded = encode(pack, tokens)
    hidden = _hide_idioms(pack, encoded)
    eyes = _eyes_of(pack)
    found: list[Evidence] = []
    for rule, expression in candidates:
        for match in islice(expression.finditer(hidden), _MAX_HITS_PER_PHRASE):
            sign = _judge(pack, eyes, rule, hidden, match.start(), match.end())
            if sign is not None:
                found.append(sign)
        if len(found) >= _MAX_HITS:
            break
    found.extend(_combined(pack, found))
    # Signs of weight 0 only serve combinations ("tonight" alone is no sign of danger).
    return [sign for sign in found if sign.end > fresh_from and sign.weight > 0.0]


def _hide_idioms(pack: Pack, encoded: str) -> str:
    """Blank out sayings that speak of death and mean something else."""
    return pack.features["idiom"].sub(lambda match: UNKNOWN * len(match.group()), encoded)


def _judge(
    pack: Pack, eyes: _Eyes, rule: Rule, encoded: str, start: int, end: int
) -> Evidence | None:
    """Weigh one match in its sentence; None when it means nothing here."""
    left = encoded[max(0, start - _LOOK_BACK) : start]
    left = left[left.rfind(BREAK) + 1 :]
    first = encoded.rfind(BREAK, 0, start) + 1
    last = encoded.find(BREAK, end)
    # A sentence without full stops can be a whole post: look at what stands near.
    sentence = encoded[max(first, start - 25) : min(end + 25, last if last >= 0 else len(encoded))]
    level, weight = rule.level, rule.weight
    why, tags = rule.why, rule.tags
    if rule.who != "fixed":
        who = _subject(eyes, left, encoded[start:end])
        if who == "you" or (who == "other" and rule.who == "self"):
            return None
        if who != "other" and rule.who == "other":
            return None
        if who == "other":
            if eyes.relative.search(sentence) is None:
                return None
            if rule.who == "any":
                level, weight = min(level, Level.R2), weight * 0.7
                why = "beside"
    features = pack.features
    if rule.negation and _negated(pack, eyes, left):
        return Evidence(
            rule.id,
            rule.stream,
            min(level, Level.R1),
            _NEGATED_WEIGHT,
            "past",
            frozenset(),
            start,
            end,
        )
    if (
        rule.past == "lower"
        and features["past"].search(sentence)
        and not features["present"].search(sentence)
    ):
        level, weight, why = min(level, Level.R1), weight * 0.35, "past"
        tags = frozenset()
    if level and features["fiction"].search(sentence):
        level, weight, tags = min(level, Level.R1), weight * 0.3, frozenset()
    if rule.hyperbole and features["humour"].search(sentence):
        level, weight, tags = min(level, Level.R1), weight * 0.3, frozenset()
    return Evidence(rule.id, rule.stream, level, weight, why, tags, start, end)


def _subject(eyes: _Eyes, left: str, matched: str) -> str:
    """Return who is meant: "i", "you", "other", or "" when nobody is named."""
    for part in (matched, left):
        who = ""
        for who_match in eyes.subject.finditer(part):
            who = who_match.group()
        if who:
            return "i" if who in eyes.i else "you" if who in eyes.you else "other"
    return ""


def _negated(pack: Pack, eyes: _Eyes, left: str) -> bool:
    cut = 0
    for turn in eyes.turn.finditer(left):
        cut = turn.end()
    near = left[cut:]
    return eyes.negated.search(near) is not None and (pack.features["unsure"].search(near) is None)


def _combined(pack: Pack, found: Sequence[Evidence]) -> list[Evidence]:
    """Return what the signs mean together."""
    made: list[Evidence] = []
    by_tag: dict[str, list[Evidence]] = {}
    for sign in found:
        for tag in sign.tags:
            by_tag.setdefault(tag, []).append(sign)
    for combination in pack.combinations:
        groups = [
            [sign for tag in sorted(need) for sign in by_tag.get(tag, ())][:30]
            for need in combination.needs
        ]
        if not all(groups):
            continue
        for sign in groups[0]:
            near = [
                other
                for group in groups[1:]
                for other in group
                if other.start - sign.end <= combination.within
                and sign.start - other.end <= combination.within
            ]
            covered = all(any(other in near for other in group) for group in groups[1:])
            if covered:
                closest = [
                    min(group, key=lambda other: abs(other.start - sign.start))
                    for group in groups[1:]
                ]
                made.append(
                    Evidence(
                        combination.id,
                        combination.stream,
                        combination.level,
                        combination.weight,
                        combination.why,
                        frozenset(),
                        min([sign.start, *(other.start for other in closest)]),
                        max([sign.end, *(other.end for other in closest)]),
                    )
                )
                break
    return made


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one pack makes of one text, before it becomes a finding."""

    level: Level
    stream: Stream
    score: float
    why: str
    signs: tuple[Evidence, ...]


def weigh(signs: Sequence[Evidence], helping: Callable[[Evidence], float], words: int) -> Verdict:
    """Join ``signs`` to one verdict.

    Score: 1 - product of (1 - weight) over the strongest sign of each rule, so repeating oneself
    adds nothing and every further kind of sign adds less. ``helping`` (0..1) says for a sign how
    much the words around it are written to help another person; what is told there of dark days is
    heard as the past; what is high becomes moderate there, what is imminent never changes.

    ``words`` is the length of the text. Beyond any single message (``_ARCHIVE`` words: a file of
    many posts) everybody sooner or later names heavy things, so there a moderate sign has to stand
    out from helping words, and low signs do not add up to a moderate one.
    """
    archive = words > _ARCHIVE
    best: dict[str, Evidence] = {}
    for sign in signs:
        held = best.get(sign.rule)
        if held is not None and held.level > sign.level:
            continue
        help_given = helping(sign)
        level, why = sign.level, sign.why
        limit = _HELPING_ARCHIVE if archive else _HELPING
        if level == Level.R2 and sign.stream == "S" and help_given >= limit:
            level, why = Level.R1, "past"
        elif level == Level.R3 and sign.stream == "S" and help_given >= _HELPING_HIGH:
            level = Level.R2
        weight = sign.weight * (1.0 - 0.7 * help_given)
        if archive and level <= Level.R1:
            weight *= _ARCHIVE_LOW
        judged = replace(sign, level=level, why=why, weight=weight)
        if held is None or (judged.level, judged.weight) > (held.level, held.weight):
            best[sign.rule] = judged
    if not best:
        return Verdict(Level.R0, "", 0.0, "", ())
    ordered = sorted(
        best.values(), key=lambda sign: (-sign.level, STREAM_ORDER.index(sign.stream), -sign.weight)
    )
    rest = 1.0
    for sign in ordered:
        rest *= 1.0 - sign.weight
    score = 1.0 - rest
    top = ordered[0]
    level, why = top.level, top.why
    if level <= Level.R1 and score >= _MANY_HEAVY and not archive:
        level, why = Level.R2, "many-heavy"
    return Verdict(level, top.stream, score, why, tuple(ordered))


class Helping:
    """Where in a text somebody speaks to another person to help them.

    Built once per text; asking costs two look-ups. Counts helping phrases near a sign and how often
    the reader is meant there against how often the writer is.
    """

    def __init__(self, pack: Pack, encoded: str) -> None:
        eyes = _eyes_of(pack)
        self._phrases = [match.start() for match in pack.features["support"].finditer(encoded)]
        self._you = [at for at, code in enumerate(encoded) if code in eyes.you]
        self._i = [at for at, code in enumerate(encoded) if code in eyes.i]

    def near(self, sign: Evidence) -> float:
        """Return 0..1 for the words within ``_NEAR`` words of ``sign``."""
        low, high = sign.start - _NEAR, sign.end + _NEAR
        phrases, you, i = (
            bisect_right(places, high) - bisect_left(places, low)
            for places in (self._phrases, self._you, self._i)
        )
        if not phrases or you < 2:
            return min(0.3, 0.15 * phrases)
        return min(1.0, 0.15 * phrases + 0.7 * you / (you + i + 1))
