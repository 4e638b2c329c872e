"""Fills a seeded data folder of the demo with rows, and says whom to be and where to look.

    python -m bench.filling ROWS [PAIRS]       (in an environment of `bench.common.environment`)

ROWS is 1 for one of everything, 10000 for a house that has been lived in for years: that many
members and that many messages in one conversation, and of the rest what belongs to it (`Sizes`).
PAIRS adds open conversations between two signed-in members. Prints one JSON object: cookies by
person, ids by route parameter, the pairs. Sentences are made of one fixed list of words.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samepath.settings")

import django

django.setup()

from django.db import transaction  # noqa: E402

from samepath.accounts import actions as accounts  # noqa: E402
from samepath.accounts import rules as names  # noqa: E402
from samepath.accounts.models import Block, Consent, Member, SignIn  # noqa: E402
from samepath.conversations import actions as talking  # noqa: E402
from samepath.conversations import rules as talk_rules  # noqa: E402
from samepath.conversations import sql  # noqa: E402
from samepath.conversations.choices import Sort  # noqa: E402
from samepath.conversations.models import Conversation, Participant  # noqa: E402
from samepath.demo.seed import member as of_cast  # noqa: E402
from samepath.kit import clock, crypto, ids, keys, sites, text  # noqa: E402
from samepath.kit.models import AuditEntry, Site  # noqa: E402
from samepath.matching.choices import Answer, Line, Outcome  # noqa: E402
from samepath.matching.models import (  # noqa: E402
    Availability,
    Ending,
    Offer,
    Pairing,
    Piece,
    Request,
)
from samepath.organisations import actions as organisations  # noqa: E402
from samepath.organisations import setup  # noqa: E402
from samepath.organisations.choices import Hat  # noqa: E402
from samepath.organisations.models import Duty, Invitation, Role  # noqa: E402
from samepath.profiles.cards import cards  # noqa: E402
from samepath.profiles.models import Experience, Profile  # noqa: E402
from samepath.safety import actions as safety  # noqa: E402
from samepath.safety import promise  # noqa: E402
from samepath.safety.choices import Source, Why  # noqa: E402
from samepath.safety.models import CareCard, Concern, Report  # noqa: E402
from samepath.web.showcase import SCENES  # noqa: E402

# One string to be read as a sentence, taken apart where it is used.
TALK = (
    "it was late again and the house was quiet so I sat in the kitchen with some tea and thought "
    "about what you said the other day that it gets lighter but not all at once and I think that "
    "is true for me as well some mornings I forget and then it all comes back"
)
CHANCE = random.Random(11)
NOW = clock.now()


@dataclass(frozen=True)
class Sizes:
    """How many of each there are."""

    members: int
    messages: int
    talks: int
    requests: int
    waiting: int
    supporters: int
    concerns: int
    reports: int


SIZES = {
    1: Sizes(1, 1, 1, 1, 1, 1, 1, 1),
    10_000: Sizes(10_000, 10_000, 2_000, 2_000, 50, 200, 1_000, 500),
}


def sentence() -> str:
    """Six to forty of the words."""
    return " ".join(CHANCE.choices(TALK.split(), k=CHANCE.randint(6, 40)))


def _people(count: int) -> list[Member]:
    day = clock.today()
    handles = [
        f"{first}-{second}-{number}"
        for number in (2, 3, 4)
        for first in names.FIRST
        for second in names.SECOND
    ]
    CHANCE.shuffle(handles)
    taken = set(Member.objects.values_list("skeleton", flat=True))
    rows, at = [], 0
    while len(rows) < count:
        handle = handles[at]
        at += 1
        skeleton = text.skeleton(handle)
        if skeleton in taken:
            continue
        taken.add(skeleton)
        age = timedelta(days=CHANCE.randint(0, 900))
        rows.append(
            Member(
                handle=handle,
                skeleton=skeleton,
                language=CHANCE.choice(("en", "en", "es")),
                country="GB",
                created_on=day - age,
                kept_on=day - age if CHANCE.random() < 0.7 else None,
                last_active_on=day - timedelta(days=CHANCE.randint(0, 30)),
            )
        )
    made = Member.objects.bulk_create(rows, batch_size=2000)
    topics = list(cards("en"))
    Profile.objects.bulk_create(
        [Profile(member=one, languages=[one.language]) for one in made], batch_size=2000
    )
    Experience.objects.bulk_create(
        [
            Experience(member=one, topic=topic, part=part, stage="midst" if part == "lived" else "")
            for one in made
            for topic, part in zip(
                CHANCE.sample(topics, 3), ("lived", "lived", "seek"), strict=True
            )
        ],
        batch_size=2000,
    )
    version = promise.version()
    Consent.objects.bulk_create(
        [Consent(member=one, version=version, on=one.created_on) for one in made], batch_size=2000
    )
    SignIn.objects.bulk_create(
        [
            SignIn(
                member=one,
                cookie_hash=names.cookie_hash(ids.new_token(32)),
                device="phone",
                started_at=NOW,
                seen_at=NOW,
                ends_at=NOW + timedelta(hours=20),
            )
            for one in made
        ],
        batch_size=2000,
    )
    return made


def _supporters(people: list[Member], count: int) -> None:
    helping = people[:count]
    Role.objects.bulk_create(
        [Role(member=one, hat=Hat.SUPPORTER, given_on=one.created_on) for one in helping]
    )
    Member.objects.filter(pk__in=[one.pk for one in helping]).update(staff=True)
    # A year of turns for everybody, and one that runs now for a tenth of them.
    turns = []
    for place, one in enumerate(helping):
        for week in range(25):
            begin = NOW - timedelta(days=14 * week + 3)
            turns.append((one, begin, begin + timedelta(hours=3)))
        if place % 10 == 0:
            turns.append((one, NOW - timedelta(hours=1), NOW + timedelta(hours=8)))
    Duty.objects.bulk_create(
        [
            Duty(member=one, hat=Hat.SUPPORTER, starts_at=begin, ends_at=end)
            for one, begin, end in turns
        ],
        batch_size=2000,
    )
    Availability.objects.bulk_create(
        [
            Availability(member=one, available=place % 10 == 0, since=NOW, seen_at=NOW)
            for place, one in enumerate(helping)
        ]
    )
    # From fifty people on, one who looks after safety is not enough: more are on duty.
    for one in helping[:3]:
        Role.objects.create(member=one, hat=Hat.LEAD, given_on=one.created_on)
        Duty.objects.create(
            member=one,
            hat=Hat.LEAD,
            starts_at=NOW - timedelta(hours=1),
            ends_at=NOW + timedelta(hours=8),
        )
    Invitation.objects.bulk_create(
        [
            Invitation(
                token_hash=ids.new_token(32),
                hat=Hat.SUPPORTER,
                made_on=clock.today(),
                ends_at=NOW + timedelta(days=3),
                used_on=clock.today() if place % 2 else None,
            )
            for place in range(count)
        ]
    )


def _wanted() -> dict[str, float]:
    first, second = CHANCE.sample(list(cards("en")), 2)
    return {first: 0.6, second: 0.4}


def _requests(people: list[Member], count: int, waiting: int) -> None:
    rows = []
    for place in range(count):
        begun = NOW - timedelta(minutes=10 * place + 1)
        open_now = place < waiting
        rows.append(
            Request(
                member=people[-1 - place % len(people)],
                state=Line.WAITING if open_now else Line.MATCHED,
                wanted=_wanted(),
                style="listen",
                joined_at=NOW - timedelta(seconds=20 * place) if open_now else begun,
                seen_at=NOW if open_now else begun,
                ended_at=None if open_now else begun + timedelta(seconds=CHANCE.randint(20, 900)),
                conversation=None if open_now else ids.new_id(),
            )
        )
    made = Request.objects.bulk_create(rows, batch_size=1000)
    Offer.objects.bulk_create(
        [
            Offer(
                request=one,
                giver=CHANCE.choice(people),
                outcome=Outcome.OPENED,
                seeker_says=Answer.YES,
                giver_says=Answer.YES,
                shared=True,
                fit=0.5,
                offered_at=one.joined_at,
                giver_until=one.joined_at + timedelta(seconds=25),
                ended_at=one.ended_at,
            )
            for one in made
            if one.state != Line.WAITING
        ],
        batch_size=1000,
    )


def _say(conversation: Conversation, members: list[Member], count: int) -> None:
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


def _talk(seeker: Member, giver: Member, messages: int) -> tuple[Conversation, Pairing]:
    """An open conversation of two with its pairing and what they know of each other."""
    conversation = talking.open_conversation([seeker, giver])
    pairing = Pairing.objects.create(
        conversation=conversation.public_id, seeker=seeker, giver=giver, opened_at=NOW
    )
    Piece.objects.create(pairing=pairing, owner=seeker, sort="topic", value="grief-parent")
    Piece.objects.create(pairing=pairing, owner=giver, sort="topic", value="grief-parent")
    _say(conversation, [seeker, giver], messages)
    return conversation, pairing


def _old_talks(people: list[Member], count: int) -> None:
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


def _safety(people: list[Member], concerns: int, reports: int, talk: UUID) -> None:
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


def _guest(handle: str) -> Member:
    return accounts.create_member(
        handle=handle, language="en", country="GB", promise=promise.version()
    )


def tick_ms() -> list[float]:
    """Milliseconds of five batches of the clock's match tick, offers made included."""
    from samepath.matching import actions as matching

    took = []
    for _turn in range(5):
        begin = time.perf_counter()
        matching.tick()
        took.append((time.perf_counter() - begin) * 1000)
    return took


