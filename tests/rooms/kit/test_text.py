"""Cleaning: nothing invisible survives, nothing that can be kept is lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from samepath.kit import text

# Everything a browser, a socket or a test could send, lone surrogates included.
ANYTHING = st.text(st.characters(codec=None), max_size=300)
INVISIBLE = (
    "\u202e\u202a\u2066\u2069\u200e\u200f\u061c"  # direction marks and overrides
    "\ufeff\ufffe\uffff\ufff9\u00ad\u2028\u2029"  # marks without a shape
)
# The breadth of what shells, editors and keyboards put between words.
SPICY = st.text(
    st.sampled_from([*"ab \n\t\r\x00\x07\x1b\x7f\x85\u0301\u212b\u0958", *INVISIBLE, "\ud83d"]),
    max_size=40,
)


def is_unseen(char: str) -> bool:
    return (unicodedata.category(char) == "Cc" and char != "\n") or char in INVISIBLE


@given(ANYTHING | SPICY)
@example("\r\u202e\n\u2028\n")
@example("a\u202e\u0301")  # taking the mark out brings a letter and its accent together
@example("\n\x00\n\u202e\n")
@example("\x85a")
@example("\ud83d\ude00")
def test_cleaning_is_idempotent_and_leaves_nothing_invisible(typed):
    cleaned = text.clean(typed)
    assert text.clean(cleaned) == cleaned
    assert not [char for char in cleaned if is_unseen(char)]
    assert unicodedata.is_normalized("NFC", cleaned)
    assert "\n\n\n" not in cleaned
    assert cleaned == cleaned.strip()
    cleaned.encode()  # lone surrogates cannot be stored: none is left


@given(ANYTHING | SPICY)
def test_a_line_stays_a_line(typed):
    line = text.clean_line(typed)
    assert text.clean_line(line) == line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("e\u0301t\u00e9", "\u00e9t\u00e9"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one\n\n\n\n\ntwo", "one\n\ntwo"),
        ("tab\there", "tab here"),
        ("safe\u202eefas", "safeefas"),
        ("lone \ud800 surrogate", "lone ? surrogate"),
        ("\x00\x1b[31mred", "[31mred"),
        # Families and flags are joined by a character without a shape of its own.
        ("\U0001f469\u200d\U0001f467", "\U0001f469\u200d\U0001f467"),
        (
            "\u0646\u0645\u06cc\u200c\u0634\u0648\u062f",
            "\u0646\u0645\u06cc\u200c\u0634\u0648\u062f",
        ),
    ],
)
def test_what_is_kept(typed, kept):
    assert text.clean(typed) == kept


def test_the_limit_is_4000_code_points_and_200_lines():
    assert not text.too_long("\U0001f642" * 4000)
    assert text.too_long("\U0001f642" * 4001)
    assert not text.too_long("\n".join("x" * 200))
    assert text.too_long("\n".join("x" * 201))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("quiet-heron-27", "Quiet Heron 27"),
        ("modern", "rnodern"),
        ("paul", "pau1"),
        ("olive", "0live"),
        ("ivy", "lvy"),
        ("warm", "vvarm"),
        ("dawn", "clawn"),
        ("caf\u00e9", "cafe"),
        ("\uff48eron", "heron"),  # full-width letters
        ("stra\u00dfe", "strasse"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(one, other):
    assert text.skeleton(one) == text.skeleton(other)


@given(ANYTHING)
def test_a_skeleton_has_neither_case_nor_marks(name):
    folded = text.skeleton(name)
    assert text.skeleton(name.upper().lower()) == text.skeleton(name.lower())
    assert all(char.isalnum() for char in folded)


def test_different_names_stay_different():
    names = ["quiet-heron-27", "quiet-heron-28", "warm-lantern-31", "gentle-otter-52"]
    assert len({text.skeleton(name) for name in names}) == len(names)
