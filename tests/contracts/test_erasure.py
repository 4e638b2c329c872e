"""Leaving for good, held against every table: what points at a member goes, or stands in a list
here with its reason. A new table with a key to a member fails this test until somebody has decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import models

from samepath.accounts import actions as accounts
from samepath.accounts.models import Member
from samepath.conversations import access
from samepath.conversations import actions as talk
from samepath.conversations.models import Participant
from samepath.kit import clock, keys
from samepath.matching import actions as matching
from samepath.matching.choices import Line, Outcome
from samepath.matching.models import Offer, Pairing, Piece, Request
from samepath.organisations import actions as organisations
from samepath.profiles import actions as profiles
from samepath.profiles.choices import Part
from samepath.safety import actions as safety
from samepath.safety.models import Report

# (model, field): why rows may go on pointing at an empty tombstone, and how many of those below.
STAYS = {
    (
        "conversations.Participant",
        "member",
    ): "the order of a talk; the other one reads their own words",
    ("conversations.Message", "sender"): "an empty line in the log: they removed their words",
    ("matching.Pairing", "seeker"): "the other one's ending and keepsake hang on it",
    ("matching.Pairing", "giver"): "the other one's ending and keepsake hang on it",
    ("safety.Concern", "member"): "somebody may be in danger and nobody has looked yet",
    ("safety.Concern", "seen_by"): "that somebody looked after another person's concern",
    ("safety.Report", "about"): "what another person reported, until it was looked at",
    ("safety.Report", "seen_by"): "that somebody looked at another person's report",
}


def keys_to_members() -> list[tuple[type[models.Model], str]]:
    """Every field of every table that points at a member."""
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is Member
    ]


def pointing(member: Member) -> Iterator[tuple[str, str, int]]:
    """(model, field, rows) for each key that points at this member now."""
    for model, name in keys_to_members():
        yield model._meta.label, name, model._base_manager.filter(**{name: member.pk}).count()


def live_a_life(house, member: Member) -> None:
    """Rows of every sort for a member who seeks, supports, leads and is reported, by actions."""
    heron, now = house.heron, clock.now()
    accounts.keep_by_password(member, "blue kettle under moon")
    other = house.guest("new-lamp-15")
    accounts.block_member(member, other.pk)
    accounts.block_member(house.guest("new-road-16"), member.pk)
    profiles.set_profile(member, {"style": "both"})
    profiles.add_experience(member, profiles.Told("sleep", Part.LIVED))

    # Who gave hats and made invitations.
    for hat in ("admin", "supporter", "lead"):
        organisations.give_hat(None, member, hat)
    organisations.give_hat(member, other, "second")
    organisations.invite(member, "supporter")
    organisations.take_duty(
        member, hat="supporter", starts_at=now, ends_at=now + timedelta(hours=2)
    )

    # The giver of one talk, the seeker of another, both ended; waiting and asked again.
    for seeker, giver in ((house.wren, member), (member, heron)):
        matching.set_available(giver, True)
        request = matching.join_line(seeker, topics=["sleep"], style="listen")
        assert matching.tick() == 1
        offer = Offer.objects.get(request=request)
        matching.answer_as_giver(giver, offer.public_id, yes=True)
        pairing = Pairing.objects.get(seeker=seeker, giver=giver)
        conversation = pairing.conversation
        for one, words in ((seeker, "the nights are long"), (giver, "they were for me")):
            talk.post_message(talk.Draft(conversation, one.pk, uuid4(), words))
        ending = matching.start_ending(member, conversation)
        seat = access.conversation_for(member, conversation)
        matching.keep_sentence(ending, seat, "one night at a time", give=True)
        matching.set_available(giver, False)
        if seeker is member:
            safety.not_safe(member, kind="conversation", subject=conversation)
            report(member, heron, conversation)
            report(heron, member, conversation)
            matching.someone_else(member, seat)
        else:
            safety.not_safe(seeker, kind="conversation", subject=conversation)
            talk.close_conversation(seat.conversation, by=member.pk)
    # "Someone else" once more, with somebody who came later: the pair is kept in the other order.
    late = house.guest("late-lamp-17")
    row = talk.open_conversation([member, late])
    matching.someone_else(member, access.conversation_for(member, row.public_id))

    # What the member looked at on duty: a concern and a report of other people.
    row = talk.open_conversation([house.wren, house.otter])
    talk.post_message(talk.Draft(row.public_id, house.wren.pk, uuid4(), "and the mornings too"))
    concern = safety.not_safe(house.wren, kind="conversation", subject=row.public_id)
    safety.see_concern(member, concern.public_id)
    safety.read_report(member, report(house.otter, house.wren, row.public_id).public_id)
    matching.set_available(member, True)
    accounts.start_sign_in(member)


def report(reporter: Member, about: Member, conversation) -> Report:
    """Pass on what the other one said."""
    from samepath.conversations import queries

    lines = queries.lines(access.conversation_for(reporter, conversation))
    chosen = [line.message for line in lines if not line.mine and line.text]
    made = safety.make_report(
        reporter,
        kind="conversation",
        subject=conversation,
        chosen=chosen,
        why="other",
        note="please",
    )
    assert made.about_id == about.pk
    return made


@pytest.fixture
def member(house) -> Member:
    """Somebody who has lived everything there is here."""
    one = house.guest("new-path-3")
    live_a_life(house, one)
    return Member.objects.get(pk=one.pk)


def test_every_table_is_tried(house, member):
    """The life above reaches every key, so that nothing below passes because it was empty."""
    assert [(model, name) for model, name, rows in pointing(member) if not rows] == []
    assert set(STAYS) <= {(model, name) for model, name, _rows in pointing(member)}


def test_only_what_stands_in_the_list_stays(house, member):
    before = {(model, name): rows for model, name, rows in pointing(member)}
    kept = accounts.erase_member(member)
    after = {(model, name): rows for model, name, rows in pointing(member) if rows}
    assert set(after) <= set(STAYS), after
    assert all(rows <= before[key] for key, rows in after.items())
    assert kept, "a report and a concern nobody looked at: the person is told that they stay"
    # Nothing that stays carries a word or a name.
    tombstone = Member.objects.get(pk=member.pk)
    assert tombstone.handle.startswith(":")
    for row in Participant.objects.filter(member=member):
        with pytest.raises(keys.NoKey):
            keys.service().unwrap(row.key_name)


def test_an_erasure_can_be_repeated(house, member):
    accounts.erase_member(member)
    once = {(model, name): rows for model, name, rows in pointing(member) if rows}
    accounts.erase_member(member)
    assert {(model, name): rows for model, name, rows in pointing(member) if rows} == once


def test_nobody_else_loses_a_row(house, member):
    """Leaving takes nothing from people the member had nothing to do with."""
    profiles.add_experience(house.brook, profiles.Told("sleep", Part.LIVED))
    accounts.block_member(house.brook, house.oak.pk)
    before = list(pointing(house.brook))
    accounts.erase_member(member)
    assert list(pointing(house.brook)) == before
    assert not Request.objects.filter(member=member, state=Line.WAITING).exists()
    assert not Offer.objects.filter(giver=member, outcome=Outcome.OPEN).exists()
    assert not Piece.objects.filter(owner=member).exists()
