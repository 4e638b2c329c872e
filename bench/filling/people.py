"""Members, supporters with their duties, and the line."""

from __future__ import annotations

from datetime import timedelta

from bench.filling import CHANCE
from samepath.accounts import rules as names
from samepath.accounts.models import Consent, Member, SignIn
from samepath.kit import clock, ids, text
from samepath.matching.choices import Answer, Line, Outcome
from samepath.matching.models import (
    Availability,
    Offer,
    Request,
)
from samepath.organisations.choices import Hat
from samepath.organisations.models import Duty, Invitation, Role
from samepath.profiles.cards import cards
from samepath.profiles.models import Experience, Profile
from samepath.safety import promise

NOW = clock.now()


def fill_people(count: int) -> list[Member]:
    """`count` invented members with a profile, three topics, a sign-in and the promise read."""
    day = clock.today()
    handles = [
        f"{first}-{second}-{number}"
        for number in (2, 3, 4)
        for first in names.FIRST
        for second in names.SECOND
    ]
    CHANCE.shuffle(handles)
    taken = set(Member.objects.values_list("skeleton", flat=True))
    rows: list[Member] = []
    at = 0
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


def fill_supporters(people: list[Member], count: int) -> None:
    """Roles, a year of turns, availability and links for the first `count` of them."""
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


def wanted() -> dict[str, float]:
    """Two topics somebody asks for, with their weights."""
    first, second = CHANCE.sample(list(cards("en")), 2)
    return {first: 0.6, second: 0.4}


def fill_line(people: list[Member], count: int, waiting: int) -> None:
    """`count` requests, the first `waiting` of them still in line, and how the others ended."""
    rows = []
    for place in range(count):
        begun = NOW - timedelta(minutes=10 * place + 1)
        open_now = place < waiting
        rows.append(
            Request(
                member=people[-1 - place % len(people)],
                state=Line.WAITING if open_now else Line.MATCHED,
                wanted=wanted(),
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
