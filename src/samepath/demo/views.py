"""Be one of the cast. Exists in the demo only; a production start refuses the demo's data."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from samepath.accounts import actions
from samepath.accounts.middleware import set_cookie
from samepath.accounts.models import Member
from samepath.demo.cast import CAST
from samepath.kit.errors import NotFound
from samepath.kit.http import see_other
from samepath.organisations.access import hats

FIRST_PAGE = (
    ("supporter", "/desk"),
    ("lead", "/concerns"),
    ("second", "/concerns"),
    ("admin", "/team"),
)


def cast(request: HttpRequest) -> HttpResponse:
    """Who there is, and a button to be them."""
    if request.method == "POST":
        person = next((one for one in CAST if one.key == request.POST.get("person")), None)
        member = Member.objects.filter(handle=person.handle).first() if person else None
        if member is None:
            raise NotFound
        actions.end_sign_in(request.COOKIES.get(settings.SIGN_IN_COOKIE, ""))
        worn = hats(member)
        to = next((page for hat, page in FIRST_PAGE if hat in worn), "/")
        response = see_other(request, to)
        set_cookie(
            response,
            actions.start_sign_in(member, user_agent=request.headers.get("User-Agent", "")),
        )
        return response
    members = {m.handle: m for m in Member.objects.filter(handle__in=[p.handle for p in CAST])}
    people = [(p, members[p.handle]) for p in CAST if p.handle in members]
    return render(request, "demo/cast.html", {"people": people})
