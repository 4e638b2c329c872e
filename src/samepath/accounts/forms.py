"""What people fill in to come in, to keep a name, to change or leave it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from samepath.accounts import rules
from samepath.kit.forms import PlainForm, TextField

QUIET = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
STAYS = [
    ("", _("Yes, or I am not sure. Sign me out when I close the browser.")),
    ("yes", _("No, it is only me. Keep me signed in here for 30 days.")),
]


class SignInForm(PlainForm):
    """What both ways in ask."""

    stays = forms.ChoiceField(
        label=_("Does anyone else use this device?"),
        choices=STAYS,
        initial="",
        required=False,
        widget=forms.RadioSelect,
    )


class PhraseForm(SignInForm):
    """Seven words, forgiving of everything but the words and their order."""

    phrase = forms.CharField(
        label=_("Your seven words"),
        help_text=_("In their order. Capitals, commas and line ends do not matter."),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", **QUIET}),
        error_messages={
            "required": _("Please write your seven words."),
            "max_length": _("This is longer than seven words can be."),
        },
    )
    field_order = ["phrase", "stays"]


class PasswordForm(SignInForm):
    """A private sign-in name and a password."""

    name = forms.CharField(
        label=_("Your sign-in name"),
        help_text=_("The three words we gave you. It is not the name others see."),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "username", **QUIET}),
        error_messages={"required": _("Please write your sign-in name.")},
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={
            "required": _("Please write your password."),
            "max_length": _("Please use at most 128 characters."),
        },
    )
    field_order = ["name", "password", "stays"]


class NewPasswordForm(PlainForm):
    """A password to keep a name with, written twice: nobody can send a new one."""

    password = forms.CharField(
        label=_("A password"),
        help_text=_("At least 12 characters. Four words you like are a good start."),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={
            "required": _("Please write a password."),
            "max_length": _("Please use at most 128 characters."),
        },
    )
    again = forms.CharField(
        label=_("The same once more"),
        strip=False,
        max_length=1000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both are the same, in whatever form a keyboard wrote them."""
        typed = super().clean() or {}
        first = rules.fold_password(typed.get("password") or "")
        if first and first != rules.fold_password(typed.get("again") or ""):
            self.add_error("again", _("The two are not the same. Please write both again."))
        return typed


class CheckForm(PlainForm):
    """Two of the seven words, to see that they were written down."""

    proof = forms.CharField(max_length=400, widget=forms.HiddenInput)
    first = forms.CharField(required=False, max_length=60)
    second = forms.CharField(required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, number in zip(("first", "second"), rules.PHRASE_CHECKED, strict=True):
            self.fields[name].label = _("Word %(number)d") % {"number": number}
            self.fields[name].widget.attrs.update({"autocomplete": "off", **QUIET})


class NameForm(PlainForm):
    """Another name: one of ours, or words of one's own."""

    pick = forms.ChoiceField(
        label=_("One of these"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("These names are new. Please choose again.")},
    )
    own = TextField(
        label=_("Or words of your own"),
        help_text=_(
            "One or two words, at most 20 letters. We put a number behind them. "
            "Leave out anything that could lead to you."
        ),
        required=False,
        longest=60,
        lines=1,
    )

    def __init__(self, *args: Any, names: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pick"].choices = list(names)  # type: ignore[attr-defined]
        self.fields["own"].widget.attrs.update({"autocomplete": "off", **QUIET})


class PlaceForm(PlainForm):
    """The language of the pages and the country whose numbers are shown."""

    language = forms.ChoiceField(label=_("Language of the pages"))
    country = forms.ChoiceField(
        label=_("Country for numbers to call"),
        help_text=_("We do not guess where you are. This decides which numbers you see."),
        required=False,
    )

    def __init__(self, *args: Any, countries: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        self.fields["country"].choices = [  # type: ignore[attr-defined]
            ("", _("Another one, or I would rather not say")),
            *countries,
        ]


class GoodbyeForm(PlainForm):
    """The one box before everything goes."""

    sure = forms.BooleanField(
        label=_("Yes, delete all of this. I know it cannot be undone."),
        error_messages={"required": _("Please tick this first. Nothing has been deleted.")},
    )
