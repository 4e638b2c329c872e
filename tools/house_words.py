"""Words of the glossary that lost, in names and in what people read (docs/glossary.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch

from tools.house import House, Loser

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def words_of(name: str) -> list[str]:
    """The words in an identifier, lower case.

    >>> words_of("openChatRoom"), words_of("HTTPThread_2"), words_of("chats")
    (['open', 'chat', 'room'], ['http', 'thread', '2'], ['chats'])
    """
    return [part.lower() for piece in name.split("_") for part in _CAMEL.split(piece) if part]


def _is(word: str, loser: Loser) -> bool:
    return word in {loser.word, loser.word + "s", loser.word + "es"}


def _applies(loser: Loser, place: str, inside: str) -> bool:
    return place in loser.places and not any(fnmatch(inside, glob) for glob in loser.globs)


def in_name(name: str, inside: str, house: House) -> Iterator[str]:
    """A sentence for each loser in an identifier defined in file `inside` of the package."""
    if name.startswith("__") and name.endswith("__"):
        return  # Python's own words
    if name in {phrase for loser in house.losers for phrase in loser.phrases}:
        return
    parts = words_of(name)
    for loser in house.losers:
        if _applies(loser, "names", inside) and any(_is(part, loser) for part in parts):
            yield f"{name}: not {loser.word!r}; {loser.better}"


def in_copy(text: str, inside: str, house: House) -> Iterator[str]:
    """A sentence for each loser in words that people read."""
    for loser in house.losers:
        if not _applies(loser, "copy", inside):
            continue
        kept = text
        for phrase in loser.phrases:
            kept = kept.replace(phrase, " ")
        if any(_is(word, loser) for word in re.findall(r"[a-z]+", kept.lower())):
            yield f"not {loser.word!r}; {loser.better}"
