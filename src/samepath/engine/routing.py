"""From a person's own words to topics.

Nearest centroid over words, word pairs and character 3-5-grams (tf-idf, cosine), learned in about
a second from the phrases on the topic cards. No model is downloaded, no text leaves the process,
and only the standard library is used, so that a web worker at rest stays small.

Sources: Rocchio's centroid classifier with tf-idf (Manning, Raghavan, Schütze, *Introduction to
Information Retrieval*, 2008, ch. 14); character n-grams kept inside words, as in fastText
(Bojanowski et al. 2017), carry spelling mistakes and inflection; inverse *class* frequency in
place of document frequency, since a card's phrases repeat its own words on purpose.

The figures below were chosen on the development half of two public sets of people's own words;
``bench/routing.py`` measures them again.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

#: family, name, about, phrases, synonyms
CardFields = tuple[str, str, str, Sequence[str], Sequence[str]]

MOST: Final = 3  # topics in an answer: chips somebody can take in at once
ALSO: Final = 0.6  # a further topic is named above this share of the first one's score
READ: Final = 4000  # characters read of a text; people say what it is about early
FIRST: Final = 2.0  # weight of the words in the first sentence
PAIR: Final = 0.6  # weight of a pair of neighbouring words against a word
GRAM: Final = 0.75  # weight of all character grams of a word together against the word
KIN: Final = 0.2  # share of a topic's score that comes from its family
ABOUT: Final = 0.5  # weight of the describing sentence against one phrase
BREADTH: Final = 0.2  # how much a card rich in phrases, a broad topic, is preferred
COMMON: Final = 0.4  # character grams found in more of the topics than this say nothing
KEEP: Final = 40  # topics remembered per word; the rest is noise and costs time
CACHE: Final = 20_000  # words whose contribution is remembered
LEAD_BASE, LEAD_SLOPE = 0.15, 9.0  # see `_chance`
CLEAR: Final = 0.04  # cosine by which a topic must be nearer than the openers; else ask

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_STOP = re.compile(r"[.!?…\n]")


@dataclass(frozen=True, slots=True)
class Routing:
    """At most three ``topics`` as (key, score 0..1), best first; ``ask`` when unsure.

    A score is the estimated chance that this topic is one the person means. With ``ask`` true the
    topics are guesses to offer beside a gentle question, and the list may be empty.
    """

    topics: list[tuple[str, float]]
    ask: bool


@dataclass(frozen=True, slots=True)
class _Word:
    """What one word adds: topic numbers, points beside them, and its squared length."""

    topics: array[int]
    points: array[float]
    square: float


class Router:
    """Finds the topics in a text. Deterministic; safe to share between threads.

    ``cards`` maps a topic's key to (family, name, about, phrases, synonyms). ``openers`` are
    things people say that name no topic ("hi", "can I talk to someone"): a text nearer to
    them than to any card is answered with a question.

    Raises `ValueError` when there are no cards.
    """

    def __init__(self, cards: Mapping[str, CardFields], openers: Iterable[str] = ()) -> None:
        if not cards:
            raise ValueError("a router needs at least one card")
        self.keys: Final = tuple(cards)
        names = sorted({fields[0] for fields in cards.values()})
        self._family: Final = [names.index(fields[0]) for fields in cards.values()]
        self._families: Final = len(names)
        said = [len(fields[3]) + len(fields[4]) for fields in cards.values()]
        usual = max(1.0, sum(said) / len(said))
        self._prior: Final = [(max(1, n) / usual) ** BREADTH for n in said]
        self._cache: dict[str, _Word | None] = {}
        self._number: dict[str, int] = {}
        self._idf = array("f")
        self._start = array("L")  # postings of feature n are from start[n] to start[n + 1]
        self._topic = array("H")
        self._weight = array("f")
        self._fit(cards, openers)

    def route(self, text: str) -> Routing:
        """The topics of ``text``, in any length and script; empty text is answered with a question.

        Usually well under a millisecond; a full `READ` characters of words never met before may
        take 30 ms once. ``bench/routing.py`` has the measured figures.
        """
        score = self._scores(text)
        opener = score.pop()
        score = [value * prior for value, prior in zip(score, self._prior, strict=True)]
        by_family: list[list[float]] = [[] for _ in range(self._families)]
        for family, value in zip(self._family, score, strict=True):
            by_family[family].append(value)
        kin = [sum(sorted(values)[-MOST:]) / MOST for values in by_family]
        final = [
            (1 - KIN) * value + KIN * kin[family]
            for value, family in zip(score, self._family, strict=True)
        ]
        best = sorted(range(len(final)), key=lambda i: (-final[i], i))[: MOST + 1]
        top = final[best[0]]
        if top <= 0:
            return Routing([], True)
        following = final[best[1]] if len(best) > 1 else 0.0
        sure = _chance(top - following)
        topics = [
            (self.keys[i], round(sure * share, 4))
            for i in best[:MOST]
            if (share := math.sqrt(max(final[i], 0.0) / top)) >= ALSO
        ]
        return Routing(topics, top - opener < CLEAR)

    # -- learning ---------------------------------------------------------------------------

    def _fit(self, cards: Mapping[str, CardFields], openers: Iterable[str]) -> None:
        """Learn one centroid for each card and one for the openers.

        Features are numbered and documents kept as flat arrays: a tenth of the memory that
        dictionaries take, which matters to a web worker that keeps what it once allocated.
        """
        classes: list[list[tuple[array[int], array[float], float]]] = []
        for _family, name, about, phrases, synonyms in cards.values():
            texts = [(name, 1.0), (about, ABOUT), *((t, 1.0) for t in (*phrases, *synonyms))]
            classes.append([self._numbered(text, weight) for text, weight in texts])
        classes.append([self._numbered(text, 1.0) for text in openers])
        spread = [0] * len(self._number)
        for documents in classes:
            for number in {n for numbers, _, _ in documents for n in numbers}:
                spread[number] += 1
        ceiling = math.log1p(len(classes))
        self._idf = array("f", (math.log1p(len(classes) / n) / ceiling for n in spread))
        dull = [
            feature[0] == "#" and spread[number] > COMMON * len(classes) > 1
            for feature, number in self._number.items()
        ]
        start = [0]
        for count, skip in zip(spread, dull, strict=True):
            start.append(start[-1] + (0 if skip else count))
        self._start = array("L", start)
        self._topic = array("H", bytes(2 * start[-1]))
        self._weight = array("f", bytes(4 * start[-1]))
        free = start[:-1]
        for topic, documents in enumerate(classes):
            for number, value in self._centroid(documents).items():
                if not dull[number]:
                    self._topic[free[number]] = topic
                    self._weight[free[number]] = value
                    free[number] += 1
        _word_features.cache_clear()  # it was for phrases that repeat their words; a few MB

    def _numbered(self, text: str, weight: float) -> tuple[array[int], array[float], float]:
        """A phrase as feature numbers, their amounts, and the phrase's weight."""
        features = _features(text)
        numbers = array("L", (self._number.setdefault(f, len(self._number)) for f in features))
        return numbers, array("f", features.values()), weight

    def _centroid(
        self, documents: Sequence[tuple[array[int], array[float], float]]
    ) -> dict[int, float]:
        """Sum of the documents' tf-idf vectors, each of length one, brought to length one."""
        centroid: defaultdict[int, float] = defaultdict(float)
        for numbers, amounts, weight in documents:
            values = [n * self._idf[f] for f, n in zip(numbers, amounts, strict=True)]
            length = math.sqrt(sum(v * v for v in values)) or 1.0
            for f, v in zip(numbers, values, strict=True):
                centroid[f] += weight * v / length
        length = math.sqrt(sum(v * v for v in centroid.values())) or 1.0
        return {f: v / length for f, v in centroid.items()}

    # -- scoring ----------------------------------------------------------------------------

    def _scores(self, text: str) -> list[float]:
        """Cosine with every topic and, last, with the openers."""
        words, pairs = _weighted(text)
        score = [0.0] * (len(self.keys) + 1)
        square = 0.0
        for word, count in words.items():
            found = self._word(word)
            if found is None:
                continue
            amount = 1 + math.log(count)
            square += amount * amount * found.square
            for topic, points in zip(found.topics, found.points, strict=True):
                score[topic] += amount * points
        for pair, count in pairs.items():
            number = self._number.get(pair)
            if number is None:
                continue
            value = PAIR * (1 + math.log(count)) * self._idf[number]
            square += value * value
            for at in range(self._start[number], self._start[number + 1]):
                score[self._topic[at]] += value * self._weight[at]
        length = math.sqrt(square) or 1.0
        return [value / length for value in score]

    def _word(self, word: str) -> _Word | None:
        """What ``word`` adds to each topic, through itself and its character grams."""
        try:
            return self._cache[word]
        except KeyError:
            pass
        points: defaultdict[int, float] = defaultdict(float)
        square = 0.0
        for feature, amount in _word_features(word):
            number = self._number.get(feature)
            if number is None or self._start[number] == self._start[number + 1]:
                continue
            value = amount * self._idf[number]
            square += value * value
            for at in range(self._start[number], self._start[number + 1]):
                points[self._topic[at]] += value * self._weight[at]
        found = None
        if points:
            kept = sorted(points.items(), key=lambda item: (-item[1], item[0]))[:KEEP]
            found = _Word(
                array("H", [topic for topic, _ in kept]),
                array("f", [value for _, value in kept]),
                square,
            )
        if len(self._cache) >= CACHE:
            self._cache.clear()
        self._cache[word] = found
        return found


