"""Invented people and words for the style guide. Nothing here is read by a page that people use."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from samepath.kit.forms import PlainForm, TextField

SCENES = ("talk", "talk-empty", "waiting", "matched", "ending", "keep", "desk")
HERE = UUID("6f1b1c1e-5b0a-4f57-9d39-0c7f0d6a1b01")
THERE = UUID("0b7c9a52-2d0e-4b8f-8f7d-53a1c2e4d902")
PHRASE = ("river", "lamp", "quiet", "stone", "after", "window", "bread")
NAMES = ("Blue Wren", "Slow River", "Amber Oak", "New Moon", "Small Hill", "Grey Stone", "Far Lamp")


class Example(PlainForm):
    """A form with one of everything."""

    name = forms.CharField(
        label=_("Your invented name"), help_text=_("Not your real name. You can change it.")
    )
    words = TextField(label=_("What is it about?"), help_text=_("In your own words."), lines=3)
    style = forms.ChoiceField(
        label=_("What would help?"),
        widget=forms.RadioSelect,
        choices=[
            ("listen", _("Listening is enough")),
            ("ideas", _("Ideas too")),
            ("share", _("Both of us share")),
        ],
    )
    country = forms.ChoiceField(
        label=_("Country"), choices=[("gb", "United Kingdom"), ("es", "España")]
    )
    yes = forms.BooleanField(label=_("I have read this and it is fine with me."), required=False)


def values() -> dict[str, Any]:
    """Everything the style guide and its scenes show."""
    wrong = Example({"name": "", "words": "", "style": "", "country": "gb"})
    wrong.is_valid()
    return {
        "me": HERE,
        "peer": THERE,
        "form": Example(),
        "wrong_form": wrong,
        "phrase": PHRASE,
        "people": [(name, UUID(int=place * 7919 + 11)) for place, name in enumerate(NAMES)],
        "shared": ("losing a parent", "not sleeping"),
        "scenes": SCENES,
    }
