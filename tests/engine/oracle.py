"""The hard rules said a second time, in other words, to hold the engine against."""

from __future__ import annotations

from engine import made
from samepath.engine.people import MINOR, UNDISCLOSED, Giver, Person, Seeker

NOW = made.NOW


def fellow(who: Person, *topics: str, **other: object) -> Seeker:
    return made.seeker(who, *(topics or ("panic",)), fellow=True, trusted=True, **other)


def _safe_for(a: Person, b: Person) -> bool:
    """What must hold both ways between any two people who are offered to each other."""
    return (
        a.id != b.id
        and b.id not in a.blocks | a.bad_past
        and bool(set(a.languages) & set(b.languages))
        and not (a.org_closed and (a.org is None or b.org != a.org))
    )


def _musts(a: Person, b: Person, topics: dict[str, float]) -> bool:
    for wish, accepted in a.must.items():
        if wish == "first_hand":
            if not [t for t in b.topics if t in topics and b.topics[t].first_hand]:
                return False
        elif accepted:
            value = getattr(b, wish)
            if value == UNDISCLOSED or value not in accepted:
                return False
    return True


def broken_by_supporter(s: Seeker, g: Giver, now: float = NOW) -> bool:
    """The rules said a second time, in other words, for a seeker and a supporter."""
    a, b = s.person, g.person
    grown_up = {UNDISCLOSED: None, MINOR: False}
    a_adult, b_adult = (grown_up.get(p.age_band, True) for p in (a, b))
    ages = {
        (True, True): True,
        (False, False): True,
        (False, True): b.youth_cleared,
        (None, True): b.youth_cleared,
    }
    return not (
        _safe_for(a, b)
        and _safe_for(b, a)
        and ages.get((a_adult, b_adult), False)
        and not set(b.avoid) & set(s.want)
        and _musts(a, b, dict(s.want))
        and _musts(b, a, dict(s.want))
        and g.talks < b.capacity
        and now < g.until
        and max(s.not_before, g.not_before) <= now
        and not s.offered
        and not g.offered
        and (g.on_duty or not s.crisis)
    )


def broken_by_fellow(s: Seeker, f: Seeker, now: float = NOW) -> bool:
    """The rules said a second time for two people who wait."""
    a, b = s.person, f.person
    known = {UNDISCLOSED: None, MINOR: "minor"}
    ages = {known.get(p.age_band, "adult") for p in (a, b)}
    return not (
        _safe_for(a, b)
        and _safe_for(b, a)
        and len(ages) == 1
        and None not in ages
        and not set(a.avoid) & set(f.want)
        and not set(b.avoid) & set(s.want)
        and _musts(a, b, dict(s.want))
        and _musts(b, a, dict(f.want))
        and all(x.fellow and x.trusted and not x.crisis and not x.offered for x in (s, f))
        and max(s.not_before, f.not_before) <= now
    )
