"""What may be said about a profile: decisions on plain values."""

from __future__ import annotations

from collections.abc import Mapping

FEWEST_TOLD = 5  # under this many people, a number would tell about a person


def cost_of_wish(fitting: int, here: int) -> str:
    """How much of a strong wish's cost can be told: "number", "few" or "unknown".

    Supporters may have said their gender for matching only. So a number is told only where five or
    more are here and it leaves open who is who: never none of them, one of them, or all of them.
    """
    if here < FEWEST_TOLD or fitting >= here:
        return "unknown"
    return "number" if fitting >= 2 else "few"


def costs(genders: Mapping[str, int], here: int) -> dict[str, str]:
    """`cost_of_wish` for each gender counted among `here` people."""
    return {gender: cost_of_wish(count, here) for gender, count in genders.items()}
