"""Taking everything along, and leaving for good, through the pages."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.conf import settings

from samepath.accounts import actions, queries
from samepath.accounts.events import MemberErased
from samepath.accounts.models import Credential, Member, SignIn
from samepath.conversations import access
from samepath.conversations import actions as talk
from samepath.conversations import queries as said
from samepath.kit import events, keys
from samepath.kit.errors import Unavailable
from samepath.kit.registry import Eraser, erasers, exporters

COOKIE = settings.SIGN_IN_COOKIE


def speak(house):
    """A talk of wren and heron, both have said something."""
    row = talk.open_conversation([house.wren, house.heron])
    for member, words in ((house.wren, "it rains here"), (house.heron, "here too")):
        talk.post_message(talk.Draft(row.public_id, member.pk, uuid4(), words))
    return row


def test_the_export_holds_every_room(house):
    speak(house)
    browser = house.browser("wren")
    assert "one file" in browser.get("/account/export").content.decode().lower()
    response = browser.post("/account/export")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == 'attachment; filename="export.json"'
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    everything = json.loads(response.content)
    assert set(everything) == {exporter.kind for exporter in exporters.all()}
    assert {"accounts", "profiles", "conversations", "matching"} <= set(everything)
    assert everything["accounts"]["name"] == "Silver Wren 9"
    text = response.content.decode()
    assert "it rains here" in text
    assert "here too" not in text  # those words are somebody else's
    assert "cookie" not in text
    secrets = Credential.objects.get(member=house.wren)
    assert secrets.secret not in text
    assert secrets.lookup not in text


def test_two_exports_a_day(house):
    browser = house.browser("wren")
    assert [browser.post("/account/export").status_code for _n in range(3)] == [200, 200, 429]
    assert house.browser("heron").post("/account/export").status_code == 200
    assert house.browser().post("/account/export").headers["Location"].startswith("/sign-in")


def test_deleting_asks_first(house):
    browser = house.browser("wren")
    page = browser.get("/account/delete").content.decode()
    assert "Silver Wren 9" in page
    assert "cannot be undone" in page
    refused = browser.post("/account/delete")
    assert refused.status_code == 400
    assert "Nothing has been deleted" in refused.content.decode()
    assert Member.objects.get(pk=house.wren.pk).erased_on is None


def test_deleting_removes_everything_at_once(
    house, monkeypatch, django_capture_on_commit_callbacks
):
    heard: list[MemberErased] = []
    monkeypatch.setitem(events._after, MemberErased, [*events._after[MemberErased], heard.append])
    row = speak(house)
    wren, public_id = house.wren, house.wren.public_id
    browser, other = house.browser("wren"), house.browser("wren")
    names = [n for n in keys.service().names("conversation:") if str(public_id) in n]
    assert len(names) == 1
    with django_capture_on_commit_callbacks(execute=True):
        response = browser.post("/account/delete", {"sure": "on"})
    page = response.content.decode()
    assert response.status_code == 200
    assert "It is gone." in page
    assert "Silver Wren" not in page
    assert 'href="/sign-in"' in page
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert response.cookies[COOKIE]["max-age"] == 0
    assert not SignIn.objects.filter(member=wren).exists()
    assert other.get("/account").status_code == 303
    assert [event.member_id for event in heard] == [wren.pk]

    with pytest.raises(keys.NoKey):
        keys.service().unwrap(names[0])
    seat = access.conversation_for(house.heron, row.public_id)
    lines = said.lines(seat)
    assert "it rains here" not in [line.text for line in lines]
    assert "here too" in [line.text for line in lines]
    assert {line.name for line in lines if not line.mine} <= {"Somebody who left", ""}


def test_a_tombstone_tells_nothing(house):
    wren = house.wren
    actions.set_country(wren, "GB")
    actions.erase_member(wren)
    row = Member.objects.get(pk=wren.pk)
    assert row.handle.startswith(":")
    assert row.handle == row.skeleton
    assert (row.country, row.kept_on, row.staff) == ("", None, False)
    assert row.created_on == row.last_active_on == row.erased_on
    assert row.name == "Somebody who left"
    # The name is free again, and belongs to somebody else.
    assert house.guest("silver-wren-9").pk != wren.pk


class Broken:
    """A room that cannot be emptied until it is mended."""

    def __init__(self) -> None:
        self.mended = False

    def erase(self, member_id: int) -> str | None:
        if not self.mended:
            raise Unavailable(code="key_store")
        return None


def test_an_erasure_that_was_interrupted_is_finished(house, monkeypatch):
    broken = Broken()
    rows = {**erasers._rows, "broken": Eraser("broken", 99, broken.erase)}
    monkeypatch.setattr(erasers, "_rows", rows)
    phrase = actions.keep_by_phrase(house.wren)
    response = house.browser("wren").post("/account/delete", {"sure": "on"})
    assert response.status_code == 200
    assert "goes on by itself until it is done" in response.content.decode()
    # Nobody can come in meanwhile, and the name is on its way.
    assert actions.member_by_phrase(phrase) is None
    assert Member.objects.get(pk=house.wren.pk).handle == "silver-wren-9"
    assert actions.finish_erasures() == 0
    broken.mended = True
    assert actions.finish_erasures() == 1
    assert Member.objects.get(pk=house.wren.pk).handle.startswith(":")
    assert actions.finish_erasures() == 0


def test_reasons_for_what_stays_are_told(house, monkeypatch):
    rows = {**erasers._rows, "one": Eraser("one", 99, lambda member_id: "A line that has to stay.")}
    monkeypatch.setattr(erasers, "_rows", rows)
    page = house.browser("wren").post("/account/delete", {"sure": "on"}).content.decode()
    assert "A line that has to stay." in page


def test_the_export_knows_what_this_room_holds(house):
    actions.block_member(house.wren, house.heron.pk)
    told = queries.export(house.wren.pk)
    assert told["blocked"] == ["Quiet Heron 27"]
    assert [way["way"] for way in told["ways_in"]] == ["phrase"]
    assert len(told["promises"]) == 1
