"""Who helps here, in which role, and who is asked in."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from samepath.accounts.models import Member
from samepath.kit import paging
from samepath.kit.errors import Conflict, Denied, Invalid, NotFound
from samepath.kit.forms import PlainForm
from samepath.kit.http import see_other
from samepath.organisations import actions, queries, rules
from samepath.organisations.access import helper_of
from samepath.organisations.choices import Hat
from samepath.organisations.forms import HatForm

MANAGERS = (Hat.ADMIN, Hat.LEAD)


@dataclass(frozen=True, slots=True)
class Worn:
    """A hat somebody wears; `mine` when the viewer may take it back."""

    hat: str
    words: str
    mine: bool


@dataclass(slots=True)
class Helper:
    """Somebody of the team, with what they are and what the viewer may make them."""

    member: Member
    hats: list[Worn] = field(default_factory=list)
    may_get: list[tuple[str, str]] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        """Whether the viewer can change anything about them."""
        return bool(self.may_get) or any(one.mine for one in self.hats)


def team(request: HttpRequest) -> HttpResponse:
    """The team, and the open links."""
    member = helper_of(request, *MANAGERS)
    return _page(request, member)


def _page(
    request: HttpRequest,
    member: Member,
    *,
    form: PlainForm | None = None,
    link: str = "",
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    worn = queries.hats(member)
    number = paging.page_number(request)
    found = paging.sheet(queries.team(paging.window(number)), number)
    links = paging.sheet(queries.invitations(paging.window(number)), number)
    helpers = {one.pk: Helper(one) for one in found.rows}
    for role in queries.roles_of(found.rows):
        mine = rules.may_give(worn, role.hat)
        helpers[role.member_id].hats.append(Worn(role.hat, str(role.get_hat_display()), mine))
    for helper in helpers.values():
        held = {one.hat for one in helper.hats}
        if helper.member.pk != member.pk:
            helper.may_get = [
                (hat.value, str(hat.label))
                for hat in Hat
                if rules.may_give(worn, hat) and hat.value not in held
            ]
    shown = {
        "sheet": found,
        "links": links,
        "people": list(helpers.values()),
        "me": member,
        "hats": worn,
        "tab": "team",
        "form": form or HatForm(worn=worn),
        "link": link,
        "fault": fault,
        "invitations": [(row, rules.may_give(worn, row.hat)) for row in links.rows],
        "second_named": queries.second_named(),
        "zone": str(queries.zone()),
    }
    return render(request, "organisations/team.html", shown, status=status)


def invite(request: HttpRequest) -> HttpResponse:
    """A link for a role; it is on this answer and nowhere else."""
    member = helper_of(request, *MANAGERS)
    if request.method != "POST":
        return see_other(request, "/team")
    form = HatForm(request.POST, worn=queries.hats(member))
    if not form.is_valid():
        return _page(request, member, form=form, status=400)
    try:
        _row, token = actions.invite(member, form.cleaned_data["hat"])
    except Invalid as error:
        form.refuse(error)
        return _page(request, member, form=form, status=400)
    return _page(request, member, link=f"{settings.ORIGIN}/invitations/{token}")


def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Make an open link useless."""
    member = helper_of(request, *MANAGERS)
    if request.method != "POST":
        raise NotFound
    actions.withdraw_invitation(member, public_id)
    return see_other(request, "/team")


def give(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A further role for somebody who already helps."""
    member = helper_of(request, *MANAGERS)
    other = queries.helper(public_id)
    if request.method != "POST" or other is None:
        raise NotFound
    try:
        actions.give_hat(member, other, request.POST.get("hat", ""))
    except (Invalid, Denied) as error:
        return _page(request, member, fault=error.sentence, status=error.status)
    return see_other(request, "/team")


def take(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take a role back; its hours end with it."""
    member = helper_of(request, *MANAGERS)
    if request.method != "POST":
        raise NotFound
    try:
        actions.take_hat(member, public_id, request.POST.get("hat", ""))
    except (Conflict, Denied) as error:
        return _page(request, member, fault=error.sentence, status=error.status)
    return see_other(request, "/team")
