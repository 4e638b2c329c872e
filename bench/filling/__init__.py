"""Fills a seeded data folder of the demo with rows, and says whom to be and where to look.

    python -m bench.filling ROWS [PAIRS]       (in an environment of `bench.common.environment`)

ROWS is 1 for one of everything, 10000 for a house that has been lived in for years: that many
members and that many messages in one conversation, and of the rest what belongs to it (`Sizes`).
PAIRS adds open conversations between two signed-in members. Prints one JSON object: cookies by
person, ids by route parameter, the pairs. Sentences are made of one fixed list of words.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass

import django

# Before any model is imported: the modules beside this one need the settings.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samepath.settings")
django.setup()

CHANCE = random.Random(11)
# One string to be read as a sentence, taken apart where it is used.
TALK = (
    "it was late again and the house was quiet so I sat in the kitchen with some tea and thought "
    "about what you said the other day that it gets lighter but not all at once and I think that "
    "is true for me as well some mornings I forget and then it all comes back"
)


@dataclass(frozen=True)
class Sizes:
    """How many of each there are."""

    members: int
    messages: int
    talks: int
    requests: int
    waiting: int
    supporters: int
    concerns: int
    reports: int


SIZES = {
    1: Sizes(1, 1, 1, 1, 1, 1, 1, 1),
    10_000: Sizes(10_000, 10_000, 2_000, 2_000, 50, 200, 1_000, 500),
}


def sentence() -> str:
    """Six to forty of the words."""
    return " ".join(CHANCE.choices(TALK.split(), k=CHANCE.randint(6, 40)))
