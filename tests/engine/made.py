"""People made up for the engine's tests: a small world, so that every rule is met often."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from samepath.engine.people import (
    ADULT,
    BANDS,
    UNDISCLOSED,
    Giver,
    Lived,
    Person,
    PersonId,
    Rules,
    Seeker,
    wants,
)

TOPICS = ("loss-parent", "loss-partner", "panic", "worry", "drinking")
RULES = Rules(
    family={
        "loss-parent": "loss",
        "loss-partner": "loss",
        "panic": "fear",
        "worry": "fear",
        "drinking": "substances",
    },
    stages=("new", "in the middle", "further along"),
)
IDS = st.sampled_from(range(12))
OTHER_IDS = st.sampled_from(range(12, 24))
ADULTS = ("25-34", "35-44", ADULT)
GENDERS = ("woman", "man", UNDISCLOSED)
NOW = 1000.0

lived = st.builds(
    Lived,
    first_hand=st.booleans(),
    stage=st.sampled_from([None, *RULES.stages]),
    shown=st.sampled_from([True, True, False]),
)
wishes = st.fixed_dictionaries(
    {},
    optional={
        "gender": st.frozensets(st.sampled_from(GENDERS), max_size=2),
        "age_band": st.frozensets(st.sampled_from(BANDS), min_size=3, max_size=5),
        "first_hand": st.just(frozenset({"yes"})),
    },
)
seldom = st.sampled_from([*[False] * 9, True])
mostly = st.sampled_from([*[True] * 9, False])


def few(some: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly none of them, so that two people drawn at random may often meet."""
    return st.one_of(st.just(frozenset()), st.just(frozenset()), st.frozensets(some, max_size=2))


def people(ids: st.SearchStrategy[int] = IDS) -> st.SearchStrategy[Person]:
    """Anybody: adults mostly, some minors, some of unknown age."""
    return st.builds(
        Person,
        id=ids,
        languages=st.sampled_from([("en",), ("en", "es"), ("es", "en"), ("es",)]),
        age_band=st.sampled_from([*ADULTS, *ADULTS, BANDS[0], BANDS[0], UNDISCLOSED]),
        gender=st.sampled_from(GENDERS),
        faith=st.sampled_from(["none", "other", UNDISCLOSED]),
        org=st.sampled_from([None, None, "north", "south"]),
        org_closed=seldom,
        youth_cleared=st.booleans(),
        topics=st.dictionaries(st.sampled_from(TOPICS), lived, max_size=4),
        avoid=few(st.sampled_from(TOPICS)),
        must=st.one_of(st.just({}), wishes),
        nice=wishes,
        blocks=few(st.one_of(IDS, OTHER_IDS)),
        bad_past=few(st.one_of(IDS, OTHER_IDS)),
        capacity=st.sampled_from([1, 2, 3, 0]),
        hidden=st.frozensets(
            st.sampled_from(["gender", "faith", "age_band", "stage", "first_hand"]), max_size=2
        ),
    )


wanted = st.dictionaries(st.sampled_from(TOPICS), st.integers(1, 5), max_size=3).map(wants)


def _seekers(ids: st.SearchStrategy[int]) -> st.SearchStrategy[Seeker]:
    return st.builds(
        Seeker,
        person=people(ids),
        want=wanted,
        since=st.integers(0, 1000).map(float),
        seen=st.sampled_from([NOW, NOW - 44, NOW - 45, NOW - 600]),
        fellow=mostly,
        trusted=mostly,
        crisis=seldom,
        offered=seldom,
        not_before=st.sampled_from([0.0, 0.0, NOW, NOW + 1]),
        declined=few(IDS),
    )


seekers, others = _seekers(IDS), _seekers(OTHER_IDS)
givers = st.builds(
    Giver,
    person=people(OTHER_IDS),
    since=st.integers(0, 1000).map(float),
    seen=st.sampled_from([NOW, NOW - 44, NOW - 45, NOW - 600]),
    on_duty=mostly,
    talks=st.sampled_from([0, 0, 1, 2]),
    offered=seldom,
    not_before=st.sampled_from([0.0, 0.0, NOW, NOW + 1]),
    until=st.sampled_from([NOW + 3600, NOW + 1, NOW]),
)


def person(id: PersonId, *topics: str, **other: object) -> Person:
    """An adult who speaks English and has lived `topics` first-hand."""
    plain: dict[str, object] = {
        "id": id,
        "languages": ("en",),
        "age_band": ADULT,
        "topics": {topic: Lived(first_hand=True) for topic in topics},
    }
    return Person(**(plain | other))  # type: ignore[arg-type]


def seeker(who: Person, *topics: str, **other: object) -> Seeker:
    """Somebody in the line who wants `topics`, each as much as the other."""
    plain: dict[str, object] = {"person": who, "want": wants(dict.fromkeys(topics, 1.0))}
    return Seeker(**(plain | other))  # type: ignore[arg-type]
