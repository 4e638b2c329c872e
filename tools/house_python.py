"""House rules for Python: the clock, saving, private rows, pure rules, arrows, words."""

from __future__ import annotations

import ast
import re

from tools.house import Fault, House, Source
from tools.house_words import in_copy, in_name

CLOCK = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "django.utils.timezone.now",
    "django.utils.timezone.localdate",
    "django.utils.timezone.localtime",
    "django.db.models.functions.Now",
}
SAFE = {
    "django.utils.safestring.mark_safe",
    "django.utils.safestring.SafeString",
    "django.utils.safestring.SafeText",
    "django.utils.html.html_safe",
}
# What a rule must not reach: rows, the clock, the machine, chance.
IMPURE = (
    "django.db",
    "django.utils.timezone",
    "django.core.cache",
    "django.conf",
    "samepath.kit.clock",
    "samepath.kit.db",
    "samepath.kit.models",
    "samepath.settings",
    "os",
    "io",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "time",
)
PRIVATE_PARTS = ("access", "queries", "actions", "tasks", "sql", "models", "migrations")
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
NAMERS = {"reverse", "reverse_lazy", "redirect", "resolve_url"}
RENDERERS = {"render", "render_to_string", "get_template", "select_template", "TemplateResponse"}
SPEAKERS = {
    "gettext",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "_",
}
LOG_VERBS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
SAVE_ALLOWED = {"update_fields", "force_insert", "commit", None}


