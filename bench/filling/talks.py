"""What was said, what became of it, and what somebody has to look at."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from uuid import UUID

from bench.filling import CHANCE, sentence
from samepath.accounts.models import Member
from samepath.conversations import actions as talking
from samepath.conversations import rules as talk_rules
from samepath.conversations import sql
from samepath.conversations.choices import Sort
from samepath.conversations.models import Conversation, Participant
from samepath.demo.seed import member as of_cast
from samepath.kit import clock, crypto, ids, keys
from samepath.kit.models import AuditEntry
from samepath.matching.models import (
    Ending,
    Pairing,
    Piece,
)
from samepath.safety.choices import Source, Why
from samepath.safety.models import CareCard, Concern, Report

NOW = clock.now()


def say(conversation: Conversation, members: list[Member], count: int) -> None:
    """`count` sealed messages, one side after the other, as the room itself would keep them."""
    opened = [
        keys.service().unwrap(talk_rules.key_name(str(conversation.public_id), str(one.public_id)))
        for one in members
    ]
    rows, begun = [], NOW - timedelta(seconds=20 * count)
    for place in range(count):
        author, message = members[place % len(members)], ids.new_id()
        bound = talk_rules.bound_to(
            conversation.site_id,
            str(conversation.public_id),
            str(message),
            author.pk,
            str(Sort.TEXT),
        )
        sealed = crypto.seal(opened[place % len(members)], sentence().encode(), bound)
        rows.append(
            (
                conversation.site_id,
                conversation.pk,
                conversation.last_seq + place + 1,
                message,
                author.pk,
                ids.new_id(),
                str(Sort.TEXT),
                "",
                sealed,
                os.urandom(16),
                begun + timedelta(seconds=20 * place),
            )
        )
    sql.insert_messages(rows)
    conversation.last_seq += count
    conversation.save(update_fields=["last_seq"])


def open_talk(seeker: Member, giver: Member, messages: int) -> tuple[Conversation, Pairing]:
    """An open conversation of two with its pairing and what they know of each other."""
    conversation = talking.open_conversation([seeker, giver])
    pairing = Pairing.objects.create(
        conversation=conversation.public_id, seeker=seeker, giver=giver, opened_at=NOW
    )
    Piece.objects.create(pairing=pairing, owner=seeker, sort="topic", value="grief-parent")
    Piece.objects.create(pairing=pairing, owner=giver, sort="topic", value="grief-parent")
    say(conversation, [seeker, giver], messages)
    return conversation, pairing


def fill_old_talks(people: list[Member], count: int) -> None:
    """Ended talks without words: half of them of three people of the cast."""
    busy = [of_cast(key) for key in ("heron", "lantern", "wren")]
    rows = []
    for place in range(count):
        ended = NOW - timedelta(hours=2 * place + 2)
        one = busy[place % 3] if place % 2 else CHANCE.choice(people)
        other = people[place % len(people)]
        if one.pk == other.pk:
            one = busy[0]
        rows.append((ids.new_id(), one, other, ended))
    made = Conversation.objects.bulk_create(
        [
            Conversation(
                public_id=public_id,
                state="resting",
                opened_at=ended - timedelta(minutes=40),
                closed_at=ended,
                shred_at=NOW + timedelta(days=20),
            )
            for public_id, _one, _other, ended in rows
        ],
        batch_size=1000,
    )
    Participant.objects.bulk_create(
        [
            Participant(
                conversation=conversation,
                member=who,
                key_name=talk_rules.key_name(str(conversation.public_id), str(who.public_id)),
                joined_at=conversation.opened_at,
                seen_at=ended,
            )
            for conversation, (_id, one, other, ended) in zip(made, rows, strict=True)
            for who in (one, other)
        ],
        batch_size=1000,
    )
    pairs = Pairing.objects.bulk_create(
        [
            Pairing(
                conversation=public_id, seeker=other, giver=one, opened_at=ended, closed_at=ended
            )
            for public_id, one, other, ended in rows
        ],
        batch_size=1000,
    )
    Ending.objects.bulk_create(
        [
            Ending(pairing=pair, member_id=who, step="done", again=True, heard=4, helped=4)
            for pair in pairs
            for who in (pair.seeker_id, pair.giver_id)
        ],
        batch_size=1000,
    )


def fill_safety(people: list[Member], concerns: int, reports: int, talk: UUID) -> None:
    """Concerns, care cards, audit entries and sealed reports, every second one unseen."""
    Concern.objects.bulk_create(
        [
            Concern(
                member=people[place % len(people)],
                kind="conversation",
                subject=talk if place % 2 else ids.new_id(),
                source=Source.SCREEN,
                level=2 + place % 3,
                stream="S",
                rules=["en.plan", "en.means"],
                raised_at=NOW - timedelta(minutes=place),
                last_at=NOW - timedelta(minutes=place),
                seen_at=None if place % 2 == 0 else NOW,
            )
            for place in range(concerns)
        ],
        batch_size=1000,
    )
    CareCard.objects.bulk_create(
        [
            CareCard(member=one, subject=ids.new_id(), level=3, shown_at=NOW, away_at=NOW)
            for one in people[:concerns]
        ],
        batch_size=1000,
    )
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(at=NOW, verb="report:read", subject_kind="report", subject=ids.new_id())
            for _place in range(concerns)
        ],
        batch_size=1000,
    )
    made_names = []
    rows = []
    body = json.dumps({"note": sentence(), "words": [{"mine": False, "text": sentence()}]})
    for place in range(reports):
        public_id = ids.new_id()
        made_names.append(f"report:{public_id}")
        rows.append((public_id, place))
    keys.service().new(made_names)
    Report.objects.bulk_create(
        [
            Report(
                public_id=public_id,
                reporter=people[place % len(people)],
                about=people[(place + 1) % len(people)] if len(people) > 1 else None,
                kind="conversation",
                subject=talk,
                why=Why.HURT,
                key_name=f"report:{public_id}",
                sealed=crypto.seal(
                    keys.service().unwrap(f"report:{public_id}"),
                    body.encode(),
                    f"v1|report|{public_id}".encode(),
                ),
                made_at=NOW - timedelta(minutes=place),
                seen_at=None if place % 2 == 0 else NOW,
            )
            for public_id, place in rows
        ],
        batch_size=1000,
    )
