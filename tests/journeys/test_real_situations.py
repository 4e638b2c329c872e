"""What people really wrote comes through the front door to an open talk. The texts lie outside the
repository; not one of their words stands here or in a report."""

from __future__ import annotations

import pytest
from bench.front_door import data, situations, walk_through
from tools.demo import Demo

TEXTS = 12


def test_twelve_situations_lead_to_twelve_talks(demo: Demo) -> None:
    texts = situations(TEXTS)
    if not texts:
        pytest.skip(f"no routing data in {data()}: set SAMEPATH_SHARED_DATA")
    assert len({label for _set, label, _text in texts}) == TEXTS
    steps = list(walk_through(demo, texts))
    told = [(step.label, len(step.chips), step.asked, step.danger) for step in steps]
    assert all(step.talked for step in steps), told
    # Whoever is not sure is asked; nobody stands before an empty page.
    assert all(step.chips or step.asked or step.danger for step in steps), told
    assert all(len(step.chips) <= 3 for step in steps), told