def _chance(lead: float) -> float:
    """Estimated chance that the first topic is right, from its lead in cosine over the second.

    A logistic fitted on the development texts.
    """
    return 1 / (1 + math.exp(-(LEAD_BASE + LEAD_SLOPE * lead)))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text[:READ]).casefold().replace("’", "'")
    return _WORD.findall(plain)


def _weighted(text: str) -> tuple[dict[str, float], dict[str, float]]:
    """Words and pairs of a text with their counts, the first sentence's counted more."""
    stop = _STOP.search(text, 10)
    cut = stop.start() if stop else len(text)
    words: defaultdict[str, float] = defaultdict(float)
    pairs: defaultdict[str, float] = defaultdict(float)
    for part, weight in ((text[:cut], FIRST if stop else 1.0), (text[cut:READ], 1.0)):
        found = _words(part)
        for word in found:
            words[word] += weight
        for left, right in pairwise(found):
            pairs[f"{left} {right}"] += weight
    return words, pairs


@lru_cache(maxsize=4096)
def _word_features(word: str) -> tuple[tuple[str, float], ...]:
    """The word itself and its character 3-5-grams, which together weigh `GRAM`."""
    edged = f"<{word}>"
    grams = [edged[i : i + n] for n in (3, 4, 5) for i in range(len(edged) - n + 1)]
    share = GRAM / math.sqrt(len(grams)) if grams else 0.0
    return ((word, 1.0), *((f"#{gram}", share) for gram in grams))


