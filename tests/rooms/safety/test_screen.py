"""The local screener: levels, streams, context, disguises, and what holds for every text.

All statements were written for these tests by hand; none comes from a person.
"""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms.safety.statements import (
    EN_CALM,
    EN_DISGUISED,
    EN_FOUND,
    EN_HIGH,
    EN_IMMINENT,
    EN_PAIRS,
    EN_SUPPORTING,
    ES_CALM,
    ES_FOUND,
    ES_HIGH,
    ES_PAIRS,
)
from samepath.safety.screen import SUPPORTED, Finding, Level, crisis, screen, screen_jsonl
from samepath.safety.screen.engine import evidence
from samepath.safety.screen.packs import PackError, compile_pack, load
from samepath.safety.screen.patterns import PatternError
from samepath.safety.screen.reasons import NOT_SCREENED, REASONS


def _of(text: str, language: str = "en") -> Finding:
    return screen(text, language=language)


def test_the_lists_are_as_long_as_the_measure_asks() -> None:
    english = (
        len(EN_FOUND) + len(EN_DISGUISED) + len(EN_HIGH) + len(EN_IMMINENT) + 2 * len(EN_PAIRS)
    )
    spanish = len(ES_FOUND) + len(ES_HIGH) + 2 * len(ES_PAIRS)
    assert english >= 120
    assert spanish >= 60


@pytest.mark.parametrize("text", EN_FOUND + EN_DISGUISED)
def test_plain_english_statements_are_flagged(text: str) -> None:
    finding = _of(text)
    assert finding.level >= Level.R2, finding
    assert finding.stream


@pytest.mark.parametrize("text", EN_HIGH)
def test_high_english_statements_ring(text: str) -> None:
    assert _of(text).level >= Level.R3, _of(text)


@pytest.mark.parametrize("text", EN_IMMINENT)
def test_imminent_english_statements_are_imminent(text: str) -> None:
    assert _of(text).level == Level.R4, _of(text)


@pytest.mark.parametrize(("said", "unsaid"), EN_PAIRS)
def test_english_negation_takes_it_back(said: str, unsaid: str) -> None:
    assert _of(said).level >= Level.R2, _of(said)
    assert _of(unsaid).level < Level.R2, _of(unsaid)
    assert _of(said).score > _of(unsaid).score


@pytest.mark.parametrize("text", EN_CALM + EN_SUPPORTING)
def test_english_sayings_stories_and_support_are_not_flagged(text: str) -> None:
    assert _of(text).level < Level.R2, _of(text)


@pytest.mark.parametrize("text", ES_FOUND)
def test_plain_spanish_statements_are_flagged(text: str) -> None:
    assert _of(text, "es").level >= Level.R2, _of(text, "es")


@pytest.mark.parametrize("text", ES_HIGH)
def test_high_spanish_statements_ring(text: str) -> None:
    assert _of(text, "es").level >= Level.R3, _of(text, "es")


@pytest.mark.parametrize(("said", "unsaid"), ES_PAIRS)
def test_spanish_negation_takes_it_back(said: str, unsaid: str) -> None:
    assert _of(said, "es").level >= Level.R2, _of(said, "es")
    assert _of(unsaid, "es").level < Level.R2, _of(unsaid, "es")


@pytest.mark.parametrize("text", ES_CALM)
def test_spanish_sayings_stories_and_support_are_not_flagged(text: str) -> None:
    assert _of(text, "es").level < Level.R2, _of(text, "es")


@pytest.mark.parametrize(
    ("text", "stream"),
    [
        ("I want to kill myself", "S"),
        ("my husband hits me", "V"),
        ("my stepdad touches me at night", "C"),
        ("I took too many, I think I overdosed", "M"),
        ("I want to kill my ex", "X"),
        ("someone is blackmailing me with photos", "E"),
    ],
)
def test_each_stream_is_named(text: str, stream: str) -> None:
    assert _of(text).stream == stream, _of(text)


@pytest.mark.parametrize(
    "text",
    ["I wish I had never been born", "I want to disappear", "I used to want to die, years ago"],
)
def test_low_signs_are_low_and_not_flagged(text: str) -> None:
    assert _of(text).level == Level.R1, _of(text)


# ------------------------------------------------------------------ earlier messages


def test_three_short_messages_are_read_together() -> None:
    alone = screen("do this anymore")
    joined = screen("tonight", previous=["im going to", "kill myself"])
    assert alone.level < Level.R2
    assert joined.level == Level.R4


def test_a_sentence_cut_in_two_is_found() -> None:
    assert screen("to die", previous=["i want"]).level >= Level.R2
    assert screen("myself", previous=["i will", "kill"]).level >= Level.R3


def test_earlier_words_alone_say_nothing_about_this_message() -> None:
    finding = screen("thanks, see you", previous=["I want to kill myself"])
    assert finding.level == Level.R0
    assert finding.spans == ()


def test_spans_stay_inside_the_new_message() -> None:
    finding = screen("to die", previous=["i want"])
    assert finding.spans == ((0, 6),)


def test_only_the_last_three_messages_count() -> None:
    assert screen("to die", previous=["i want", "a", "b", "c"]).level == Level.R0


# ------------------------------------------------------------------ languages


def test_a_language_nobody_checks_is_never_called_clear() -> None:
    finding = screen("Das Wetter ist heute sehr angenehm", language="de")
    assert not finding.screened
    assert finding.reason == NOT_SCREENED


def test_known_words_are_found_even_in_a_language_nobody_checks() -> None:
    finding = screen("ich kann nicht mehr, i want to kill myself", language="de")
    assert finding.level >= Level.R2
    assert not finding.screened


