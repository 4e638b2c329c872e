"""People made up for the engine's tests: a small world, so that every rule is met often."""

from __future__ import annotations

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
IDS = st.integers(0, 11)
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
seldom = st.sampled_from([True, False, False, False])


def people(ids: st.SearchStrategy[int] = IDS) -> st.SearchStrategy[Person]:
    """Anybody: adults mostly, some minors, some of unknown age."""
    return st.builds(
        Person,
        id=ids,
        languages=st.sampled_from([("en",), ("es",), ("en", "es"), ("es", "en")]),
        age_band=st.sampled_from([*ADULTS, *ADULTS, BANDS[0], UNDISCLOSED]),
        gender=st.sampled_from(GENDERS),
        faith=st.sampled_from(["none", "other", UNDISCLOSED]),
        org=st.sampled_from([None, None, "north", "south"]),
        org_closed=seldom,
        youth_cleared=st.booleans(),
        topics=st.dictionaries(st.sampled_from(TOPICS), lived, max_size=4),
        avoid=st.frozensets(st.sampled_from(TOPICS), max_size=1),
        must=wishes,
        nice=wishes,
        blocks=st.frozensets(IDS, max_size=2),
        bad_past=st.frozensets(IDS, max_size=1),
        capacity=st.integers(0, 2),
        hidden=st.frozensets(
            st.sampled_from(["gender", "faith", "age_band", "stage", "first_hand"]), max_size=2
        ),
    )


wanted = st.dictionaries(st.sampled_from(TOPICS), st.integers(1, 5), max_size=3).map(wants)
seekers = st.builds(
    Seeker,
    person=people(),
    want=wanted,
    since=st.integers(0, 1000).map(float),
    seen=st.sampled_from([NOW, NOW - 44, NOW - 45, NOW - 600]),
    fellow=st.sampled_from([True, True, False]),
    trusted=st.sampled_from([True, True, False]),
    crisis=seldom,
    offered=seldom,
    not_before=st.sampled_from([0.0, NOW, NOW + 1]),
    declined=st.frozensets(IDS, max_size=1),
)
givers = st.builds(
    Giver,
    person=people(),
    since=st.integers(0, 1000).map(float),
    seen=st.sampled_from([NOW, NOW - 44, NOW - 45, NOW - 600]),
    on_duty=st.booleans(),
    talks=st.integers(0, 2),
    offered=seldom,
    not_before=st.sampled_from([0.0, NOW, NOW + 1]),
    until=st.sampled_from([NOW, NOW + 3600]),
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
