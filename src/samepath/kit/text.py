"""Cleaning what people write. Nothing is rejected that can be kept; nothing invisible survives."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 4000
MOST_LINES = 200

# Bidirectional overrides and isolates can make a sentence read as another one (CVE-2021-42574);
# zero-width joiners stay, because emoji and several scripts need them.
_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])
_OTHER = dict.fromkeys([0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB, 0xFFFE, 0xFFFF, 0x00AD])
_CONTROLS = {code: None for code in range(0x20) if code not in (0x0A, 0x09)}
_CONTROLS.update(dict.fromkeys(range(0x7F, 0xA0)))
# Other ways to end a line; taken out, they would glue two words together.
_BREAKS = dict.fromkeys([0x0B, 0x0C, 0x85, 0x2028, 0x2029], 0x0A)
_TABLE: dict[int, int | None] = {**_CONTROLS, **_BIDI, **_OTHER, 0x09: 0x20, **_BREAKS}
_BLANK_LINES = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """`text` as we keep it: NFC, no control or direction-override characters, ends trimmed.

    Length is not judged here: see `too_long`.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TABLE)
    if not text.isascii():
        # Lone surrogates arrive through JSON escapes and cannot be stored.
        text = text.encode("utf-8", "replace").decode("utf-8")
        # Last: what stood between a letter and its accent is gone only now.
        text = unicodedata.normalize("NFC", text)
    return _BLANK_LINES.sub("\n\n", text).strip()


def clean_line(text: str) -> str:
    """`clean` for a field of one line: newlines become spaces."""
    return " ".join(clean(text).split())


def too_long(text: str) -> bool:
    """Whether a cleaned `text` is over 4,000 code points or 200 lines (safety.md 3.8)."""
    return len(text) > LONGEST or text.count("\n") >= MOST_LINES


def skeleton(text: str) -> str:
    """A folded form under which names that look alike are equal: `rn`/`m`, `0`/`o`, `1`/`l`/`i`."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    folded = "".join(c for c in folded if not unicodedata.combining(c) and c.isalnum())
    for pair, single in (("rn", "m"), ("vv", "w"), ("cl", "d")):
        folded = folded.replace(pair, single)
    return folded.translate(str.maketrans("0135", "oies")).replace("l", "i")
