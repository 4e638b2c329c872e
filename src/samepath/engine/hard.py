"""The hard rules. A pair that breaks one is a defect, whatever its fit: nothing outweighs them."""

from __future__ import annotations

from collections.abc import Mapping

from samepath.engine.people import Giver, Person, Seeker


def allowed(seeker: Seeker, partner: Giver | Seeker, now: float) -> bool:
    """Whether these two may be offered to each other at second `now`.

    Between two who wait it is symmetric: allowed(a, b, t) == allowed(b, a, t).
    """
    return why_not(seeker, partner, now) is None


def why_not(seeker: Seeker, partner: Giver | Seeker, now: float) -> str | None:
    """The first rule the pair breaks, or None. For tests and counts only.

    It may name a block or a must, so it never reaches a page, a person or a log line with ids.
    """
    a, b = seeker.person, partner.person
    supports = isinstance(partner, Giver)
    their_want = seeker.want if isinstance(partner, Giver) else partner.want
    if a.id == b.id:
        return "self"
    if isinstance(partner, Giver):
        if partner.talks >= b.capacity or now >= partner.until:
            return "capacity"
        if seeker.crisis and not partner.on_duty:
            return "crisis"
    elif seeker.crisis or partner.crisis:
        return "crisis"
    elif not (seeker.fellow and partner.fellow and seeker.trusted and partner.trusted):
        return "consent"
    elif not a.avoid.isdisjoint(their_want):
        return "avoid"
    if seeker.offered or partner.offered:
        return "offer"
    if now < seeker.not_before or now < partner.not_before:
        return "rest"
    if b.id in a.blocks or a.id in b.blocks or b.id in a.bad_past or a.id in b.bad_past:
        return "blocked"
    if (a.org_closed or b.org_closed) and (a.org is None or a.org != b.org):
        return "org"
    if not _ages(a, b, supports):
        return "minor"
    if not any(language in b.languages for language in a.languages):
        return "language"
    if not b.avoid.isdisjoint(seeker.want):
        return "avoid"
    return None if _met(a, b, seeker.want) and _met(b, a, their_want) else "must"


def _ages(a: Person, b: Person, supports: bool) -> bool:
    """Minors with minors, or with a youth-cleared adult who is there to support.

    Unknown age gets the strictest of both sides: as a seeker it meets a youth-cleared adult
    supporter only; as a partner, nobody.
    """
    if a.minor is not None and a.minor == b.minor:
        return True
    return supports and b.minor is False and b.youth_cleared


def _met(reader: Person, other: Person, topics: Mapping[str, float]) -> bool:
    return not reader.must or all(
        other.meets(wish, accepted, topics) for wish, accepted in reader.must.items() if accepted
    )
