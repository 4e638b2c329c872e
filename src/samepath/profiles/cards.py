"""Topic cards: the experiences people share, read from plain files.

``topics/<language>/families.toml`` names the families in order; ``topics/<language>/<family>.toml``
holds that family's cards. English is complete. Any other language is a folder that may carry any
part: what it lacks is taken from English, so that a half-translated folder is useful at once.

A card is written by people with the experience. ``phrases`` is a block with one phrase on a line
and ``synonyms`` one line with commas, so that nobody has to know the file format to add to it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

TOPICS: Final = Path(__file__).parent / "topics"
FALLBACK: Final = "en"

#: Audiences a helpline may be for; a card names those that matter to its topic.
HELPLINE_TAGS: Final = frozenset(
    {
        "all",
        "youth",
        "lgbtq",
        "abuse",
        "sexual-violence",
        "substance",
        "eating",
        "grief",
        "older",
        "veterans",
        "carers",
        "racism",
        "debt",
        "parents",
        "perinatal",
    }
)

_KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


class CardError(ValueError):
    """A card file says something that cannot be used; the message names file and card."""


@dataclass(frozen=True, slots=True)
class Family:
    """A family of topics. ``order`` counts from 0, as people see the families."""

    key: str
    name: str
    order: int


@dataclass(frozen=True, slots=True)
class Card:
    """One experience, in one language.

    ``name`` fits on a chip, ``about`` is one sentence, ``phrases`` are what people say,
    ``synonyms`` single words and names, ``helplines`` audiences out of `HELPLINE_TAGS`,
    ``notes`` sentences for the supporter who listens, ``related`` keys of other cards.
    """

    key: str
    family: str
    name: str
    about: str
    phrases: tuple[str, ...]
    synonyms: tuple[str, ...]
    helplines: tuple[str, ...]
    notes: tuple[str, ...]
    related: tuple[str, ...] = ()


def languages() -> tuple[str, ...]:
    """Language codes that have a folder of cards, English first."""
    found = sorted(p.name for p in TOPICS.iterdir() if p.is_dir() and _LANGUAGE.fullmatch(p.name))
    return (FALLBACK, *(code for code in found if code != FALLBACK))


@cache
def families(language: str = FALLBACK) -> tuple[Family, ...]:
    """The families in order, named in ``language`` where it has a name, else in English."""
    names = {**_family_names(FALLBACK), **_family_names(_folder(language))}
    order = list(_family_names(FALLBACK))
    return tuple(Family(key, names[key], place) for place, key in enumerate(order))


@cache
def cards(language: str = FALLBACK) -> Mapping[str, Card]:
    """All cards by key, in the order of families and files, in ``language``.

    Each field the language lacks is the English one. An unknown language, or one with a region
    ("es-mx") whose folder does not exist, falls back to its base language and then to English.
    The mapping is read-only and shared: it is read from disk once per language.

    Raises `CardError` when a file cannot be used.
    """
    folder = _folder(language)
    own = _raw(folder) if folder != FALLBACK else {}
    strange = own.keys() - _raw(FALLBACK).keys()
    if strange:
        raise CardError(f"{folder}: unknown topics {sorted(strange)}; write the English card first")
    return MappingProxyType(
        {key: _card(key, {**base, **own.get(key, {})}) for key, base in _raw(FALLBACK).items()}
    )


def routing_cards(
    codes: Iterable[str] | None = None,
) -> dict[str, tuple[str, str, str, tuple[str, ...], tuple[str, ...]]]:
    """What the router reads: key -> (family, name, about, phrases, synonyms).

    ``codes`` are the languages people may write in (all that have a folder, if None). Phrases and
    synonyms of all of them are put together, so that one router understands every language offered;
    names and descriptions in the other languages join the phrases.
    """
    chosen = [_folder(code) for code in (languages() if codes is None else codes)] or [FALLBACK]
    found: dict[str, tuple[str, str, str, tuple[str, ...], tuple[str, ...]]] = {}
    for key, first in cards(chosen[0]).items():
        phrases: dict[str, None] = dict.fromkeys(first.phrases)
        synonyms: dict[str, None] = dict.fromkeys(first.synonyms)
        for code in chosen[1:]:
            card = cards(code)[key]
            phrases.update(dict.fromkeys((*card.phrases, card.name, card.about)))
            synonyms.update(dict.fromkeys(card.synonyms))
        found[key] = (first.family, first.name, first.about, tuple(phrases), tuple(synonyms))
    return found


def openers(codes: Iterable[str] | None = None) -> tuple[str, ...]:
    """Things people say that name no topic, in the languages of `routing_cards`.

    They come from ``openers.txt`` in a language's folder, one on a line.
    """
    chosen = [_folder(code) for code in (languages() if codes is None else codes)] or [FALLBACK]
    paths = (TOPICS / code / "openers.txt" for code in dict.fromkeys(chosen))
    texts = (path.read_text(encoding="utf-8") for path in paths if path.exists())
    return tuple(
        dict.fromkeys(line.strip() for text in texts for line in text.splitlines() if line.strip())
    )


def _folder(language: str) -> str:
    """The folder that serves a language code: itself, its base language, or English."""
    code = language.lower().replace("_", "-")
    while code:
        if _LANGUAGE.fullmatch(code) and (TOPICS / code).is_dir():
            return code
        code = code.rpartition("-")[0]
    return FALLBACK


@cache
def _family_names(folder: str) -> dict[str, str]:
    path = TOPICS / folder / "families.toml"
    if not path.exists():
        return {}
    return {str(key): str(name) for key, name in _read(path).get("families", {}).items()}


@cache
def _raw(folder: str) -> dict[str, dict[str, Any]]:
    """Cards of one folder as written, by key, with ``family`` taken from the file's name."""
    found: dict[str, dict[str, Any]] = {}
    for family in _family_names(FALLBACK):
        path = TOPICS / folder / f"{family}.toml"
        if not path.exists():
            continue
        for entry in _read(path).get("topic", []):
            key = str(entry.get("key", ""))
            if not _KEY.fullmatch(key):
                raise CardError(f"{path.name}: not a usable key: {key!r}")
            if key in found:
                raise CardError(f"{path.name}: {key} is there twice")
            found[key] = {**entry, "family": family}
    return found


def _card(key: str, entry: Mapping[str, Any]) -> Card:
    try:
        return Card(
            key=key,
            family=entry["family"],
            name=entry["name"],
            about=entry["about"],
            phrases=tuple(line.strip() for line in entry["phrases"].splitlines() if line.strip()),
            synonyms=tuple(part.strip() for part in entry["synonyms"].split(",") if part.strip()),
            helplines=tuple(entry["helplines"]),
            notes=tuple(entry["notes"]),
            related=tuple(entry.get("related", ())),
        )
    except KeyError as missing:
        raise CardError(f"{key}: {missing} is missing") from missing


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CardError(f"{path.parent.name}/{path.name}: {error}") from error
