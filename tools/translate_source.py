"""Words for people, found in the source: those marked for translation, and those that are not.

Templates are cut by Django's own lexer and Python is read as a tree, so that this works on any
machine, without GNU gettext, and finds the strings that are looked up at run time: a doubled
percent sign in templates, a trimmed block, a context, a plural.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, Token, TokenType
from django.templatetags.i18n import BlockTranslateNode

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "samepath"


@dataclass(frozen=True)
class Key:
    """What a translation is looked up under. Words with and without a plural are one entry."""

    words: str
    context: str | None = None


@dataclass
class Message:
    """One string for people, with the files it stands in."""

    key: Key
    plural: str | None = None
    files: list[str] = field(default_factory=list)


# -- Templates -------------------------------------------------------------------------------------

_QUOTED = r"""(?:"[^"]*"|'[^']*')"""
_INLINE = re.compile(rf"trans(?:late)?\s+({_QUOTED})")
_CONTEXT = re.compile(rf"\bcontext\s+({_QUOTED})")
_CONSTANT = re.compile(rf"\b_\(({_QUOTED})\)")
_BLOCK = re.compile(r"blocktrans(?:late)?\b")
_END = re.compile(r"endblocktrans(?:late)?\b")


class Unreadable(Exception):
    """A mark that cannot be read; the text says where and why."""


def _block(head: Token, singular: list[Token], plural: list[Token]) -> tuple[Key, str | None]:
    """The words of one {% blocktranslate %}, as its node asks for them."""
    trimmed = "trimmed" in head.split_contents()
    node = BlockTranslateNode({}, singular, plural, trimmed=trimmed)
    context = _CONTEXT.search(head.contents)
    key = Key(node.render_token_list(singular)[0], context.group(1)[1:-1] if context else None)
    return key, node.render_token_list(plural)[0] if plural else None


def in_template(text: str) -> Iterator[tuple[Key, str | None]]:
    """(words, their plural) for every mark of a template, from top to bottom.

    Raises Unreadable for a tag inside {% blocktranslate %}, where Django allows none.
    """
    head: Token | None = None
    parts: list[list[Token]] = []
    comment = False
    for token in Lexer(text).tokenize():
        tag = token.contents if token.token_type == TokenType.BLOCK else ""
        if comment:
            comment = tag != "endcomment"
        elif head is not None:
            if _END.match(tag):
                yield _block(head, parts[0], parts[1] if len(parts) > 1 else [])
                head = None
            elif tag == "plural":
                parts.append([])
            elif tag:
                raise Unreadable(f"line {token.lineno}: {tag!r} inside blocktranslate")
            else:
                parts[-1].append(token)
        elif tag.split(" ")[0] == "comment":
            comment = True
        elif token.token_type in (TokenType.BLOCK, TokenType.VAR):
            for constant in _CONSTANT.findall(token.contents):
                yield Key(constant[1:-1].replace("%", "%%")), None
            inline = _INLINE.match(tag)
            if _BLOCK.match(tag):
                head, parts = token, [[]]
            elif inline:
                context = _CONTEXT.search(tag[inline.end() :])
                said = inline.group(1)[1:-1].replace("%", "%%")
                yield Key(said, context.group(1)[1:-1] if context else None), None


# Attributes whose value is read or read aloud.
_SAID_IN = {"alt", "aria-label", "aria-description", "placeholder", "title"}
_WORD = re.compile(r"[^\W\d_]{2,}")
# Filters whose constant becomes part of the page.
_SHOWN_CONSTANT = re.compile(
    rf"\|\s*(?:default|default_if_none|yesno|pluralize|add|join):({_QUOTED})"
)
_DATE_CONSTANT = re.compile(rf"\|\s*(?:date|time):({_QUOTED})")
# A format made of figures reads alike everywhere; so does one that Django keeps per language.
_SAME_EVERYWHERE = re.compile(r"[HGis:]+|[A-Z_]{5,}|[clDFMN]")
# Our own name, and a class that stands in a block of its own.
NAMES = {"Samepath"}
_CLASSES = re.compile(r"block body_class\b")
# For those who build Samepath, in the demo only: pictures of components, never a page of a site.
FOR_BUILDERS = ("web/templates/web/scenes/", "web/templates/web/styleguide.html")


