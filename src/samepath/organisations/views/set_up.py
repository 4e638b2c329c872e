"""Set-up mode: one page a step, each can be left and taken up again (safety.md 3.13).

The steps on the promise and on the numbers stand in the room of safety, under the same address.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from samepath.accounts import actions as accounts
from samepath.accounts.middleware import set_cookie
from samepath.kit import choices, sites
from samepath.kit.errors import Conflict, Invalid, NotFound, TooMany
from samepath.kit.http import address_key, see_other
from samepath.kit.ratelimit import Rate, buckets
from samepath.kit.registry import Promise, promises
from samepath.organisations import actions, queries, setup
from samepath.organisations.access import SET_UP_COOKIE, SET_UP_SALT, SET_UP_SECONDS, may_set_up
from samepath.organisations.choices import Hat
from samepath.organisations.forms import CodeForm, FirstNameForm, OrganisationForm, SecondForm

TRIES = Rate("set-up", 5, 5 / 60)
ALL_TRIES = Rate("set-up.all", 30, 30 / 60)


def promise_told() -> Promise:
    """The promise that whoever comes in reads first; the room of safety gives it."""
    known = promises.get("promise")
    if known is None:
        raise RuntimeError("no room gives the promise")
    return known


def set_up(request: HttpRequest) -> HttpResponse:
    """The code first; then where things stand, and the one next thing to do."""
    if not may_set_up(request):
        return _code(request)
    steps = queries.steps()
    shown = {
        "steps": steps,
        "done": sum(step.done for step in steps),
        "next": next((step for step in steps if not step.done), None),
        "organisation": queries.organisation(),
        "second_named": queries.second_named(),
    }
    return render(request, "organisations/set_up.html", shown)


def _code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                _limit(request)
                fits = setup.code_fits(form.cleaned_data["code"])
            except TooMany as error:
                form.add_error("code", error.sentence)
                answer = render(
                    request, "organisations/set_up_code.html", {"form": form}, status=429
                )
                answer.headers["Retry-After"] = str(error.retry_after)
                return answer
            if fits:
                response = see_other(request, "/set-up")
                response.set_signed_cookie(
                    SET_UP_COOKIE,
                    str(sites.current_one()),
                    salt=SET_UP_SALT,
                    max_age=SET_UP_SECONDS,
                    secure=settings.SECURE,
                    httponly=True,
                    samesite="Lax",
                    path="/set-up",
                )
                return response
            form.add_error(
                "code",
                _("This is not the code of the last start. Please copy it from the terminal."),
            )
    return render(request, "organisations/set_up_code.html", {"form": form}, status=status)


def _limit(request: HttpRequest) -> None:
    sentence = _("That were many tries. Please wait a minute, then copy the code again.")
    buckets.take(TRIES, address_key(request), sentence)
    buckets.take(ALL_TRIES, "all", sentence)


def _turn(request: HttpRequest, key: str) -> queries.Step | None:
    """The step, where this browser may set up and its turn has come."""
    if not may_set_up(request):
        return None
    step = queries.step(key)
    return step if step.reachable else None


def _shown(key: str, **values: Any) -> dict[str, Any]:
    steps = queries.steps()
    place = next(index for index, step in enumerate(steps) if step.key == key)
    return {"steps": steps, "step": steps[place], "place": place + 1, **values}


def organisation(request: HttpRequest) -> HttpResponse:
    """Name, country, clock, age, size, where leaving leads."""
    if _turn(request, "organisation") is None:
        return see_other(request, "/set-up")
    held = queries.organisation()
    initial = {
        "name": held.name if held else "",
        "country": held.country if held else "",
        "zone": held.zone if held else "UTC",
        "helpers": choices.get("helpers"),
        "minimum_age": max(18, choices.get("minimum_age")),
        "exit_address": choices.get("exit_address"),
    }
    form = OrganisationForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        try:
            actions.name_organisation(
                name=found["name"], country=found["country"], zone=found["zone"]
            )
            for key in ("helpers", "minimum_age", "exit_address"):
                actions.change_choice(None, key, found[key])
            actions.confirm_step("organisation")
            return see_other(request, "/set-up")
        except Invalid as error:
            form.refuse(error)
    shown = _shown("organisation", form=form)
    return render(
        request, "organisations/set_up_organisation.html", shown, status=400 if form.errors else 200
    )


def account(request: HttpRequest) -> HttpResponse:
    """The account of whoever sets the place up. The phrase is shown once, on the answer."""
    if _turn(request, "admin") is None:
        return see_other(request, "/set-up")
    told, age = promise_told(), max(18, choices.get("minimum_age"))
    held = queries.first_admin()
    if held is not None:
        if request.method == "POST" and "again" in request.POST:
            phrase = accounts.keep_by_phrase(held)
            return _phrase(request, held, phrase)
        return render(request, "organisations/set_up_account.html", _shown("admin", member=held))
    initial = {"handle": accounts.suggest_handles(1)[0]}
    form = FirstNameForm(
        request.POST if request.method == "POST" else None, initial=initial, age=age
    )
    if request.method == "POST" and form.is_valid():
        try:
            member = accounts.create_member(
                handle=form.cleaned_data["handle"],
                language=get_language() or "en",
                country=_country(),
                promise=told.version(),
            )
            actions.welcome_first(member, listens=form.cleaned_data["listens"])
            phrase = accounts.keep_by_phrase(member)
            actions.confirm_step("admin", str(member.public_id))
            return _phrase(request, member, phrase)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.add_error("handle", error.sentence)
    shown = _shown(
        "admin", form=form, sentences=told.sentences(), ideas=accounts.suggest_handles(3)
    )
    return render(
        request, "organisations/set_up_account.html", shown, status=400 if form.errors else 200
    )


def _country() -> str:
    """The organisation's country, for its first member; "" for one without numbers of ours."""
    country = str(choices.get("country"))
    return "" if country == "ZZ" else country


