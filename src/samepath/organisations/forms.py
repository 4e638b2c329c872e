"""What is filled in to set the place up, to ask people in, and to promise hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from samepath.kit import text
from samepath.kit.forms import LongSelect, PlainForm
from samepath.kit.registry import directories
from samepath.organisations import rules
from samepath.organisations.choices import Hat

REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
ELSEWHERE = "ZZ"
# Names and codes: nothing a browser should remember, correct or complete.
PLAIN = {"autocomplete": "off", "spellcheck": "false"}


@cache
def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every named time zone by region, as people read it; universal time first."""
    found: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in sorted(available_timezones()):
        region, _slash, place = name.partition("/")
        if place and region in found:
            found[region].append((name, place.replace("_", " ").replace("/", ", ")))
    return [("UTC", [("UTC", "UTC")]), *found.items()]


def country_choices() -> list[tuple[str, str]]:
    """Countries numbers are known for, and one way out for the others."""
    known = directories.get("helplines")
    listed = known.countries(get_language() or "en") if known else []
    return [("", _g("Please choose")), *listed, (ELSEWHERE, _g("Another country"))]


class CodeForm(PlainForm):
    """The one-time code from the terminal."""

    code = forms.CharField(
        label=_("The code from the terminal"),
        help_text=_("It stands where Samepath was started, like 7K3M-9QWF-2XAB."),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "size": 20,
            }
        ),
    )


