"""Forms that keep what was typed and put a plain sentence beside the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from samepath.kit import text
from samepath.kit.errors import Invalid

# What the framework would say where a form says nothing of its own.
PLAIN = {
    "required": _("Please fill this in."),
    "invalid_choice": _("Please choose one from the list."),
    "invalid": _("Please look at this again."),
}


class PlainForm(forms.Form):
    """Base of our forms: rendered by `kit/form.html`, errors by Invalid.field."""

    template_name = "kit/form.html"
    use_required_attribute = False
    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            for code, plain in PLAIN.items():
                usual = type(field).default_error_messages.get(code) or (
                    forms.Field.default_error_messages.get(code)
                )
                if field.error_messages.get(code) == usual:
                    field.error_messages[code] = plain

    def refuse(self, error: Invalid) -> None:
        """Put a refusal of an action beside its field."""
        self.add_error(error.field if error.field in self.fields else None, error.sentence)


class LongSelect(forms.Select):
    """A list of hundreds to choose from. The framework's own asks a template for each option, which
    took 70 ms for the time zones; this one writes them in one go, and the same."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The whole element."""
        chosen = set(self.format_value(value) or [])
        parts = []
        for key, under in self.choices:
            if isinstance(under, list | tuple):
                inner = self._options(under, chosen)
                parts.append(format_html('<optgroup label="{}">{}</optgroup>', key, inner))
            else:
                parts.append(self._options([(key, under)], chosen))
        around = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        inside = format_html_join("", "{}", ((part,) for part in parts))
        return format_html("<select{}>{}</select>", around, inside)

    def _options(self, pairs: Any, chosen: set[str]) -> SafeString:
        marks = {True: flatatt({"selected": True}), False: ""}
        return format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, marks[str(key) in chosen], words) for key, words in pairs),
        )


class TextField(forms.CharField):
    """Words people write: cleaned as kit.text does, at most 4,000 characters and 200 lines."""

    def __init__(
        self, *args: Any, longest: int = text.LONGEST, lines: int = 4, **kwargs: Any
    ) -> None:
        self.longest = longest
        kwargs.setdefault("strip", False)
        widget = forms.Textarea(attrs={"rows": lines}) if lines > 1 else forms.TextInput()
        kwargs.setdefault("widget", widget)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> str:
        """The cleaned text."""
        return text.clean(str(value or ""))

    def validate(self, value: str) -> None:
        """Refuse what is too long, with the number to cut."""
        super().validate(value)
        if len(value) > self.longest:
            raise forms.ValidationError(
                _("This is %(over)d characters too long. Nothing was lost: please shorten it."),
                params={"over": len(value) - self.longest},
            )
        if value.count("\n") >= text.MOST_LINES:
            raise forms.ValidationError(
                _("These are more than 200 lines. Please send it in parts.")
            )
