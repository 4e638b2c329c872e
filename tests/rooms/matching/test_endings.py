"""The desk while it happens, and the ending, one quiet thing per screen."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from samepath.conversations import actions as talking
from samepath.conversations.access import conversation_for
from samepath.matching import actions, queries
from samepath.matching.models import Availability, Ending, Offer, Pairing, Piece


@pytest.fixture
def pair(house):
    """Wren and heron, talking; the conversation's id."""
    actions.set_available(house.heron, True)
    actions.join_line(house.wren, topics=["grief-parent"], style="listen")
    actions.tick()
    actions.answer_as_giver(house.heron, Offer.objects.get().public_id, yes=True)
    return Pairing.objects.get().conversation


def end(house, pair: UUID, who: str = "wren") -> None:
    talking.close_conversation(conversation_for(getattr(house, who), pair).conversation, by=None)


def test_the_desk_says_who_is_on_and_how_many_wait(house):
    desk = house.browser("heron")
    page = desk.get("/desk").content.decode()
    assert "Not now" in page
    assert "Warm Lantern 31" in page
    assert "Steady Oak 14 looks after safety now" in page
    assert desk.post("/desk/available", {"available": "yes"})["Location"] == "/desk"
    actions.join_line(house.wren, topics=["sleep"], style="ideas")
    page = desk.get("/desk/part").content.decode()
    assert "You are available" in page
    assert "<dt>waiting</dt><dd>1</dd>" in page
    for who in (None, "wren", "field"):
        assert house.browser(who).get("/desk").status_code == 404


def test_nobody_is_available_off_duty(house):
    from samepath.organisations.models import Duty

    Duty.objects.filter(member=house.heron).delete()
    answer = house.browser("heron").post("/desk/available", {"available": "yes"})
    assert answer.status_code == 409
    assert "Begin your duty first" in answer.content.decode()
    assert not Availability.objects.filter(available=True).exists()


def test_a_supporter_in_a_talk_is_not_asked_again(house, pair):
    actions.join_line(house.guest(), topics=["sleep"], style="listen")
    assert actions.tick() == 0
    end(house, pair)
    assert actions.tick() == 1


def test_not_now_withdraws_an_open_offer(house):
    actions.set_available(house.heron, True)
    actions.join_line(house.wren, topics=["sleep"], style="listen")
    actions.tick()
    house.browser("heron").post("/desk/available", {"available": "no"})
    assert queries.open_offer(house.heron) is None
    assert queries.waiting_request(house.wren) is not None


def test_the_whole_ending_both_sides(house, pair):
    wren, heron = house.browser("wren"), house.browser("heron")
    address = f"/conversations/{pair}/ending"
    assert wren.get(address)["Location"] == f"/conversations/{pair}"  # still open
    end(house, pair)
    page = wren.get(address).content.decode()
    assert "A goodbye, if you like" in page
    say = {"step": "goodbye", "text": "Thank you for tonight.", "client_id": str(uuid4())}
    assert wren.post(address, say).status_code == 303
    wren.post(address, {"step": "keep", "keepsake": "There is no by now.", "give": "on"})
    wren.post(address, {"step": "next", "again": "yes"})
    page = wren.post(address, {"step": "check", "heard": "9"})
    assert page.status_code == 400
    wren.post(address, {"step": "check", "heard": "5", "helped": "4", "line": "It was good."})
    done = wren.get(address).content.decode()
    assert "Take care on your way" in done
    assert "There is no by now." in done
    row = Ending.objects.get(member=house.wren)
    assert (row.heard, row.helped, row.come_back, row.step) == (5, 4, None, "done")
    assert b"good" not in bytes(row.line)
    assert b"by now" not in bytes(row.keepsake)

    theirs = heron.get(address).content.decode()
    assert "Thank you for tonight." in theirs
    heron.post(address, {"step": "goodbye", "skip": "1"})
    assert "There is no by now." in heron.get(address).content.decode()  # given to the other
    for step in ("keep", "next", "check"):
        assert heron.post(address, {"step": step, "skip": "1"}).status_code == 303
    assert "would both like" not in heron.get(address).content.decode()
    assert house.browser("lantern").get(address).status_code == 404
    assert house.browser().get(address).status_code == 404


def test_a_goodbye_is_kept_in_the_box_when_too_long(house, pair):
    end(house, pair)
    long = "a" * 4001
    page = house.browser("wren").post(
        f"/conversations/{pair}/ending",
        {"step": "goodbye", "text": long, "client_id": str(uuid4())},
    )
    assert page.status_code == 400
    assert long in page.content.decode()
    assert "1 characters too long" in page.content.decode()


def test_a_guest_is_offered_to_keep_the_name_at_the_end(house):
    guest = house.guest()
    actions.set_available(house.heron, True)
    actions.join_line(guest, topics=["sleep"], style="listen")
    actions.tick()
    actions.answer_as_giver(house.heron, Offer.objects.get().public_id, yes=True)
    pair = Pairing.objects.get().conversation
    talking.close_conversation(conversation_for(guest, pair).conversation, by=None)
    browser = house.browser(guest)
    for step in ("goodbye", "keep", "next", "check"):
        browser.post(f"/conversations/{pair}/ending", {"step": step, "skip": "1"})
    page = browser.get(f"/conversations/{pair}/ending").content.decode()
    assert "Keep this name?" in page
    assert "/account/keep" in page


def test_a_piece_is_its_owners_to_take_back(house, pair):
    mine = Piece.objects.get(owner=house.wren, sort="topic")
    wren, heron = house.browser("wren"), house.browser("heron")
    address = f"/conversations/{pair}/pieces"
    assert heron.post(address, {"piece": mine.pk, "shown": "no"}).status_code == 404
    assert wren.post(address, {"piece": mine.pk, "shown": "no"}).status_code == 303
    mine.refresh_from_db()
    assert not mine.shown
    assert wren.post(address, {"piece": "drop table", "shown": "no"}).status_code == 404


def test_two_who_both_wish_it_are_asked_for_each_other_first(house, pair):
    """Without the wish, somebody who has lived the topic would be asked."""
    for who in ("wren", "heron"):
        end(house, pair, who)
        actions.ask_again(actions.start_ending(getattr(house, who), pair), True)
    for who in ("heron", "lantern"):
        actions.set_available(getattr(house, who), True)
    actions.join_line(house.wren, topics=["anxiety"], style="listen")
    actions.tick()
    assert Offer.objects.get(outcome="open").giver == house.heron
