"""The one-time code that opens set-up. Only its hash is kept, in the data folder's secrets.

Whoever reads the terminal of a fresh install is the person who may set it up. The code is new at
each start, and useless once the doors are open.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from django.conf import settings

from samepath.kit import hashing

# Nothing that looks like something else on paper: no 0 and O, no 1, I and L, no U beside V.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12


def _path() -> Path:
    folder: Path = settings.DATA / "secrets"
    return folder / "set-up-code"


def current_code() -> str:
    """A fresh code, about 59 bits, to be printed in the terminal: "7K3M-9QWF-2XAB".

    The one before it stops working. Raises OSError where the data folder cannot be written.
    """
    code = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(hashing.hash_password(code))
    fresh.replace(path)
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def code_fits(typed: str) -> bool:
    """Whether `typed` is the code of the last start; case, spaces and dashes do not matter."""
    folded = re.sub(r"[^0-9A-Z]", "", typed.upper())[: LENGTH + 1]
    try:
        kept = _path().read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        hashing.waste_password(folded)
        return False
    return hashing.password_fits(kept, folded)


def forget_code() -> None:
    """Make the code useless: the doors are open."""
    _path().unlink(missing_ok=True)
