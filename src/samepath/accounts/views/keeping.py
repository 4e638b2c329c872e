"""Keeping a name: seven words, or a sign-in name and a password."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samepath.accounts import actions, queries, rules
from samepath.accounts.access import member_of, own_pages, set_cookie
from samepath.accounts.choices import Way
from samepath.accounts.forms import CheckForm, NewPasswordForm
from samepath.accounts.models import Member
from samepath.accounts.views.shared import next_of, page, sign_in_row
from samepath.kit.errors import Invalid
from samepath.kit.http import address_key, see_other

PROOF_SECONDS = 3600


@page
@own_pages(back="/account/keep")
def keep(request: HttpRequest) -> HttpResponse:
    """Seven words, or a sign-in name and a password."""
    member = member_of(request)
    if request.method != "POST":
        return _keep_page(request, member, NewPasswordForm())
    if request.POST.get("way") == Way.PHRASE:
        return _keep_by_phrase(request, member)
    form = NewPasswordForm(request.POST)
    if form.is_valid():
        had = Way.PASSWORD in queries.ways_in(member)
        try:
            given = actions.keep_by_password(
                member, form.cleaned_data["password"], where=address_key(request)
            )
        except Invalid as error:
            form.refuse(error)
        else:
            shown = {"name": given, "next": next_of(request, "/account"), "had": had}
            return _kept(request, member, "accounts/keep_name.html", shown, had=had)
    return _keep_page(request, member, form, status=400)


def _keep_page(
    request: HttpRequest,
    member: Member,
    form: NewPasswordForm,
    *,
    asks_again: bool = False,
    status: int = 200,
) -> HttpResponse:
    shown = {
        "member": member,
        "form": form,
        "ways": queries.ways_in(member),
        "next": next_of(request),
        "asks_again": asks_again,
    }
    return render(request, "accounts/keep.html", shown, status=status)


def _keep_by_phrase(request: HttpRequest, member: Member) -> HttpResponse:
    had = Way.PHRASE in queries.ways_in(member)
    if had and "replace" not in request.POST:
        # A page sent twice must not put new words in the place of those already written down.
        return _keep_page(request, member, NewPasswordForm(), asks_again=True, status=409)
    words = actions.keep_by_phrase(member, where=address_key(request)).split()
    form = CheckForm(
        initial={"proof": _proof(member, [words[n - 1] for n in rules.PHRASE_CHECKED])}
    )
    shown = {"words": words, "form": form, "next": next_of(request, "/account"), "had": had}
    return _kept(request, member, "accounts/keep_phrase.html", shown, had=had)


def _kept(
    request: HttpRequest, member: Member, template: str, shown: dict[str, object], *, had: bool
) -> HttpResponse:
    """The answer after a way in was made: a new cookie, and a replaced way ends other sign-ins."""
    row = sign_in_row(request)
    cookie = actions.renew_sign_in(row)
    if had:
        actions.end_all(member, but=row)
    response = render(request, template, shown)
    set_cookie(response, cookie, stays=row.stays)
    return response


def _digest(member: Member, typed: list[str]) -> str:
    said = "|".join([str(member.public_id), *(rules.fold_phrase(word) for word in typed)])
    return hmac.new(settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256).hexdigest()


def _proof(member: Member, asked: list[str]) -> str:
    """What the page carries to check two words later: a keyed digest, useless without our key."""
    return signing.TimestampSigner(salt="accounts.keep").sign(_digest(member, asked))


@require_POST
@own_pages(back="/account/keep")
def check(request: HttpRequest) -> HttpResponse:
    """Whether two of the words were written down right. The words are not shown again."""
    member = member_of(request)
    form = CheckForm(request.POST)
    try:
        asked = signing.TimestampSigner(salt="accounts.keep").unsign(
            request.POST.get("proof", ""), max_age=PROOF_SECONDS
        )
    except signing.BadSignature:
        return see_other(request, "/account/keep")
    if form.is_valid():
        typed = [form.cleaned_data["first"], form.cleaned_data["second"]]
        if hmac.compare_digest(_digest(member, typed), asked):
            to = next_of(request, "/account")
            return see_other(request, "/account?done=checked" if to == "/account" else to)
        form.add_error(None, _("These are not the words we gave you. Please look at your list."))
    shown = {"form": form, "next": next_of(request, "/account")}
    return render(request, "accounts/check.html", shown, status=400)