class _Reader(HTMLParser):
    """Collects the words that stand in a page's text or in an attribute that is read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.silent = 0
        self.found: list[tuple[int, str]] = []

    def _take(self, said: str | None) -> None:
        words = [word for word in _WORD.findall(said or "") if word not in NAMES]
        if words:
            self.found.append((self.getpos()[0], " ".join((said or "").split())))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        button = tag == "input" and values.get("type") in {"submit", "button", "reset"}
        for name, value in attrs:
            if name in _SAID_IN or (button and name == "value"):
                self._take(value)
        if tag in {"script", "style"}:
            self.silent += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self._take(data)


def unmarked_in_template(text: str) -> list[tuple[int, str]]:
    """(line, words) of what a person would read and no translator would see.

    Looked at: text between tags, the attributes that are read aloud, constants of filters such as
    `default`, and date formats that name days or months, whose order differs between languages.
    """
    bare: list[str] = []
    found: list[tuple[int, str]] = []
    hidden = ""
    for token in Lexer(text).tokenize():
        tag = token.contents if token.token_type == TokenType.BLOCK else ""
        if hidden:
            hidden = "" if re.match(hidden, tag) else hidden
            bare.append("\n" * token.contents.count("\n"))
        elif token.token_type == TokenType.TEXT:
            bare.append(token.contents)
        else:
            for constant in _SHOWN_CONSTANT.findall(token.contents):
                if _WORD.search(constant) and not constant[1:].startswith("/"):
                    found.append((token.lineno or 0, constant))
            for constant in _DATE_CONSTANT.findall(token.contents):
                if not _SAME_EVERYWHERE.fullmatch(constant[1:-1]):
                    found.append((token.lineno or 0, constant))
            if _BLOCK.match(tag):
                hidden = _END.pattern
            elif tag.split(" ")[0] == "comment":
                hidden = "endcomment"
            elif _CLASSES.match(tag):
                hidden = "endblock"
            bare.append(" ")
    reader = _Reader()
    reader.feed("".join(bare))
    reader.close()
    return sorted(found + reader.found)


# -- Python ----------------------------------------------------------------------------------------

# Where the words stand among the arguments: (context, singular, plural).
_ORDER: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "pgettext": (0, 1, None),
    "ngettext": (None, 0, 1),
    "npgettext": (0, 1, 2),
}
_FAMILY = {name + tail: order for name, order in _ORDER.items() for tail in ("", "_lazy")}
_FAMILY["gettext_noop"] = _FAMILY["gettext"]


def _names(tree: ast.Module) -> dict[str, str]:
    """What this file calls the functions of django.utils.translation."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for name in node.names:
                if name.name in _FAMILY:
                    found[name.asname or name.name] = name.name
    return found


def _called(node: ast.Call, names: dict[str, str]) -> str | None:
    """The function of gettext's family that is called, under its own name."""
    if isinstance(node.func, ast.Name):
        return names.get(node.func.id)
    if isinstance(node.func, ast.Attribute) and node.func.attr in _FAMILY:
        owner = node.func.value
        return node.func.attr if getattr(owner, "id", "") == "translation" else None
    return None


def _constants(node: ast.expr) -> list[str]:
    """The strings an argument can be: one, both of `a if x else b`, none for a name."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _constants(node.body) + _constants(node.orelse)
    if isinstance(node, ast.JoinedStr | ast.BinOp):
        raise Unreadable(f"line {node.lineno}: only whole strings can be translated")
    return []


def in_python(text: str) -> Iterator[tuple[Key, str | None]]:
    """(words, their plural) for every mark of a Python file, from top to bottom.

    Raises Unreadable for words that are put together before they are looked up.
    """
    tree = ast.parse(text)
    names = _names(tree)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        called = _called(node, names)
        if called is None:
            continue
        context_at, words_at, plural_at = _FAMILY[called]
        if len(node.args) <= max(words_at, plural_at or 0, context_at or 0):
            continue
        plurals = _constants(node.args[plural_at]) if plural_at is not None else [None]
        contexts = _constants(node.args[context_at]) if context_at is not None else [None]
        for words in _constants(node.args[words_at]):
            yield Key(words, contexts[0]), plurals[0]


# Calls that put their words before a person: the first argument of the ones, these of the others.
_REFUSALS = {
    *("Refusal", "NotFound", "Denied", "Invalid", "Conflict", "TooMany", "Unavailable"),
    "ValidationError",
}
_SHOWN = {"label", "help_text", "empty_label", "initial_text", "placeholder", "aria-label"}


def unmarked_in_python(text: str) -> list[tuple[int, str]]:
    """(line, words) of refusals, labels, hints and date formats that are bare strings."""
    found: list[tuple[int, ast.expr]] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in _REFUSALS and node.args:
                found.append((node.lineno, node.args[0]))
            if name == "date_format" and len(node.args) > 1:
                found.append((node.lineno, node.args[1]))
            found += [(node.lineno, k.value) for k in node.keywords if k.arg in _SHOWN]
        elif isinstance(node, ast.Dict):
            found += [
                (value.lineno, value)
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value in _SHOWN
            ]
    return sorted(
        (line, words)
        for line, value in found
        if not isinstance(value, ast.JoinedStr | ast.BinOp)
        for words in _constants(value)
        if words.strip() and not _SAME_EVERYWHERE.fullmatch(words)
    )


# -- The package -----------------------------------------------------------------------------------


def files() -> list[Path]:
    """Every template and Python file of the package that can hold words, in order."""
    return sorted(
        path
        for path in PACKAGE.rglob("*")
        if path.suffix in {".html", ".txt", ".py"}
        and not {"migrations", "static", "ui", "__pycache__"} & set(path.parts)
        and (path.suffix == ".py" or "templates" in path.parts)
    )


def collect() -> dict[Key, Message]:
    """Every marked string of the package. Raises Unreadable with the file and line."""
    found: dict[Key, Message] = {}
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        text = path.read_text(encoding="utf-8")
        try:
            for key, plural in in_python(text) if path.suffix == ".py" else in_template(text):
                message = found.setdefault(key, Message(key))
                if message.plural and plural and message.plural != plural:
                    raise Unreadable(f"{key.words!r} has two plurals")
                message.plural = message.plural or plural
                if name not in message.files:
                    message.files.append(name)
        except Unreadable as error:
            raise Unreadable(f"{name}: {error}") from None
    found.pop(Key(""), None)
    return found


def unmarked() -> list[str]:
    """`path:line: words` for everything a person reads that is not marked."""
    found = []
    for path in files():
        if path.relative_to(PACKAGE).as_posix().startswith(FOR_BUILDERS):
            continue
        look = unmarked_in_python if path.suffix == ".py" else unmarked_in_template
        name = path.relative_to(ROOT).as_posix()
        found += [
            f"{name}:{line}: {words}" for line, words in look(path.read_text(encoding="utf-8"))
        ]
    return found
