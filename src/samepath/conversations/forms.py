"""What is filled in on the page of a talk. Whether it may be said is for the action to judge."""

from __future__ import annotations

from django import forms

from samepath.kit.forms import PlainForm


class MessageForm(PlainForm):
    """Words and the id their page made for them: sent twice they are there once."""

    text = forms.CharField(required=False, strip=False)
    client_id = forms.UUIDField(required=False)


class MuteForm(PlainForm):
    """For how long the list says nothing of new words."""

    length = forms.CharField(required=False)
