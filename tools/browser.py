"""What the journeys need: a Chromium of this machine, and axe, the accessibility checker.

`chromium()` and `axe()` find them, install them where the machine allows it, or raise Unavailable
with the reason. Tests read the two paths from SAMEPATH_CHROMIUM and SAMEPATH_AXE.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.machine import ROOT, install, program, say

CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# The shipped fonts cover Latin and Arabic; these two cover what a page may fall back to.
DEBIAN_PACKAGES = ("chromium", "fonts-liberation", "fonts-noto-core")
AXE = ROOT / "node_modules" / "axe-core"


class Unavailable(Exception):
    """It is not here and could not be installed; the text says why."""


def chromium() -> Path:
    """The path of a Chromium that answers, installed first where that is allowed.

    Raises Unavailable where there is none.
    """
    named = os.environ.get("SAMEPATH_CHROMIUM")
    if named:
        found = program(named)
        if not found:
            raise Unavailable(f"SAMEPATH_CHROMIUM names {named}, which does not answer")
        return found
    found = program(*CHROMIUM)
    if not found and install(*DEBIAN_PACKAGES):
        found = program(*CHROMIUM)
    if not found:
        raise Unavailable(f"none of {', '.join(CHROMIUM)} answers, and none could be installed")
    return found


def _locked_axe_is_here() -> bool:
    """Whether node_modules holds exactly the locked version (npm notes it in its hidden lock)."""
    import json

    try:
        locked = json.loads((ROOT / "package-lock.json").read_text())
        present = json.loads((AXE / "package.json").read_text())
    except (OSError, ValueError):
        return False
    version = locked["packages"]["node_modules/axe-core"]["version"]
    return bool(present.get("version") == version) and (AXE / "axe.min.js").is_file()


def axe() -> Path:
    """The path of axe.min.js in its locked version, fetched with npm if it is not here yet.

    Raises Unavailable where npm is missing or cannot fetch it.
    """
    if not _locked_axe_is_here():
        npm = program("npm")
        if not npm and install("npm"):
            npm = program("npm")
        if not npm:
            raise Unavailable("npm is not here, and could not be installed")
        say("fetching axe with npm")
        done = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode or not _locked_axe_is_here():
            raise Unavailable(f"npm could not fetch axe: {done.stderr.strip()[-500:]}")
    return AXE / "axe.min.js"


if __name__ == "__main__":
    try:
        print(chromium())
        print(axe())
    except Unavailable as error:
        say(str(error))
        sys.exit(69)
