"""A page asks the database as often with fifty rows as with one, and seldom at all."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from contracts import permissions
from contracts.world import World, browser_of, build
from samepath.accounts.models import Block, SignIn
from samepath.conversations import actions as talk
from samepath.kit import audit, clock
from samepath.kit.ratelimit import buckets
from samepath.matching.models import Request
from samepath.organisations import actions as organisations
from samepath.organisations.choices import Hat
from samepath.organisations.models import Duty
from samepath.safety.models import Concern, Report

MOST = 20
FIRST_PAGE = 8
ROWS = 50
SAVEPOINTS = ("SAVEPOINT", "RELEASE", "ROLLBACK")  # of the test itself, around each page


def count(world: World, route: str, who: str) -> list[str]:
    """The statements of one page."""
    browser = browser_of("localhost")
    browser.cookies.clear()
    if who in world.cookies:
        browser.cookies[settings.SIGN_IN_COOKIE] = world.cookies[who]
    with CaptureQueriesContext(connection) as seen, transaction.atomic():
        answer = browser.get(world.path(route))
        transaction.set_rollback(True)
    assert answer.status_code == 200, (route, who)
    asked = [one["sql"] for one in seen.captured_queries]
    return [sql for sql in asked if not sql.startswith(SAVEPOINTS)]


def pages() -> list[tuple[str, str]]:
    found = []
    for (route, method), answers in permissions.rows().items():
        seers = [who for who, answer in answers.items() if answer == "ok"]
        if method == "GET" and seers:
            found += [(route, who) for who in dict.fromkeys((seers[0], seers[-1]))]
    return found


def grow(world: World, numbers: range) -> None:
    """One more, for each number, of everything a page lists."""
    house, now = world.house, clock.now()
    for number in numbers:
        other = house.guest(f"grown-path-{number + 100}")
        made = talk.open_conversation([house.wren, other])
        talk.post_message(talk.Draft(made.public_id, other.pk, uuid4(), f"Line {number}"))
        sender = house.wren if number % 2 else house.heron
        buckets.forget()
        said = f"Line {number} of a long talk"
        talk.post_message(talk.Draft(world.ids["conversations"], sender.pk, uuid4(), said))
        Block.objects.create(
            blocker=house.wren, blocked=other, made_on=clock.today(), known_as=other.handle
        )
        SignIn.objects.create(
            member=house.wren,
            cookie_hash=f"{number:064d}",
            device="phone",
            started_at=now,
            seen_at=now,
            ends_at=now + timedelta(days=1),
        )
        Concern.objects.create(
            member=other,
            kind="conversation",
            subject=made.public_id,
            source="screen",
            level=3,
            stream="S",
            raised_at=now,
            last_at=now,
            seen_at=now if number % 2 else None,
            seen_by=house.oak if number % 2 else None,
        )
        Report.objects.create(
            reporter=other,
            about=house.wren,
            kind="conversation",
            subject=made.public_id,
            why="hurt",
            sealed=b"",
            key_name=f"report:{number}",
            made_at=now,
            seen_at=now if number % 2 else None,
            seen_by=house.oak if number % 2 else None,
        )
        audit.record(house.oak.public_id, "concern:see", "member", house.wren.public_id, "level 3")
        organisations.give_hat(None, other, Hat.ADMIN)
        organisations.invite(house.field, Hat.SUPPORTER)
        Duty.objects.create(
            member=other,
            hat=Hat.SUPPORTER,
            starts_at=now + timedelta(hours=number),
            ends_at=now + timedelta(hours=number + 2),
        )
        Request.objects.create(
            member=other, style="listen", wanted={"sleep": 1.0}, joined_at=now, seen_at=now
        )


@pytest.fixture(autouse=True)
def _time_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A heartbeat is written every ten seconds or so, whatever a page lists."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)


def test_no_page_asks_more_the_more_there_is(house):
    world = build(house)
    grow(world, range(2))
    for page in pages():
        count(world, *page)  # settings and host are remembered, as in a running process
    before = {page: count(world, *page) for page in pages()}
    grow(world, range(2, ROWS))
    wrong = []
    for (route, who), few in before.items():
        many = count(world, route, who)
        if len(many) > len(few):
            news = [one for one in many if many.count(one) > 1 or one not in few]
            wrong.append(
                f"{route} as {who}: {len(few)} with one row, {len(many)} with {ROWS}; {news[:3]}"
            )
        if len(many) > MOST:
            wrong.append(f"{route} as {who}: {len(many)} queries, at most {MOST}")
    assert not wrong, "\n".join(wrong)


def test_the_first_page_asks_little(house):
    world = build(house)
    for who in ("stranger", *world.cookies):
        count(world, "/", who)
        asked = count(world, "/", who)
        # Who is asking, which hats, what waits for whoever looks after safety.
        more = {"stranger": 0, "oak": 4, "brook": 4}.get(who, 2)
        assert len(asked) <= FIRST_PAGE + more, (who, asked)