def _phrase(request: HttpRequest, member: Any, phrase: str) -> HttpResponse:
    shown = _shown("admin", member=member, words=phrase.split())
    response = render(request, "organisations/set_up_account.html", shown)
    cookie = accounts.start_sign_in(member, user_agent=request.headers.get("User-Agent", ""))
    set_cookie(response, cookie)
    return response


def second(request: HttpRequest) -> HttpResponse:
    """Who is the second: a link shown once, or nobody yet, said as it is."""
    step = _turn(request, "second")
    if step is None:
        return see_other(request, "/set-up")
    initial = {"who": "nobody" if step.value == "nobody" else "invite"}
    form = SecondForm(request.POST if request.method == "POST" else None, initial=initial)
    link = ""
    if request.method == "POST" and form.is_valid():
        admin = queries.first_admin()
        if form.cleaned_data["who"] == "invite":
            actions.withdraw_open(Hat.SECOND)
            _row, token = actions.invite(admin, Hat.SECOND)
            link = f"{settings.ORIGIN}/invitations/{token}"
            actions.confirm_step("second", "invited")
        else:
            actions.withdraw_open(Hat.SECOND)
            actions.confirm_step("second", "nobody")
            return see_other(request, "/set-up")
    shown = _shown("second", form=form, link=link)
    return render(
        request, "organisations/set_up_second.html", shown, status=400 if form.errors else 200
    )


def open_doors(request: HttpRequest) -> HttpResponse:
    """The last act. From here on everybody who knows the address may come in."""
    if request.method != "POST":
        raise NotFound
    if not may_set_up(request):
        return see_other(request, "/set-up")
    try:
        actions.open_site(sites.current_one())
    except Conflict:
        # The page itself shows which step is open.
        return see_other(request, "/set-up")
    response = see_other(request, "/team" if request.member else "/")  # type: ignore[attr-defined]
    response.delete_cookie(SET_UP_COOKIE, path="/set-up", samesite="Lax")
    return response
