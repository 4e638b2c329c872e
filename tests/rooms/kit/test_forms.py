"""Forms keep what was typed and put a plain sentence beside the field."""

from __future__ import annotations

import pytest
from django import forms

from samepath.kit.errors import Invalid
from samepath.kit.forms import PlainForm, TextField


class Words(PlainForm):
    text = TextField(label="Your words")
    line = TextField(label="A line", lines=1, longest=10, required=False)
    agree = forms.BooleanField(label="Yes")


def test_what_was_typed_comes_back_with_the_reason_beside_it():
    form = Words({"text": " <b>my & words</b> ", "line": "much too long a line"})
    assert not form.is_valid()
    assert set(form.errors) == {"line", "agree"}
    page = form.render()
    assert "&lt;b&gt;my &amp; words&lt;/b&gt;" in page
    assert 'value="much too long a line"' in page
    assert "10 characters too long" in page
    assert "Please fill this in." in page
    assert "<b>" not in page


def test_words_are_cleaned_as_everywhere():
    form = Words({"text": "\u202ehello\r\nthere\x00 ", "agree": "on"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["text"] == "hello\nthere"


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("x" * 4000, True),
        ("x" * 4001, False),
        ("a\n" * 199 + "a", True),
        ("a\n" * 200 + "a", False),
    ],
)
def test_the_limit_of_words(typed, fits):
    assert Words({"text": typed, "agree": "on"}).is_valid() is fits


@pytest.mark.parametrize("typed", ["", "   ", "\u202e\u200e", "\x00\n"])
def test_nothing_to_see_is_nothing_written(typed):
    form = Words({"text": typed, "agree": "on"})
    assert not form.is_valid()
    assert "text" in form.errors


def test_a_refusal_stands_beside_its_field_or_above_the_form():
    form = Words({"text": "words", "agree": "on"})
    assert form.is_valid()
    form.refuse(Invalid("Not this one.", field="text"))
    form.refuse(Invalid("Nowhere in particular.", field="no_such_field"))
    assert form.errors["text"] == ["Not this one."]
    assert form.non_field_errors() == ["Nowhere in particular."]
    page = form.render()
    assert page.index("Nowhere in particular.") < page.index("Not this one.")


def test_every_field_has_a_label_and_what_explains_it_is_tied_to_it():
    page = Words({"text": ""}).render()
    for name in ("text", "line", "agree"):
        assert f'<label for="id_{name}"' in page or f'for="id_{name}"' in page
        assert f'id="id_{name}"' in page
    assert 'aria-describedby="id_text_error"' in page
    assert 'id="id_text_error"' in page
    assert 'aria-invalid="true"' in page
