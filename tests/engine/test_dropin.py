"""The batch: no hard rule broken, nobody twice, nobody forgotten, and the best there is."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import samepath
from engine import made
from engine.oracle import broken_by_fellow, broken_by_supporter, fellow
from samepath.engine import dropin
from samepath.engine.dropin import Proposal, assign, greedy, propose, weight
from samepath.engine.fit import fit
from samepath.engine.people import Giver, Lived, Rules, Seeker

NOW, RULES = made.NOW, made.RULES


def pairs(made_now: list[Proposal]) -> list[tuple[object, object]]:
    return [(p.a, p.b) for p in made_now]


def giver(id: str, *topics: str, **other: object) -> Giver:
    return Giver(made.person(id, *topics, **other))


# Most of these people may meet somebody, so that a batch of them has something to decide.
ready = st.builds(
    Seeker,
    person=made.people(),
    want=made.wanted,
    since=st.integers(0, 1000).map(float),
    seen=st.sampled_from([NOW, NOW, NOW - 44, NOW - 45]),
    fellow=made.mostly,
    trusted=made.mostly,
    crisis=made.seldom,
    offered=made.seldom,
    declined=made.few(made.IDS),
)
supporters = st.builds(
    Giver,
    person=made.people(),
    since=st.integers(0, 1000).map(float),
    seen=st.sampled_from([NOW, NOW, NOW - 44, NOW - 45]),
    on_duty=made.mostly,
    offered=made.seldom,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ready, max_size=8), st.lists(supporters, max_size=8))
def test_no_batch_breaks_a_rule_or_books_anybody_twice(
    line: list[Seeker], free: list[Giver]
) -> None:
    # Ids are unique in each list (as keys are in any store); one person may be in both.
    line = list({s.person.id: s for s in line}.values())
    free = list({g.person.id: g for g in free}.values())
    waiting = {s.person.id: s for s in line}
    givers = {g.person.id: g for g in free}
    offers = propose(line, free, NOW, RULES)
    booked = [one for p in offers for one in (p.a, p.b)]
    assert len(booked) == len(set(booked))
    for p in offers:
        a = waiting[p.a]
        b: Seeker | Giver = waiting[p.b] if p.fellow else givers[p.b]
        if isinstance(b, Seeker):
            assert not broken_by_fellow(a, b)
            assert p.a not in b.declined
        else:
            assert not broken_by_supporter(a, b)
            assert p.b not in waiting
        assert p.b not in a.declined
        assert NOW - a.seen < 45
        assert NOW - b.seen < 45
        assert p.why_a
        assert p.why_b
        assert p.shared or a.crisis or not a.want or NOW - a.since >= 120
        assert ("listener" in {r["kind"] for r in p.why_a}) == (bool(a.want) and not p.shared)
    assert propose(line[::-1], free[::-1], NOW, RULES) == offers


def test_the_same_person_twice_in_a_list_is_booked_once() -> None:
    s, g = made.seeker(made.person("a"), "panic"), giver("g", "panic")
    assert pairs(propose([s, s], [g, g, giver("h", "panic")], NOW, RULES)) == [("a", "g")]


def test_a_no_is_remembered() -> None:
    s, g = made.seeker(made.person("a"), "panic"), giver("g", "panic")
    assert pairs(propose([s], [g], NOW, RULES)) == [("a", "g")]
    assert propose([replace(s, declined=frozenset({"g"}))], [g], NOW, RULES) == []


@pytest.mark.parametrize(("age", "met"), [(44.9, 1), (45.0, 0)])
def test_an_old_heartbeat_is_skipped(age: float, met: int) -> None:
    s, g = made.seeker(made.person("a"), "panic"), giver("g", "panic")
    assert len(propose([replace(s, seen=NOW - age)], [g], NOW, RULES)) == met
    assert len(propose([s], [replace(g, seen=NOW - age)], NOW, RULES)) == met


@pytest.mark.parametrize("wish", ["fellow", "trusted"])
@pytest.mark.parametrize("who", [0, 1])
def test_two_who_wait_meet_only_with_both_consents_and_trust(wish: str, who: int) -> None:
    line = [
        fellow(made.person("a", "panic"), "drinking"),
        fellow(made.person("b", "drinking"), "panic"),
    ]
    [offer] = propose(line, [], NOW, RULES)
    assert {offer.a, offer.b} == {"a", "b"}
    assert offer.fellow
    assert offer.shared
    line[who] = replace(line[who], **{wish: False})
    assert propose(line, [], NOW, RULES) == []


def test_two_who_wait_each_need_something_from_the_other() -> None:
    giving = fellow(made.person("b", "panic"), "drinking")
    taking = fellow(made.person("a"), "panic")
    assert propose([giving, taking], [], NOW, RULES) == []


def test_a_no_between_fellows_holds_whoever_said_it() -> None:
    a, b = fellow(made.person("a", "panic")), fellow(made.person("b", "panic"))
    for line in (
        [replace(a, declined=frozenset({"b"})), b],
        [a, replace(b, declined=frozenset({"a"}))],
    ):
        assert propose(line, [], NOW, RULES) == []


def test_a_supporter_who_has_been_there_comes_before_a_fellow() -> None:
    line = [fellow(made.person("a", "panic")), fellow(made.person("b", "panic"), since=1.0)]
    assert pairs(propose(line, [giver("g", "panic")], NOW, RULES)) == [("a", "g")]


@settings(deadline=None)
@given(st.permutations(range(5)), st.integers(1, 4))
def test_the_longest_waiting_goes_first_where_fit_is_equal(order: list[int], free: int) -> None:
    line = [made.seeker(made.person(f"s{i}"), "panic", since=NOW - 10 * i) for i in order]
    offers = propose(line, [giver(f"g{i}", "panic") for i in range(free)], NOW, RULES)
    assert {p.a for p in offers} == {f"s{4 - i}" for i in range(free)}


def test_nobody_starves_behind_newcomers_who_fit_better() -> None:
    """One supporter every ten seconds, and each time a newcomer of perfect fit."""
    near = made.seeker(made.person("old"), "worry", since=0.0)
    for now in range(0, 1800, 10):
        new = made.seeker(made.person(f"new{now}"), "panic", since=float(now))
        offers = propose([near, new], [giver(f"g{now}", "panic")], float(now), RULES)
        if offers[0].a == "old":
            break
    assert offers[0].a == "old"
    assert 0 < now <= 900  # the near topic's fit is about a third; by then the wait outweighs it


def test_crisis_is_served_first_and_by_anybody_on_duty() -> None:
    long = made.seeker(made.person("long"), "panic", since=-10_000.0)
    now = made.seeker(made.person("now"), "drinking", since=NOW, crisis=True)
    [offer] = propose([long, now], [giver("g", "panic")], NOW, RULES)
    assert (offer.a, offer.shared) == ("now", False)
    assert offer.why_a[0] == {"kind": "listener", "value": "drinking"}
    off_duty = replace(giver("g", "panic"), on_duty=False)
    assert pairs(propose([long, now], [off_duty], NOW, RULES)) == [("long", "g")]


@pytest.mark.parametrize(("waited", "met"), [(119.9, 0), (120.0, 1)])
def test_a_listener_only_after_a_while_and_said_plainly(waited: float, met: int) -> None:
    s = made.seeker(made.person("a"), "panic", since=NOW - waited)
    offers = propose([s], [giver("g", "drinking")], NOW, RULES)
    assert len(offers) == met
    for offer in offers:
        assert not offer.shared
        assert offer.why_a[0] == offer.why_b[0] == {"kind": "listener", "value": "panic"}


def test_a_listener_is_not_taken_while_somebody_shares_the_topic() -> None:
    s = made.seeker(made.person("a"), "panic", since=0.0)
    free = [giver("l", "drinking"), giver("g", "worry")]
    assert pairs(propose([s], free, NOW, RULES)) == [("a", "g")]


def test_who_wants_only_to_be_heard_has_no_need_to_wait() -> None:
    [offer] = propose([made.seeker(made.person("a"), since=NOW)], [giver("g")], NOW, RULES)
    assert not offer.shared
    assert offer.why_a == [{"kind": "language", "value": "en"}]


def test_a_supporter_who_seeks_tonight_does_not_also_give() -> None:
    both = made.person("both", "panic")
    line = [made.seeker(both, "drinking", offered=True), made.seeker(made.person("a"), "panic")]
    assert propose(line, [Giver(both)], NOW, RULES) == []


def test_a_rare_must_is_found_behind_a_crowd() -> None:
    s = made.seeker(made.person("a", must={"gender": frozenset({"woman"})}), "panic")
    crowd = [giver(f"g{i:03}", "panic", gender="man") for i in range(300)]
    free = [*crowd, giver("z", "panic", gender="woman")]
    assert pairs(propose([s], free, NOW, RULES)) == [("a", "z")]


def test_a_crowd_with_one_topic_is_served_whole() -> None:
    line = [made.seeker(made.person(f"s{i:03}"), "panic", since=NOW - 9) for i in range(100)]
    free = [giver(f"g{i:03}", "panic") for i in range(100)]
    assert len(propose(line, free, NOW, RULES)) == 100


def test_who_is_free_longest_is_asked_first_where_fit_is_equal() -> None:
    s = made.seeker(made.person("a"), "panic")
    free = [replace(giver(f"g{i}", "panic"), since=float(50 - i)) for i in range(9)]
    assert pairs(propose([s], free, NOW, RULES)) == [("a", "g8")]


def test_weight_grows_with_the_wait_and_never_with_a_clock_gone_back() -> None:
    s = made.seeker(made.person("a"), "panic", since=NOW)
    rules = Rules(half_life_s=300)
    assert [weight(s, 0.5, NOW + w, rules) for w in (-60, 0, 300, 900)] == [0.5, 0.5, 1.0, 2.0]


@settings(deadline=None)
@given(st.lists(ready, max_size=4), st.lists(supporters, max_size=5))
def test_agrees_with_trying_everything(line: list[Seeker], free: list[Giver]) -> None:
    """Where nobody is in crisis, newly here and not open to fellows: the best total there is."""
    line = list({s.person.id: replace(s, crisis=False, fellow=False) for s in line}.values())
    taken = {s.person.id for s in line}
    free = list({g.person.id: g for g in free if g.person.id not in taken}.values())
    line = [replace(s, since=NOW - 119, seen=NOW) for s in line if s.want]
    free = [replace(g, seen=NOW) for g in free]

    def value(s: Seeker, g: Giver) -> float:
        q, topic = fit(s, g, RULES)
        if broken_by_supporter(s, g) or g.person.id in s.declined or topic == 0:
            return 0.0
        return weight(s, q, NOW, RULES)

    seats: list[Giver | None] = [*free, *[None] * len(line)]
    best = max(
        sum(value(s, g) for s, g in zip(line, chosen, strict=True) if g)
        for chosen in permutations(seats, len(line))
    )
    by_id = {s.person.id: s for s in line}
    total = sum(weight(by_id[p.a], p.fit, NOW, RULES) for p in propose(line, free, NOW, RULES))
    assert total == pytest.approx(best)


tables = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 7)), st.integers(1, 99).map(float), max_size=30
)


@settings(deadline=None)
@given(tables)
def test_own_solver_and_scipy_agree(edges: dropin.Edges) -> None:
    totals = []
    for small in (0, 8):
        before, dropin.SMALL = dropin.SMALL, small
        try:
            chosen = assign(edges)
        finally:
            dropin.SMALL = before
        assert len({r for r, _ in chosen}) == len({c for _, c in chosen}) == len(chosen)
        totals.append(sum(edges[edge] for edge in chosen))
    assert totals[0] == totals[1]


@settings(deadline=None)
@given(tables)
def test_heaviest_first_is_at_least_half_of_the_best(edges: dropin.Edges) -> None:
    chosen = greedy(edges)
    assert len({r for r, _ in chosen}) == len({c for _, c in chosen}) == len(chosen)
    assert 2 * sum(edges[e] for e in chosen) >= sum(edges[e] for e in assign(edges))


def test_without_scipy_a_large_batch_is_still_served(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(dropin, "import_module", missing)
    line = [made.seeker(made.person(f"s{i}"), "panic") for i in range(9)]
    free = [giver(f"g{i}", "panic") for i in range(7)]
    assert len(propose(line, free, NOW, RULES)) == 7


def test_a_quiet_evening_loads_neither_numpy_nor_scipy() -> None:
    """In a process of its own: the memory budget of a small community depends on it."""
    code = (
        "import sys\n"
        "from samepath.engine import jsonl, waiting\n"
        "from samepath.engine.dropin import propose\n"
        "from samepath.engine.people import *\n"
        "def who(n): return Person(n, ('en',), age_band='18+', topics={'t': Lived()})\n"
        "line = [Seeker(who(n), {'t': 1.0}) for n in range(20)]\n"
        "free = [Giver(who(n)) for n in range(100, 103)]\n"
        "assert len(propose(line, free, 0.0)) == 3\n"
        "assert not {'numpy', 'scipy', 'django'} & set(sys.modules), 'loaded'\n"
    )
    source = str(Path(samepath.__file__).parents[1])
    subprocess.run([sys.executable, "-c", code], check=True, cwd=source)


def test_a_hidden_topic_is_matched_on_and_not_named() -> None:
    quiet = Giver(made.person("g", topics={"panic": Lived(first_hand=True, shown=False)}))
    [offer] = propose([made.seeker(made.person("a"), "panic")], [quiet], NOW, RULES)
    assert offer.shared
    assert offer.why_a == [{"kind": "language", "value": "en"}]
