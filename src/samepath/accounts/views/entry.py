"""Signing in and out. Complete without script."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samepath.accounts import actions
from samepath.accounts.access import clear_device, set_cookie
from samepath.accounts.choices import Way
from samepath.accounts.forms import PasswordForm, PhraseForm
from samepath.accounts.models import Member
from samepath.accounts.views.shared import next_of, page, set_language_cookie
from samepath.kit.errors import TooMany
from samepath.kit.forms import PlainForm
from samepath.kit.http import address_key, see_other


@page
def sign_in(request: HttpRequest) -> HttpResponse:
    """Two ways on one page. An unknown name and a wrong secret get the same answer."""
    way = request.POST.get("way", "")
    phrase = PhraseForm(request.POST if way == Way.PHRASE else None, auto_id="phrase-%s")
    password = PasswordForm(request.POST if way == Way.PASSWORD else None, auto_id="name-%s")
    status, retry_after = 200, 0
    form: PlainForm = password if way == Way.PASSWORD else phrase
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                found = _try(request, form)
            except TooMany as error:
                form.add_error(None, error.sentence)
                status, retry_after = error.status, error.retry_after
                if form is phrase:
                    _forget_phrase(phrase)
            else:
                if found is not None:
                    return _come_in(request, found, stays=form.cleaned_data["stays"] == "yes")
                form.add_error(
                    None,
                    _("That did not open anything. Please look at each word once more.")
                    if form is phrase
                    else _("This name and password do not go together. Please try once more."),
                )
    shown = {
        "phrase": phrase,
        "password": password,
        "way": way,
        "next": next_of(request),
        "member": getattr(request, "member", None),
    }
    response = render(request, "accounts/sign_in.html", shown, status=status)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _try(request: HttpRequest, form: PlainForm) -> Member | None:
    where, typed = address_key(request), form.cleaned_data
    if isinstance(form, PhraseForm):
        return actions.sign_in_by_phrase(typed["phrase"], where)
    return actions.sign_in_by_password(typed["name"], typed["password"], where)


def _forget_phrase(form: PhraseForm) -> None:
    """A phrase that was not looked at may be the right one: it is not sent back."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    data["phrase"] = ""
    form.data = data


def _come_in(request: HttpRequest, member: Member, *, stays: bool) -> HttpResponse:
    actions.end_sign_in(request.COOKIES.get(settings.SIGN_IN_COOKIE, ""))
    cookie = actions.start_sign_in(
        member, user_agent=request.headers.get("User-Agent", ""), stays=stays
    )
    rotate_token(request)
    response = see_other(request, next_of(request, "/"))
    set_cookie(response, cookie, stays=stays and not member.staff)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        set_language_cookie(response, member.language)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out on this device; signed out already is fine."""
    actions.end_sign_in(request.COOKIES.get(settings.SIGN_IN_COOKIE, ""))
    response = see_other(request, "/")
    clear_device(response)
    return response
