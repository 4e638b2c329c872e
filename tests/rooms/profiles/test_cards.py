"""The topic cards: complete in English, named in Spanish, fit to route with."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from samepath.profiles import cards as module
from samepath.profiles.cards import (
    HELPLINE_TAGS,
    CardError,
    cards,
    families,
    languages,
    openers,
    routing_cards,
)

#: What product.md promises a person can meet somebody about; a card must answer to each.
PROMISED = [
    "depression",
    "anxiety",
    "physical-illness",
    "disability",
    "grief",
    "addiction",
    "recovery",
    "domestic-abuse",
    "racism",
    "parenting",
    "caring",
    "relationship",
    "breakup",
    "divorce",
    "intimacy",
    "marriage",
    "friendship",
    "loneliness",
    "infidelity",
    "migration",
    "refugee",
    "prison",
    "prison-family",
    "work-stress",
    "workplace-conflict",
    "job-loss",
    "study",
    "exams",
    "money",
    "housing",
    "lgbtq",
    "gender-identity",
    "spirituality",
    "meaning",
    "fear-of-treatment",
    "in-treatment",
    "hospital",
    "medication",
    "finding-help",
    "anger",
    "habits",
    "decisions",
    "stress",
    "sleep",
    "self-esteem",
    "body-image",
    "eating-disorder",
    "pregnancy-loss",
    "postnatal",
    "family-conflict",
    "trauma",
    "self-harm",
    "military",
    "career",
    "legal",
    "diagnosis",
    "substance-use",
    "beside-mental-illness",
    "beside-addiction",
    "beside-illness",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An own folder of cards with one English card, read afresh."""
    write(tmp_path / "en" / "families.toml", '[families]\nbody = "Body"\n')
    write(tmp_path / "en" / "body.toml", CARD)
    monkeypatch.setattr(module, "TOPICS", tmp_path)
    caches = (module.cards, module.families, module._raw, module._family_names)
    for cached in caches:
        cached.cache_clear()
    yield tmp_path
    for cached in caches:
        cached.cache_clear()


CARD = """
[[topic]]
key = "pain"
name = "Pain"
about = "Pain that stays."
helplines = ["all"]
notes = ["Believe it."]
synonyms = "ache, sore"
phrases = '''
it hurts

my back aches
'''
"""


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_there_are_many_topics_and_all_that_are_promised() -> None:
    assert len(cards()) >= 70
    assert set(PROMISED) <= cards().keys()


def test_each_family_has_cards_and_a_place() -> None:
    assert [family.order for family in families()] == list(range(len(families())))
    assert {card.family for card in cards().values()} == {family.key for family in families()}


@pytest.mark.parametrize("key", cards())
def test_english_card_is_complete(key: str) -> None:
    card = cards()[key]
    assert 20 <= len(card.phrases) <= 40
    assert len(card.synonyms) >= 5
    assert 0 < len(card.name) <= 40
    assert card.about.endswith(".")
    assert card.notes
    assert card.helplines
    assert set(card.helplines) <= HELPLINE_TAGS
    assert set(card.related) <= cards().keys()


@pytest.mark.parametrize("language", languages())
def test_no_phrase_is_said_twice(language: str) -> None:
    said = [phrase.casefold() for card in cards(language).values() for phrase in card.phrases]
    assert sorted(said) == sorted(set(said))


def test_names_tell_topics_apart() -> None:
    for language in languages():
        names = [card.name for card in cards(language).values()]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("key", cards())
def test_every_topic_is_at_home_in_spanish(key: str) -> None:
    spanish, english = cards("es")[key], cards()[key]
    assert "name" in module._raw("es")[key]
    assert spanish.about != english.about
    assert spanish.phrases != english.phrases
    assert len(spanish.phrases) >= 10
    assert spanish.synonyms != english.synonyms
    assert spanish.helplines == english.helplines
    assert spanish.family == english.family


def test_families_are_named_in_spanish() -> None:
    for spanish, english in zip(families("es"), families(), strict=True):
        assert spanish.key == english.key
        assert spanish.name != english.name


@pytest.mark.parametrize(
    ("asked", "name"),
    [("es-MX", "Duelo"), ("es_ES", "Duelo"), ("xx", "Grief"), ("", "Grief"), ("../en", "Grief")],
)
def test_an_unknown_language_falls_back(asked: str, name: str) -> None:
    assert cards(asked)["grief"].name == name


def test_cards_are_read_once_and_cannot_be_changed() -> None:
    assert cards("es") is cards("es")
    with pytest.raises(TypeError):
        cards()["new"] = cards()["grief"]  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        cards()["grief"].name = "other"  # type: ignore[misc]


def test_routing_cards_join_languages() -> None:
    family, name, _about, phrases, synonyms = routing_cards(["en", "es"])["grief"]
    assert (family, name) == ("grief", "Grief")
    assert set(cards("en")["grief"].phrases) < set(phrases)
    assert set(cards("es")["grief"].phrases) < set(phrases)
    assert "duelo" in synonyms
    assert set(routing_cards(["en"])["grief"][3]) == set(cards("en")["grief"].phrases)


def test_openers_come_from_the_languages_asked_for() -> None:
    assert "hello" in openers(["en"])
    assert "hola" not in openers(["en"])
    assert {"hello", "hola"} <= set(openers())


def test_a_half_translated_folder_is_enough(folder: Path) -> None:
    write(folder / "fr" / "body.toml", '[[topic]]\nkey = "pain"\nname = "Douleur"\n')
    assert languages() == ("en", "fr")
    assert cards("fr")["pain"].name == "Douleur"
    assert cards("fr")["pain"].phrases == ("it hurts", "my back aches")
    assert families("fr")[0].name == "Body"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (CARD + CARD, "there twice"),
        (CARD.replace('"pain"', '"Pain!"'), "not a usable key"),
        (CARD.replace('about = "Pain that stays."', ""), "'about' is missing"),
        ("[[topic", "en/body.toml"),
    ],
)
def test_a_broken_file_is_named(folder: Path, text: str, says: str) -> None:
    write(folder / "en" / "body.toml", text)
    with pytest.raises(CardError, match=says):
        cards("en")


def test_a_topic_unknown_in_english_is_refused(folder: Path) -> None:
    write(folder / "fr" / "body.toml", '[[topic]]\nkey = "ennui"\nname = "Ennui"\n')
    with pytest.raises(CardError, match="ennui"):
        cards("fr")
