"""The member's own account: name, language, devices, blocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samepath.accounts import actions, queries, rules
from samepath.accounts.access import clear_device, member_of, own_pages
from samepath.accounts.forms import NameForm, PlaceForm
from samepath.accounts.views.shared import page, set_language_cookie, sign_in_row
from samepath.kit import clock
from samepath.kit.errors import Conflict, Invalid
from samepath.kit.http import see_other

DONE = {
    "name": lambda: _("This is your name now."),
    "place": lambda: _("Saved."),
    "checked": lambda: _("Those are the right words. Your list is good."),
    "lifted": lambda: _("The block is lifted. You two may meet again."),
    "ended": lambda: _("That device is signed out."),
}
"""What an act just did, said on the page it leads to."""


def _done(request: HttpRequest) -> str:
    told: Callable[[], str] | None = DONE.get(request.GET.get("done", ""))
    return told() if told else ""


def _since(moment: datetime) -> str:
    """When somebody signed in, as people say it: the day, never the minute."""
    days = (clock.today() - moment.date()).days
    if days <= 0:
        return _("signed in today")
    if days == 1:
        return _("signed in yesterday")
    day = date_format(moment, "l" if days < 7 else _("j F Y"))
    return _("signed in %(day)s") % {"day": day}


@page
@own_pages(back="/account")
def account(request: HttpRequest) -> HttpResponse:
    """Everything about oneself, and the way to each change."""
    member = member_of(request)
    known = dict(queries.countries(get_language() or "en"))
    shown = {
        "member": member,
        "done": _done(request),
        "sign_in": sign_in_row(request),
        "sign_ins": [(row, _since(row.started_at)) for row in queries.sign_ins(member)],
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
    bound = str(member.public_id)
    offered = actions.offer_handles(bound)
    status = 200
    if request.method == "POST":
        picked = request.POST.get("pick", "")
        handle = actions.offered_handle(picked, bound)
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
        set_language_cookie(response, member.language)
        return response
    status = 400 if form.errors else 200
    return render(request, "accounts/country.html", {"form": form}, status=status)


@require_POST
@own_pages(back="/account")
def lift_block(request: HttpRequest, block: int) -> HttpResponse:
    """Take a block back."""
    actions.lift_block(member_of(request), block)
    return see_other(request, "/account?done=lifted")


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
    if sign_in == sign_in_row(request).public_id:
        response = see_other(request, "/")
        clear_device(response)
        return response
    return see_other(request, "/account?done=ended")
