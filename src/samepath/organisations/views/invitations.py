"""A one-time link: whoever opens it reads the promise, chooses a name, and takes the role."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from samepath.accounts import actions as accounts
from samepath.accounts import queries as people
from samepath.accounts.middleware import set_cookie
from samepath.accounts.models import Member
from samepath.kit import choices
from samepath.kit.errors import Conflict, Denied, Invalid, NotFound
from samepath.kit.http import see_other
from samepath.organisations import actions, queries
from samepath.organisations.forms import NameForm
from samepath.organisations.views.set_up import promise_told


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, so that a preview of the link does not use it up."""
    try:
        row = actions.open_invitation(token)
    except NotFound:
        return _over(request)
    member: Member | None = request.member  # type: ignore[attr-defined]
    told, age = promise_told(), max(18, choices.get("minimum_age"))
    shown: dict[str, Any] = {
        "invitation": row,
        "organisation": queries.organisation(),
        "member": member,
        "sentences": told.sentences(),
    }
    if member is not None:
        shown["again"] = not people.has_consented(member, told.version())
        if request.method == "POST" and (not shown["again"] or "promise" in request.POST):
            return _accept(request, member, token)
        shown["unread"] = request.method == "POST"
        status = 400 if request.method == "POST" else 200
        return render(request, "organisations/invitation.html", shown, status=status)
    names = accounts.suggest_handles(3)
    form = NameForm(
        request.POST if request.method == "POST" else None, initial={"handle": names[0]}, age=age
    )
    shown |= {"form": form, "ideas": names[1:]}
    if request.method == "POST" and form.is_valid():
        try:
            made = accounts.create_member(
                handle=form.cleaned_data["handle"],
                language=get_language() or "en",
                country=request.COOKIES.get("country", "")[:2].upper(),
                promise=told.version(),
            )
            return _accept(request, made, token)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.add_error("handle", error.sentence)
    return render(
        request, "organisations/invitation.html", shown, status=400 if form.errors else 200
    )


def _accept(request: HttpRequest, member: Member, token: str) -> HttpResponse:
    """Take the role. A guest keeps the name at once, for a role needs a way back in."""
    try:
        hat = actions.accept_invitation(member, token)
    except NotFound:
        return _over(request)
    except Denied as error:
        over = {"fault": error.sentence}
        return render(request, "organisations/invitation_over.html", over, status=403)
    accounts.record_consent(member, promise_told().version())
    words = accounts.keep_by_phrase(member).split() if member.kept_on is None else []
    # A role that ends sign-ins has ended this one too: the browser gets a new one.
    cookie = accounts.start_sign_in(member, user_agent=request.headers.get("User-Agent", ""))
    if words:
        kept = {"words": words, "member": member, "hat": hat}
        response = render(request, "organisations/invitation_kept.html", kept)
    else:
        response = see_other(request, "/duty")
    set_cookie(response, cookie)
    return response


def _over(request: HttpRequest) -> HttpResponse:
    response = render(request, "organisations/invitation_over.html", status=404)
    response.is_page = True  # type: ignore[attr-defined]
    return response