def _features(text: str) -> dict[str, float]:
    """Features of one phrase for learning."""
    words = _words(text)
    found: defaultdict[str, float] = defaultdict(float)
    for word, count in Counter(words).items():
        amount = 1 + math.log(count)
        for feature, value in _word_features(word):
            found[feature] += amount * value
    for pair in {f"{left} {right}" for left, right in pairwise(words)}:
        found[pair] += PAIR
    return found


def route_jsonl(
    lines: Iterable[str], router: Router, crisis: Callable[[str], bool]
) -> Iterator[str]:
    """One JSON reply for each line ``{"id", "text"}``: topics, ``ask`` and ``crisis``.

    ``crisis`` is asked first: it says whether a text speaks of danger. A line that cannot be
    read is answered with ``{"id": null, "error": …}`` and the next one is read; the error never
    repeats the text. Empty lines are answered too: one line in, one line out.
    """
    for line in lines:
        yield json.dumps(_reply(line, router, crisis), ensure_ascii=False)


def _reply(line: str, router: Router, crisis: Callable[[str], bool]) -> dict[str, object]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        return {"id": None, "error": "not JSON"}
    if not isinstance(request, dict):
        return {"id": None, "error": "not an object"}
    text = request.get("text")
    if not isinstance(text, str):
        return {"id": request.get("id"), "error": "text is missing or not a string"}
    danger = crisis(text)
    routing = router.route(text)
    return {
        "id": request.get("id"),
        "topics": [{"topic": key, "score": score} for key, score in routing.topics],
        "ask": routing.ask,
        "crisis": danger,
    }
