"""What is filled in to report something, and to say what the law asks here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from samepath.kit import text
from samepath.kit.forms import PlainForm, TextField
from samepath.kit.registry import Said
from samepath.safety.choices import Why

MOST_WORDS = 20


class ReportForm(PlainForm):
    """Why, which words, and a note. Only the reason has to be chosen."""

    why = forms.ChoiceField(
        label=_("What was it?"),
        choices=Why.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what it was. “Something else” is fine too.")},
    )
    chosen = forms.MultipleChoiceField(
        label=_("Which words should we read?"),
        help_text=_("We read only what you tick. You can tick none and write a note."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = TextField(label=_("Anything you want to add"), required=False, longest=1000, lines=3)

    def __init__(self, *args: Any, said: Sequence[Said], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.said = said
        self.fields["chosen"].choices = [(str(one.message), one.text) for one in said]  # type: ignore[attr-defined]
        self.fields["chosen"].error_messages["invalid_choice"] = _("Please choose from the list.")

    def clean_chosen(self) -> list[UUID]:
        """The messages ticked, in the order they were said; at most twenty."""
        ticked = set(self.cleaned_data["chosen"])
        found = [one.message for one in self.said if str(one.message) in ticked]
        if len(found) > MOST_WORDS:
            raise forms.ValidationError(_("Please tick at most 20. You can report again."))
        return found

    def rows(self) -> list[tuple[Said, bool]]:
        """The lines with whether each is ticked: what was sent, else what was asked for."""
        value = self["chosen"].value() or []
        return [(one, str(one.message) in set(value)) for one in self.said]


class PromiseForm(PlainForm):
    """The promise is confirmed, with the one sentence the law of the country may change."""

    law_line = forms.CharField(
        label=_("Does the law where you are make you report something?"),
        help_text=_(
            "If so, write who has to be told what, and how soon. It becomes part of the promise. "
            "If not, leave it empty."
        ),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    read = forms.BooleanField(
        label=_("I have read all of it, and we will keep it"),
        error_messages={"required": _("Please read it, then tick this.")},
    )

    def clean_law_line(self) -> str:
        """One line, ended like a sentence."""
        line = text.clean_line(self.cleaned_data["law_line"])
        return line if not line or line[-1] in ".?" else line + "."
