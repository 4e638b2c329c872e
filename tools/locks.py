"""Compiles requirements/*.txt from requirements/*.in: for every platform, with hashes.

No address of a registry gets into a lock: where packages come from is the operator's choice.
`--upgrade` takes the newest versions that the .in files allow.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("boot", "base", "postgres", "dev")


def main(arguments: list[str]) -> int:
    """Compile every lock; the exit code of the first one that fails, else 0."""
    for name in NAMES:
        done = subprocess.run(
            [
                *(ROOT / ".boot" / "bin" / "uv", "pip", "compile", "--quiet", "--universal"),
                *("--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"),
                *("--no-header", f"requirements/{name}.in", "-o", f"requirements/{name}.txt"),
                *arguments,
            ],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            return done.returncode
        print(f"requirements/{name}.txt")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
