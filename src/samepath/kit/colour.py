"""Colours as numbers: OKLCH to sRGB, contrast, and whether an organisation's hue may be used.

Source of the conversion: B. Ottosson, "A perceptual color space for image processing" (2020).
Source of the contrast: WCAG 2.2, relative luminance and contrast ratio.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import NamedTuple

TOKENS = Path(__file__).resolve().parent / "ui" / "css" / "parts" / "10-tokens.css"
DEFAULT_HUE = 215.0
TEXT = 4.5
SHAPE = 3.0

# Text and what it stands on; every pair must reach TEXT in both schemes (tests hold this).
TEXT_PAIRS = (
    ("ink", "paper"),
    ("ink", "raised"),
    ("ink", "sunk"),
    ("ink", "water"),
    ("ink", "clay-soft"),
    ("ink", "here-soft"),
    ("soft-ink", "paper"),
    ("soft-ink", "raised"),
    ("soft-ink", "sunk"),
    ("soft-ink", "water"),
    ("deep", "paper"),
    ("deep", "raised"),
    ("deep", "sunk"),
    ("deep-strong", "paper"),
    ("on-deep", "deep"),
    ("on-deep", "deep-strong"),
    ("clay-ink", "paper"),
    ("clay-ink", "raised"),
    ("clay-ink", "sunk"),
    ("clay-ink", "clay-soft"),
    ("deep", "clay-soft"),
    ("deep", "water"),
)
# Edges, signs and focus rings beside what they stand on; SHAPE is enough.
SHAPE_PAIRS = (
    ("edge", "paper"),
    ("edge", "raised"),
    ("edge", "sunk"),
    ("focus", "paper"),
    ("focus", "raised"),
    ("focus", "sunk"),
    ("clay", "paper"),
    ("clay-line", "paper"),
    ("here", "paper"),
    ("here", "raised"),
    ("here-on-deep", "deep"),
)


class Oklch(NamedTuple):
    """Lightness 0–1, chroma from 0, hue in degrees."""

    lightness: float
    chroma: float
    hue: float


def to_srgb(colour: Oklch) -> tuple[int, int, int]:
    """Red, green and blue, 0–255; what lies outside sRGB is cut off at its edge."""
    angle = math.radians(colour.hue)
    a, b = colour.chroma * math.cos(angle), colour.chroma * math.sin(angle)
    light = colour.lightness
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    red, green, blue = (round(255 * _companded(min(1.0, max(0.0, value)))) for value in linear)
    return red, green, blue


def _companded(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def as_hex(colour: Oklch) -> str:
    """`#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*to_srgb(colour))


def luminance(rgb: tuple[int, int, int]) -> float:
    """Relative luminance, 0 for black to 1 for white."""
    parts = [value / 255 for value in rgb]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Oklch, other: Oklch) -> float:
    """The contrast ratio of two colours as a screen shows them, 1 to 21."""
    first, second = luminance(to_srgb(one)), luminance(to_srgb(other))
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


_TOKEN = re.compile(r"--([a-z-]+):\s*light-dark\(oklch\(([^;]*?)\),\s*oklch\(([^;]*)\)\);")


def tokens(hue: float = DEFAULT_HUE) -> dict[str, tuple[Oklch, Oklch]]:
    """Every colour token as (light, dark), with the organisation's hue put in."""
    found = {}
    for name, light, dark in _TOKEN.findall(TOKENS.read_text(encoding="utf-8")):
        found[name] = (_parsed(light, hue), _parsed(dark, hue))
    return found


def _parsed(words: str, hue: float) -> Oklch:
    lightness, chroma, angle = words.replace("var(--hue)", str(hue)).split()
    return Oklch(float(lightness), float(chroma), float(angle))


def too_faint(hue: float = DEFAULT_HUE) -> list[tuple[str, str, str, float]]:
    """Pairs below AA with this hue as (scheme, front, back, ratio); empty: the hue may be used."""
    known = tokens(hue)
    short = []
    for pairs, least in ((TEXT_PAIRS, TEXT), (SHAPE_PAIRS, SHAPE)):
        for front, back in pairs:
            for place, scheme in enumerate(("light", "dark")):
                ratio = contrast(known[front][place], known[back][place])
                if ratio < least:
                    short.append((scheme, front, back, round(ratio, 2)))
    return short
