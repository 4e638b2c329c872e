"""What holds when many speak at once and when things end: the actions themselves."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from samepath.conversations import access, actions, queries
from samepath.conversations.actions import Draft, Posted, Refused
from samepath.conversations.choices import State
from samepath.conversations.models import Conversation, Message, Participant
from samepath.kit import clock, keys
from samepath.safety.models import Concern


@pytest.fixture
def talk(house) -> uuid.UUID:
    """Wren and Heron talk."""
    return actions.open_conversation([house.wren, house.heron]).public_id


def draft(talk: uuid.UUID, member, text: str, client_id: uuid.UUID | None = None) -> Draft:
    """Something to say."""
    return Draft(talk, member.pk, client_id or uuid.uuid4(), text)


def test_one_batch_answers_each(house, talk):
    """Good, empty, too long, a stranger's, a repeat, an ended one: one result each, in order, one
    number each for what is stored and no hole."""
    ended = actions.open_conversation([house.wren, house.otter])
    actions.close_conversation(ended, by=None)
    same = uuid.uuid4()
    results = actions.post_messages(
        [
            draft(talk, house.wren, "first"),
            draft(talk, house.wren, "   "),
            draft(talk, house.heron, "second", same),
            draft(talk, house.heron, "x" * 4001),
            draft(talk, house.otter, "not mine"),
            draft(talk, house.heron, "second", same),
            draft(talk, house.heron, "other words", same),
            draft(ended.public_id, house.wren, "late"),
            draft(uuid.uuid4(), house.wren, "nowhere"),
            draft(talk, house.wren, "third"),
        ]
    )
    told = [one.seq if isinstance(one, Posted) else one.code for one in results]
    assert told == [
        1, "empty", 2, "too_long", "not_found", 2, "other_text", "closed", "not_found", 3,
    ]  # fmt: skip
    assert isinstance(results[5], Posted)
    assert results[5].again
    said = queries.said(access.snapshot(talk, fresh=True))
    assert [(one.seq, one.text) for one in said] == [(1, "first"), (2, "second"), (3, "third")]


def test_a_peers_id_opens_nothing(house, talk):
    """Using an id the other one used does not lead past the limit or past the end."""
    theirs = uuid.uuid4()
    actions.post_messages([draft(talk, house.heron, "mine", theirs)])
    for number in range(30):
        actions.post_messages([draft(talk, house.wren, f"flood {number}")])
    result = actions.post_messages([draft(talk, house.wren, "past the limit", theirs)])[0]
    assert isinstance(result, Refused)
    assert result.code == "too_many"
    actions.close_conversation(Conversation.objects.get(public_id=talk), by=None)
    access.forget_all()
    result = actions.post_messages([draft(talk, house.wren, "past the end", theirs)])[0]
    assert isinstance(result, Refused)
    assert result.code == "closed"


def test_one_bad_draft_does_not_cost_the_others(house, talk, monkeypatch):
    """A lost key refuses its own words and nobody else's."""
    other = actions.open_conversation([house.otter, house.lantern])
    row = Participant.objects.get(conversation=other, member=house.otter)
    keys.service().shred([row.key_name])
    results = actions.post_messages(
        [draft(talk, house.wren, "kept"), draft(other.public_id, house.otter, "lost")]
    )
    assert isinstance(results[0], Posted)
    assert isinstance(results[1], Refused)
    assert results[1].code == "closed"


def test_broken_screening_lets_words_through(house, talk, monkeypatch):
    """Stored and delivered all the same, and somebody is asked to look."""
    from samepath.safety import actions as safety

    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(safety, "screen", broken)
    result = actions.post_messages([draft(talk, house.wren, "good evening")])[0]
    assert isinstance(result, Posted)
    assert Concern.objects.get().source == "unscreened"


def test_danger_split_over_messages_of_one_batch(house, talk):
    """Words that only together speak of danger are seen, also when they are stored together."""
    before = Concern.objects.count()
    actions.post_messages(
        [draft(talk, house.wren, "i want to"), draft(talk, house.wren, "kill myself tonight")]
    )
    assert Concern.objects.count() > before


def test_a_refusal_speaks_its_readers_language(house, talk):
    """Drafts of many come together; each is answered in the language of its own page."""
    from samepath.accounts import actions as accounts

    accounts.set_language(house.heron, "es")
    access.forget_all()
    results = actions.post_messages([draft(talk, house.wren, ""), draft(talk, house.heron, "")])
    assert isinstance(results[0], Refused)
    assert results[0].sentence == "There is nothing to send yet."
    assert isinstance(results[1], Refused)
    assert results[1].sentence


def test_what_is_forgotten_ends(house, talk, monkeypatch):
    """Nobody came back for three days: it ends, so that it is destroyed in its time."""
    now = clock.now()
    assert actions.close_forgotten() == 0
    row = Conversation.objects.get(public_id=talk)
    actions.leave_conversation(access.conversation_for(house.wren, talk))
    Participant.objects.filter(conversation=row).update(seen_at=now - timedelta(hours=73))
    assert actions.close_forgotten() == 0  # who left may still come back
    Participant.objects.filter(conversation=row, member=house.wren).update(
        left_at=now - timedelta(hours=73)
    )
    assert actions.close_forgotten() == 1
    row.refresh_from_db()
    assert row.state == State.RESTING
    assert row.shred_at is not None


def test_reading_marks_only_go_forward(house, talk):
    """In one write for many; never past what is there, never back, never for a stranger."""
    actions.post_messages([draft(talk, house.wren, text) for text in "abc"])
    actions.mark_reads({(talk, house.heron.pk): 2, (talk, house.otter.pk): 3})
    row = Participant.objects.get(conversation__public_id=talk, member=house.heron)
    assert row.read_seq == 2
    actions.mark_reads({(talk, house.heron.pk): 1})
    actions.mark_reads({(talk, house.heron.pk): 99, (talk, house.wren.pk): 3})
    row.refresh_from_db()
    assert row.read_seq == 3
    assert Message.objects.count() == 3
