"""What a member tells of themselves, piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from samepath.kit.forms import PlainForm
from samepath.profiles.choices import AgeBand, Gender, Part, Seen, Stage, Style
from samepath.profiles.models import Experience, Profile

HANDS = [("first", _("I live or lived it myself")), ("beside", _("I was beside somebody"))]
STAGES = [("", _("I would rather not say")), *Stage.choices]
WISHES = [("", _("No wish"))] + [pair for pair in Gender.choices if pair[0] != Gender.UNDISCLOSED]


def spoken_languages() -> list[tuple[str, str]]:
    """(code, its own name) of the languages people may talk in, by name."""
    found = {
        code: str(told["name_local"])
        for code, told in LANG_INFO.items()
        if "-" not in code and "name_local" in told
    }
    # Django knows Chinese by its scripts only; people who talk share the language.
    found["zh"] = "中文"
    return sorted(
        ((code, name[:1].upper() + name[1:]) for code, name in found.items()),
        key=lambda pair: pair[1].casefold(),
    )


class TopicForm(PlainForm):
    """A topic and its details; which details there are depends on what it is to the member."""

    topic = forms.ChoiceField(
        label=_("What is it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )
    hand = forms.ChoiceField(
        label=_("Yourself, or beside somebody?"), choices=HANDS, widget=forms.RadioSelect
    )
    stage = forms.ChoiceField(
        label=_("How far along?"), choices=STAGES, required=False, widget=forms.RadioSelect
    )
    offers = forms.BooleanField(
        label=_("I would be there for others about this"),
        help_text=_("Others may then be matched with you because of it."),
        required=False,
    )
    seen = forms.ChoiceField(
        label=_("Who may see this?"), choices=Seen.choices, widget=forms.RadioSelect
    )

    def __init__(
        self,
        *args: Any,
        part: str,
        topics: Sequence[tuple[str, str]] = (),
        row: Experience | None = None,
        **kwargs: Any,
    ) -> None:
        start: dict[str, object] = {"hand": "first", "seen": Seen.PEER}
        if part != Part.LIVED:
            start["seen"] = Seen.MATCH
        if row is not None:
            start = {
                "hand": "first" if row.first_hand else "beside",
                "stage": row.stage,
                "offers": row.offers,
                "seen": row.seen,
            }
        super().__init__(*args, initial=start, **kwargs)
        if row is not None:
            del self.fields["topic"]
        else:
            self.fields["topic"].choices = list(topics)  # type: ignore[attr-defined]
        if part != Part.LIVED:
            for name in ("hand", "stage", "offers"):
                del self.fields[name]
        if part == Part.AVOID:
            self.fields["seen"].choices = [  # type: ignore[attr-defined]
                pair for pair in Seen.choices if pair[0] != Seen.ME
            ]


class TalkForm(PlainForm):
    """How somebody would like to talk, and in which languages."""

    style = forms.ChoiceField(
        label=_("How would you like to talk?"), choices=Style.choices, widget=forms.RadioSelect
    )
    languages = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, row: Profile, **kwargs: Any) -> None:
        super().__init__(*args, initial={"style": row.style, "languages": row.languages}, **kwargs)
        self.fields["languages"].choices = spoken_languages()  # type: ignore[attr-defined]

    def language_rows(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """(chosen ones, the others), each as (code, its own name)."""
        chosen = set(self["languages"].value() or [])
        listed = spoken_languages()
        return (
            [pair for pair in listed if pair[0] in chosen],
            [pair for pair in listed if pair[0] not in chosen],
        )


class AboutForm(PlainForm):
    """Age band and gender, only if wanted, each with its own visibility."""

    age_band = forms.ChoiceField(label=_("Your age"), choices=AgeBand.choices)
    age_seen = forms.ChoiceField(
        label=_("Who may see your age?"), choices=Seen.choices, widget=forms.RadioSelect
    )
    gender = forms.ChoiceField(label=_("Your gender"), choices=Gender.choices)
    gender_seen = forms.ChoiceField(
        label=_("Who may see your gender?"), choices=Seen.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, row: Profile, **kwargs: Any) -> None:
        names = ("age_band", "age_seen", "gender", "gender_seen")
        super().__init__(*args, initial={name: getattr(row, name) for name in names}, **kwargs)


class WishForm(PlainForm):
    """Whom one would rather talk with."""

    wish_gender = forms.ChoiceField(
        label=_("I would rather talk with"),
        choices=WISHES,
        required=False,
        widget=forms.RadioSelect,
    )
    strong = forms.ChoiceField(
        label=_("How much does it matter?"),
        choices=[
            ("", _("It is a wish. Somebody else is fine too.")),
            ("must", _("Only so. I would rather wait.")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, row: Profile, **kwargs: Any) -> None:
        start = {
            "wish_gender": "" if row.wish_gender == Gender.UNDISCLOSED else row.wish_gender,
            "strong": "must" if row.wish_strong else "",
        }
        super().__init__(*args, initial=start, **kwargs)
