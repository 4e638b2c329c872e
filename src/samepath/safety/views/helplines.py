"""Confirming numbers, and the two steps of the set-up that belong to safety."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from samepath.accounts import actions as accounts
from samepath.kit import choices
from samepath.kit.errors import NotFound
from samepath.kit.http import see_other
from samepath.organisations import actions as organisation
from samepath.organisations import queries as organisations
from samepath.organisations.access import helper_of, may_set_up
from samepath.organisations.choices import Hat
from samepath.safety import actions, promise, queries
from samepath.safety.forms import PromiseForm


def _numbers(country: str) -> dict[str, Any]:
    """What both pages show: the first numbers, the others, how far along."""
    listed = queries.numbers_to_confirm(country)
    return {
        "first": [one for one in listed if one.first],
        "others": [one for one in listed if not one.first],
        "confirmed": sum(one.state == "fresh" for one in listed),
        "stale": sum(one.state == "stale" for one in listed),
        "count": len(listed),
        "ready": all(one.state == "fresh" for one in listed if one.first),
    }


def helplines(request: HttpRequest) -> HttpResponse:
    """Every number of a country with its source; one press confirms one number."""
    member = helper_of(request, Hat.ADMIN, Hat.LEAD)
    given = request.POST if request.method == "POST" else request.GET
    home = str(choices.get("country"))
    known = queries.countries(request.LANGUAGE_CODE)  # type: ignore[attr-defined]
    country = given.get("country", home).upper()
    if country not in dict(known):
        country = home
    if request.method == "POST":
        actions.confirm_line(member, given.get("key", ""))
        return see_other(request, f"/helplines?country={country}#{given.get('key', '')}")
    shown = {
        "hats": organisations.hats(member),
        "tab": "helplines",
        "country": country,
        "countries": known,
        "here": "/helplines",
        **_numbers(country),
    }
    return render(request, "safety/helplines.html", shown)


def _turn(request: HttpRequest, key: str) -> bool:
    """Whether this browser may do this step of the set-up now."""
    return may_set_up(request) and organisations.step(key).reachable


def _shown(key: str, **values: Any) -> dict[str, Any]:
    steps = organisations.steps()
    place = next(index for index, step in enumerate(steps) if step.key == key)
    return {"steps": steps, "step": steps[place], "place": place + 1, **values}


def set_up_promise(request: HttpRequest) -> HttpResponse:
    """Read what is promised, add what the law asks, and say that it will be kept."""
    if not _turn(request, "promise"):
        return see_other(request, "/set-up")
    form = PromiseForm(
        request.POST if request.method == "POST" else None,
        initial={"law_line": choices.get("law_line")},
    )
    if request.method == "POST" and form.is_valid():
        admin = organisations.first_admin()
        changed = form.cleaned_data["law_line"] != choices.get("law_line")
        organisation.change_choice(admin, "law_line", form.cleaned_data["law_line"])
        if changed:
            # The text is another one now: it is read once more before it counts as confirmed.
            return see_other(request, "/set-up/promise?read=again")
        if admin is not None:
            accounts.record_consent(admin, promise.version())
        organisation.confirm_step("promise", promise.version())
        return see_other(request, "/set-up")
    shown = _shown("promise", form=form, sentences=promise.sentences(), again="read" in request.GET)
    return render(request, "safety/set_up_promise.html", shown, status=400 if form.errors else 200)


def set_up_helplines(request: HttpRequest) -> HttpResponse:
    """Dial or read each number, then say so. Those that stand on every page come first."""
    if not _turn(request, "helplines"):
        return see_other(request, "/set-up")
    country = str(choices.get("country"))
    if request.method == "POST":
        admin = organisations.first_admin()
        if admin is None:
            raise NotFound
        key = request.POST.get("key", "")
        if key:
            actions.confirm_line(admin, key)
            return see_other(request, f"/set-up/helplines#{key}")
        if _numbers(country)["ready"]:
            organisation.confirm_step("helplines", country)
            return see_other(request, "/set-up")
    shown = _shown("helplines", here="/set-up/helplines", country=country, **_numbers(country))
    return render(request, "safety/set_up_helplines.html", shown)
