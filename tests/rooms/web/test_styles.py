"""The served style: made from its parts, small, mirrored by itself, readable by old browsers."""

from __future__ import annotations

import gzip
import re

import pytest

from tools import styles, vendor

PARTS = sorted(styles.PARTS.glob("*.css"))


def test_served_sheets_are_what_the_parts_give():
    for path, css in styles.sheets().items():
        assert path.read_text(encoding="utf-8") == css, "run: python tools/styles.py"


def test_every_served_file_of_others_is_what_the_list_says():
    here = {name: (vendor.SERVED / name).read_bytes() for name in vendor.expected()}
    assert vendor.differences(here) == []
    licences = {package["licence"] for package in vendor.listed()}
    assert licences == {"OFL-1.1", "ISC"}


def test_every_font_and_drawing_has_a_line_in_the_list():
    served = {
        str(path.relative_to(vendor.SERVED))
        for path in vendor.SERVED.rglob("*")
        if path.suffix in {".woff2", ".woff", ".ttf"} or path.name.startswith("icons")
    }
    assert served <= set(vendor.expected())


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_only_logical_sides(path):
    """Right-to-left costs nothing if no side is called left or right."""
    css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    sided = re.findall(
        r"(?<![\w-])(?:margin|padding|border|inset)-(?:left|right|top|bottom)|"
        r"(?:^|[;{\s])(?:left|right|top|bottom|width|height|min-width|max-width|min-height|max-height)\s*:"
        r"|text-align:\s*(?:left|right)|float\s*:",
        css,
    )
    media = re.findall(r"@media[^{]*", css)
    assert [word for word in sided if not any(word.strip(" {;") in line for line in media)] == []


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_no_block_an_old_browser_would_drop(path):
    """@layer and nested rules take whole blocks with them in Chromium before 99 and 112."""
    css = path.read_text(encoding="utf-8")
    assert not re.search(r"^\s*@layer\b", css, re.M)
    assert not re.search(r"^\s+&", css, re.M)


def test_colours_are_only_written_as_tokens():
    for path in PARTS:
        if path.stem == "10-tokens":
            continue
        css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\([^)]*\)|oklch\([^)]*\)", css))
        # White is the blank of leaving, black the ink of paper, the veil lies behind a dialog.
        assert found <= {"#fff", "#000", "rgba(20, 28, 36, .45)"}, path.name


def test_plain_colours_come_before_the_modern_ones():
    css = (styles.CSS / "first.css").read_text(encoding="utf-8")
    assert css.index("--paper:#") < css.index("@supports (color:light-dark(")
    assert "(prefers-color-scheme:dark)" in css


def test_sizes():
    """The first page carries first.css in its HTML; its share of 24 kB is at most 6."""
    first = (styles.CSS / "first.css").read_bytes()
    full = (styles.CSS / "samepath.css").read_bytes()
    assert len(gzip.compress(first, 6)) <= 6_000
    assert len(gzip.compress(full, 6)) <= 11_000
