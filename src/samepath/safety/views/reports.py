"""Reporting something, and reading what was reported."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from samepath.accounts.access import member_of
from samepath.kit import ids, paging
from samepath.kit.errors import Invalid, NotFound
from samepath.kit.http import see_other
from samepath.kit.registry import Reportable, reportables
from samepath.organisations import queries as organisations
from samepath.organisations.access import helper_of
from samepath.safety import access, actions, queries
from samepath.safety.forms import ReportForm
from samepath.safety.views.concerns import GUARDS


def _reported(request: HttpRequest) -> tuple[Reportable, UUID]:
    """What the page is about. Raises NotFound for anything that cannot be reported."""
    given = request.POST if request.method == "POST" else request.GET
    known = reportables.get(given.get("kind", ""))
    public_id = ids.parse_id(given.get("id"))
    if known is None or known.recent is None or public_id is None:
        raise NotFound
    return known, public_id


def new(request: HttpRequest) -> HttpResponse:
    """One page: what it was, which words, a note. Works after the end and after a block."""
    member = member_of(request)
    known, public_id = _reported(request)
    assert known.recent is not None
    said = known.recent(member, public_id)
    initial = {"chosen": [request.GET["message"]] if "message" in request.GET else []}
    form = ReportForm(
        request.POST if request.method == "POST" else None, said=said, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        try:
            actions.make_report(
                member,
                kind=known.kind,
                subject=public_id,
                chosen=found["chosen"],
                why=found["why"],
                note=found["note"],
            )
            return see_other(request, f"/reports/sent?kind={known.kind}&id={public_id}")
        except Invalid as error:
            form.refuse(error)
    shown = {
        "form": form,
        "kind": known.kind,
        "public_id": public_id,
        "back": known.path.format(public_id) if known.path else "/",
    }
    return render(request, "safety/report_new.html", shown, status=400 if form.errors else 200)


def sent(request: HttpRequest) -> HttpResponse:
    """Thank you; what happens next and who reads it."""
    member_of(request)
    known, public_id = _reported(request)
    shown = {
        "back": known.path.format(public_id) if known.path else "/",
        "safety_name": organisations.safety_name(),
    }
    return render(request, "safety/report_sent.html", shown)


def reports(request: HttpRequest) -> HttpResponse:
    """What waits to be read; no words in it."""
    member, number = helper_of(request, *GUARDS), paging.page_number(request)
    shown = {
        "hats": organisations.hats(member),
        "tab": "reports",
        "sheet": paging.sheet(queries.reports(member, paging.window(number)), number),
        "zone": str(organisations.zone()),
    }
    return render(request, "safety/reports.html", shown)


def report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One report. Its words are opened by an act, which is written down."""
    member = helper_of(request, *GUARDS)
    shown: dict[str, object] = {
        "hats": organisations.hats(member),
        "tab": "reports",
        "zone": str(organisations.zone()),
    }
    if request.method == "POST":
        row, body = actions.read_report(member, public_id)
        row.refresh_from_db()
        shown |= {"report": row, "body": body}
    else:
        shown["report"] = access.report_for(member, public_id)
    return render(request, "safety/report.html", shown)