@pytest.mark.parametrize("language", [None, ""])
def test_without_a_language_every_pack_is_read(language: str | None) -> None:
    assert screen("quiero matarme", language=language).level >= Level.R2
    assert screen("I want to kill myself", language=language).level >= Level.R2
    assert screen("hello", language=language).screened


def test_regional_tags_use_the_language() -> None:
    assert screen("quiero matarme", language="es-MX").screened
    assert screen("I want to die", language="en_GB").level >= Level.R2


def test_all_packs_load_and_name_known_reasons() -> None:
    for language in SUPPORTED:
        pack = load(language)
        assert pack.language == language
        assert {rule.why for rule in pack.rules} <= REASONS.keys()
        assert len(pack.rules) >= 25


# ------------------------------------------------------------------ the front door


def test_crisis_is_true_for_suicide_and_for_anything_high() -> None:
    assert crisis("I want to die")
    assert crisis("quiero morir")
    assert crisis("my stepdad touches me at night")
    assert crisis("he is hitting me right now")


def test_crisis_is_false_for_everyday_words() -> None:
    assert not crisis("I feel lonely since we moved")
    assert not crisis("my feet are killing me")


# ------------------------------------------------------------------ properties


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["en", "es", "fr", None]))
def test_any_text_gives_a_finding_with_spans_inside_it(text: str, language: str | None) -> None:
    finding = screen(text, language=language)
    assert 0.0 <= finding.score <= 1.0
    previous = 0
    for start, end in finding.spans:
        assert previous <= start < end <= len(text)
        previous = end
    assert (finding.stream == "") == (finding.level == Level.R0)
    assert finding.reason


_WORDS = [*sorted(load("en").alphabet)[1:], "'", ".", ",", "!", "\n", "k i l l", "dieee", "su1cide"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=40), st.sampled_from([" ", "  ", ", ", "-"]))
def test_the_first_look_never_changes_the_answer(words: list[str], glue: str) -> None:
    text = glue.join(words)
    pack = load("en")
    tokens = pack.normaliser.tokens(text)
    if evidence(pack, tokens, 0):
        assert screen(text).rules
    else:
        assert not screen(text).rules


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(EN_FOUND + EN_HIGH), st.text(alphabet="xyz qw", max_size=200))
def test_words_around_a_statement_do_not_hide_it(statement: str, noise: str) -> None:
    assert screen(f"{noise}. {statement}. {noise}").level >= Level.R2


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(EN_FOUND))
def test_capitals_and_curly_quotes_change_nothing(statement: str) -> None:
    level = screen(statement).level
    assert screen(statement.upper()).level == level
    assert screen(statement.replace("'", "\u2019")).level == level


@pytest.mark.parametrize(
    "piece",
    [
        "kill myself ",
        "want to ",
        "my friend she he ",
        "k i l l ",
        "a.",
        "s*",
        "i ",
        "\u00e9",
        "no,",
    ],
)
def test_no_text_of_4000_characters_is_slow(piece: str) -> None:
    text = (piece * 4000)[:4000]
    screen(text, language=None)
    started = time.perf_counter()
    screen(text, language=None)
    # Far above the 5 ms that the bench holds it to: only a runaway expression gets here.
    assert time.perf_counter() - started < 0.25


# ------------------------------------------------------------------ lines of JSON


def test_jsonl_answers_each_line_and_survives_bad_ones() -> None:
    lines = [
        json.dumps({"id": 1, "text": "I am going to kill myself tonight"}),
        "",
        "{not json",
        json.dumps(["no", "object"]),
        json.dumps({"id": 2}),
        json.dumps({"id": 3, "text": "guten Tag", "lang": "de"}),
        json.dumps({"id": 4, "text": "a lovely day", "lang": "en"}),
        json.dumps({"id": 5, "text": "x", "lang": 7}),
    ]
    answers = [json.loads(line) for line in screen_jsonl(lines)]
    assert [answer["id"] for answer in answers] == [1, None, None, None, 3, 4, None]
    assert answers[0]["level"] == "imminent"
    assert answers[0]["reasons"]
    assert 0.5 < answers[0]["score"] <= 1.0
    assert all("error" in answer for answer in answers if answer["id"] is None)
    assert answers[4]["level"] == "not_screened"
    assert answers[5]["level"] == "none"


# ------------------------------------------------------------------ packs


def _small_pack(phrase: str, **rule: object) -> dict[str, object]:
    words = {
        name: name
        for name in ("neg", "none", "light", "turn", "i", "you", "other", "relative", "blocked")
    }
    features = (
        "idiom", "humour", "fiction", "past", "present", "recent", "support", "unsure",
    )  # fmt: skip
    return {
        "language": "zz",
        "common": "the",
        "frequent": "",
        "sensitive": "",
        "folds": {},
        "classes": words,
        "features": {name: [f"{name}x"] for name in features},
        "rule": [
            {
                "id": "z",
                "stream": "S",
                "level": 2,
                "weight": 0.5,
                "why": "ideation",
                "phrases": [phrase],
                **rule,
            }
        ],
    }


def test_a_small_pack_compiles() -> None:
    assert compile_pack(_small_pack("dark (sea|water)")).rules[0].level == Level.R2


@pytest.mark.parametrize("phrase", ["(dark", "dark)", "@nobody", "the", "", "? dark", "dark | "])
def test_a_bad_phrase_is_refused_with_its_place(phrase: str) -> None:
    with pytest.raises((PackError, PatternError), match="z"):
        compile_pack(_small_pack(phrase))


def test_an_unknown_reason_or_stream_is_refused() -> None:
    with pytest.raises(PackError):
        compile_pack(_small_pack("dark", why="because"))
    with pytest.raises(PackError):
        compile_pack(_small_pack("dark", stream="Q"))


def test_a_language_without_a_pack_has_none() -> None:
    with pytest.raises(PackError):
        load("xx")
