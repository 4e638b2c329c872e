"""Sealing: whatever is not exactly what was sealed, for whom it was sealed, does not open."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samepath.kit import crypto

KEY = crypto.new_key()
BOUND = b"v1|site|conversation|message|sender|text"


@given(st.binary(max_size=200), st.binary(max_size=60))
def test_what_was_sealed_opens(plain, bound):
    sealed = crypto.seal(KEY, plain, bound)
    assert crypto.open_sealed(KEY, sealed, bound) == plain
    assert len(sealed) == crypto.NONCE + len(plain) + 16
    if len(plain) > 8:
        assert plain not in sealed


def test_every_flipped_bit_is_noticed():
    sealed = crypto.seal(KEY, b"I lost my mother in spring", BOUND)
    for place in range(len(sealed) * 8):
        bent = bytearray(sealed)
        bent[place // 8] ^= 1 << (place % 8)
        with pytest.raises(crypto.CannotOpen):
            crypto.open_sealed(KEY, bytes(bent), BOUND)


@settings(max_examples=30)
@given(st.binary(max_size=80))
def test_what_we_never_sealed_does_not_open(noise):
    with pytest.raises(crypto.CannotOpen):
        crypto.open_sealed(KEY, noise, BOUND)


@pytest.mark.parametrize("bound", [b"", BOUND[:-1], BOUND + b"|", BOUND.replace(b"site", b"sitf")])
def test_another_binding_does_not_open(bound):
    sealed = crypto.seal(KEY, b"words", BOUND)
    with pytest.raises(crypto.CannotOpen):
        crypto.open_sealed(KEY, sealed, bound)
    with pytest.raises(crypto.CannotOpen):
        crypto.open_sealed(crypto.new_key(), sealed, BOUND)


def test_the_same_words_never_look_the_same():
    assert len({crypto.seal(KEY, b"words", BOUND) for _n in range(200)}) == 200
