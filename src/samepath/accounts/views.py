"""Signing in and out, and the member's own account. Complete without script."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from samepath.accounts import actions, queries, rules
from samepath.accounts.access import member_of, own_pages
from samepath.accounts.choices import Way
from samepath.accounts.forms import (
    CheckForm,
    GoodbyeForm,
    NameForm,
    NewPasswordForm,
    PasswordForm,
    PhraseForm,
    PlaceForm,
)
from samepath.accounts.middleware import clear_device, set_cookie
from samepath.accounts.models import Member, SignIn
from samepath.kit.errors import Conflict, Invalid, TooMany
from samepath.kit.forms import PlainForm
from samepath.kit.http import address_key, see_other
from samepath.kit.registry import exporters

page = require_http_methods(["GET", "HEAD", "POST"])
PROOF_SECONDS = 3600
DONE = {
    "name": lambda: _("This is your name now."),
    "place": lambda: _("Saved."),
    "checked": lambda: _("Those are the right words. Your list is good."),
    "lifted": lambda: _("The block is lifted. You two may meet again."),
    "ended": lambda: _("That device is signed out."),
}
"""What an act just did, said on the page it leads to."""


def _sign_in_row(request: HttpRequest) -> SignIn:
    row: SignIn = request.sign_in  # type: ignore[attr-defined]
    return row


def _done(request: HttpRequest) -> str:
    told: Callable[[], str] | None = DONE.get(request.GET.get("done", ""))
    return told() if told else ""


# Coming in and going


def _next(request: HttpRequest, default: str = "") -> str:
    """Where to go afterwards: an address of our own or `default`; judged again by `see_other`."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if asked.startswith("/") and len(asked) < 300 else default


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
        "next": _next(request),
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
    form.data = form.data.copy()
    form.data["phrase"] = ""


def _come_in(request: HttpRequest, member: Member, *, stays: bool) -> HttpResponse:
    actions.end_sign_in(request.COOKIES.get(settings.SIGN_IN_COOKIE, ""))
    cookie = actions.start_sign_in(
        member, user_agent=request.headers.get("User-Agent", ""), stays=stays
    )
    rotate_token(request)
    response = see_other(request, _next(request, "/"))
    set_cookie(response, cookie, stays=stays and not member.staff)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        _set_language_cookie(response, member.language)
    return response


def _set_language_cookie(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86400,
        path="/",
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out on this device; signed out already is fine."""
    actions.end_sign_in(request.COOKIES.get(settings.SIGN_IN_COOKIE, ""))
    response = see_other(request, "/")
    clear_device(response)
    return response


@require_POST
@own_pages(back="/account")
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every sign-in, this one too."""
    actions.end_all(member_of(request))
    response = see_other(request, "/")
    clear_device(response)
    return response


@require_POST
@own_pages(back="/account")
def end_sign_in(request: HttpRequest, sign_in: UUID) -> HttpResponse:
    """Sign another device out."""
    actions.end_one(member_of(request), sign_in)
    if sign_in == _sign_in_row(request).public_id:
        response = see_other(request, "/")
        clear_device(response)
        return response
    return see_other(request, "/account?done=ended")


# The account


@page
@own_pages(back="/account")
def account(request: HttpRequest) -> HttpResponse:
    """Everything about oneself, and the way to each change."""
    member = member_of(request)
    known = dict(queries.countries(get_language() or "en"))
    shown = {
        "member": member,
        "done": _done(request),
        "sign_in": _sign_in_row(request),
        "sign_ins": queries.sign_ins(member),
        "ways": queries.ways_in(member),
        "blocks": queries.own_blocks(member),
        "own_language": dict(settings.LANGUAGES).get(member.language, member.language),
        "country": known.get(member.country, member.country),
    }
    return render(request, "accounts/account.html", shown)


@page
@own_pages(back="/account/name")
def name(request: HttpRequest) -> HttpResponse:
    """Another name: three of ours, or own words with a number of ours."""
    member = member_of(request)
    signer = signing.TimestampSigner(salt=f"accounts.name.{member.public_id}")
    offered = [(signer.sign(one), rules.spoken(one)) for one in actions.suggest_handles(3)]
    status = 200
    if request.method == "POST":
        picked = request.POST.get("pick", "")
        handle = _picked(signer, picked)
        # What was picked stays in the list, whatever was suggested meanwhile.
        kept = [(picked, rules.spoken(handle))] if handle else []
        form = NameForm(request.POST, names=[*kept, *offered][:3])
        status = 400
        if form.is_valid():
            try:
                own = form.cleaned_data["own"]
                if not own and not handle:
                    raise Invalid(_("Please choose a name, or write one."), field="pick")
                actions.change_handle(member, actions.free_handle(own) if own else handle)
            except Invalid as error:
                form.refuse(error)
            except Conflict as error:
                data = request.POST.copy()
                data["pick"] = ""
                form = NameForm(data, names=offered)
                form.add_error("pick", error.sentence)
                status = error.status
            else:
                return see_other(request, "/account?done=name")
    else:
        form = NameForm(names=offered)
    return render(request, "accounts/name.html", {"form": form, "member": member}, status=status)


def _picked(signer: signing.TimestampSigner, token: str) -> str:
    """The suggested name in `token`, or "": only names we suggested can be asked for."""
    try:
        return signer.unsign(token, max_age=3600)
    except signing.BadSignature:
        return ""


@page
@own_pages(back="/account/country")
def country(request: HttpRequest) -> HttpResponse:
    """Language of the pages and country for numbers."""
    member = member_of(request)
    listed = queries.countries(get_language() or "en")
    if member.country and member.country not in dict(listed):
        listed = [*listed, (member.country, member.country)]
    form = PlaceForm(
        request.POST if request.method == "POST" else None,
        countries=listed,
        initial={"language": member.language, "country": member.country},
    )
    if request.method == "POST" and form.is_valid():
        actions.set_language(member, form.cleaned_data["language"])
        actions.set_country(member, form.cleaned_data["country"])
        response = see_other(request, "/account?done=place")
        _set_language_cookie(response, member.language)
        return response
    status = 400 if form.errors else 200
    return render(request, "accounts/country.html", {"form": form}, status=status)


@require_POST
@own_pages(back="/account")
def lift_block(request: HttpRequest, block: int) -> HttpResponse:
    """Take a block back."""
    actions.lift_block(member_of(request), block)
    return see_other(request, "/account?done=lifted")


# Keeping the name


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
            shown = {"name": given, "next": _next(request, "/account"), "had": had}
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
        "next": _next(request),
        "asks_again": asks_again,
    }
    return render(request, "accounts/keep.html", shown, status=status)


