"""Fit is what both sides see, worked by hand; and every reason told is true and may be told."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from engine import made
from samepath.engine.fit import MOST_REASONS, Reason, fit, parts, reasons, shared
from samepath.engine.hard import allowed
from samepath.engine.people import (
    BANDS,
    UNDISCLOSED,
    Giver,
    Lived,
    Person,
    Rules,
    Seeker,
    View,
    wants,
)

RULES = made.RULES


def points(side: list[Any]) -> float:
    return math.fsum(part.points for part in side)


def test_topic_share_counts_what_was_wanted_most() -> None:
    helper = made.person("h", "panic", "loss-partner")
    want = wants({"loss-parent": 3, "panic": 1})
    assert shared(want, helper, RULES) == [
        ("loss-parent", "loss-partner", pytest.approx(0.75 * 0.45)),
        ("panic", "panic", pytest.approx(0.25)),
    ]


def test_a_topic_without_a_family_is_near_nothing() -> None:
    assert shared({"panic": 1.0}, made.person("h", "worry"), Rules()) == []


def test_a_near_topic_that_may_be_named_is_preferred() -> None:
    helper = made.person("h", topics={"a": Lived(shown=False), "b": Lived()})
    rules = Rules(family={"a": "f", "b": "f", "c": "f"})
    assert shared({"c": 1.0}, helper, rules) == [("c", "b", 0.45)]


def test_a_worked_example() -> None:
    """Seeker: panic, in the middle, 25-34, would like a woman. Supporter: has been there."""
    anne = Person(
        "anne",
        ("en", "es"),
        age_band="25-34",
        topics={"panic": Lived(first_hand=True, stage="in the middle")},
        nice={"gender": frozenset({"woman"}), "faith": frozenset({"none"})},
    )
    sam = Person(
        "sam",
        ("es", "en"),
        age_band="35-44",
        gender="woman",
        topics={"panic": Lived(first_hand=True, stage="further along")},
    )
    s, g = made.seeker(anne, "panic"), Giver(sam)
    mine, theirs, _ = parts(s, g, RULES)
    # .40 topic + .14 first-hand + .12 further along + .12 * .85 my language, not theirs
    # + .14 / 2 one wish of two + .08 / 2 next age band, of a whole of 1.
    assert points(mine) == pytest.approx(0.40 + 0.14 + 0.12 + 0.102 + 0.07 + 0.04)
    # .30 topic + .10 first-hand + .16 * .85 language + .05 age, of .66: no wish was named.
    assert points(theirs) == pytest.approx((0.30 + 0.10 + 0.136 + 0.05) / 0.66)
    q, topic = fit(s, g, RULES)
    assert topic == 1.0
    assert q == pytest.approx(math.sqrt(0.872 * 0.586 / 0.66))
    why_a, why_b = reasons(s, g, RULES)
    assert why_a == [
        {"kind": "topic", "value": "panic"},
        {"kind": "first_hand", "value": "panic"},
        {"kind": "stage", "value": {"topic": "panic", "stage": "further along"}},
        {"kind": "language", "value": "en"},
    ]
    assert why_b == [
        {"kind": "topic", "value": "panic"},
        {"kind": "language", "value": "es"},
        {"kind": "first_hand", "value": "panic"},
        {"kind": "age", "value": "25-34"},
    ]


def test_a_family_topic_counts_less_than_half() -> None:
    s = made.seeker(made.person("a"), "loss-parent")
    exact, _ = fit(s, Giver(made.person("g", "loss-parent")), RULES)
    near, topic = fit(s, Giver(made.person("g", "loss-partner")), RULES)
    none, _ = fit(s, Giver(made.person("g", "drinking")), RULES)
    assert topic == 0.45
    assert exact > near > none > 0


def test_fit_is_a_geometric_mean_of_both_sides() -> None:
    """One side's delight does not make up for the other's reluctance."""
    s = made.seeker(made.person("a", gender="man"), "panic")
    sam = made.person("sam", "panic")
    willing, reluctant = (
        Giver(replace(sam, nice={"gender": frozenset({gender})})) for gender in ("man", "woman")
    )
    for giver in (willing, reluctant):
        mine, theirs, _ = parts(s, giver, RULES)
        assert fit(s, giver, RULES)[0] == pytest.approx(math.sqrt(points(mine) * points(theirs)))
    assert fit(s, willing, RULES)[0] > fit(s, reluctant, RULES)[0]
    assert points(parts(s, willing, RULES)[0]) == points(parts(s, reluctant, RULES)[0])


def test_saying_less_never_ranks_lower() -> None:
    """No wish, no stage, no age: what remains still reaches 1."""
    quiet = made.seeker(made.person("a"), "panic")
    assert points(parts(quiet, Giver(made.person("g", "panic")), RULES)[0]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("theirs", "value"),
    [("further along", 1.0), ("in the middle", 0.7), ("new", None), ("elsewhere", None)],
)
def test_somebody_further_along_counts_most(theirs: str, value: float | None) -> None:
    def at(stage: str) -> dict[str, Lived]:
        return {"panic": Lived(stage=stage)}

    s = made.seeker(made.person("a", topics=at("in the middle")), "panic")
    mine, _, _ = parts(s, Giver(made.person("g", topics=at(theirs))), RULES)
    stage = [part for part in mine if part.kind == "stage"]
    whole = 0.40 + 0.14 + 0.12 + 0.12
    assert [part.points for part in stage] == (
        [pytest.approx(0.12 * value / whole)] if value else []
    )


def test_between_two_who_wait_topic_is_the_mean() -> None:
    a = made.seeker(made.person("a", "drinking"), "panic")
    b = made.seeker(made.person("b", "panic"), "worry")
    assert fit(a, b, RULES)[1] == pytest.approx(0.5)
    assert fit(a, b, RULES) == fit(b, a, RULES)


def test_nobody_who_shares_is_said_plainly_to_both() -> None:
    s, g = made.seeker(made.person("a"), "panic"), Giver(made.person("g", "drinking"))
    for why in reasons(s, g, RULES):
        assert why == [
            {"kind": "listener", "value": "panic"},
            {"kind": "language", "value": "en"},
        ]


def test_no_topic_wanted_claims_nothing() -> None:
    s, g = made.seeker(made.person("a")), Giver(made.person("g", "drinking"))
    assert reasons(s, g, RULES)[0] == [{"kind": "language", "value": "en"}]


def test_hidden_things_count_and_are_not_told() -> None:
    s = made.seeker(
        made.person("a", age_band="25-34", nice={"gender": frozenset({"woman"})}), "panic"
    )
    open_one = made.person("g", "panic", gender="woman", age_band="25-34")
    shy = replace(
        open_one,
        topics={"panic": Lived(first_hand=True, shown=False)},
        hidden=frozenset({"gender", "age_band"}),
    )
    assert fit(s, Giver(shy), RULES) == fit(s, Giver(open_one), RULES)
    assert len(reasons(s, Giver(open_one), RULES)[0]) == MOST_REASONS
    assert reasons(s, Giver(shy), RULES)[0] == [{"kind": "language", "value": "en"}]


@pytest.mark.parametrize("field", ["stage", "first_hand"])
def test_a_hidden_stage_or_first_hand_is_not_told(field: str) -> None:
    lives = {"panic": Lived(first_hand=True, stage="new")}
    s = made.seeker(made.person("a", topics=lives), "panic")
    for hidden, told in ((frozenset[str](), True), (frozenset({field}), False)):
        why_a, _ = reasons(s, Giver(made.person("g", topics=lives, hidden=hidden)), RULES)
        assert (field in {reason["kind"] for reason in why_a}) == told


def test_weights_are_configuration() -> None:
    s, g = made.seeker(made.person("a"), "panic"), Giver(made.person("g", "drinking"))
    only_language = Rules(seeker=View(0, 0, 0, 1, 0, 0), giver=View(0, 0, 0, 1, 0, 0))
    assert fit(s, g, only_language) == (pytest.approx(0.35), 0)
    nothing = Rules(seeker=View(0, 0, 0, 0, 0, 0))
    assert fit(s, g, nothing)[0] == 0


@pytest.mark.parametrize("bad", [{"a": -1.0}, {"a": math.nan}, {"a": math.inf}])
def test_wants_refuses_what_is_no_weight(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="from 0 up"):
        wants(bad)


def test_wants_are_scaled_heaviest_first() -> None:
    assert list(wants({"b": 1, "c": 0, "a": 3}).items()) == [("a", 0.75), ("b", 0.25)]
    assert wants({}) == {}


def _true(reason: Reason, reader: Person, other: Person, want: Any, *, helps: bool) -> bool:
    """Whether `reason`, told to `reader`, is true of `other` and theirs to be told."""
    kind, value = reason["kind"], reason["value"]
    if kind == "topic" and helps:
        return value in want and bool(shared({value: 1.0}, reader, RULES))
    if kind == "topic":
        return other.topics[value].shown and bool(
            set(want) & {t for t in made.TOPICS if RULES.family[t] == RULES.family[value]}
        )
    if kind == "first_hand":
        told = other.topics[value]
        return value in want and told.first_hand and told.shown and kind not in other.hidden
    if kind == "stage":
        told = other.topics[value["topic"]]
        return told.stage == value["stage"] and told.shown and kind not in other.hidden
    if kind == "language":
        return value in reader.languages and value in other.languages
    if kind == "preference":
        field, worth = value["field"], value["value"]
        if field == "first_hand":
            lived = [other.topics[t] for t in want if t in other.topics]
            return worth is True and any(x.first_hand and x.shown for x in lived)
        return (
            worth in reader.nice[field]
            and worth == getattr(other, field) != UNDISCLOSED
            and field not in other.hidden
        )
    if kind == "age":
        apart = BANDS.index(reader.age_band) - BANDS.index(other.age_band)
        return value == other.age_band and abs(apart) <= 1 and "age_band" not in other.hidden
    return False


def _check(s: Seeker, partner: Giver | Seeker) -> None:
    a, b = s.person, partner.person
    helps = isinstance(partner, Giver)
    why_a, why_b = reasons(s, partner, RULES)
    unshared = bool(s.want) and not shared(s.want, b, RULES)
    for why in (why_a, why_b):
        assert [r["kind"] for r in why].count("listener") == int(unshared)
        assert len(why) <= MOST_REASONS
    their_want = s.want if isinstance(partner, Giver) else partner.want
    for reason in why_a:
        assert reason["kind"] == "listener" or _true(reason, a, b, s.want, helps=False)
    for reason in why_b:
        assert reason["kind"] == "listener" or _true(reason, b, a, their_want, helps=helps)
    if allowed(s, partner, made.NOW):
        assert why_a
        assert why_b


@settings(deadline=None)
@given(made.seekers, made.givers)
def test_every_reason_is_true_and_may_be_told(s: Seeker, g: Giver) -> None:
    _check(s, g)


@settings(deadline=None)
@given(made.seekers, made.others)
def test_every_reason_between_fellows_is_true_and_may_be_told(s: Seeker, f: Seeker) -> None:
    _check(s, f)


@settings(deadline=None)
@given(made.seekers, made.givers)
def test_scores_stay_between_nought_and_one(s: Seeker, g: Giver) -> None:
    mine, theirs, _ = parts(s, g, RULES)
    q, topic = fit(s, g, RULES)
    for value in (points(mine), points(theirs), q, topic):
        assert 0 <= value <= 1 + 1e-9
    assert all(part.points > 0 for part in [*mine, *theirs])
    assert q == pytest.approx((0.35 + 0.65 * topic) * math.sqrt(points(mine) * points(theirs)))


@settings(deadline=None)
@given(made.seekers, made.givers)
def test_load_blocks_and_musts_change_no_reason_and_no_score(s: Seeker, g: Giver) -> None:
    """What may never be shown cannot be read off either: it is not an input at all."""
    bare = {"blocks": frozenset(), "bad_past": frozenset(), "must": {}}
    s2 = replace(s, person=replace(s.person, **bare), declined=frozenset())
    g2 = replace(g, person=replace(g.person, **bare, capacity=9), talks=0, not_before=0.0)
    assert reasons(s, g, RULES) == reasons(s2, g2, RULES)
    assert fit(s, g, RULES) == fit(s2, g2, RULES)
