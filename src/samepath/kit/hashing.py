"""Slow hashes for the ways in. At most four at once: each costs memory (safety.md 3.2)."""

from __future__ import annotations

import gzip
import hashlib
import importlib.resources
import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from samepath.kit import keys

_few = threading.BoundedSemaphore(4)
# OWASP's 19 MiB, 2 passes, 1 lane: 22 ms where Django's default takes 113 ms and 100 MiB.
_argon = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def phrase_digest(phrase: str, purpose: str) -> str:
    """scrypt of a folded phrase under the pepper for `purpose` ("id" or "key"), N=2^15, r=8, p=1.

    No salt of its own: the phrase alone must find the account. 90 bits of chance make up for it
    (safety.md 3.2, the recorded deviation from ASVS V6.5.2).
    """
    pepper = keys.service().secret(f"phrase-{purpose}")
    with _few:
        return hashlib.scrypt(
            phrase.encode(), salt=pepper, n=2**15, r=8, p=1, maxmem=2**26, dklen=32
        ).hex()


def hash_password(password: str) -> str:
    """Argon2id of a password."""
    with _few:
        return _argon.hash(password)


def password_fits(hashed: str, password: str) -> bool:
    """Whether `password` made `hashed`; same work for an unknown name by `waste_password`."""
    with _few:
        try:
            return _argon.verify(hashed, password)
        except (Argon2Error, InvalidHashError):
            return False


@cache
def _nobody() -> str:
    return _argon.hash(secrets.token_hex(16))


def waste_password(password: str) -> None:
    """The work of a check against nobody's password, so that time does not tell who exists."""
    password_fits(_nobody(), password)


@cache
def _common() -> frozenset[str]:
    # The 20,000 most common passwords, which Django ships: nothing is asked outside.
    source = importlib.resources.files("django.contrib.auth") / "common-passwords.txt.gz"
    with source.open("rb") as file, gzip.open(file, "rt", encoding="utf-8") as lines:
        return frozenset(line.strip() for line in lines)


def is_common(password: str) -> bool:
    """Whether a password stands in the offline list of common ones, case and ends ignored."""
    folded = password.casefold().strip()
    return folded in _common() or len(set(folded)) < 4


@cache
def words(language: str) -> tuple[str, ...]:
    """7,776 words for sign-in phrases; Spanish for "es", else the EFF's long English list."""
    name = "wordlist_es.txt" if language == "es" else "wordlist_en_eff.txt"
    source = importlib.resources.files("diceware") / "wordlists" / name
    lines = source.read_text(encoding="utf-8").splitlines()
    return tuple(line.split()[-1] for line in lines if line.strip())


def new_phrase(count: int, language: str) -> str:
    """`count` words drawn at random, parted by spaces."""
    listed = words(language)
    return " ".join(secrets.choice(listed) for _ in range(count))
