"""House lint: the rules of docs/plan.md that no other tool checks.

`python tools/house.py [FILE…]` reads every file of the repository (or those named) and prints one
line for each fault: path:line: rule: what to do. The floors come from the import contract in
pyproject.toml, so that there is one list of them.

A line may say `house: allow RULE: REASON` in a comment where a fault is right and the reason is
worth a sentence.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path, PurePosixPath

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "src/samepath/"
MADE_FOLDERS = {"node_modules", "__pycache__"}
MADE_AT_THE_TOP = {"build", "var", "data"}
READ = {".py", ".html", ".txt", ".md", ".toml", ".css", ".js", ".json", ".sh", ".yml", ".in", ""}
ALLOWANCE = re.compile(r"house: allow ([a-z-]+): \S.{9,}")
# Length is judged for what is written by hand and read from top to bottom.
MEASURED = {".py", ".html", ".css", ".js"}
MACHINE_PATH = re.compile(r"(?<![\w.~/-])/(?:root|work|home/[a-z]\w*|Users/[A-Za-z]\w*)/[\w.-]")
LOCKS = ("requirements/*.txt", "package-lock.json")


@dataclass(frozen=True, order=True)
class Fault:
    """One broken rule at one place."""

    path: str
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


@dataclass(frozen=True)
class Loser:
    """A word that lost: what to say instead, where it is looked for, where it is fine."""

    word: str
    better: str
    places: frozenset[str]
    globs: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True)
class House:
    """What the rules need to know: shelves from top to bottom, private models, words."""

    shelves: tuple[tuple[str, ...], ...]
    private_models: Mapping[str, str]
    written_words: frozenset[str]
    losers: tuple[Loser, ...]
    longest_file: int = 500

    @cached_property
    def rooms(self) -> frozenset[str]:
        """Every name on a shelf."""
        return frozenset(name for shelf in self.shelves for name in shelf)

    def height(self, room: str) -> int:
        """How far up a room is: 0 for the ground."""
        for index, shelf in enumerate(reversed(self.shelves)):
            if room in shelf:
                return index
        raise KeyError(room)

    def may_use(self, upper: str, lower: str) -> bool:
        """Whether `upper` may name `lower`: itself, or a room on a shelf below it."""
        return upper == lower or self.height(upper) > self.height(lower)


@dataclass(frozen=True)
class Source:
    """One file: its path from the root with forward slashes, and its text."""

    path: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines, the first one at index 0."""
        return self.text.splitlines()

    @property
    def inside(self) -> str | None:
        """The path inside the package, or None for a file that is not part of it."""
        return self.path.removeprefix(PACKAGE) if self.path.startswith(PACKAGE) else None

    @property
    def room(self) -> str | None:
        """The room the file stands in (`urls.py` of the package itself stands in `urls`)."""
        if self.inside is None:
            return None
        return self.inside.split("/")[0].removesuffix(".py")

    def is_part(self, *names: str) -> bool:
        """Whether this is one of the named parts of a room: `rules.py`, or a file of `rules/`."""
        steps = (self.inside or "").split("/")
        return len(steps) > 1 and steps[1].removesuffix(".py") in names

    def allows(self, line: int, rule: str) -> bool:
        """Whether the line or the one above it allows the rule, with a reason."""
        for number in (line, line - 1):
            if 0 < number <= len(self.lines):
                found = ALLOWANCE.search(self.lines[number - 1])
                if found and found.group(1) == rule:
                    return True
        return False


def read_shelves(project: Mapping[str, object]) -> tuple[tuple[str, ...], ...]:
    """The shelves of the import contract `floors`, from the top; brackets and dividers taken off.

    Raises LookupError where pyproject.toml has no such contract.
    """
    tool = project["tool"]
    assert isinstance(tool, dict)
    for contract in tool["importlinter"]["contracts"]:
        if contract.get("id") == "floors":
            return tuple(tuple(re.findall(r"\w+", layer)) for layer in contract["layers"])
    raise LookupError("pyproject.toml has no import contract named floors")