class OrganisationForm(PlainForm):
    """Who runs this place."""

    name = forms.CharField(label=_("The name of your organisation"), max_length=80)
    country = forms.ChoiceField(
        label=_("Country"),
        help_text=_("Its emergency number and helplines stand on every page."),
    )
    zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Duty hours are shown on this clock."),
        widget=LongSelect,
    )
    helpers = forms.IntegerField(
        label=_("How many people will help"),
        help_text=_(
            "From ten people on, somebody who looks after safety has to be on duty too; "
            "from fifty on, two."
        ),
        min_value=1,
        max_value=10_000,
    )
    minimum_age = forms.IntegerField(
        label=_("Minimum age"),
        help_text=_(
            "Younger people are shown youth lines. Nobody under 18 yet: "
            "they need rooms of their own."
        ),
        min_value=18,
        max_value=25,
    )
    exit_address = forms.CharField(
        label=_("Where “Exit this page” leads"),
        help_text=_(
            "Our own plain calendar, /calendar, or a page that raises no questions, "
            "like https://www.wikipedia.org"
        ),
        max_length=300,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices()  # type: ignore[attr-defined]
        self.fields["zone"].choices = zone_choices()  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """One line without anything invisible."""
        name = text.clean_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Please fill this in."))
        return name

    def clean_exit_address(self) -> str:
        """A page of ours or a whole https address."""
        address = str(self.cleaned_data["exit_address"]).strip()
        parts = urlsplit(address)
        ours = address.startswith("/") and not address.startswith("//") and "\\" not in address
        if ours or (parts.scheme == "https" and parts.hostname and "." in parts.hostname):
            return address
        raise forms.ValidationError(
            _("Please write /calendar, or an address that begins with https://")
        )


class NameForm(PlainForm):
    """An invented name, the age statement, the promise: for whoever comes in by a link."""

    handle = forms.CharField(
        label=_("A name for you here"),
        help_text=_(
            "Invented, so that nobody can tell who you are. Small letters, numbers and hyphens."
        ),
        max_length=24,
        widget=forms.TextInput(attrs=PLAIN | {"autocapitalize": "none"}),
    )
    of_age = forms.BooleanField(
        error_messages={"required": _("Please tick this if it is so.")},
    )
    promise = forms.BooleanField(
        label=_("I have read this"),
        error_messages={"required": _("Please read it, then tick this. It is one minute.")},
    )

    def __init__(self, *args: Any, age: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of_age"].label = _("I am %(age)d or older") % {"age": age}

    def clean_handle(self) -> str:
        """As it will be kept; "Quiet Heron 27" is quiet-heron-27."""
        return "-".join(text.clean_line(self.cleaned_data["handle"]).lower().split())


class FirstNameForm(NameForm):
    """The same for whoever sets the place up, who may also listen."""

    listens = forms.BooleanField(
        label=_("I listen to people myself"),
        help_text=_("You become a supporter too. Somebody else then has to be there when you are."),
        required=False,
    )

    field_order = ["handle", "listens", "of_age", "promise"]


class SecondForm(PlainForm):
    """Who is the second."""

    who = forms.ChoiceField(
        label=_("Who is your second person?"),
        choices=[
            ("invite", _("Somebody I will send a link to")),
            ("nobody", _("Nobody yet. Talks with peers stay closed until there is one.")),
        ],
        widget=forms.RadioSelect,
    )


class HatForm(PlainForm):
    """One hat, out of those that may be given."""

    hat = forms.ChoiceField(label=_("As what"))

    def __init__(self, *args: Any, worn: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hat"].choices = [  # type: ignore[attr-defined]
            (hat, hat.label) for hat in Hat if rules.may_give(worn, hat)
        ]


def role_choices(worn: frozenset[str]) -> list[tuple[str, str]]:
    """In which role hours can be promised: hat and presence in one choice."""
    listed = (
        (Hat.SUPPORTER, "here", _g("Here to listen")),
        (Hat.LEAD, "here", _g("Here to look after safety")),
        (Hat.LEAD, "call", _g("On call to look after safety: I answer within 15 minutes")),
        (Hat.SECOND, "call", _g("On call as second: I answer within 15 minutes")),
        (Hat.SUPPORTER, "call", _g("On call as supporter: I answer within 15 minutes")),
    )
    return [(f"{hat.value}:{how}", words) for hat, how, words in listed if hat in worn]


class _RoleForm(PlainForm):
    role = forms.ChoiceField(
        label=_("As what"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )

    def __init__(self, *args: Any, worn: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = role_choices(worn)
        self.fields["role"].choices = choices  # type: ignore[attr-defined]
        if choices:
            self.initial.setdefault("role", choices[0][0])

    @property
    def hat(self) -> str:
        """The hat that was chosen."""
        return str(self.cleaned_data["role"]).split(":")[0]

    @property
    def on_call(self) -> bool:
        """Whether it was "on call"."""
        return str(self.cleaned_data["role"]).endswith(":call")

    def _check_length(self, starts_at: datetime, ends_at: datetime, field: str) -> None:
        if rules.is_too_long(starts_at, ends_at, hat=self.hat, on_call=self.on_call):
            self.add_error(
                field,
                _("On call at most 24 hours in one go.")
                if self.on_call or self.hat != Hat.SUPPORTER
                else _("At most three hours of listening in one go. You need your rest too."),
            )


class HereNowForm(_RoleForm):
    """ "I am here until …": from this moment on."""

    minutes = forms.ChoiceField(
        label=_("For how long"),
        choices=[
            ("30", _("30 minutes")),
            ("60", _("1 hour")),
            ("90", _("1 hour 30")),
            ("120", _("2 hours")),
            ("180", _("3 hours")),
        ],
        initial="60",
        widget=forms.RadioSelect,
    )

    def span(self, now: datetime) -> timedelta:
        """How long was promised."""
        return timedelta(minutes=int(self.cleaned_data["minutes"]))


class PlanForm(_RoleForm):
    """Hours ahead, on the organisation's own clock."""

    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    begins = forms.TimeField(
        label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends = forms.TimeField(
        label=_("To"),
        help_text=_("If this is earlier than the start, it means the next day."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.starts_at: datetime | None = None
        self.ends_at: datetime | None = None
        self.fields["day"].error_messages["invalid"] = _("Please write a day, like 2030-01-31.")
        for name in ("begins", "ends"):
            self.fields[name].error_messages["invalid"] = _("Please write a time, like 18:00.")

    def clean(self) -> dict[str, Any]:
        """Make moments of it; a clock that is put forward or back moves no promise by itself."""
        found: dict[str, Any] = super().clean() or {}
        day: date | None = found.get("day")
        begins: time | None = found.get("begins")
        ends: time | None = found.get("ends")
        if day is None or begins is None or ends is None or not found.get("role"):
            return found
        if not 2000 <= day.year < 9000:
            self.add_error("day", _("Please plan at most 60 days ahead."))
            return found
        last = day if ends > begins else day + timedelta(days=1)
        self.starts_at = datetime.combine(day, begins, tzinfo=self.zone)
        self.ends_at = datetime.combine(last, ends, tzinfo=self.zone)
        self._check_length(self.starts_at.astimezone(UTC), self.ends_at.astimezone(UTC), "ends")
        return found
