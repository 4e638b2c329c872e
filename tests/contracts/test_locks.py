"""The locks: every package by hash, no address anywhere, and what they lock is what we ask for."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from tools.house import tracked

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("boot", "base", "postgres", "dev")

REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)==(\S+?)(?: ; ([^\\]+?))? \\$")
ASKED = re.compile(r"^([A-Za-z0-9._-]+)")


def normal(name: str) -> str:
    """A package's name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str) -> dict[tuple[str, str], str]:
    """{(package, marker): version} of a compiled lock; every pin must carry a hash."""
    found: dict[tuple[str, str], str] = {}
    lines = (ROOT / "requirements" / f"{lock}.txt").read_text().splitlines()
    for number, line in enumerate(lines):
        if not line or line.startswith((" ", "#")):
            continue
        match = REQUIREMENT.match(line)
        assert match, f"{lock}.txt:{number + 1}: not a pin with hashes: {line}"
        assert re.fullmatch(r" {4}--hash=sha256:[0-9a-f]{64}( \\)?", lines[number + 1]), line
        found[normal(match.group(1)), match.group(3) or ""] = match.group(2)
    return found


def asked(name: str) -> set[str]:
    """The packages that an .in file names, with those of the files it refers to."""
    packages: set[str] = set()
    for line in (ROOT / "requirements" / f"{name}.in").read_text().splitlines():
        line = line.split("#")[0].strip()
        if line.startswith("-r "):
            packages |= asked(line.removeprefix("-r ").removesuffix(".in"))
        elif line:
            match = ASKED.match(line)
            assert match, line
            packages.add(normal(match.group(1)))
    return packages


def test_no_lock_says_where_a_package_came_from() -> None:
    locks = [
        name for name in tracked(ROOT) if re.search(r"requirements/.*\.txt$|-lock\.json$", name)
    ]
    assert len(locks) == len(NAMES) + 1
    for name in locks:
        text = (ROOT / name).read_text()
        assert "://" not in text, name
        assert "index-url" not in text, name


def test_no_lock_of_another_kind_is_kept() -> None:
    kinds = {"uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock", "yarn.lock", "pnpm-lock.yaml"}
    assert not {Path(name).name for name in tracked(ROOT)} & kinds


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_holds_everything_its_source_asks_for(name: str) -> None:
    assert asked(name) <= {package for package, _ in pins(name)}


def test_the_installer_comes_alone() -> None:
    assert {package for package, _ in pins("boot")} == {"uv"}


def versions(lock: str) -> dict[str, set[str]]:
    """{package: its versions}: a package may have one version for each range of Python."""
    found: dict[str, set[str]] = {}
    for (package, _), version in pins(lock).items():
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("name", ["base", "postgres"])
def test_tests_run_on_the_versions_that_people_run(name: str) -> None:
    ours, tested = versions(name), versions("dev")
    assert {package: tested.get(package) for package in ours} == ours


def test_the_package_asks_for_what_the_lock_holds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["tool"]["setuptools"]["dynamic"]["dependencies"]["file"] == [
        "requirements/base.in"
    ]
    assert project["project"]["requires-python"] == ">=3.11"


def test_the_npm_lock_has_hashes_and_only_development_packages() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    manifest = json.loads((ROOT / "package.json").read_text())
    assert "dependencies" not in manifest
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert entry["dev"] is True, name
        assert "resolved" not in entry, name
    assert lock["packages"][""]["devDependencies"] == manifest["devDependencies"]
    settings = (ROOT / ".npmrc").read_text().splitlines()
    assert "omit-lockfile-registry-resolved=true" in settings
