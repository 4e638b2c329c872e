"""Fetch fonts and icons again and hold them against their list.

Reads tools/vendor.toml, asks npm for each package by name and version, copies the listed files into
the folder that is served, cuts the listed drawings into one sprite, and compares the SHA-256 of
everything with the list. Nothing of npm runs in the service and no script of a package is run here.

    python tools/vendor.py            fetch, compare, write; stops at the first difference
    python tools/vendor.py --check    compare what lies here with the list, without the network
    python tools/vendor.py --accept   fetch, write, and put the new sums into the list
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "tools" / "vendor.toml"
SERVED = ROOT / "src" / "samepath" / "kit" / "ui"
_SHAPE = re.compile(r"<(path|circle|rect|line|polyline|polygon|ellipse)\b[^>]*/>")


def sum_of(content: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def listed() -> list[dict[str, Any]]:
    """The packages of the list."""
    packages: list[dict[str, Any]] = tomllib.loads(LIST.read_text(encoding="utf-8"))["package"]
    return packages


def expected() -> dict[str, str]:
    """Every served file of others, with its sum."""
    sums = {}
    for package in listed():
        for file in package.get("file", []):
            sums[file["to"]] = file["sha256"]
        if sprite := package.get("sprite"):
            sums[sprite["to"]] = sprite["sha256"]
    return sums


def fetched(package: dict[str, Any], folder: Path) -> Path:
    """Where the unpacked package lies."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("make vendor needs npm; nothing else does")
    wanted = f"{package['name']}@{package['version']}"
    done = subprocess.run(
        [npm, "pack", "--silent", "--ignore-scripts", wanted],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"npm could not fetch {wanted}:\n{done.stderr}")
    archive = folder / done.stdout.strip().splitlines()[-1]
    place = folder / archive.stem
    with tarfile.open(archive) as held:
        held.extractall(place, filter="data")
    return place / "package"


def sprite_of(sprite: dict[str, Any], source: Path, licence: str) -> bytes:
    """One SVG with a symbol for each drawing, without the attributes the page sets itself."""
    symbols = []
    for name in sprite["icons"]:
        drawing = (source / sprite["folder"] / f"{name}.svg").read_text(encoding="utf-8")
        shapes = "".join(match.group(0).replace(" />", "/>") for match in _SHAPE.finditer(drawing))
        turns = ' class="turns"' if name in sprite["turns"] else ""
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24"{turns}>{shapes}</symbol>\n')
    head = f"<!-- Drawings: lucide, {licence} licence, see icons-licence.txt -->\n"
    return (f'<svg xmlns="http://www.w3.org/2000/svg">\n{head}{"".join(symbols)}</svg>\n').encode()


def collected() -> dict[str, bytes]:
    """Every listed file, freshly fetched, by the name it is served under."""
    files: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as place:
        for package in listed():
            source = fetched(package, Path(place))
            for file in package.get("file", []):
                files[file["to"]] = (source / file["from"]).read_bytes()
            if sprite := package.get("sprite"):
                files[sprite["to"]] = sprite_of(sprite, source, package["licence"])
    return files


def accept(files: dict[str, bytes]) -> None:
    """Write the sums of `files` into the list."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    target = ""
    for place, line in enumerate(lines):
        if line.startswith("to = "):
            target = line.split('"')[1]
        elif line.startswith("sha256 = "):
            lines[place] = f'sha256 = "{sum_of(files[target])}"'
    LIST.write_text("\n".join(lines) + "\n", encoding="utf-8")


def differences(files: dict[str, bytes]) -> list[str]:
    """Names whose content is not what the list says."""
    return [name for name, held in expected().items() if sum_of(files.get(name, b"")) != held]


def main() -> int:
    """See the head of this file."""
    if "--check" in sys.argv[1:]:
        here = {
            name: (SERVED / name).read_bytes() for name in expected() if (SERVED / name).exists()
        }
        wrong = differences(here)
    else:
        files = collected()
        if "--accept" in sys.argv[1:]:
            accept(files)
        wrong = differences(files)
        if not wrong:
            for name, content in files.items():
                (SERVED / name).parent.mkdir(parents=True, exist_ok=True)
                (SERVED / name).write_bytes(content)
            print(f"{len(files)} files are what the list says")
    for name in wrong:
        print(f"{name} is not what tools/vendor.toml says", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
