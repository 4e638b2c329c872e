"""From the first page to an open conversation, through the pages people use."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from samepath.accounts import actions as accounts
from samepath.accounts.models import Member
from samepath.conversations import queries as talk
from samepath.conversations.access import conversation_for
from samepath.kit import clock
from samepath.matching import actions, queries
from samepath.matching.choices import Line, Outcome
from samepath.matching.models import Availability, Offer, Pairing, Piece, Request
from samepath.organisations.models import Duty
from samepath.safety.models import Concern


def begin(browser: Client) -> Member:
    """Go through the first screen as a stranger."""
    page = browser.get("/requests/begin")
    token = re.search(r'name="handle" value="([^"]+)"', page.content.decode()).group(1)
    answer = browser.post("/requests/begin", {"handle": token, "of_age": "on", "promise": "on"})
    assert answer.status_code == 303, answer.content.decode()
    assert answer["Location"] == "/requests/about"
    return Member.objects.get(handle=token.split(":")[0])


ABOUT = {"step": "ask", "topics": ["grief-parent"], "style": "listen", "at_once": "yes"}


def ask(browser: Client, **more: object) -> Request:
    """Go through the second screen."""
    answer = browser.post("/requests/about", {**ABOUT, **more})
    assert answer.status_code == 303, answer.content.decode()
    return Request.objects.get(public_id=answer["Location"].rsplit("/", 1)[-1])


def be_free(house, who: str = "heron") -> Client:
    """A supporter at their desk, available."""
    browser = house.browser(who)
    assert browser.post("/desk/available", {"available": "yes"}).status_code == 303
    return browser


def test_a_stranger_and_a_supporter_find_each_other(house):
    seeker, desk = house.browser(), be_free(house)
    member = begin(seeker)
    row = ask(seeker)
    assert "You are next" in seeker.get(f"/requests/{row.public_id}").content.decode()

    assert actions.tick() == 1
    page = desk.get("/desk").content.decode()
    assert member.name in page
    assert "You have both lived: Losing a parent" in page
    offer = Offer.objects.get()
    answer = desk.post(f"/offers/{offer.public_id}/answer/yes")
    conversation = UUID(answer["Location"].rsplit("/", 1)[-1])

    found = seeker.get(f"/requests/{row.public_id}")
    assert found["Location"] == f"/conversations/{conversation}"
    assert {p.member_id for p in conversation_for(member, conversation).others} == {house.heron.pk}
    pieces = set(Piece.objects.values_list("owner_id", "sort", "value"))
    assert (member.pk, "topic", "grief-parent") in pieces
    assert (house.heron.pk, "topic", "grief-parent") in pieces
    # What the supporter has lived and nobody asked about stays theirs.
    assert (house.heron.pk, "topic", "sleep") not in pieces


def test_who_wants_to_look_first_is_asked_and_a_no_keeps_the_place(house):
    seeker, desk = house.browser(), be_free(house)
    begin(seeker)
    row = ask(seeker, at_once="no")
    actions.tick()
    offer = Offer.objects.get()
    assert desk.post(f"/offers/{offer.public_id}/answer/yes")["Location"] == "/desk"
    page = seeker.get(f"/requests/{row.public_id}").content.decode()
    assert "Quiet Heron 27 is here for you" in page
    seeker.post(f"/offers/{offer.public_id}/look/no")
    row.refresh_from_db()
    assert row.state == Line.WAITING
    # Silent: the supporter sees the line, not a no. And they are not offered again.
    assert "no" not in re.findall(r"said no|declined", desk.get("/desk").content.decode())
    assert actions.tick() == 0


def test_not_now_is_silent_and_costs_nothing(house):
    seeker, desk = house.browser(), be_free(house)
    begin(seeker)
    row = ask(seeker)
    actions.tick()
    offer = Offer.objects.get()
    assert desk.post(f"/offers/{offer.public_id}/answer/no").status_code == 303
    assert "declined" not in seeker.get(f"/requests/{row.public_id}").content.decode().lower()
    assert Availability.objects.get().available
    assert queries.place_in_line(row) == 1


def test_a_missed_offer_goes_to_the_next_and_rests_the_first(house, monkeypatch):
    be_free(house), be_free(house, "otter")
    seeker = house.browser()
    begin(seeker)
    row = ask(seeker)
    actions.tick()
    first = Offer.objects.get()
    later = clock.now() + timedelta(seconds=26)
    monkeypatch.setattr(clock, "now", lambda: later)
    Request.objects.update(seen_at=later)
    Availability.objects.update(seen_at=later)
    actions.tick()
    first.refresh_from_db()
    assert first.outcome == Outcome.EXPIRED
    assert Availability.objects.get(member=first.giver).rest_until > later
    row.refresh_from_db()
    assert row.state == Line.WAITING
    second = Offer.objects.exclude(pk=first.pk).first()
    assert second is None or second.giver_id != first.giver_id


def test_exactly_one_of_two_answers_wins(house):
    seeker, desk = house.browser(), be_free(house)
    begin(seeker)
    ask(seeker)
    actions.tick()
    offer = Offer.objects.get()
    assert desk.post(f"/offers/{offer.public_id}/answer/yes").status_code == 303
    again = desk.post(f"/offers/{offer.public_id}/answer/yes")
    assert again.status_code == 409
    assert Pairing.objects.count() == 1


def test_nobody_on_duty_is_said_and_nobody_waits_for_nothing(house):
    Duty.objects.all().delete()
    seeker = house.browser()
    page = seeker.get("/requests/new").content.decode()
    assert "we will not pretend" in page
    with pytest.raises(Exception, match="closed"):
        actions.join_line(house.wren, topics=["sleep"], style="listen")
    assert not Request.objects.exists()


def test_no_second_named_keeps_drop_in_shut(house):
    from samepath.organisations.models import Role

    Role.objects.filter(hat="second").delete()
    assert "we will not pretend" in house.browser().get("/requests/new").content.decode()


def test_the_first_screen_keeps_what_was_chosen_and_says_what_is_missing(house):
    seeker = house.browser()
    first = seeker.get("/requests/begin").content.decode()
    token = re.findall(r'name="handle" value="([^"]+)"', first)[1]
    page = seeker.post("/requests/begin", {"handle": token})
    assert page.status_code == 400
    text = page.content.decode()
    assert re.search(rf'value="{re.escape(token)}"[^>]*checked', text)
    assert "Please read it, then tick this" in text
    assert not Member.objects.filter(handle=token.split(":")[0]).exists()


def test_trying_names_tells_nobody_which_exist(house):
    """A taken name, a free one and a reserved one get the same answer: only ours can be chosen."""
    told = set()
    for name in ("quiet-heron-27", "slow-river-40", "team-lead-4", "quiet-heron-27:x:y"):
        page = house.browser().post(
            "/requests/begin", {"handle": name, "of_age": "on", "promise": "on"}
        )
        assert page.status_code == 400
        told.add(re.search(r"Please choose one of these names", page.content.decode()).group())
    assert len(told) == 1
    assert not Member.objects.filter(handle="slow-river-40").exists()


def test_own_words_become_chips_and_are_kept_in_the_box_only(house):
    seeker = house.browser()
    begin(seeker)
    words = "my dad died in spring and i do not sleep any more"
    page = seeker.post(
        "/requests/about", {"step": "find", "words": words, "style": "listen", "at_once": "yes"}
    )
    text = page.content.decode()
    assert page.status_code == 200
    assert 'value="grief-parent"' in text.split("all-topics")[0]
    assert words in text
    assert not Request.objects.exists()
    bad = seeker.post(
        "/requests/about",
        {"step": "ask", "topics": ["not-a-topic"], "style": "listen", "at_once": "yes"},
    )
    assert bad.status_code == 400
    many = ["sleep", "anxiety", "depression", "money"]
    assert seeker.post("/requests/about", {**ABOUT, "topics": many}).status_code == 400


def test_words_of_danger_at_the_door_put_first_and_tell_the_lead(house):
    early = house.guest("early-wind-5")
    actions.join_line(early, topics=["sleep"], style="listen")
    seeker = house.browser()
    member = begin(seeker)
    row = ask(seeker, words="i have the pills here and i want to die tonight", topics=[])
    assert row.crisis
    assert queries.place_in_line(row) == 1
    concern = Concern.objects.get(member=member)
    assert concern.level >= 3
    assert "pills" not in str(vars(concern))
    page = seeker.get(f"/requests/{row.public_id}").content.decode()
    assert "You go first" in page
    assert "/help-now" in page


def test_a_wait_belongs_to_one_person(house):
    seeker, other = house.browser(), house.browser("wren")
    begin(seeker)
    row = ask(seeker)
    for address in (f"/requests/{row.public_id}", f"/requests/{row.public_id}/part"):
        assert other.get(address).status_code == 404
        assert house.browser().get(address).status_code == 404
    assert other.post(f"/requests/{row.public_id}/leave").status_code == 404
    row.refresh_from_db()
    assert row.state == Line.WAITING
    assert seeker.post(f"/requests/{row.public_id}/leave").status_code == 303
    row.refresh_from_db()
    assert row.state == Line.ENDED
    assert "no longer in line" in seeker.get(f"/requests/{row.public_id}").content.decode()


def test_a_place_is_kept_ten_minutes(house, monkeypatch):
    row = actions.join_line(house.wren, topics=["sleep"], style="listen")
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=9))
    assert actions.sweep_line() == 0
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=11))
    assert actions.sweep_line() == 1
    row.refresh_from_db()
    assert row.state == Line.ENDED


def test_asking_twice_changes_the_first_ask(house):
    first = actions.join_line(house.wren, topics=["sleep"], style="listen")
    second = actions.join_line(house.wren, topics=["anxiety", "sleep"], style="ideas")
    assert first.pk == second.pk
    assert list(second.wanted) == ["anxiety", "sleep"]


def test_someone_else_ends_it_and_is_next_and_never_the_same_pair(house):
    seeker, desk = house.browser(), be_free(house)
    member = begin(seeker)
    ask(seeker)
    actions.tick()
    desk.post(f"/offers/{Offer.objects.get().public_id}/answer/yes")
    conversation = Pairing.objects.get().conversation
    answer = seeker.post(f"/conversations/{conversation}/someone-else")
    assert answer["Location"].startswith("/requests/")
    row = Request.objects.get(member=member, state=Line.WAITING)
    assert row.head
    assert list(row.wanted) == ["grief-parent"]
    assert conversation_for(member, conversation).conversation.state == "resting"
    assert actions.tick() == 0  # heron is free again, and is not offered again
    assert (
        house.browser("wren").post(f"/conversations/{conversation}/someone-else").status_code == 404
    )


def test_a_supporter_hands_over_and_the_other_one_is_next(house):
    seeker, desk = house.browser(), be_free(house)
    member = begin(seeker)
    ask(seeker)
    actions.tick()
    desk.post(f"/offers/{Offer.objects.get().public_id}/answer/yes")
    conversation = Pairing.objects.get().conversation
    answer = desk.post(f"/conversations/{conversation}/someone-else")
    assert answer["Location"] == "/desk"
    row = Request.objects.get(state=Line.WAITING)
    assert row.member == member
    assert row.head
    page = seeker.get(f"/conversations/{conversation}").content.decode()
    assert "somebody else to be there for you" in page


def test_blocked_people_are_never_offered(house):
    be_free(house)
    accounts.block_member(house.wren, house.heron.pk)
    actions.join_line(house.wren, topics=["grief-parent"], style="listen")
    assert actions.tick() == 0


def test_a_lost_supporter_puts_the_seeker_next(house, monkeypatch):
    from samepath.conversations import actions as talking

    seeker, desk = house.browser(), be_free(house)
    member = begin(seeker)
    ask(seeker)
    actions.tick()
    desk.post(f"/offers/{Offer.objects.get().public_id}/answer/yes")
    conversation = Pairing.objects.get().conversation
    later = clock.now() + timedelta(seconds=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    talking.mark_seen([(conversation, member.pk)])
    with pytest.MonkeyPatch.context():
        lost = _commit(lambda: talking.mark_lost())
    assert lost == 1
    row = Request.objects.get(member=member, state=Line.WAITING)
    assert row.head
    assert row.conversation == conversation
    assert talk.peer_state(conversation_for(member, conversation)) == "lost"
    _commit(lambda: talking.mark_seen([(conversation, house.heron.pk)]))
    row.refresh_from_db()
    assert row.state == Line.ENDED


def _commit(act):
    """Run `act` and everything announced for after its commit (a test runs in a transaction)."""
    from django.test import TestCase

    with TestCase.captureOnCommitCallbacks(execute=True):
        return act()


def test_two_who_wait_may_meet_only_when_both_said_so_and_are_known(house):
    Availability.objects.all().delete()
    old = clock.today() - timedelta(days=20)
    people = [house.wren, house.guest("slow-river-40")]
    for person in people:
        Member.objects.filter(pk=person.pk).update(kept_on=old)
        person.refresh_from_db()
        Pairing.objects.create(
            conversation=UUID(int=person.pk),
            seeker=person,
            giver=house.heron,
            opened_at=clock.now(),
            closed_at=clock.now(),
        )
    actions.join_line(people[0], topics=["grief-parent"], style="both", fellow=True)
    actions.join_line(people[1], topics=["grief-parent"], style="both", fellow=False)
    assert actions.tick() == 0
    actions.join_line(people[1], topics=["grief-parent"], style="both", fellow=True)
    assert actions.tick() == 1
    offer = Offer.objects.get()
    assert offer.giver_request is not None
    # Both look, both say yes, on the same page of the wait; nobody is told of a no.
    for number, person in enumerate(people):
        browser = house.browser(person)
        row = queries.waiting_request(person)
        page = browser.get(f"/requests/{row.public_id}").content.decode()
        assert people[1 - number].name in page
        assert "You have both lived: Losing a parent" in page
        assert browser.post(f"/offers/{offer.public_id}/look/yes").status_code == 303
    pairing = Pairing.objects.get(fellow=True)
    for person in people:
        assert conversation_for(person, pairing.conversation).is_open
    assert house.browser("heron").post(f"/offers/{offer.public_id}/look/yes").status_code == 404


def test_the_batch_asks_the_database_the_same_for_one_and_for_many(
    house, django_assert_max_num_queries
):
    be_free(house)
    for number in range(2, 32):
        actions.join_line(house.guest(f"pale-pond-{number}"), topics=["sleep"], style="listen")
    with django_assert_max_num_queries(16):
        queries.pool()
