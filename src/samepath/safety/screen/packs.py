"""Reading a rule pack (``packs/<language>.toml``) into compiled rules.

A pack is data that a person who knows the language can read and change. Its parts: ``common``
and ``frequent`` (words too frequent to start the full rules on, and words that should not if
another will do), ``sensitive`` (words that people write with stars),
``folds`` (spelling = the words it stands for), ``classes`` (name = words, or other classes by
``@name``), ``features`` (phrases for idiom, humour, fiction, tense, support), ``rule`` and
``combine`` tables. The phrase language is described in ``patterns``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from samepath.safety.screen.finding import STREAM_ORDER, Level, Stream
from samepath.safety.screen.normalise import Normaliser
from samepath.safety.screen.patterns import BREAK, Alphabet, Compiler, PatternError, Phrase
from samepath.safety.screen.reasons import REASONS

#: Classes that the engine itself asks for; every pack must fill them.
ENGINE_CLASSES = ("neg", "none", "light", "turn", "i", "you", "other", "relative", "blocked")
#: Phrase lists that the engine itself asks for; every pack must fill them.
ENGINE_FEATURES = (
    "idiom",
    "humour",
    "fiction",
    "past",
    "present",
    "recent",
    "support",
    "unsure",
)
_WHO = {"self", "any", "fixed", "other"}
_PAST = {"lower", "keep"}


class PackError(ValueError):
    """A pack is missing something or names something that does not exist."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of evidence.

    ``who``: "self" counts only when the subject is the writer (or nobody is named); "any" also when
    it is somebody close; "other" only then; "fixed" when the phrase says by itself who is meant.
    ``past``: "lower" when the past tense makes it milder, "keep" when it does not. ``negation``
    says whether a "not" before it takes the rule back. ``tags`` are what combinations ask for.
    """

    id: str
    stream: Stream
    level: Level
    weight: float
    why: str
    tags: frozenset[str]
    who: str
    past: str
    negation: bool
    hyperbole: bool
    phrases: tuple[tuple[re.Pattern[str], tuple[frozenset[str], ...]], ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """Evidence that is graver together: all of ``needs`` within ``within`` words of each other."""

    id: str
    stream: Stream
    level: Level
    weight: float
    why: str
    needs: tuple[frozenset[str], ...]
    within: int


@dataclass(frozen=True, slots=True)
class Pack:
    """A compiled pack: see the module's words."""

    language: str
    normaliser: Normaliser
    alphabet: Mapping[str, str]
    classes: Mapping[str, str]
    features: Mapping[str, re.Pattern[str]]
    rules: tuple[Rule, ...]
    combinations: tuple[Combination, ...]
    #: word -> (rule number, phrase number) of the phrases that cannot match without that word.
    index: Mapping[str, tuple[tuple[int, int], ...]]
    #: Spellings as written, in lower case, any of which makes the full rules worth their cost.
    triggers: frozenset[str]
    #: The folded words behind ``triggers``, each with what else must be there.
    starters: Mapping[str, tuple[tuple[frozenset[str], ...], ...]]
    folds: Mapping[str, tuple[str, ...]]
    merges: Mapping[tuple[str, str], str]


@cache
def load(language: str) -> Pack:
    """Return the compiled pack of ``language``; raises PackError when there is none or it is bad.

    Compiled once per process: about a tenth of a second.
    """
    source = resources.files("samepath.safety.screen").joinpath("packs", f"{language}.toml")
    try:
        text = source.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PackError(f"no pack for {language!r}") from error
    return compile_pack(tomllib.loads(text))


def compile_pack(data: Mapping[str, Any]) -> Pack:
    """Compile the content of a pack; raises PackError with the place that is wrong."""
    try:
        return _compile(data)
    except (PatternError, KeyError, TypeError) as error:
        raise PackError(f"pack {data.get('language', '?')}: {error}") from error


