"""What words of danger, a button, a worried peer and a report set in motion."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine

from cast import House
from samepath.accounts import actions as accounts
from samepath.kit import bus, clock, keys
from samepath.kit.errors import Conflict, Invalid, NotFound, TooMany
from samepath.kit.events import on
from samepath.kit.models import AuditEntry
from samepath.kit.registry import Quote, Reportable, reportables
from samepath.safety import actions, queries
from samepath.safety.events import ConcernRaised
from samepath.safety.models import CareCard, Concern, Report
from samepath.safety.screen import Finding, Level

PLACE = UUID("00000000-0000-4000-8000-000000000001")


def seen(level: int, *, stream: str = "S", rule: str = "test", score: float = 1.0) -> actions.Seen:
    found = Finding(Level(level), stream, (rule,), (), "", True, score)  # type: ignore[arg-type]
    return actions.Seen(found)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Levels of the alerts that rang, in order."""
    levels: list[int] = []
    monkeypatch.setattr(
        bus,
        "ring",
        lambda kind, _id, **numbers: levels.append(numbers["level"]) if kind == "alerts" else None,
    )
    return levels


def note(house: House, level: int, **more: object) -> Concern | None:
    return actions.note_words(
        house.wren.pk,
        kind="conversation",
        subject=PLACE,
        message=uuid4(),
        seen=seen(level, **more),  # type: ignore[arg-type]
    )


def test_below_moderate_nobody_is_told(house: House, rung: list[int]) -> None:
    assert note(house, 0) is None
    assert note(house, 1) is None
    assert not Concern.objects.exists()
    assert not CareCard.objects.exists()
    assert rung == []


def test_one_mark_an_episode_and_a_new_one_after_half_an_hour(
    house: House, rung: list[int]
) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        first = note(house, 3)
        travel.shift(timedelta(minutes=29))
        again = note(house, 2)
        assert first is not None
        assert again is not None
        assert first.pk == again.pk
        assert (again.times, again.level) == (2, 3)
        assert rung == [3]
        travel.shift(timedelta(minutes=30))
        later = note(house, 2)
        assert later is not None
        assert later.pk != first.pk
        assert rung == [3, 2]


def test_a_rise_is_looked_at_again_and_counts_from_then(house: House, rung: list[int]) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        low = note(house, 2)
        assert low is not None
        actions.see_concern(house.oak, low.public_id)
        travel.shift(timedelta(minutes=10))
        same = note(house, 2)
        assert same is not None
        assert same.seen_at is not None
        high = note(house, 4, stream="M", rule="taken")
        assert high is not None
        assert (high.pk, high.level, high.stream, high.rules) == (low.pk, 4, "M", ["taken"])
        assert (high.seen_at, high.seen_by) == (None, None)
        assert high.raised_at == clock.now()
        assert rung == [2, 0, 4]


def test_a_card_asks_for_more_than_a_mark(house: House) -> None:
    assert note(house, 2, score=0.2) is not None
    assert not CareCard.objects.exists()
    note(house, 2, score=0.9)
    card = CareCard.objects.get()
    assert (card.level, card.folded) == (2, False)
    note(house, 2, score=0.9)
    assert CareCard.objects.count() == 1
    note(house, 3)
    assert list(CareCard.objects.order_by("pk").values_list("level", "folded")) == [
        (2, False),
        (3, False),
    ]


def test_a_card_after_the_first_is_one_line(house: House) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        note(house, 3)
        travel.shift(timedelta(minutes=31))
        note(house, 3)
        assert list(CareCard.objects.order_by("pk").values_list("folded", flat=True)) == [
            False,
            True,
        ]


def test_the_button_always_rings_also_while_somebody_is_on_it(
    house: House, rung: list[int]
) -> None:
    first = actions.not_safe(house.wren, kind="conversation", subject=PLACE)
    assert rung == [3]
    actions.not_safe(house.wren, kind="conversation", subject=PLACE)
    assert rung == [3, 3]
    actions.see_concern(house.oak, first.public_id)
    again = actions.not_safe(house.wren, kind="conversation", subject=PLACE)
    assert rung == [3, 3, 0, 3]
    assert (again.pk, again.times, again.seen_at) == (first.pk, 3, None)
    assert CareCard.objects.filter(member=house.wren).count() == 1


def test_what_nobody_could_screen_is_marked_and_not_silent(house: House) -> None:
    failed = actions.note_words(
        house.wren.pk,
        kind="conversation",
        subject=PLACE,
        message=uuid4(),
        seen=actions.Seen(None, failed=True),
    )
    assert failed is not None
    assert (failed.source, failed.level, failed.rules) == ("unscreened", 0, ["failed"])
    unread = actions.look("dobry wieczor", previous=[], language="pl")
    assert (unread.level, unread.unread, unread.is_noted) == (0, True, True)
    other = actions.note_words(
        house.heron.pk, kind="conversation", subject=PLACE, message=uuid4(), seen=unread
    )
    assert other is not None
    assert other.rules == ["language"]
    plain = actions.look("good evening", previous=[], language="en")
    assert (plain.unread, plain.is_noted) == (False, False)
    assert not CareCard.objects.exists()


