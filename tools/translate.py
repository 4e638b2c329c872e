"""Keeps the translations in step with the source: `make messages`.

`python tools/translate.py` writes every `src/samepath/locale/*/LC_MESSAGES/django.po` again: each
string of the source once, with the translation it had. New strings come with an empty translation;
strings that are no longer in the source go to the end, after `#~`, so that their words can be used
again. `--tidy` drops those. `--check` writes nothing and names everything that is not finished.

To begin a language, make its folder (`src/samepath/locale/fr/LC_MESSAGES`), name it in LANGUAGES in
settings.py, and run it.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import messages
from tools.translate_source import PACKAGE, Key, Message, Unreadable, collect, unmarked

LOCALE = PACKAGE / "locale"
FILE = "LC_MESSAGES/django.po"
HEADER = (
    "Content-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    "Plural-Forms: nplurals=2; plural=(n != 1);\n"
)
WIDTH = 100
_PLURALS = re.compile(r"nplurals\s*=\s*(\d+)")
_PLACE = re.compile(r"%\(\w+\)[a-z]|%%|%[sd]|\{\w*\}")
# A button or link named in a sentence: it has to be called there what it says itself.
_CALLED = re.compile(r"“([^”]+)”")
_OLD = re.compile(r"^#~ ?", re.MULTILINE)


def key_in_file(message: Message) -> str:
    """The key as a .mo file holds it."""
    context = "" if message.key.context is None else message.key.context + messages.CONTEXT
    plural = "" if message.plural is None else messages.PLURAL + message.plural
    return context + message.key.words + plural


def _escape(text: str) -> str:
    for plain, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, written)
    return text


def _line(keyword: str, text: str) -> list[str]:
    """`keyword "text"`, cut at spaces and line ends where it is long."""
    whole = f'{keyword} "{_escape(text)}"'
    if len(whole) <= WIDTH and "\n" not in text[:-1]:
        return [whole]
    rows: list[str] = [""]
    for piece in re.findall(r"[^ \n]*(?: +|\n|$)", text):
        if rows[-1] and (
            len(_escape(rows[-1] + piece.rstrip(" "))) > WIDTH - 2 or rows[-1].endswith("\n")
        ):
            rows.append("")
        rows[-1] += piece
    return [f'{keyword} ""', *(f'"{_escape(row)}"' for row in rows if row)]


def _entry(message: Message, translation: str, forms: int) -> list[str]:
    """The lines of one entry; `translation` as a .mo file holds it."""
    rows = [f"#: {name}" for name in message.files]
    if _PLACE.search(message.key.words) or _PLACE.search(message.plural or ""):
        rows.append("#, python-format")
    if message.key.context is not None:
        rows += _line("msgctxt", message.key.context)
    rows += _line("msgid", message.key.words)
    if message.plural is None:
        return rows + _line("msgstr", translation)
    rows += _line("msgid_plural", message.plural)
    said = translation.split(messages.PLURAL) if translation else []
    for number in range(forms):
        rows += _line(f"msgstr[{number}]", said[number] if number < len(said) else "")
    return rows


def _message(key: str) -> Message:
    """The message that a key of a .mo file belongs to."""
    context, mark, rest = key.rpartition(messages.CONTEXT)
    words, _, plural = rest.partition(messages.PLURAL)
    return Message(Key(words, context if mark else None), plural or None)


def _split(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """What a .po file says for strings in use and for those that were set aside."""
    aside = "\n".join(line for line in text.splitlines() if line.startswith("#~") or not line)
    return messages.read(text), messages.read(_OLD.sub("", aside))


def begin(language: str) -> str:
    """The first .po file of a language: its header. Its plural rule may have to be set right."""
    header = f"Language: {language}\n{HEADER}"
    return "\n".join(_line("msgid", "") + _line("msgstr", header)) + "\n"


def merge(found: dict[Key, Message], text: str, *, tidy: bool = False) -> str:
    """A .po file's `text` with exactly the strings of `found`, keeping every translation.

    A translation is kept when its English gains or loses a plural; what is no longer in the source
    stands at the end, unless `tidy`. Raises messages.Broken for a file that cannot be read or that
    holds entries marked fuzzy, whose words this would lose.
    """
    if re.search(r"^#,.*\bfuzzy\b", text, re.MULTILINE):
        raise messages.Broken("entries marked fuzzy: finish them and take the mark away")
    now, aside = _split(text)
    header = now.pop("", HEADER)
    counted = _PLURALS.search(header)
    forms = int(counted.group(1)) if counted else 2
    known = aside | now
    loose = {_message(key).key: value for key, value in known.items()}
    blocks = [_line("msgid", "") + _line("msgstr", header)]
    used: set[Key] = set()
    # Python's sort is stable: within the same files the order of the source stays.
    for key in sorted(found, key=lambda key: found[key].files):
        message = found[key]
        said = known.get(key_in_file(message), loose.get(key, ""))
        if message.plural is None:
            said = said.split(messages.PLURAL)[0]
        used.add(key)
        blocks.append(_entry(message, said, forms))
    if not tidy:
        for name, said in sorted(known.items()):
            message = _message(name)
            if message.key not in used:
                blocks.append([f"#~ {row}" for row in _entry(message, said, forms)])
    return "\n\n".join("\n".join(rows) for rows in blocks) + "\n"


def _places(texts: Iterable[str]) -> list[Counter[str]]:
    return [Counter(set(_PLACE.findall(text))) for text in texts]


def faults(found: dict[Key, Message], text: str) -> list[str]:
    """What is not finished in a .po file's `text`: one sentence each, none for a whole one."""
    wrong = []
    if re.search(r"^#,.*\bfuzzy\b", text, re.MULTILINE):
        wrong.append("entries marked fuzzy")
    if "#~" in text:
        wrong.append("entries that are no longer in the source: --tidy drops them")
    known = messages.read(text)
    counted = _PLURALS.search(known.pop("", ""))
    if counted is None:
        return [*wrong, "no Plural-Forms in the header"]
    named = {key: value for key, value in known.items() if messages.PLURAL not in key}
    for message in found.values():
        said = known.pop(key_in_file(message), "")
        what = repr(message.key.words)
        forms = said.split(messages.PLURAL) if said else []
        if not all(form.strip() for form in forms) or not forms:
            wrong.append(f"not translated: {what} ({message.files[0]})")
            continue
        if message.plural is not None and len(forms) != int(counted.group(1)):
            wrong.append(f"{len(forms)} plural forms: {what}")
        wanted = _places([message.key.words, *([message.plural] if message.plural else [])])
        given = _places(forms)
        # "One day" needs no figure; the last form has to count.
        if given[-1] != wanted[-1] or any(one - wanted[-1] for one in given):
            wrong.append(f"other placeholders: {what} ({message.files[0]})")
        for called in _CALLED.findall(message.key.words):
            other = named.get(called, "")
            if other and f"“{other}”" not in forms[0]:
                wrong.append(f"“{other}” is what the button says: {what} ({message.files[0]})")
        for form in forms:
            if form[:1].isspace() != message.key.words[:1].isspace() or (
                form[-1:].isspace() != message.key.words[-1:].isspace()
            ):
                wrong.append(f"other white space at an end: {what}")
    wrong += [f"not in the source: {key!r}" for key in known]
    return wrong


def main(arguments: list[str]) -> int:
    """Merge, or with --check name what is missing; 1 where something is."""
    if set(arguments) - {"--check", "--tidy"}:
        print(__doc__)
        return 2
    try:
        found = collect()
    except Unreadable as error:
        print(error, file=sys.stderr)
        return 1
    missing = unmarked()
    for line in missing:
        print(f"not marked for translation: {line}")
    for folder in sorted(path for path in LOCALE.iterdir() if path.is_dir()):
        path = folder / FILE
        text = path.read_text(encoding="utf-8") if path.exists() else begin(folder.name)
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            text = merge(found, text, tidy="--tidy" in arguments)
            path.write_text(text, encoding="utf-8")
        wrong = faults(found, text)
        print(f"{folder.name}: {len(found)} strings, {len(wrong)} things to do")
        for line in wrong:
            print(f"  {line}")
        missing += wrong
    return 1 if missing and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