class _Reader(ast.NodeVisitor):
    """Walks one module once and collects faults; knows under which names things were imported."""

    def __init__(self, source: Source, house: House) -> None:
        self.source = source
        self.house = house
        self.faults: list[Fault] = []
        self.imported: dict[str, str] = {}
        self._annotations: frozenset[int] = frozenset()
        self.is_rules = source.is_part("rules") or source.room == "engine"
        self.is_events = source.is_part("events")

    def fault(self, node: ast.AST, rule: str, text: str) -> None:
        line = getattr(node, "lineno", 1)
        self.faults.append(Fault(self.source.path, line, rule, text))

    def full_name(self, node: ast.AST) -> str:
        """The dotted name a name or attribute stands for, imports followed; empty if none."""
        steps: list[str] = []
        while isinstance(node, ast.Attribute):
            steps.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        steps.append(self.imported.get(node.id, node.id))
        return ".".join(reversed(steps))

    # Imports

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.asname:
                self.imported[alias.asname] = alias.name
            self._check_import(node, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            full = f"{node.module or ''}.{alias.name}"
            self.imported[alias.asname or alias.name] = full
            self._check_import(node, full)

    def _check_import(self, node: ast.stmt, full: str) -> None:
        if not self.is_rules:
            return
        if any(full == name or full.startswith(f"{name}.") for name in IMPURE) or re.fullmatch(
            r"samepath\.\w+\.(models|queries|access|actions|sql)(\..*)?", full
        ):
            self.fault(node, "impure-rule", f"rules decide on plain values: no {full}")

    # Names used

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if not self._check_use(node):
            self._check_private(node)
            self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._check_use(node)

    def _check_use(self, node: ast.Attribute | ast.Name) -> bool:
        full = self.full_name(node)
        if full in CLOCK and self.source.inside != "kit/clock.py":
            self.fault(node, "clock", "ask samepath.kit.clock, so that a test can move the time")
            return True
        if full in SAFE and self.source.inside != "kit/text.py" and not self._is_annotation(node):
            self.fault(node, "unescaped", "only kit/text.py says what is safe; use format_html")
            return True
        return False

    def _is_annotation(self, node: ast.AST) -> bool:
        return id(node) in self._annotations

    def _check_private(self, node: ast.Attribute) -> None:
        if node.attr not in {"objects", "_default_manager", "_base_manager"}:
            return
        model = self.full_name(node.value).split(".")[-1]
        room = self.house.private_models.get(model)
        if room is None:
            return
        if self.source.room != room or not self.source.is_part(*PRIVATE_PARTS):
            text = f"{model} rows come from {room}'s access or queries, which know who may see them"
            self.fault(node, "private-query", text)

    # Calls

    def visit_Call(self, node: ast.Call) -> None:
        name = self.full_name(node.func).split(".")[-1]
        if isinstance(node.func, ast.Attribute):
            self._check_save(node, node.func)
            if node.func.attr in LOG_VERBS and "log" in self.full_name(node.func.value).lower():
                self._check_words(node, "a log line")
        if name == "enqueue":
            self._check_words(node, "a job")
        if name in RELATIONS:
            self._check_relation(node)
        if name in NAMERS | RENDERERS:
            self._check_reach(node, name)
        if name in SPEAKERS:
            self._check_copy(node)
        self.generic_visit(node)

    def _check_save(self, node: ast.Call, function: ast.Attribute) -> None:
        if function.attr != "save" or node.args:
            return
        receiver = function.value
        if isinstance(receiver, ast.Call) and self.full_name(receiver.func) == "super":
            return
        if self.full_name(receiver).lower().endswith(("form", "formset")):
            return
        if not {keyword.arg for keyword in node.keywords} & SAVE_ALLOWED:
            self.fault(
                node, "bare-save", "save(update_fields=…), or force_insert=True for a new row"
            )

    def _check_words(self, node: ast.Call, place: str) -> None:
        for keyword in node.keywords:
            if keyword.arg in self.house.written_words:
                self.fault(node, "words-leave", f"{keyword.arg}: ids in {place}, never words")

    def _check_relation(self, node: ast.Call) -> None:
        targets = node.args[:1] + [word.value for word in node.keywords if word.arg == "to"]
        for target in targets:
            if isinstance(target, ast.Constant) and isinstance(target.value, str):
                self._check_arrow(node, target.value.split(".")[0], "upward-key", "a key to")

    def _check_reach(self, node: ast.Call, name: str) -> None:
        divider = ":" if name in NAMERS else "/"
        for argument in node.args[:2]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                other, found, _ = argument.value.partition(divider)
                if found:
                    self._check_arrow(node, other, "upward-template", "a page of")

    def _check_arrow(self, node: ast.AST, other: str, rule: str, what: str) -> None:
        room = self.source.room
        known = self.house.rooms
        if room in known and other in known and not self.house.may_use(str(room), other):
            self.fault(node, rule, f"{room} has {what} {other}, which is not below it")

    def _check_copy(self, node: ast.Call) -> None:
        for argument in node.args[:2]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                for text in in_copy(argument.value, self.source.inside or "", self.house):
                    self.fault(node, "glossary", text)
                if re.search(r"\w!(?:\s|$)", argument.value):
                    self.fault(node, "loud", "no exclamation marks in words for people")

    # Names given

    def _check_name(self, node: ast.AST, name: str) -> None:
        for text in in_name(name, self.source.inside or "", self.house):
            self.fault(node, "glossary", text)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._check_name(node, node.name)
        for line in node.body:
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                self._check_name(line, line.target.id)
                if self.is_events and line.target.id in self.house.written_words:
                    self.fault(line, "words-leave", f"{line.target.id}: ids in an event, no words")
            elif isinstance(line, ast.Assign):
                for target in line.targets:
                    if isinstance(target, ast.Name):
                        self._check_name(line, target.id)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._check_name(node, node.name)
        for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]:
            self._check_name(argument, argument.arg)
        self.generic_visit(node)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815  (ast names its hooks so)

    def read(self, tree: ast.Module) -> None:
        """Check the whole module."""
        self._annotations = frozenset(
            id(part)
            for node in ast.walk(tree)
            for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None))
            if isinstance(annotation, ast.AST)
            for part in ast.walk(annotation)
        )
        self._check_name(tree, self.source.path.rpartition("/")[2].removesuffix(".py"))
        self.visit(tree)


def check(source: Source, house: House) -> list[Fault]:
    """Every fault of one Python file of the package; tests and tools answer to ruff alone."""
    if source.inside is None or "/migrations/" in source.path:
        return []
    try:
        tree = ast.parse(source.text)
    except SyntaxError as error:
        return [Fault(source.path, error.lineno or 1, "syntax", error.msg)]
    reader = _Reader(source, house)
    reader.read(tree)
    return reader.faults
