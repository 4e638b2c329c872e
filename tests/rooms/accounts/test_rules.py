"""Names, phrases, passwords on plain values."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from samepath.accounts import rules
from samepath.kit import hashing


def test_every_suggested_name_can_be_used():
    pick = random.Random(7)
    for number in range(2, 100):
        handle = rules.suggest_handle(pick.choice, number)
        assert rules.handle_fault(handle) == "", handle
    for first in rules.FIRST:
        assert rules.handle_fault(f"{first}-{rules.SECOND[0]}-2") == "", first
    for second in rules.SECOND:
        assert rules.handle_fault(f"{rules.FIRST[0]}-{second}-2") == "", second


@pytest.mark.parametrize(
    ("handle", "fault"),
    [
        ("quiet-heron-27", ""),
        ("abc", ""),
        ("ab", "shape"),
        ("a" * 25, "shape"),
        ("Quiet", "shape"),
        ("two--lines", "shape"),
        ("kind@mail", "shape"),
        ("admin-4", "reserved"),
        ("admin4", "reserved"),
        ("adm1n-4", "reserved"),
        ("ad-min-4", "reserved"),
        ("our-samepath-4", "reserved"),
        ("sarnepath-4", "reserved"),
        ("the-lead-7", "reserved"),
        ("leader-7", ""),
        ("call-07700-9", "digits"),
        ("a1-22-33-b", "digits"),
        ("year-1999-b", ""),
    ],
)
def test_a_name_is_judged(handle: str, fault: str):
    assert rules.handle_fault(handle) == fault


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Quiet Heron", "quiet-heron"),
        ("  Río   Tranquilo 7 ", "rio-tranquilo"),
        ("quiet_heron-27", "quiet-heron"),
        ("27", ""),
        ("😀", ""),
        ("‮evil", "evil"),
    ],
)
def test_own_words_become_a_name(typed: str, words: str):
    assert rules.own_words(typed) == words


@pytest.mark.parametrize("language", ["en", "es"])
def test_letters_alone_tell_every_phrase_apart(language: str):
    """No word begins with another, so that dropping what stands between them loses nothing; but for
    one pair, "drop-down" and "dropdown", which costs less than a thousandth of a bit."""
    listed = hashing.words(language)
    folded = sorted({rules.fold_phrase(word) for word in listed})
    assert len(set(listed)) >= 7776
    assert len(folded) >= len(listed) - 1
    assert all(word.isalpha() and word.isascii() for word in folded)
    for one, other in pairwise(folded):
        assert not other.startswith(one), (one, other)


@pytest.mark.parametrize(
    "typed",
    [
        "river felt-tip lamp",
        "RIVER, felt tip; Lamp.",
        "1. river\n2. felt-tip\r\n3. lamp\n",
        "  riverfelttiplamp ",
        "rivér felt-típ lamp",
        "“river” – felt‑tip – lamp",
    ],
)
def test_a_phrase_is_forgiving(typed: str):
    assert rules.fold_phrase(typed) == "riverfelttiplamp"


def test_a_phrase_is_not_forgiving_of_its_order_and_words():
    right = rules.fold_phrase("river felt-tip lamp")
    assert rules.fold_phrase("lamp felt-tip river") != right
    assert rules.fold_phrase("river felt-tip lamps") != right


def test_a_sign_in_name_and_a_password_are_folded():
    assert rules.fold_sign_in_name(" River stone_LAMP ") == "river-stone-lamp"
    assert len(rules.fold_sign_in_name("a" * 500)) == 64
    assert rules.fold_password("cafe\u0301") == "café"


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("a" * 11, "short"),
        ("x" * 129, "long"),
        ("qwertyuiop12", "common"),
        ("my quiet-heron-27 path", "common"),
        ("blue kettle under moon", ""),
    ],
)
def test_a_password_is_judged(password: str, fault: str):
    common = {"qwertyuiop12"}.__contains__
    assert rules.password_fault(password, common, "quiet-heron-27") == fault


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148", "phone"),
        ("Mozilla/5.0 (Linux; Android 14; Pixel) Mobile Safari", "phone"),
        ("Mozilla/5.0 (Linux; Android 14; Tab) Safari", "tablet"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "computer"),
        ("", "computer"),
    ],
)
def test_a_device_is_one_coarse_word(agent: str, device: str):
    assert rules.device_label(agent) == device
