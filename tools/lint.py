"""Every check that reads the code without running it, one after another, slowest last.

`python tools/lint.py [NAME…]` runs all of them, or those named. All run even if one fails, so that
one look shows everything; the exit code is 0 only if all passed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKS: dict[str, list[str]] = {
    "ruff": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "floors": ["lint-imports", "--no-logo"],
    "house": [sys.executable, "tools/house.py"],
    "templates": ["djlint", "--quiet", "--lint", "src"],
    "migrations": [
        *(sys.executable, "-c", "import sys; from samepath.cli import main; sys.exit(main())"),
        *("manage", "makemigrations", "--check", "--dry-run"),
    ],
    "types": ["mypy"],
}


def main(names: list[str]) -> int:
    """Run the checks named (all of them for an empty list); raises KeyError for an unknown name."""
    failed = []
    programs = Path(sys.executable).parent
    with tempfile.TemporaryDirectory(prefix="samepath-lint-") as data:
        environment = os.environ | {
            "PATH": os.pathsep.join((str(programs), os.environ.get("PATH", os.defpath))),
            "PYTHONPATH": str(ROOT / "src"),
            # Settings are imported by some checks: they shall not touch anybody's data.
            "SAMEPATH_DATA": data,
        }
        environment.pop("SAMEPATH_DATABASE_URL", None)
        for name in names or CHECKS:
            started = time.monotonic()
            done = subprocess.run(
                CHECKS[name],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            took = f"{time.monotonic() - started:.1f} s"
            if done.returncode:
                failed.append(name)
                print(f"lint: {name}: FAILED ({took})\n{done.stdout.rstrip()}\n", flush=True)
            else:
                print(f"lint: {name}: passed ({took})", flush=True)
    if failed:
        print(f"lint: failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
