"""The router from a person's own words to topics, on the cards that ship."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import samepath
from engine.vague import VAGUE, VAGUE_ES
from samepath.engine.routing import MOST, Router, route_jsonl
from samepath.profiles.cards import cards, openers, routing_cards

CLEAR = (
    ("My dad passed away in spring and I miss him so much", "grief-parent"),
    ("cant sleep, staring at the ceiling again since 2", "sleep"),
    ("my husband hit me last night and i am scared of him", "domestic-abuse"),
    ("I keep gambling away my pay on slot machines", "gambling"),
    ("I had a panic attack on the train this morning", "panic"),
    ("my son came out as gay and I want to support him", "lgbtq"),
    ("We lost our baby at twelve weeks, a miscarriage", "pregnancy-loss"),
    ("I owe the bank so much, credit cards and loans, collectors keep calling", "debt"),
    ("got fired today after nine years with the company", "job-loss"),
    ("final exams in two weeks and I cannot study at all", "exams"),
    ("My boyfriend dumped me and I can't get over him", "breakup"),
    ("mum has alzheimers and doesnt recognise me any more", "dementia-caring"),
    ("I want to stop drinking, i'm hungover every morning", "alcohol"),
    ("my therapist is leaving the clinic and I feel left alone", "in-treatment"),
    ("the voices are telling me things again", "psychosis"),
    ("I am binge eating every evening and ashamed of it", "eating-disorder"),
    ("my brother is in jail and nobody at school may know", "prison-family"),
    ("since deployment I can't get used to life outside the army", "military"),
    ("people shouted a racist slur at me on the street", "racism"),
    ("we may be evicted, the landlord gave us two weeks", "housing"),
)
CLEAR_ES = (
    ("Se murió mi papá y no sé cómo seguir", "grief-parent"),
    ("No puedo dormir, llevo semanas con insomnio", "sleep"),
    ("Mi esposo me pega y tengo miedo", "domestic-abuse"),
    ("Me despidieron del trabajo ayer", "job-loss"),
    ("Mi hijo no quiere ir a la escuela porque le hacen bullying", "bullying"),
)


@pytest.fixture(scope="module")
def router() -> Router:
    return Router(routing_cards(), openers())


def first(router: Router, text: str) -> str:
    return router.route(text).topics[0][0]


@pytest.mark.parametrize(("text", "key"), [*CLEAR, *CLEAR_ES])
def test_clear_words_find_their_topic(router: Router, text: str, key: str) -> None:
    assert key in [topic for topic, _ in router.route(text).topics]


def test_clear_words_mostly_find_it_first_and_without_asking(router: Router) -> None:
    assert sum(first(router, text) == key for text, key in CLEAR) >= 0.85 * len(CLEAR)
    assert sum(router.route(text).ask for text, _ in CLEAR) <= 0.1 * len(CLEAR)


def test_vague_openers_are_on_no_card() -> None:
    known = {text.casefold() for text in openers()}
    for language in ("en", "es"):
        known |= {p.casefold() for card in cards(language).values() for p in card.phrases}
    assert len(VAGUE) >= 60
    assert known.isdisjoint(text.casefold() for text in (*VAGUE, *VAGUE_ES))


@pytest.mark.parametrize("texts", [VAGUE, VAGUE_ES], ids=["en", "es"])
def test_vague_openers_are_asked(router: Router, texts: tuple[str, ...]) -> None:
    assert sum(router.route(text).ask for text in texts) >= 0.85 * len(texts)


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\n", "…", "😭", "!!! ???", "1", "\x00", "مرحبا", "你好"]
)
def test_nothing_readable_is_asked_and_named_nothing(router: Router, text: str) -> None:
    routing = router.route(text)
    assert routing.ask
    assert routing.topics == []


def test_emoji_and_shouting_do_not_hide_the_topic(router: Router) -> None:
    assert first(router, "😭😭 MY DOG DIED 💔🐶") == "pet-loss"


def test_spelling_mistakes_are_read(router: Router) -> None:
    assert first(router, "i am so depresed, deppression again") == "depression"
    assert first(router, "my mariage is faling apart, my husbend left the bedroom") == "marriage"


def test_typographic_and_plain_apostrophes_are_the_same(router: Router) -> None:
    assert router.route("I can’t sleep") == router.route("I can't sleep")


def test_two_topics_are_both_named(router: Router) -> None:
    keys = [key for key, _ in router.route("I lost my job and now my wife wants a divorce").topics]
    assert {"job-loss", "divorce"} <= set(keys)


def test_a_long_text_is_read(router: Router) -> None:
    text = (
        "My mother died in the winter. I was with her at the end. "
        "I go to the shop and see the biscuits she liked and have to leave. "
    )
    long = (text * 40)[:4000]
    assert len(long) == 4000
    assert first(router, long) == "grief-parent"
    assert router.route(long + "x" * 1_000_000) == router.route(long + "x" * 10)


def test_answers_are_few_ordered_and_between_nought_and_one(router: Router) -> None:
    for text, _ in CLEAR:
        topics = router.route(text).topics
        scores = [score for _, score in topics]
        assert 1 <= len(topics) <= MOST
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)
        assert len({key for key, _ in topics}) == len(topics)


def test_the_same_text_gets_the_same_answer_whatever_came_before(router: Router) -> None:
    fresh = Router(routing_cards(), openers())
    for text, _ in reversed(CLEAR):
        assert fresh.route(text) == router.route(text)


def test_a_router_of_one_card_works_and_of_none_is_refused() -> None:
    only = Router({"grief": ("grief", "Grief", "Loss.", ["my dad died"], ["grief"])})
    assert only.route("dad died").topics[0][0] == "grief"
    assert only.route("xyz").topics == []
    with pytest.raises(ValueError, match="at least one card"):
        Router({})


def test_it_is_quick_enough_to_answer_while_somebody_types(router: Router) -> None:
    """Generous on purpose: a shared machine may be ten times slower than the measured figure."""
    begun = time.perf_counter()
    for text, _ in CLEAR:
        router.route(text)
    assert (time.perf_counter() - begun) / len(CLEAR) < 0.05


def test_routing_needs_no_numpy() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from samepath.engine.routing import Router\n"
        "from samepath.profiles.cards import routing_cards\n"
        "assert Router(routing_cards()).route('my mother died').topics\n"
        "assert 'numpy' not in sys.modules and 'django' not in sys.modules\n"
    )
    source = Path(samepath.__file__).parent.parent
    subprocess.run([sys.executable, "-c", code, str(source)], check=True)


# -- the door for other programs -------------------------------------------------------------


def replies(router: Router, *lines: str) -> Iterator[dict[str, object]]:
    for line in route_jsonl(lines, router, lambda text: "danger" in text):
        assert "\n" not in line
        yield json.loads(line)


def test_each_line_gets_a_reply_in_order(router: Router) -> None:
    (one, two) = replies(
        router,
        '{"id": 7, "text": "I cannot sleep at night"}\n',
        '{"type": "route", "id": "b", "text": "danger danger"}',
    )
    assert one["id"] == 7
    assert one["topics"][0]["topic"] == "sleep"  # type: ignore[index]
    assert 0 < one["topics"][0]["score"] <= 1  # type: ignore[index]
    assert (one["ask"], one["crisis"]) == (False, False)
    assert set(one) == {"id", "topics", "ask", "crisis"}
    assert (two["id"], two["crisis"]) == ("b", True)


@pytest.mark.parametrize(
    "bad",
    ["", "{", "[]", "null", '"text"', "\ufeff{}", "[" * 100_000, '{"id": 1}', '{"text": 5}'],
)
def test_a_bad_line_is_answered_and_the_next_one_read(router: Router, bad: str) -> None:
    wrong, right = replies(router, bad, '{"id": 2, "text": "my mother died"}')
    assert "error" in wrong
    assert "topics" not in wrong
    assert right["id"] == 2
    assert right["topics"][0]["topic"] == "grief-parent"  # type: ignore[index]


def test_an_error_never_repeats_what_somebody_wrote(router: Router) -> None:
    (wrong,) = replies(router, '{"id": 1, "text": "my secret"')
    assert wrong == {"id": None, "error": "not JSON"}
