"""Every pair of colours that is used can be told apart, in both schemes and for every tint."""

from __future__ import annotations

import pytest

from samepath.kit import colour


def test_known_colours_come_out_as_they_should():
    """Anchors: the corners of sRGB in OKLCH (Ottosson 2020), and black on white is 21 to 1."""
    assert colour.as_hex(colour.Oklch(1, 0, 0)) == "#ffffff"
    assert colour.as_hex(colour.Oklch(0, 0, 0)) == "#000000"
    assert colour.as_hex(colour.Oklch(0.62796, 0.25768, 29.234)) == "#ff0000"
    assert colour.as_hex(colour.Oklch(0.45201, 0.31321, 264.052)) == "#0000ff"
    white, black = colour.Oklch(1, 0, 0), colour.Oklch(0, 0, 0)
    assert colour.contrast(white, black) == pytest.approx(21)
    # 4.48 is the ratio WCAG's own note gives for #777 on white: below AA, by a hair.
    grey = colour.luminance((0x77, 0x77, 0x77))
    assert (1.05 / (grey + 0.05)) == pytest.approx(4.48, abs=0.005)


def test_every_pair_reaches_aa():
    assert colour.too_faint() == []


def test_every_pair_names_a_token():
    known = colour.tokens()
    assert len(known) > 25
    for front, back in colour.TEXT_PAIRS + colour.SHAPE_PAIRS:
        assert front in known
        assert back in known


@pytest.mark.parametrize("hue", range(0, 360, 15))
def test_an_organisation_may_tint_with_any_of_these_hues(hue: int):
    assert colour.too_faint(hue) == []


def test_a_faint_tint_would_be_found(monkeypatch: pytest.MonkeyPatch):
    """The check itself can fail: a token moved towards its paper is named with its ratio."""
    faint = colour.tokens() | {"deep": (colour.Oklch(0.8, 0.06, 215), colour.Oklch(0.3, 0.06, 215))}
    monkeypatch.setattr(colour, "tokens", lambda hue: faint)
    named = {(scheme, front, back) for scheme, front, back, _ratio in colour.too_faint()}
    assert ("light", "deep", "paper") in named
    assert ("dark", "deep", "paper") in named
