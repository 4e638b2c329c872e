"""Join the parts of the style sheet into the two files that are served.

`samepath.css` holds everything, `first.css` what the first page needs and carries in its own HTML.
Parts stand in the order of their numbers, which is the order of the cascade: tokens, base, layout,
components, utilities. There is no @layer: a browser that does not know it (Chromium before 99,
Safari before 15.4) drops the whole block, and a person with an old phone gets no style at all
(docs/decisions/0005-css-for-old-phones.md). Colours are written once as light-dark(oklch()); the
sRGB values old browsers need are computed here.

    python tools/styles.py           write both files
    python tools/styles.py --check   say whether they are what the parts give; 1 if not
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from samepath.kit import colour  # noqa: E402

CSS = ROOT / "src" / "samepath" / "kit" / "ui" / "css"
PARTS = CSS / "parts"
FIRST = ("10-tokens", "12-near", "20-base", "30-layout", "40-home", "50-acts", "90-utilities")
# Blocks of a part that the first page has no use for start with /* first: no */ and end before
# the next comment at the margin.
NOT_FIRST = re.compile(r"^/\* first: no\b.*?\*/.*?(?=^/\*|\Z)", re.S | re.M)


def squeezed(css: str) -> str:
    """Without comments and idle white space. Strings and calc() are left alone."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,])\s*", r"\1", css)
    css = re.sub(r"(?<=[{;])([a-z-]+):\s+", r"\1:", css)
    return css.replace(";}", "}").replace("}", "}\n").strip() + "\n"


def with_plain_colours(tokens: str) -> str:
    """The token sheet with sRGB values first and the OKLCH ones where they are understood."""
    known = colour.tokens()
    tokens = re.sub(r"/\*.*?\*/", "", tokens, flags=re.S)
    lines = [line for line in tokens.splitlines() if "light-dark(" in line]
    rest = "\n".join(line for line in tokens.splitlines() if "light-dark(" not in line)
    light = "".join(f"--{name}:{colour.as_hex(pair[0])};" for name, pair in known.items())
    dark = "".join(f"--{name}:{colour.as_hex(pair[1])};" for name, pair in known.items())
    if len(lines) != len(known):
        raise SystemExit("a colour token is not written as light-dark(oklch(…), oklch(…))")
    return (
        f":root{{{light}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        f':root[data-theme="light"]{{{light}}}'
        f':root[data-theme="dark"]{{{dark}}}'
        "@supports (color:light-dark(oklch(0 0 0),oklch(1 0 0))){"
        f':root,:root[data-theme="light"],:root[data-theme="dark"]{{{"".join(lines)}}}}}'
        f"{rest}"
    )


def joined(names: tuple[str, ...] | None = None) -> str:
    """The served sheet made of these parts, or of all."""
    pieces = []
    for path in sorted(PARTS.glob("*.css")):
        if names is not None and path.stem not in names:
            continue
        css = path.read_text(encoding="utf-8")
        if names is not None:
            css = NOT_FIRST.sub("", css)
        if path.stem == "10-tokens":
            css = with_plain_colours(css)
        pieces.append(squeezed(css))
    return "".join(pieces)


def sheets() -> dict[Path, str]:
    """Every served file with what belongs in it."""
    return {CSS / "samepath.css": joined(), CSS / "first.css": joined(FIRST)}


def main() -> int:
    """Write the sheets, or with --check tell whether they are up to date."""
    check = "--check" in sys.argv[1:]
    stale = 0
    for path, css in sheets().items():
        held = path.read_text(encoding="utf-8") if path.exists() else ""
        if held == css:
            continue
        if check:
            print(
                f"{path.relative_to(ROOT)} is not what its parts give: run python tools/styles.py"
            )
            stale = 1
        else:
            path.write_text(css, encoding="utf-8")
    return stale


if __name__ == "__main__":
    raise SystemExit(main())
