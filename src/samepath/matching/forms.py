"""What people fill in on the way to a peer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samepath.kit.forms import PlainForm, TextField
from samepath.profiles.choices import Style


class BeginForm(PlainForm):
    """The first screen: a name, an age statement, the promise."""

    handle = forms.ChoiceField(
        label=_("A name for you here"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Please choose one of these names.")},
    )
    of_age = forms.BooleanField(
        error_messages={
            "required": _("Please tick this if it is so. If you are younger, see below.")
        },
    )
    promise = forms.BooleanField(
        label=_("I have read this"),
        error_messages={"required": _("Please read it, then tick this. It is one minute.")},
    )

    def __init__(self, *args: Any, handles: list[tuple[str, str]], age: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = self.fields["handle"]
        assert isinstance(names, forms.ChoiceField)
        names.choices = handles
        self.initial["handle"] = handles[0][0]
        self.fields["of_age"].label = _("I am %(age)d or older") % {"age": age}


class AboutForm(PlainForm):
    """The second screen: what it is about, in one's own words or picked."""

    words = TextField(
        label=_("In your own words"),
        help_text=_(
            "A few words are enough. They are read by a computer to find topics, and not kept."
        ),
        required=False,
        lines=3,
    )
    topics = forms.MultipleChoiceField(required=False)
    style = forms.ChoiceField(
        label=_("How would you like to talk?"),
        choices=Style.choices,
        initial=Style.LISTEN,
        widget=forms.RadioSelect,
    )
    at_once = forms.ChoiceField(
        label=_("When somebody is there"),
        choices=[("yes", _("open at once")), ("no", _("let me look first"))],
        initial="yes",
        widget=forms.RadioSelect,
    )
    fellow = forms.BooleanField(
        label=_("Somebody who waits as I do is fine too"),
        help_text=_("Two people who look for a peer can be there for each other."),
        required=False,
    )

    def __init__(self, *args: Any, topics: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chips = self.fields["topics"]
        assert isinstance(chips, forms.MultipleChoiceField)
        chips.choices = [(topic, topic) for topic in topics]

    def clean_topics(self) -> list[str]:
        """At most three, in the order they were shown."""
        chosen = list(dict.fromkeys(self.cleaned_data["topics"]))
        if len(chosen) > 3:
            raise forms.ValidationError(_("Please choose up to three, so that somebody fits."))
        return chosen


class CheckForm(PlainForm):
    """The three questions, any of them empty."""

    CHOICES = [
        ("", _("I would rather not say")),
        ("1", _("not at all")),
        ("2", _("a little")),
        ("3", _("somewhat")),
        ("4", _("much")),
        ("5", _("very much")),
    ]
    heard = forms.ChoiceField(
        label=_("Did you feel heard?"), choices=CHOICES, required=False, widget=forms.RadioSelect
    )
    helped = forms.ChoiceField(
        label=_("Did it help?"), choices=CHOICES, required=False, widget=forms.RadioSelect
    )
    come_back = forms.ChoiceField(
        label=_("Would you come back?"), choices=CHOICES, required=False, widget=forms.RadioSelect
    )
    line = TextField(label=_("Anything you would like to say to us"), required=False, longest=1000)

    def answers(self) -> dict[str, int | None]:
        """The three numbers, None where nothing was chosen."""
        found = self.cleaned_data
        return {
            name: int(found[name]) if found[name] else None
            for name in ("heard", "helped", "come_back")
        }


class KeepsakeForm(PlainForm):
    """One sentence to take along."""

    keepsake = TextField(label=_("A sentence to take along"), required=False, longest=300, lines=2)
    give = forms.BooleanField(label=_("They may read it too"), required=False)


class GoodbyeForm(PlainForm):
    """A last line to the other one."""

    text = TextField(label=_("Your message"), required=False, lines=2)
    client_id = forms.UUIDField(widget=forms.HiddenInput)