def _keep_by_phrase(request: HttpRequest, member: Member) -> HttpResponse:
    had = Way.PHRASE in queries.ways_in(member)
    if had and "replace" not in request.POST:
        # A page sent twice must not put new words in the place of those already written down.
        return _keep_page(request, member, NewPasswordForm(), asks_again=True, status=409)
    words = actions.keep_by_phrase(member, where=address_key(request)).split()
    form = CheckForm(initial={"proof": _proof(member, [words[n - 1] for n in rules.PHRASE_CHECKED])})
    shown = {"words": words, "form": form, "next": _next(request, "/account"), "had": had}
    return _kept(request, member, "accounts/keep_phrase.html", shown, had=had)


def _kept(
    request: HttpRequest, member: Member, template: str, shown: dict[str, object], *, had: bool
) -> HttpResponse:
    """The answer after a way in was made: a new cookie, and a replaced way ends other sign-ins."""
    row = _sign_in_row(request)
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
    """Whether two of the words were written down right. The words themselves are not shown again."""
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
            to = _next(request, "/account")
            return see_other(request, "/account?done=checked" if to == "/account" else to)
        form.add_error(None, _("These are not the words we gave you. Please look at your list."))
    shown = {"form": form, "next": _next(request, "/account")}
    return render(request, "accounts/check.html", shown, status=400)


# Taking everything along, leaving for good


@page
@own_pages(back="/account/export")
def export(request: HttpRequest) -> HttpResponse:
    """Everything we hold about a member, as one file."""
    member = member_of(request)
    if request.method != "POST":
        return render(request, "accounts/export.html")
    actions.allow_export(member)
    everything = {exporter.kind: exporter.export(member.pk) for exporter in exporters.all()}
    response = JsonResponse(everything, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response.headers["Content-Disposition"] = 'attachment; filename="export.json"'
    return response


@page
@own_pages(back="/account")
def delete(request: HttpRequest) -> HttpResponse:
    """Leave for good: what goes, what stays and why, one box, goodbye."""
    member = member_of(request)
    form = GoodbyeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        stays = actions.erase_member(member)
        request.member = request.sign_in = None  # type: ignore[attr-defined]
        response = render(request, "accounts/goodbye.html", {"stays": stays})
        clear_device(response)
        return response
    status = 400 if form.errors else 200
    return render(request, "accounts/delete.html", {"form": form, "member": member}, status=status)
