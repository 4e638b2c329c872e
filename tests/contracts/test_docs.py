"""The documents name real things: files, folders, make targets, commands, floors, markers."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from tools.house import read_house, tracked

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "samepath"
DOCUMENTS = sorted(name for name in tracked(ROOT) if name.endswith(".md"))

# `path/in/the/tree` or `name.ext`; patterns with * and addresses with <uuid> are no paths.
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|md|toml|txt|json|sh|css|js|html))`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
MAKE = re.compile(r"`make ((?:[a-z0-9-]+ ?)+)`|^\s*(?:\$ )?make ([a-z0-9-]+)$", re.MULTILINE)
# Made while running, or an operator's own: named in documents, not in the tree.
NOT_IN_THE_TREE = ("data/", "var/", ".venv/", ".boot/", "node_modules/", "etc/")


def exists(name: str, document: str) -> bool:
    """Whether a path means something: from the root, the document, the package, or any room."""
    if name.startswith(NOT_IN_THE_TREE):
        return True
    bases = [ROOT, (ROOT / document).parent, PACKAGE, ROOT / "src", ROOT / "tests"]
    if any((base / name).exists() for base in bases):
        return True
    return any(
        path.as_posix().endswith("/" + name.rstrip("/")) for path in PACKAGE.rglob(Path(name).name)
    )


def targets() -> set[str]:
    """The targets of the Makefile."""
    return set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_there_are_documents_to_check() -> None:
    assert {"README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/glossary.md"} <= set(DOCUMENTS)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_paths_and_links_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text()
    wrong = [name for name in PATH.findall(text) if not exists(name, document)]
    folder = (ROOT / document).parent
    for target in LINK.findall(text):
        inside = "://" not in target and not target.startswith("mailto:")
        if inside and not (folder / target).exists():
            wrong.append(target)
    assert not wrong


@pytest.mark.parametrize("document", DOCUMENTS)
def test_make_targets_exist(document: str) -> None:
    named = MAKE.findall((ROOT / document).read_text())
    asked = {word for pair in named for phrase in pair for word in phrase.split()}
    assert asked <= targets()


def test_the_help_lists_every_target() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(re.findall(r"^make ([a-z0-9-]+)", listed.stdout, re.MULTILINE)) == targets()


def test_the_plan_shows_the_floors_of_the_contract() -> None:
    """docs/plan.md, under `## Floors`, has one fenced block: a shelf a line, from the top."""
    text = (ROOT / "docs" / "plan.md").read_text()
    section = text.partition("\n## Floors\n")[2].partition("\n## ")[0]
    block = re.search(r"```\w*\n(.*?)```", section, re.DOTALL)
    assert block, "docs/plan.md has no fenced block under ## Floors"
    shown = [frozenset(re.findall(r"\w+", line)) for line in block.group(1).splitlines() if line]
    assert shown == [frozenset(shelf) for shelf in read_house(ROOT).shelves]


def test_every_room_of_the_floors_is_a_folder_and_every_folder_is_on_a_floor() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    files = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    assert folders | files <= read_house(ROOT).rooms


def test_the_room_contract_covers_every_room_with_rows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = {entry["id"]: entry for entry in project["tool"]["importlinter"]["contracts"]}
    covered = set(contracts["room"]["containers"])
    rows = {path.relative_to(PACKAGE).parts[0] for path in PACKAGE.glob("*/models*")} - {"kit"}
    assert {f"samepath.{room}" for room in rows} <= covered
