"""What the development scripts share: say a line, look for a program, install one where allowed.

"Where allowed" means: we are root and the machine has apt. Anywhere else nothing is installed and
the caller says what is left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def say(text: str) -> None:
    """One plain line about progress, on standard error so that output stays clean."""
    print(f"samepath: {text}", file=sys.stderr, flush=True)


def program(*names: str, folders: Iterable[Path] = ()) -> Path | None:
    """The first of `names` found in PATH or in `folders` that really answers `--version`.

    A stand-in that only says "not installed here" does not count.
    """
    places = [Path(found) for name in names if (found := shutil.which(name))]
    places += [folder / name for folder in folders for name in names]
    for place in places:
        if not os.access(place, os.X_OK):
            continue
        try:
            answer = subprocess.run(
                [place, "--version"], capture_output=True, timeout=30, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        if answer.returncode == 0:
            return place
    return None


def may_install() -> bool:
    """Whether this machine lets us install Debian packages: root, and apt is there."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


@cache
def _refresh_package_lists() -> bool:
    """`apt-get update`, once for each run of a script."""
    return _apt("update")


def _apt(*arguments: str) -> bool:
    # RUNLEVEL=1 keeps a package from starting its service: we want the programs only.
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    done = subprocess.run(
        ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        say(f"apt-get {arguments[0]} failed: {done.stderr.strip()[-500:]}")
    return done.returncode == 0


def install(*packages: str) -> bool:
    """Install Debian packages where that is allowed, and say so; False where it did not happen."""
    if not may_install():
        return False
    say(f"installing {' '.join(packages)} with apt-get; this can take some minutes")
    _refresh_package_lists()
    return _apt("install", "-y", "--no-install-recommends", *packages)
