"""No hard rule is ever broken: each rule alone, then all of them on any two people."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings

from engine import made
from engine.oracle import broken_by_fellow, broken_by_supporter, fellow
from samepath.engine.hard import allowed, why_not
from samepath.engine.people import ADULT, MINOR, UNDISCLOSED, Giver, Lived, Person, Seeker

NOW = made.NOW
ANNE = made.person("anne", "panic")
SAM = made.person("sam", "panic")
TEEN = {"age_band": MINOR}


def ask(a: Person = ANNE, b: Person = SAM, *, now: float = NOW, **giver: object) -> str | None:
    return why_not(made.seeker(a, "panic"), Giver(b, **giver), now)  # type: ignore[arg-type]


def test_two_plain_adults_may_meet() -> None:
    assert ask() is None
    assert allowed(made.seeker(ANNE, "panic"), Giver(SAM), NOW)
    assert why_not(fellow(ANNE), fellow(SAM), NOW) is None


@pytest.mark.parametrize(
    ("seeker", "giver", "broken"),
    [
        ({"id": "sam"}, {}, "self"),
        ({"blocks": frozenset({"sam"})}, {}, "blocked"),
        ({}, {"blocks": frozenset({"anne"})}, "blocked"),
        ({"bad_past": frozenset({"sam"})}, {}, "blocked"),
        ({}, {"bad_past": frozenset({"anne"})}, "blocked"),
        ({"org": 1, "org_closed": True}, {"org": 2}, "org"),
        ({"org": 1}, {"org": 2, "org_closed": True}, "org"),
        ({"org": 1, "org_closed": True}, {}, "org"),
        ({"org_closed": True}, {"org_closed": True}, "org"),
        ({"org": 1, "org_closed": True}, {"org": 1}, None),
        ({"org": 1}, {"org": 2}, None),
        ({"languages": ("es",)}, {"languages": ("en", "ar")}, "language"),
        ({"languages": ("es", "ar")}, {"languages": ("en", "ar")}, None),
        ({}, {"avoid": frozenset({"panic"})}, "avoid"),
        ({"avoid": frozenset({"panic"})}, {}, None),
        ({}, {"capacity": 0}, "capacity"),
        (TEEN, {}, "minor"),
        (TEEN, {"youth_cleared": True}, None),
        (TEEN, TEEN, None),
        ({}, TEEN, "minor"),
        ({"youth_cleared": True}, TEEN, "minor"),
        ({"age_band": UNDISCLOSED}, {}, "minor"),
        ({"age_band": "thirty"}, {}, "minor"),
        ({"age_band": UNDISCLOSED}, {"youth_cleared": True}, None),
        ({"age_band": UNDISCLOSED}, TEEN, "minor"),
        ({}, {"age_band": UNDISCLOSED, "youth_cleared": True}, "minor"),
        (TEEN, {"age_band": UNDISCLOSED, "youth_cleared": True}, "minor"),
    ],
)
def test_each_rule_alone(
    seeker: dict[str, object], giver: dict[str, object], broken: str | None
) -> None:
    a = made.person(**({"id": "anne"} | seeker))  # type: ignore[arg-type]
    b = made.person(**({"id": "sam"} | giver))  # type: ignore[arg-type]
    assert ask(a, b) == broken


@pytest.mark.parametrize(
    ("state", "broken"),
    [
        ({"talks": 1}, "capacity"),
        ({"until": NOW}, "capacity"),
        ({"until": NOW + 1}, None),
        ({"offered": True}, "offer"),
        ({"not_before": NOW + 0.5}, "rest"),
        ({"not_before": NOW}, None),
    ],
)
def test_what_a_supporter_is_doing(state: dict[str, object], broken: str | None) -> None:
    assert ask(**state) == broken  # type: ignore[arg-type]


def test_an_open_offer_or_a_rest_of_the_seeker_counts_too() -> None:
    waiting = made.seeker(ANNE, "panic")
    assert why_not(replace(waiting, offered=True), Giver(SAM), NOW) == "offer"
    assert why_not(replace(waiting, not_before=NOW + 1), Giver(SAM), NOW) == "rest"


@pytest.mark.parametrize("value", ["man", UNDISCLOSED, "other"])
@pytest.mark.parametrize("mine", [True, False])
def test_a_must_of_either_side_is_met_only_by_what_is_told(value: str, mine: bool) -> None:
    must = {"gender": frozenset({"woman", UNDISCLOSED})}
    picky, told = made.person("p", must=must), made.person("t", gender=value)
    woman = made.person("w", gender="woman")
    for other, broken in ((told, "must"), (woman, None)):
        assert (ask(picky, other) if mine else ask(other, picky)) == broken


def test_an_empty_must_asks_for_nothing() -> None:
    assert ask(made.person("p", must={"gender": frozenset()})) is None


def test_a_must_of_first_hand_is_about_the_topics_of_this_conversation() -> None:
    picky = made.person("p", must={"first_hand": frozenset({"yes"})})
    assert ask(picky, made.person("t", "panic")) is None
    assert ask(picky, made.person("t", "drinking")) == "must"
    assert ask(picky, made.person("t", topics={"panic": Lived(first_hand=False)})) == "must"


def test_crisis_never_meets_a_fellow_seeker_and_needs_somebody_on_duty() -> None:
    flagged = fellow(ANNE, crisis=True)
    assert why_not(flagged, fellow(SAM), NOW) == "crisis"
    assert why_not(fellow(SAM), flagged, NOW) == "crisis"
    assert why_not(flagged, Giver(SAM, on_duty=False), NOW) == "crisis"
    assert why_not(flagged, Giver(SAM), NOW) is None


@pytest.mark.parametrize("missing", ["fellow", "trusted"])
def test_fellows_need_both_consents_and_both_trust(missing: str) -> None:
    shy = replace(fellow(ANNE), **{missing: False})
    assert why_not(shy, fellow(SAM), NOW) == "consent"
    assert why_not(fellow(SAM), shy, NOW) == "consent"


def test_youth_clearance_opens_nothing_between_two_who_wait() -> None:
    cleared = made.person("sam", youth_cleared=True)
    teen = made.person("teen", age_band=MINOR)
    assert why_not(fellow(teen), fellow(cleared), NOW) == "minor"
    assert why_not(fellow(cleared), fellow(teen), NOW) == "minor"


def test_two_of_unknown_age_are_not_offered_to_each_other() -> None:
    a, b = (fellow(made.person(n, age_band=UNDISCLOSED)) for n in "ab")
    assert why_not(a, b, NOW) == "minor"


def test_between_fellows_each_must_is_about_the_topics_its_owner_wants() -> None:
    first_hand = {"must": {"first_hand": frozenset({"yes"})}}
    a = fellow(made.person("a", "panic", **first_hand), "drinking")
    b = fellow(made.person("b", "drinking", **first_hand), "panic")
    assert why_not(a, b, NOW) is None
    c = fellow(made.person("c", "drinking", **first_hand), "worry")
    assert why_not(a, c, NOW) == why_not(c, a, NOW) == "must"


def test_fellows_each_avoid_for_themselves() -> None:
    wary = made.person("anne", avoid=frozenset({"drinking"}))
    assert why_not(fellow(wary), fellow(SAM, "drinking"), NOW) == "avoid"
    assert why_not(fellow(SAM, "drinking"), fellow(wary), NOW) == "avoid"


@settings(max_examples=500, deadline=None)
@given(made.seekers, made.givers)
@example(made.seeker(ANNE, "panic"), Giver(SAM))
def test_any_seeker_and_supporter(s: Seeker, g: Giver) -> None:
    assert allowed(s, g, NOW) == (not broken_by_supporter(s, g))


@settings(max_examples=500, deadline=None)
@given(made.seekers, made.others)
@example(fellow(ANNE), fellow(SAM))
def test_any_two_who_wait_and_in_either_order(s: Seeker, f: Seeker) -> None:
    assert allowed(s, f, NOW) == (not broken_by_fellow(s, f))
    assert allowed(s, f, NOW) == allowed(f, s, NOW)


def test_an_adult_who_says_no_more_is_an_adult() -> None:
    assert made.person("a", age_band=ADULT).minor is False
    assert made.person("a", age_band=MINOR).minor is True
    assert made.person("a", age_band="").minor is None