def test_a_screener_that_falls_over_lets_words_through(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_args: object, **_more: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(actions, "screen", fall)
    found = actions.look("anything", previous=[], language="en")
    assert (found.failed, found.level, found.is_noted) == (True, 0, True)


def test_a_new_and_a_risen_concern_are_announced(
    house: House, django_capture_on_commit_callbacks: object
) -> None:
    heard: list[ConcernRaised] = []
    on(ConcernRaised, heard.append)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        note(house, 2)
        note(house, 2)
        note(house, 3)
    mine = [event.level for event in heard if event.member_id == house.wren.pk]
    assert mine == [2, 3]


def test_i_am_on_it_has_one_winner_and_is_written_down(house: House) -> None:
    concern = note(house, 3)
    assert concern is not None
    with pytest.raises(NotFound):
        actions.see_concern(house.heron, concern.public_id)
    with pytest.raises(NotFound):
        actions.see_concern(house.oak, uuid4())
    actions.see_concern(house.oak, concern.public_id)
    with pytest.raises(Conflict):
        actions.see_concern(house.brook, concern.public_id)
    concern.refresh_from_db()
    assert concern.seen_by == house.oak
    rows = AuditEntry.objects.filter(verb="concern:see", subject=concern.public_id)
    assert [row.actor for row in rows] == [house.oak.public_id]


def test_nobody_looks_after_themselves(house: House) -> None:
    own = actions.not_safe(house.oak, kind="conversation", subject=PLACE)
    assert queries.open_concerns(house.oak) == []
    assert queries.waiting_counts(house.oak)[0] == 0
    with pytest.raises(NotFound):
        actions.see_concern(house.oak, own.public_id)
    assert [row.pk for row in queries.open_concerns(house.brook)] == [own.pk]


def test_a_card_is_put_away_by_its_owner_and_lowers_nothing(house: House) -> None:
    concern = note(house, 3)
    card = CareCard.objects.get()
    with pytest.raises(NotFound):
        actions.put_card_away(house.heron, card.public_id)
    actions.put_card_away(house.wren, card.public_id, not_meant=True)
    assert queries.cards_for(house.wren, PLACE) == []
    assert concern is not None
    concern.refresh_from_db()
    assert (concern.not_meant, concern.level, concern.seen_at) == (True, 3, None)


# Reports, on a small place of our own: wren talks with heron there.

WORDS = {uuid4(): "canary-theirs", uuid4(): "canary-mine"}


@pytest.fixture
def talk(house: House) -> House:
    def quote(viewer: object, public_id: UUID, chosen: list[UUID]) -> Quote:
        if viewer not in (house.wren, house.heron) or public_id != PLACE:
            raise NotFound
        authors = dict(zip(WORDS, (house.heron.pk, house.wren.pk), strict=True))
        said = [(authors[one], WORDS[one]) for one in chosen if one in WORDS]
        return Quote(said, house.heron.pk)

    held = reportables._rows.copy()
    reportables.add(Reportable("test-place", quote))
    yield house  # type: ignore[misc]
    reportables._rows.clear()
    reportables._rows.update(held)


def report(house: House, *, why: str = "hurt", note: str = "canary-note") -> Report:
    return actions.make_report(
        house.wren, kind="test-place", subject=PLACE, chosen=list(WORDS), why=why, note=note
    )


def test_a_report_seals_the_words_and_a_lead_opens_them(talk: House) -> None:
    made = report(talk)
    assert made.about_id == talk.heron.pk
    assert b"canary" not in bytes(made.sealed)
    row, body = actions.read_report(talk.oak, made.public_id)
    assert body == {
        "note": "canary-note",
        "words": [{"mine": False, "text": "canary-theirs"}, {"mine": True, "text": "canary-mine"}],
    }
    row.refresh_from_db()
    assert row.seen_by == talk.oak
    entry = AuditEntry.objects.get(verb="report:read")
    assert (entry.actor, entry.subject, entry.reason) == (
        talk.oak.public_id,
        made.public_id,
        "hurt",
    )


def test_a_report_is_refused_without_a_reason_a_place_or_a_part_in_it(talk: House) -> None:
    with pytest.raises(Invalid) as fault:
        report(talk, why="")
    assert fault.value.field == "why"
    for kind, subject in (("test-place", uuid4()), ("nowhere", PLACE)):
        with pytest.raises(NotFound):
            actions.make_report(
                talk.wren, kind=kind, subject=subject, chosen=[], why="hurt", note=""
            )
    with pytest.raises(NotFound):
        actions.make_report(
            talk.otter, kind="test-place", subject=PLACE, chosen=[], why="hurt", note=""
        )
    assert not Report.objects.exists()


def test_a_flood_of_reports_is_stopped_and_stores_nothing_more(talk: House) -> None:
    for _number in range(20):
        report(talk)
    with pytest.raises(TooMany):
        report(talk)
    assert Report.objects.count() == 20


@pytest.mark.parametrize(
    ("why", "stream", "raised"),
    [("danger", "", True), ("child", "C", True), ("hurt", "", False), ("other", "", False)],
)
def test_a_life_in_danger_does_not_wait_for_the_list_of_reports(
    talk: House, why: str, stream: str, raised: bool
) -> None:
    report(talk, why=why)
    rows = list(Concern.objects.values_list("member_id", "source", "level", "stream", "rules"))
    assert rows == ([(talk.heron.pk, "peer", 3, stream, ["report"])] if raised else [])


def test_who_reads_a_report_about_whom(talk: House) -> None:
    about_supporter = report(talk)
    about_lead = report(talk)
    by_lead = report(talk)
    Report.objects.filter(pk=about_lead.pk).update(about=talk.oak)
    Report.objects.filter(pk=by_lead.pk).update(reporter=talk.oak)

    def readable(member: object) -> set[int]:
        return {row.pk for row in queries.reports(member)}  # type: ignore[arg-type]

    assert readable(talk.oak) == {about_supporter.pk}
    assert readable(talk.brook) == {about_lead.pk, by_lead.pk}
    for nobody in (talk.heron, talk.wren, talk.field):
        assert readable(nobody) == set()
        with pytest.raises(NotFound):
            actions.read_report(nobody, about_supporter.public_id)
    with pytest.raises(NotFound):
        actions.read_report(talk.oak, about_lead.public_id)
    with pytest.raises(NotFound):
        actions.read_report(talk.brook, about_supporter.public_id)
    assert actions.read_report(talk.brook, about_lead.public_id)[1]["note"] == "canary-note"


def test_unread_ones_stand_first(talk: House) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        made = []
        for _number in range(4):
            made.append(report(talk))
            travel.shift(timedelta(minutes=1))
        actions.read_report(talk.oak, made[0].public_id)
        travel.shift(timedelta(minutes=1))
        actions.read_report(talk.oak, made[2].public_id)
        assert [row.pk for row in queries.reports(talk.oak)] == [
            made[1].pk,
            made[3].pk,
            made[2].pk,
            made[0].pk,
        ]


def test_leaving_takes_what_was_read_and_keeps_what_nobody_has_read(talk: House) -> None:
    read, unread = report(talk), report(talk)
    note(talk, 3)
    actions.read_report(talk.oak, read.public_id)
    kept = accounts.erase_member(talk.wren)
    assert any("without your name" in sentence or "looked at" in sentence for sentence in kept)
    left = Report.objects.get()
    assert (left.pk, left.reporter) == (unread.pk, None)
    with pytest.raises(keys.NoKey):
        keys.service().unwrap(read.key_name)
    assert actions.read_report(talk.oak, unread.public_id)[1]["note"] == "canary-note"
    assert Concern.objects.filter(seen_at=None).count() == 1


def test_ninety_days_after_the_look_it_is_gone_for_good(talk: House) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        read, unread = report(talk), report(talk)
        concern = note(talk, 3)
        assert concern is not None
        actions.read_report(talk.oak, read.public_id)
        actions.see_concern(talk.oak, concern.public_id)
        travel.shift(timedelta(days=89))
        assert actions.sweep() == 0
        assert Report.objects.count() == 2
        travel.shift(timedelta(days=2))
        assert actions.sweep() == 1
        assert Report.objects.get().pk == unread.pk
        with pytest.raises(keys.NoKey):
            keys.service().unwrap(read.key_name)
        assert not Concern.objects.exists()
        assert not CareCard.objects.exists()
        assert actions.sweep() == 0


def test_a_member_learns_who_looked_and_a_reporter_is_not_put_at_risk(talk: House) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        concern = actions.not_safe(talk.heron, kind="conversation", subject=PLACE)
        actions.see_concern(talk.oak, concern.public_id)
        for why in ("hurt", "danger"):
            actions.read_report(talk.oak, report(talk, why=why).public_id)
        now = clock.now()
        mine = queries.looks_at(talk.wren, now)
        assert [(look.by, look.why) for look in mine] == [("Steady Oak 14", "your report")] * 2
        assert [look.why for look in queries.looks_at(talk.heron, now)] == ["I am not safe"]
        travel.shift(timedelta(days=8))
        later = queries.looks_at(talk.heron, clock.now())
        # One more by now: the report of a life in danger stays untold.
        assert sorted((look.why, look.coarse) for look in later) == [
            ("I am not safe", False),
            ("somebody reported words from a talk with you", True),
        ]
        assert queries.looks_at(talk.otter, clock.now()) == []
