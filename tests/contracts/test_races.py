"""Two at once: one wins, nothing is doubled, nothing is lost. Real threads, real commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from cast import House
from real import at_once
from samepath import processes
from samepath.accounts import actions as accounts
from samepath.accounts.models import Credential, Member
from samepath.conversations import access as talk_access
from samepath.conversations import actions as talk
from samepath.conversations.actions import messages
from samepath.conversations.models import Conversation, Message, Participant
from samepath.kit import clock, hashing
from samepath.kit.models import Lease
from samepath.kit.ratelimit import Rate, buckets
from samepath.matching import actions as matching
from samepath.matching.choices import Line, Outcome
from samepath.matching.models import Offer, Pairing, Request
from samepath.safety import actions as safety
from samepath.safety.models import Concern


@pytest.fixture
def real_house(real_site: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The cast, in a database that threads share."""
    from samepath.demo.seed import seed

    monkeypatch.setattr(hashing, "phrase_digest", lambda phrase, why: f"{why}{hash(phrase)}"[:64])
    seed(real_site)
    yield House(real_site)
    talk_access.forget_all()


def waiting(house: House, who: Member) -> Request:
    buckets.forget()
    return matching.join_line(who, topics=[], style="listen", asks_first=False)


def offer_of(request: Request, giver: Member, **more: Any) -> Offer:
    now = clock.now()
    soon = now + matching.offers.rules.GIVER_ANSWERS
    values = {"shared": False, "fit": 1.0, "offered_at": now, "giver_until": soon} | more
    return Offer.objects.create(request=request, giver=giver, **values)


def outcomes(found: list[Any]) -> Counter[str]:
    return Counter(type(one).__name__ for one in found)


def test_an_offer_answered_in_many_tabs_opens_one_talk(real_house):
    house = real_house
    for _round in range(5):
        request = waiting(house, house.wren)
        offer = offer_of(request, house.heron)

        def accept(public_id: UUID = offer.public_id) -> Offer:
            return matching.answer_as_giver(house.heron, public_id, yes=True)

        found = at_once([accept] * 10, site=house.site.pk)
        assert set(outcomes(found)) <= {"Offer", "Conflict"}, found
        opened = [one for one in found if isinstance(one, Offer)]
        assert len(opened) == 1
        pairing = Pairing.objects.get(request=request)
        conversation = Conversation.objects.get(public_id=pairing.conversation)
        assert Participant.objects.filter(conversation=conversation).count() == 2
        request.refresh_from_db()
        assert (request.state, request.conversation) == (Line.MATCHED, pairing.conversation)
        talk.close_conversation(conversation, by=None)
    assert Pairing.objects.count() == 5


def test_yes_and_leaving_at_once_never_do_both(real_house):
    house = real_house
    for _round in range(6):
        request = waiting(house, house.wren)
        offer = offer_of(request, house.heron)
        found = at_once(
            [
                lambda offer=offer: matching.answer_as_giver(
                    house.heron, offer.public_id, yes=True
                ),
                lambda request=request: matching.leave_line(house.wren, request.public_id),
            ],
            site=house.site.pk,
        )
        assert set(outcomes(found)) <= {"Offer", "Conflict", "NoneType"}, found
        request.refresh_from_db()
        offer.refresh_from_db()
        both = Pairing.objects.filter(request=request).count()
        if request.state == Line.MATCHED:
            assert (both, offer.outcome) == (1, Outcome.OPENED)
            talk.close_conversation(
                Conversation.objects.get(public_id=request.conversation), by=None
            )
        else:
            assert (both, request.state) == (0, Line.ENDED)
            assert offer.outcome != Outcome.OPENED


def test_a_member_waits_once_however_many_tabs_ask(real_house):
    house = real_house
    found = at_once([lambda: waiting(house, house.wren)] * 8, site=house.site.pk)
    assert outcomes(found) == {"Request": 8}
    assert len({one.public_id for one in found}) == 1
    assert Request.objects.filter(member=house.wren, state=Line.WAITING).count() == 1


def test_two_matchers_at_once_offer_nobody_twice(real_house):
    house = real_house
    for who in (house.heron, house.otter, house.lantern):
        matching.set_available(who, True)
    seekers = [house.guest(f"waiting-path-{n}") for n in range(2, 6)]
    for member in seekers:
        matching.join_line(member, topics=["sleep"], style="listen")
    found = at_once([matching.tick] * 4, site=house.site.pk)
    assert set(outcomes(found)) == {"int"}, found
    opened = Offer.objects.filter(outcome=Outcome.OPEN)
    assert 1 <= opened.count() <= 3
    assert max(Counter(opened.values_list("giver_id", flat=True)).values()) == 1
    assert max(Counter(opened.values_list("request_id", flat=True)).values()) == 1
    assert sum(found) == opened.count()


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "MESSAGES", Rate("message", 10_000, 10_000))


