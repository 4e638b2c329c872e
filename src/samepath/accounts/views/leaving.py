"""Taking everything along, and leaving for good."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from samepath.accounts import actions
from samepath.accounts.access import clear_device, member_of, own_pages
from samepath.accounts.forms import GoodbyeForm
from samepath.accounts.views.shared import page
from samepath.kit.registry import exporters


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