def fill(sizes: Sizes, pairs: int) -> dict[str, Any]:
    """Put the rows there; whom to be, where to look."""
    cast = {key: of_cast(key) for key in ("heron", "lantern", "otter", "oak", "brook", "field")}
    cast["wren"] = of_cast("wren")
    with transaction.atomic():
        people = _people(sizes.members)
        _supporters(people, sizes.supporters)
        _requests(people, sizes.requests, sizes.waiting)
        _old_talks(people, sizes.talks)
        Block.objects.bulk_create(
            [
                Block(blocker=cast["wren"], blocked=one, known_as=one.handle, made_on=clock.today())
                for one in people[: max(1, sizes.members // 100)]
            ]
        )
    guest, waits, looks, ended = (
        _guest(f"bench-{name}-7") for name in ("guest", "waits", "looks", "ended")
    )
    open_talk, _pairing = _talk(guest, cast["heron"], sizes.messages)
    over, _over = _talk(ended, cast["lantern"], min(200, sizes.messages))
    talking.close_conversation(over, by=None)
    safety.not_safe(guest, kind="conversation", subject=open_talk.public_id)
    _safety(people, sizes.concerns, sizes.reports, open_talk.public_id)
    line = {
        who.pk: Request.objects.create(
            member=who, wanted=_wanted(), style="listen", joined_at=NOW, seen_at=NOW, at_once=False
        )
        for who in (waits, looks)
    }
    offer = Offer.objects.create(
        request=line[looks.pk],
        giver=cast["otter"],
        shared=True,
        fit=0.6,
        giver_says=Answer.YES,
        offered_at=NOW,
        # Long enough to be looked at many times.
        giver_until=NOW + timedelta(hours=6),
        seeker_until=NOW + timedelta(hours=6),
    )
    Availability.objects.update_or_create(
        member=cast["otter"], defaults={"available": True, "since": NOW, "seen_at": NOW}
    )
    _row, token = organisations.invite(cast["field"], Hat.SUPPORTER)
    visitors = {**cast, "guest": guest, "waits": waits, "looks": looks, "ended": ended}
    cookies = {key: accounts.start_sign_in(who) for key, who in visitors.items()}
    concern = Concern.objects.filter(member=guest).latest("pk")
    report = Report.objects.latest("pk")
    talks = []
    for place in range(pairs):
        one, other = _guest(f"bench-one-{place}"), _guest(f"bench-other-{place}")
        conversation, _pair = _talk(one, other, 0)
        talks.append(
            {
                "conversation": str(conversation.public_id),
                "cookies": [accounts.start_sign_in(who) for who in (one, other)],
            }
        )
    return {
        "cookies": cookies,
        "code": setup.current_code(),
        "pairs": talks,
        "talk": str(open_talk.public_id),
        "samples": {
            "conversations": [str(open_talk.public_id), str(over.public_id)],
            "requests": [str(row.public_id) for row in line.values()],
            "offers": [str(offer.public_id)],
            "concerns": [str(concern.public_id)],
            "reports": [str(report.public_id)],
            "invitations": [token],
            "sign_in": [str(SignIn.objects.filter(member=cast["wren"]).latest("pk").public_id)],
            "block": [str(Block.objects.filter(blocker=cast["wren"]).latest("pk").pk)],
            "topic": [
                str(pk)
                for pk in Experience.objects.filter(
                    member__in=[cast["wren"], cast["heron"]]
                ).values_list("pk", flat=True)[:2]
            ],
            "duty": [str(Duty.objects.filter(member=cast["heron"]).latest("pk").public_id)],
            "team": [str(cast["heron"].public_id)],
            "scene": list(SCENES),
        },
        "routes": _routes(),
        "tick_ms": tick_ms(),
    }


def _routes() -> list[list[str]]:
    """Every address of the house with its name, `<converter:name>` where a value goes."""
    from django.urls import get_resolver
    from django.urls.resolvers import URLPattern, URLResolver

    out: list[list[str]] = []

    def walk(patterns: list[Any], before: str, space: str) -> None:
        for one in patterns:
            here = before + str(one.pattern)
            if isinstance(one, URLResolver):
                walk(one.url_patterns, here, one.namespace or space)
            elif isinstance(one, URLPattern):
                out.append([f"{space}:{one.name}".lstrip(":"), "/" + here])

    walk(get_resolver().url_patterns, "", "")
    return out


def main() -> None:
    """Fill the data folder that the environment names."""
    rows = int(sys.argv[1])
    pairs = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    with sites.scope(Site.objects.get().pk):
        print(json.dumps(fill(SIZES[rows], pairs)))


if __name__ == "__main__":
    main()
