"""Ids outside are random, and a bad one is not found: never an error."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from samepath.kit import ids


def test_new_ids_are_random_uuids_and_tokens_as_long_as_asked():
    made = {ids.new_id() for _n in range(1000)}
    assert len(made) == 1000
    assert {one.version for one in made} == {4}
    assert len(ids.new_token()) == 64
    assert len(bytes.fromhex(ids.new_token(24))) == 24


@given(
    st.text(max_size=50) | st.none() | st.integers() | st.binary(max_size=40) | st.lists(st.text())
)
def test_parsing_never_raises(typed):
    found = ids.parse_id(typed)
    assert found is None or isinstance(found, uuid.UUID)


@given(st.uuids())
def test_only_the_one_written_form_is_an_id(one):
    assert ids.parse_id(str(one)) == one
    for other in (one.hex, f"{{{one}}}", one.urn, f" {one}", f"{one} ", one):
        assert ids.parse_id(other) is None
