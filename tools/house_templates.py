"""House rules for templates: arrows point down, nothing inline, nothing unescaped, our words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.house import Fault, House, Source
from tools.house_words import in_copy

_REACH = re.compile(r"""\{%-?\s*(?:extends|include|from|import)\s+["']([\w-]+)/""")
_URL = re.compile(r"""\{%-?\s*url\s+["']([\w-]+):""")
_TAG = re.compile(
    r"<([a-zA-Z][\w-]*)((?:[^<>\"'{}]|\"[^\"]*\"|'[^']*'|\{[%{].*?[%}]\})*)>", re.DOTALL
)
_HANDLER = re.compile(r"""(?:^|\s)on[a-z]+\s*=""", re.IGNORECASE)
_STYLE = re.compile(r"""(?:^|\s)style\s*=""", re.IGNORECASE)
_UNESCAPED = re.compile(r"\|\s*safe(?:seq)?\b|\{%-?\s*autoescape\s+off")
_COMMENT = re.compile(
    r"\{#.*?#\}|<!--.*?-->|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}", re.DOTALL
)
_SAID = re.compile(r"""\{%-?\s*translate\s+(?:"([^"]*)"|'([^']*)')""")
_UNSEEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_SYNTAX = re.compile(r"\{[%{].*?[%}]\}", re.DOTALL)


def _blank(found: re.Match[str]) -> str:
    """As many line ends as the match had, so that line numbers stay."""
    return " " + "\n" * found.group().count("\n")


def _check_arrows(source: Source, text: str, house: House) -> Iterator[Fault]:
    room = source.room or ""
    for pattern, what in ((_REACH, "template"), (_URL, "address")):
        for found in pattern.finditer(text):
            other = found.group(1)
            if other in house.rooms and room in house.rooms and not house.may_use(room, other):
                line = text.count("\n", 0, found.start()) + 1
                yield Fault(
                    source.path,
                    line,
                    "upward-template",
                    f"{room} uses a {what} of {other}, which is not below it: use a slot",
                )


def _check_markup(source: Source, text: str) -> Iterator[Fault]:
    for found in _TAG.finditer(text):
        name, attributes = found.group(1).lower(), found.group(2)
        line = text.count("\n", 0, found.start()) + 1
        # A template's own tags may hold quotes and comparisons; what is left is the markup.
        plain = _SYNTAX.sub(" ", attributes)
        if name == "script" and not re.search(r"\ssrc\s*=", attributes):
            yield Fault(source.path, line, "inline-script", "scripts are files: type=module src=…")
        if name == "style" and "nonce" not in attributes:
            yield Fault(
                source.path, line, "inline-style", "only one nonce'd style in the page shell"
            )
        if _STYLE.search(plain):
            yield Fault(source.path, line, "inline-style", "a class instead of style=")
        if _HANDLER.search(plain):
            yield Fault(source.path, line, "inline-handler", "a custom element instead of on…=")
    for found in _UNESCAPED.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Fault(source.path, line, "unescaped", "only kit/text.py says what is safe")


def copy_of(text: str) -> Iterator[tuple[int, str]]:
    """(line, words) of what people read in a template: translated strings and text between tags."""
    for found in _SAID.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, found.group(1) or found.group(2) or ""
    # Tags of the page go last: an attribute may hold template tags with quotes of their own.
    bare = _UNSEEN.sub(_blank, text)
    bare = _SYNTAX.sub(_blank, bare)
    bare = re.sub(r"<[^>]*>", _blank, bare)
    for number, line in enumerate(bare.splitlines(), 1):
        if line.strip():
            yield number, line


def check(source: Source, house: House) -> Iterator[Fault]:
    """Every fault of one template of the package."""
    text = _COMMENT.sub(_blank, source.text)
    yield from _check_arrows(source, text, house)
    yield from _check_markup(source, text)
    for line, words in copy_of(text):
        for fault in in_copy(words, source.inside or "", house):
            yield Fault(source.path, line, "glossary", fault)
        if re.search(r"\w!(?:\s|$)", words):
            yield Fault(source.path, line, "loud", "no exclamation marks in words for people")
