"""Sealing: AES-256-GCM with a random 96-bit nonce stored before the ciphertext (safety.md 3.1.2).

A counter in the database would rewind with a restore and repeat, so nonces are random; a key seals
far fewer than 2^32 messages because every (conversation, author) has its own.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class CannotOpen(Exception):
    """Wrong key, wrong associated data or a flipped bit: the text cannot be shown."""


def new_key() -> bytes:
    """256 random bits."""
    return AESGCM.generate_key(bit_length=256)


def seal(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """`nonce || ciphertext || tag` of `plain`, openable only with the same `bound_to`."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def open_sealed(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """The plain bytes.

    Raises:
        CannotOpen: the key, the binding or the bytes are not the ones used to seal.
    """
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound_to)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error