def test_eight_writers_leave_one_order_without_a_gap(real_house, unhurried):
    house = real_house
    row = talk.open_conversation([house.wren, house.heron])
    people = [house.wren, house.heron]

    def write(place: int) -> list[talk.Result]:
        sender = people[place % 2].pk
        drafts = [
            talk.Draft(row.public_id, sender, uuid4(), f"{place}: line {n}") for n in range(50)
        ]
        # Five at a time, as the writer of the sockets takes what has come meanwhile.
        return [one for n in range(0, 50, 5) for one in talk.post_messages(drafts[n : n + 5])]

    found = at_once([lambda place=place: write(place) for place in range(8)], site=house.site.pk)
    posted = [one for results in found for one in results]
    assert {type(one) for one in posted} == {talk.Posted}, posted[:3]
    assert sorted(one.seq for one in posted) == list(range(1, 401))
    kept = Message.objects.filter(conversation=row).order_by("seq")
    assert list(kept.values_list("seq", flat=True)) == list(range(1, 401))
    assert {one.seq: one.message for one in posted} == dict(kept.values_list("seq", "public_id"))
    row.refresh_from_db()
    assert row.last_seq == 400
    # Each writer's own lines stand in the order in which they were written.
    for results in found:
        numbers = [one.seq for one in results]
        assert numbers == sorted(numbers)


def test_a_message_sent_twice_at_once_is_one_message(real_house, unhurried):
    house = real_house
    row = talk.open_conversation([house.wren, house.heron])
    for _round in range(5):
        draft = talk.Draft(row.public_id, house.wren.pk, uuid4(), "Are you there?")
        found = at_once([lambda d=draft: talk.post_messages([d])[0]] * 6, site=house.site.pk)
        assert {type(one) for one in found} == {talk.Posted}, found
        assert len({(one.seq, one.message) for one in found}) == 1
        assert sorted(one.again for one in found) == [False] + [True] * 5
    other = talk.Draft(row.public_id, house.wren.pk, draft.client_id, "Other words")
    assert talk.post_messages([other])[0].status == 409
    row.refresh_from_db()
    assert row.last_seq == Message.objects.count() == 5


def test_saying_something_while_it_ends_is_kept_or_refused_never_lost(real_house, unhurried):
    house = real_house
    for _round in range(5):
        row = talk.open_conversation([house.wren, house.heron])

        def say(row: Conversation = row) -> talk.Result:
            draft = talk.Draft(row.public_id, house.wren.pk, uuid4(), "One more thing")
            return talk.post_messages([draft])[0]

        def end(row: Conversation = row) -> bool:
            return talk.close_conversation(row, by=house.heron.pk)

        said, ended = at_once([say, end], site=house.site.pk)
        assert ended is True
        kept = list(Message.objects.filter(conversation=row).order_by("seq"))
        assert [one.seq for one in kept] == list(range(1, len(kept) + 1))
        written = [one for one in kept if one.sort == "text"]
        if isinstance(said, talk.Posted):
            assert [one.public_id for one in written] == [said.message]
        else:
            assert (said.status, written) == (409, [])


def test_one_lead_is_on_it(real_house):
    house = real_house
    for _round in range(8):
        concern = safety.not_safe(house.wren, kind="request", subject=uuid4())
        found = at_once(
            [
                lambda concern=concern: safety.see_concern(house.oak, concern.public_id),
                lambda concern=concern: safety.see_concern(house.brook, concern.public_id),
            ],
            site=house.site.pk,
        )
        assert outcomes(found)["Conflict"] == 1, found
        concern.refresh_from_db()
        assert concern.seen_at is not None
        assert concern.seen_by_id in (house.oak.pk, house.brook.pk)
    assert Concern.objects.filter(seen_at=None).count() == 0


def test_a_name_is_taken_once(real_house):
    house = real_house

    def come(handle: str) -> Member:
        return accounts.create_member(handle=handle, language="en", promise="test")

    for handle, twin in (("amber-gull-2", "amber-gull-2"), ("warm-cove-10", "vvarm-cove-lo")):
        found = at_once([lambda h=handle: come(h), lambda h=twin: come(h)] * 3, site=house.site.pk)
        assert outcomes(found) == {"Member": 1, "Conflict": 5}, found


def test_keeping_a_name_in_two_tabs_leaves_one_way_in(real_house):
    house = real_house
    member = house.guest("keeping-path-4")
    found = at_once([lambda: accounts.keep_by_phrase(member)] * 4, site=house.site.pk)
    assert set(outcomes(found)) <= {"str", "Conflict"}, found
    assert outcomes(found)["str"] >= 1
    assert Credential.objects.filter(member=member).count() == 1
    opening = [one for one in found if isinstance(one, str) and accounts.member_by_phrase(one)]
    assert len(opening) == 1
    member.refresh_from_db()
    assert member.kept_on is not None


def test_one_clock_ticks(real_house):
    del real_house
    Lease.objects.all().delete()
    clocks = [uuid4() for _n in range(6)]
    held = at_once([lambda me=me: processes._hold_lease(me) for me in clocks])
    assert sorted(held) == [False] * 5 + [True]
    winner = clocks[held.index(True)]
    for me in clocks:
        assert processes._hold_lease(me) is (me == winner)
    processes._drop_lease(clocks[held.index(False)])  # not one's own: nothing happens
    assert Lease.objects.get().holder == winner
    # Its process was killed: the lease runs out, and exactly one other takes over.
    Lease.objects.update(until=clock.now())
    others = [me for me in clocks if me != winner]
    taken = at_once([lambda me=me: processes._hold_lease(me) for me in others])
    assert sorted(taken) == [False] * 4 + [True]
