"""Makes .mo files from .po files: `python tools/messages.py FILE.po…`.

A bare machine has no msgfmt, so this writes the format itself (GNU gettext manual, "The Format of
GNU MO Files"). Entries marked fuzzy and entries without a translation are left out, as msgfmt does.
"""

from __future__ import annotations

import ast
import struct
import sys
from pathlib import Path

MAGIC = 0x950412DE
CONTEXT = "\x04"  # stands between a context and the words it belongs to
PLURAL = "\x00"  # stands between singular and plural, and between the forms of a plural


class Broken(Exception):
    """A .po file that cannot be read; the text names the line."""


def read(text: str) -> dict[str, str]:
    """The finished translations of a .po file, by the key that gettext looks them up under.

    Raises Broken for a line that is none of the format's.
    """
    found: dict[str, str] = {}
    parts: dict[str, str] = {}
    fuzzy, current = False, ""

    def finish() -> None:
        forms = [parts[name] for name in sorted(parts) if name.startswith("msgstr")]
        if "msgid" in parts and not fuzzy and any(forms):
            key = parts["msgid"]
            if "msgid_plural" in parts:
                key += PLURAL + parts["msgid_plural"]
            if "msgctxt" in parts:
                key = parts["msgctxt"] + CONTEXT + key
            found[key] = PLURAL.join(forms)

    for number, raw in enumerate([*text.splitlines(), ""], 1):
        line = raw.strip()
        if line.startswith("#~"):
            continue
        starts = line.startswith(("#", "msgctxt ")) or (
            line.startswith("msgid ") and "msgid" in parts
        )
        if (starts or not line) and any(name.startswith("msgstr") for name in parts):
            finish()
            parts, fuzzy, current = {}, False, ""
        if line.startswith("#,"):
            fuzzy = fuzzy or "fuzzy" in line
        if not line or line.startswith("#"):
            continue
        keyword, quote, rest = line.partition('"')
        if not quote:
            raise Broken(f"line {number}: {line}")
        if keyword:
            current = keyword.strip()
            parts[current] = ""
        try:
            parts[current] += ast.literal_eval(quote + rest)
        except (SyntaxError, KeyError) as error:
            raise Broken(f"line {number}: {line}") from error
    return found


def pack(messages: dict[str, str]) -> bytes:
    """The .mo file of these translations: a header, two tables of places, and the words."""
    rows = sorted((key.encode(), value.encode()) for key, value in messages.items())
    at = 28 + 16 * len(rows)
    tables: list[bytes] = []
    words = b""
    for column in (0, 1):
        for row in rows:
            tables.append(struct.pack("<II", len(row[column]), at + len(words)))
            words += row[column] + b"\x00"
    header = struct.pack("<7I", MAGIC, 0, len(rows), 28, 28 + 8 * len(rows), 0, 28 + 16 * len(rows))
    return header + b"".join(tables) + words


def main(names: list[str]) -> int:
    """Write a .mo beside each .po named; 1 at the first that is broken."""
    for name in names:
        source = Path(name)
        try:
            messages = read(source.read_text(encoding="utf-8"))
        except Broken as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 1
        source.with_suffix(".mo").write_bytes(pack(messages))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
