"""The promise: short, readable, made from the settings, a new version with each of them."""

from __future__ import annotations

import re

import pytest

from cast import House
from samepath.kit import choices, sites
from samepath.kit.models import Site
from samepath.safety import promise

VOWELS = re.compile(r"[aeiouy]+")


def syllables(word: str) -> int:
    """A count by vowel groups, a silent final e left out: within one of a dictionary's."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    count = len(VOWELS.findall(plain))
    if plain.endswith("e") and not plain.endswith(("le", "ee")) and count > 1:
        count -= 1
    if plain.endswith("ed") and not plain.endswith(("ted", "ded")) and count > 1:
        count -= 1
    return max(1, count)


def grade(text: str) -> float:
    """The reading grade of Flesch and Kincaid (1975): 0.39 w/s + 11.8 y/w - 15.59."""
    lines = [line for line in re.split(r"[.?:]\s*", text) if line.strip()]
    words = [word for line in lines for word in re.findall(r"[A-Za-z’']+", line)]
    return (
        0.39 * len(words) / len(lines)
        + 11.8 * sum(syllables(word) for word in words) / len(words)
        - 15.59
    )


def test_the_measure_knows_plain_from_learned() -> None:
    assert [syllables(word) for word in ("read", "people", "computer", "erased", "agree")] == [
        1, 2, 3, 2, 2,
    ]  # fmt: skip
    assert grade("The cat sat on the mat. It was warm.") < 1
    assert grade("Confidentiality obligations notwithstanding, disclosure may be unavoidable.") > 15


def test_short_and_plain(site: Site) -> None:
    text = " ".join(promise.sentences())
    assert len(text.split()) <= 150
    assert grade(text) <= 5.0
    assert grade(promise.short()) <= 6.0
    assert grade(" ".join(promise.easy_sentences())) <= 4.0
    assert max(len(line.split()) for line in promise.easy_sentences()) <= 14
    assert "encrypted" not in text
    assert "anonymous" not in text


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (72, "erased three days after"),
        (48, "erased two days after"),
        (24, "erased one day after"),
        (12, "erased twelve hours after"),
        (1, "erased one hour after"),
        (30, "erased 30 hours after"),
    ],
)
def test_how_long_a_guest_talk_is_kept_is_what_is_set(site: Site, hours: int, words: str) -> None:
    choices.change("guest_hours", hours, actor=None)
    assert words in " ".join(promise.sentences())
    span = words.removeprefix("erased ").removesuffix(" after")
    assert f"after {span}." in " ".join(promise.easy_sentences())


def test_what_the_law_asks_changes_the_one_sentence(site: Site) -> None:
    assert "We do not call anyone for that alone." in promise.sentences()
    choices.change("law_line", "Harm to a child, within a day.", actor=None)
    said = promise.sentences()
    assert "We do not call anyone for that alone." not in said
    assert "the law asks this of us: Harm to a child, within a day." in " ".join(said)
    assert any("Harm to a child" in line for line in promise.easy_sentences())


def test_a_changed_setting_is_another_promise_and_the_language_is_not(site: Site) -> None:
    from django.utils import translation

    first = promise.version()
    assert re.fullmatch(r"[0-9a-f]{12}", first)
    with translation.override("es"):
        assert promise.version() == first
    seen = {first}
    for key, value in (("guest_hours", 24), ("kept_days", 7), ("law_line", "Some line.")):
        before = choices.get(key)
        choices.change(key, value, actor=None)
        assert promise.version() not in seen, key
        seen.add(promise.version())
        choices.change(key, before, actor=None)
        assert promise.version() == first
    choices.change("minimum_age", 21, actor=None)
    assert promise.version() == first


def test_the_page_says_it_and_a_changed_promise_is_asked_again(house: House) -> None:
    from samepath.accounts import queries as people

    page = house.browser().get("/promise").content.decode()
    assert "Guest talks are erased three days after they end, others after 30 days." in page
    assert people.has_consented(house.wren, promise.version())
    choices.change("guest_hours", 24, actor=None)
    assert not people.has_consented(house.wren, promise.version())
    assert "one day after they end" in house.browser().get("/promise").content.decode()


def test_two_sites_two_promises(site: Site) -> None:
    other = Site.objects.create(host="other.example", name="Other")
    choices.change("guest_hours", 24, actor=None)
    mine = promise.version()
    with sites.scope(other.pk):
        assert promise.version() != mine
        assert "three days" in " ".join(promise.sentences())