def read_losers(glossary: str) -> tuple[Loser, ...]:
    """The rows of the glossary's table under `## Losers`: not | but | looked for in | fine in.

    In the last column, a path pattern in backquotes names files, other words in backquotes are
    phrases that are fine everywhere. Raises LookupError where there is no such table.
    """
    _, found, rest = glossary.partition("\n## Losers\n")
    losers = []
    for line in rest.split("\n## ")[0].splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|") or len(cells) != 4 or cells[0] in {"not", ""}:
            continue
        if set(cells[0]) <= {"-", ":"}:
            continue
        fine = re.findall(r"`([^`]+)`", cells[3])
        losers.append(
            Loser(
                word=cells[0],
                better=cells[1],
                places=frozenset(re.findall(r"\w+", cells[2])),
                globs=tuple(item for item in fine if "/" in item or "*" in item),
                phrases=tuple(item for item in fine if "/" not in item and "*" not in item),
            )
        )
    if not found or not losers:
        raise LookupError("docs/glossary.md has no table under ## Losers")
    return tuple(losers)


def read_house(root: Path = ROOT) -> House:
    """The house as pyproject.toml and docs/glossary.md describe it."""
    project = tomllib.loads((root / "pyproject.toml").read_text())
    own = project["tool"]["house"]
    return House(
        shelves=read_shelves(project),
        private_models=own["private_models"],
        written_words=frozenset(own["written_words"]),
        losers=read_losers((root / "docs/glossary.md").read_text()),
        longest_file=own["longest_file"],
    )


def tracked(root: Path = ROOT) -> Iterator[str]:
    """The repository's files: git's list where there is git, else what we did not make."""
    listed = None
    if (root / ".git").exists():
        try:
            listed = subprocess.run(
                ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                cwd=root,
                capture_output=True,
                text=True,
                check=False,
            )
        except FileNotFoundError:
            listed = None
    if listed and listed.returncode == 0:
        for name in sorted(set(listed.stdout.split("\0"))):
            if name and (root / name).is_file():
                yield name
        return
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(
            name
            for name in folders
            if name not in MADE_FOLDERS
            and (name == ".ci" or not name.startswith("."))
            and not (Path(folder) == root and name in MADE_AT_THE_TOP)
        )
        for name in sorted(files):
            yield (Path(folder) / name).relative_to(root).as_posix()


def check_any(source: Source, house: House) -> Iterator[Fault]:
    """Rules for every file: length, paths of somebody's machine, addresses in locks."""
    suffix = PurePosixPath(source.path).suffix
    by_hand = not re.search(r"/(migrations|vendor|vendored)/|\.min\.", source.path)
    if suffix in MEASURED and by_hand and len(source.lines) > house.longest_file:
        yield Fault(
            source.path,
            house.longest_file + 1,
            "long-file",
            f"{len(source.lines)} lines: make a folder of the same name and split it by noun",
        )
    is_lock = any(fnmatch(source.path, lock) for lock in LOCKS)
    for number, line in enumerate(source.lines, 1):
        if MACHINE_PATH.search(line):
            yield Fault(source.path, number, "machine-path", "names a folder of one machine")
        if is_lock and "://" in line:
            yield Fault(source.path, number, "lock-address", "locks hold hashes, no addresses")


def check(source: Source, house: House) -> list[Fault]:
    """Every fault of one file that its lines do not allow, in order."""
    from tools import house_python, house_templates

    faults: list[Fault] = list(check_any(source, house))
    if source.path.endswith(".py"):
        faults += house_python.check(source, house)
    elif source.path.endswith(".html") and source.inside:
        faults += house_templates.check(source, house)
    return sorted({fault for fault in faults if not source.allows(fault.line, fault.rule)})


def check_files(paths: Iterable[str], house: House, root: Path = ROOT) -> Iterator[Fault]:
    """The faults of the files named, paths from `root`; files that are no text are passed over."""
    for path in paths:
        if PurePosixPath(path).suffix not in READ:
            continue
        try:
            text = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        yield from check(Source(path, text), house)


def main(names: Sequence[str]) -> int:
    """Print the faults; 1 if there are any."""
    paths = [Path(name).resolve().relative_to(ROOT).as_posix() for name in names] or list(tracked())
    faults = list(check_files(paths, read_house()))
    for fault in faults:
        print(fault)
    print(f"house: {len(paths)} files, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    # Imported under its own name, so that the rules and this script share one set of classes.
    from tools import house

    sys.exit(house.main(sys.argv[1:]))