def _compile(data: Mapping[str, Any]) -> Pack:
    classes = _classes(data["classes"])
    missing = [name for name in ENGINE_CLASSES if name not in classes]
    missing += [name for name in ENGINE_FEATURES if not data["features"].get(name)]
    if missing:
        raise PackError(f"pack {data['language']}: missing {', '.join(missing)}")
    alphabet = Alphabet()
    for words in classes.values():
        for word in sorted(words):
            alphabet.code(word)
    common = frozenset(data["common"].split())
    frequent = frozenset(data["frequent"].split())
    blocked = classes["blocked"]
    compiler = Compiler(alphabet, classes, common, frequent, blocked)
    # Features never start the full rules, so for them no word is too common.
    lenient = Compiler(alphabet, classes, frozenset(), frozenset(), blocked)
    features = {
        name: re.compile("|".join(lenient.phrase(phrase).expression for phrase in phrases))
        for name, phrases in data["features"].items()
    }
    rules: list[Rule] = []
    index: dict[str, list[tuple[int, int]]] = {}
    starters: dict[str, set[tuple[frozenset[str], ...]]] = {}
    for table in data["rule"]:
        # A rule of weight 0 never speaks alone, so it never has to start anything.
        reader = compiler if table["weight"] else lenient
        phrases = [_phrase(reader, source, table["id"]) for source in table["phrases"]]
        for number, phrase in enumerate(phrases):
            for word in phrase.anchors:
                index.setdefault(word, []).append((len(rules), number))
                if table["weight"]:
                    starters.setdefault(word, set()).add(phrase.needs)
        rules.append(_rule(table, phrases))
    if len({rule.id for rule in rules}) != len(rules):
        raise PackError(f"pack {data['language']}: two rules share an id")
    tags = {tag for rule in rules for tag in rule.tags}
    combinations = tuple(_combination(table, tags) for table in data.get("combine", ()))
    folds = {key: tuple(str(value).split()) for key, value in data["folds"].items()}
    merges = {
        (pair.split()[0], pair.split()[1]): word for pair, word in data.get("merges", {}).items()
    }
    triggers = starters.keys() | {
        key for key, words in folds.items() if not starters.keys().isdisjoint(words)
    }
    # A merged word can be written as its two halves.
    triggers |= {second for (_, second), word in merges.items() if word in starters}
    return Pack(
        language=data["language"],
        normaliser=Normaliser(folds, merges, alphabet.codes, data["sensitive"].split()),
        alphabet={**alphabet.codes, "": BREAK},
        classes={name: alphabet.group(words) for name, words in classes.items()},
        features=features,
        rules=tuple(rules),
        combinations=combinations,
        index={word: tuple(places) for word, places in index.items()},
        triggers=frozenset(triggers),
        starters={word: tuple(needs) for word, needs in starters.items()},
        folds=folds,
        merges=merges,
    )


def _classes(tables: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Resolve classes that name other classes; a class may only name one that stands before it."""
    classes: dict[str, frozenset[str]] = {}
    for name, words in tables.items():
        members: set[str] = set()
        for word in words.split():
            if word.startswith("@"):
                members |= classes[word[1:]]
            else:
                members.add(word)
        classes[name] = frozenset(members)
    return classes


def _phrase(compiler: Compiler, source: str, rule: str) -> Phrase:
    try:
        return compiler.phrase(source)
    except PatternError as error:
        raise PatternError(f"rule {rule}: {error}") from error


def _rule(table: Mapping[str, Any], phrases: list[Phrase]) -> Rule:
    stream, why, who, past = (
        table["stream"],
        table["why"],
        table.get("who", "fixed"),
        table.get("past", "keep"),
    )
    if stream not in STREAM_ORDER or why not in REASONS or who not in _WHO or past not in _PAST:
        raise PackError(f"rule {table['id']}: unknown stream, why, who or past")
    return Rule(
        id=table["id"],
        stream=stream,
        level=Level(table["level"]),
        weight=float(table["weight"]),
        why=why,
        tags=frozenset(table.get("tags", "").split()),
        who=who,
        past=past,
        negation=bool(table.get("negation", True)),
        hyperbole=bool(table.get("hyperbole", False)),
        phrases=tuple((re.compile(phrase.expression), phrase.needs) for phrase in phrases),
    )


def _combination(table: Mapping[str, Any], tags: set[str]) -> Combination:
    needs = tuple(frozenset(need.split("|")) for need in table["needs"])
    unknown = set().union(*needs) - tags
    if unknown or table["why"] not in REASONS:
        raise PackError(f"combination {table['id']}: unknown {sorted(unknown) or table['why']}")
    return Combination(
        id=table["id"],
        stream=table["stream"],
        level=Level(table["level"]),
        weight=float(table["weight"]),
        why=table["why"],
        needs=needs,
        within=int(table.get("within", 25)),
    )


def phrases_for(pack: Pack, words: frozenset[str]) -> Iterator[tuple[Rule, re.Pattern[str]]]:
    """Yield each rule and phrase that could match a text holding exactly ``words``."""
    seen: set[tuple[int, int]] = set()
    for word in words & pack.index.keys():
        seen.update(pack.index[word])
    for number, phrase in sorted(seen):
        rule = pack.rules[number]
        expression, needs = rule.phrases[phrase]
        if not any(need.isdisjoint(words) for need in needs):
            yield rule, expression


def could_match(pack: Pack, words: set[str]) -> bool:
    """Return whether any rule that speaks for itself could match a text with these folded words.

    ``words`` may hold more than the text does: then the answer is too often yes, never wrongly no.
    """
    for (first, second), word in pack.merges.items():
        if second in words and first in words:
            words.add(word)
    for word in words & pack.starters.keys():
        for needs in pack.starters[word]:
            for need in needs:
                if need.isdisjoint(words):
                    break
            else:
                return True
    return False
