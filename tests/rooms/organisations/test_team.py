"""Asking people in, giving roles and taking them back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from cast import House
from samepath.accounts.models import Member
from samepath.kit import clock
from samepath.kit.errors import Denied
from samepath.kit.models import AuditEntry
from samepath.organisations import actions, queries
from samepath.organisations.models import Duty, Invitation, Role

NAME = {"handle": "calm-reed-5", "of_age": "on", "promise": "on"}


def words(answer: object) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())  # type: ignore[attr-defined]


def token_in(answer: object) -> str:
    found = re.search(r"/invitations/([0-9a-f]{48})", words(answer))
    assert found is not None
    return found[1]


def hats(member: Member) -> set[str]:
    return set(Role.objects.filter(member=member).values_list("hat", flat=True))


@pytest.mark.parametrize("who", [None, "wren", "heron", "brook"])
def test_the_team_is_for_whoever_runs_it(house: House, who: str | None) -> None:
    browser = house.browser(who)
    other = house.oak.public_id
    assert browser.get("/team").status_code == 404
    assert browser.post("/team/invite", {"hat": "admin"}).status_code == 404
    assert browser.post(f"/team/{other}/give", {"hat": "admin"}).status_code == 404
    assert browser.post(f"/team/{other}/take", {"hat": "lead"}).status_code == 404
    assert hats(house.oak) == {"lead", "supporter"}
    assert not Invitation.objects.exists()


def test_a_stranger_comes_in_by_a_link_that_works_once(house: House) -> None:
    field = house.browser("field")
    made = field.post("/team/invite", {"hat": "lead"})
    token = token_in(made)
    assert token not in words(field.get("/team"))
    stranger = Client(SERVER_NAME="localhost")
    page = words(stranger.get(f"/invitations/{token}"))
    assert "Private, not secret." in page
    assert "looks after safety" in page
    for name, missing in (("of_age", "of_age"), ("promise", "promise")):
        refused = stranger.post(
            f"/invitations/{token}", {k: v for k, v in NAME.items() if k != missing}
        )
        assert refused.status_code == 400, name
        assert "calm-reed-5" in words(refused)
    taken = stranger.post(f"/invitations/{token}", NAME | {"handle": "quiet-heron-27"})
    assert taken.status_code == 400
    reserved = stranger.post(f"/invitations/{token}", NAME | {"handle": "admin-7"})
    assert "mistaken for our team" in words(reserved)
    kept = stranger.post(f"/invitations/{token}", NAME)
    assert kept.status_code == 200
    assert len(re.findall(r"<li>([a-z-]+)</li>", words(kept).split('class="phrase"')[1])) == 7
    member = Member.objects.get(handle="calm-reed-5")
    assert hats(member) == {"lead"}
    assert not member.is_guest
    assert stranger.get("/concerns").status_code == 200
    again = Client(SERVER_NAME="localhost").get(f"/invitations/{token}")
    assert again.status_code == 404
    assert "does not work any more" in words(again)
    late = Client(SERVER_NAME="localhost").post(
        f"/invitations/{token}", NAME | {"handle": "other-name-8"}
    )
    assert late.status_code == 404
    assert not Member.objects.filter(handle="other-name-8").exists()


def test_a_member_takes_a_role_with_the_name_they_have(house: House) -> None:
    _row, token = actions.invite(house.field, "second")
    wren = house.browser("wren")
    before = wren.cookies[settings.SIGN_IN_COOKIE].value
    assert "Silver Wren 9" in words(wren.get(f"/invitations/{token}"))
    assert wren.post(f"/invitations/{token}").headers["Location"] == "/duty"
    assert hats(house.wren) == {"second"}
    # The role ended every sign-in, also this one: a new one took its place.
    assert wren.cookies[settings.SIGN_IN_COOKIE].value != before
    assert wren.get("/duty").status_code == 200


def test_a_guest_gets_a_way_back_in_with_the_role(house: House) -> None:
    _row, token = actions.invite(house.field, "supporter")
    guest = house.guest()
    answer = house.browser(guest).post(f"/invitations/{token}")
    assert 'class="phrase"' in words(answer)
    guest.refresh_from_db()
    assert not guest.is_guest


def test_a_member_reads_a_changed_promise_first(house: House) -> None:
    from samepath.kit import choices

    _row, token = actions.invite(house.field, "supporter")
    choices.change("guest_hours", 24, actor=None)
    wren = house.browser("wren")
    unread = wren.post(f"/invitations/{token}")
    assert unread.status_code == 400
    assert hats(house.wren) == set()
    assert wren.post(f"/invitations/{token}", {"promise": "on"}).status_code == 303
    assert hats(house.wren) == {"supporter"}


def test_links_run_out_are_taken_back_and_fall_with_who_made_them(house: House) -> None:
    stranger = Client(SERVER_NAME="localhost")
    field = house.browser("field")
    row, token = actions.invite(house.field, "supporter")
    assert field.post(f"/team/invitations/{row.public_id}/withdraw").status_code == 303
    assert field.post(f"/team/invitations/{row.public_id}/withdraw").status_code == 404
    assert stranger.get(f"/invitations/{token}").status_code == 404
    _row, token = actions.invite(house.field, "supporter")
    with time_machine.travel(clock.now() + timedelta(days=7, seconds=1), tick=False):
        assert stranger.get(f"/invitations/{token}").status_code == 404
    assert stranger.get(f"/invitations/{token}").status_code == 200
    actions.give_hat(house.field, house.oak, "admin")
    actions.take_hat(house.oak, house.field.public_id, "admin")
    assert stranger.get(f"/invitations/{token}").status_code == 404


def test_nobody_gives_a_role_to_themselves_and_a_lead_only_that_of_a_supporter(
    house: House,
) -> None:
    field, oak = house.browser("field"), house.browser("oak")
    own = field.post(f"/team/{house.field.public_id}/give", {"hat": "lead"})
    assert own.status_code == 403
    assert "Nobody gives a role to themselves" in words(own)
    _row, token = actions.invite(house.field, "lead")
    assert field.post(f"/invitations/{token}").status_code == 403
    assert hats(house.field) == {"admin"}
    assert oak.post(f"/team/{house.heron.public_id}/give", {"hat": "admin"}).status_code == 403
    assert oak.post("/team/invite", {"hat": "admin"}).status_code == 400
    assert oak.post(f"/team/{house.brook.public_id}/take", {"hat": "second"}).status_code == 403
    with pytest.raises(Denied):
        actions.invite(house.oak, "admin")
    assert oak.post(f"/team/{house.brook.public_id}/give", {"hat": "supporter"}).status_code == 303
    assert hats(house.brook) == {"second", "supporter"}
    # A role is given to the team only: there is no directory of members.
    assert field.post(f"/team/{house.wren.public_id}/give", {"hat": "lead"}).status_code == 404


def test_a_role_taken_back_ends_its_hours_and_its_sign_ins(house: House) -> None:
    oak = house.browser("oak")
    assert oak.get("/concerns").status_code == 200
    field = house.browser("field")
    gone = field.post(f"/team/{house.oak.public_id}/take", {"hat": "lead"})
    assert gone.status_code == 303
    assert hats(house.oak) == {"supporter"}
    assert oak.get("/concerns").status_code == 404
    now = clock.now()
    assert not Duty.objects.filter(member=house.oak, hat="lead", ends_at__gt=now).exists()
    assert Duty.objects.filter(member=house.oak, hat="supporter", ends_at__gt=now).exists()
    assert AuditEntry.objects.filter(
        verb="role:take", actor=house.field.public_id, subject=house.oak.public_id
    ).exists()
    last = field.post(f"/team/{house.field.public_id}/take", {"hat": "admin"})
    assert last.status_code == 409
    assert "Somebody has to run the place" in words(last)
    assert queries.hats(house.field) == {"admin"}


def test_an_erased_maker_leaves_no_open_link(house: House) -> None:
    from samepath.accounts import actions as accounts

    _row, token = actions.invite(house.oak, "supporter")
    accounts.erase_member(house.oak)
    assert Client(SERVER_NAME="localhost").get(f"/invitations/{token}").status_code == 404


def test_the_header_leads_the_team_to_their_work_and_nobody_else(house: House) -> None:
    def links(who: str | None) -> set[str]:
        page = words(house.browser(who).get("/promise"))
        known = ("/desk", "/duty", "/team", "/concerns")
        return {path for path in known if f'href="{path}"' in page}

    assert links(None) == links("wren") == set()
    assert links("heron") == {"/desk"}
    assert links("oak") == {"/desk", "/team", "/concerns"}
    assert links("brook") == {"/duty", "/concerns"}
    assert links("field") == {"/duty", "/team"}
