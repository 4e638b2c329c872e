"""Hours promised, held, ended; the rota and the gaps in words, on the organisation's clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from cast import House
from samepath.kit import choices
from samepath.organisations import actions, queries
from samepath.organisations.models import Duty

# A Friday evening in winter: London keeps universal time, and the clocks go forward on 31 March.
FRIDAY = datetime(2030, 2, 1, 17, tzinfo=UTC)


def words(answer: object) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", text)


def here(minutes: int) -> dict[str, str]:
    return {"role": "supporter:here", "minutes": str(minutes)}


@pytest.fixture
def empty(house: House) -> House:
    """The cast without anybody's hours."""
    Duty.objects.all().delete()
    return house


@pytest.mark.parametrize("who", [None, "wren"])
def test_duty_is_for_the_team(house: House, who: str | None) -> None:
    browser = house.browser(who)
    mine = Duty.objects.filter(member=house.heron).first()
    assert mine is not None
    assert browser.get("/duty").status_code == 404
    assert browser.post("/duty/begin", here(60)).status_code == 404
    assert browser.post("/duty/plan", {}).status_code == 404
    assert browser.post(f"/duty/{mine.public_id}/end").status_code == 404


def test_here_now_opens_the_place_when_two_are_there(empty: House) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        heron, brook = empty.browser("heron"), empty.browser("brook")
        assert "Nobody is here now." in words(heron.get("/duty"))
        wrong = heron.post("/duty/begin", {"role": "lead:here", "minutes": "60"})
        assert wrong.status_code == 400
        assert heron.post("/duty/begin", here(999)).status_code == 400
        assert not Duty.objects.exists()
        assert heron.post("/duty/begin", here(120)).status_code == 303
        page = words(heron.get("/duty"))
        assert "You are here until 19:00 " in page
        assert "Somebody is here, and it is not enough yet." in page
        assert "Friday 1 February, 17:00 to 19:00 one more person is needed" in page
        assert not queries.cover_now().open
        brook.post("/duty/begin", {"role": "second:call", "minutes": "60"})
        assert queries.cover_now().open
        page = words(heron.get("/duty"))
        assert "Open until Friday 1 February, 18:00." in page
        assert "Friday 1 February, 18:00 to 19:00 one more person is needed" in page
        twice = heron.post("/duty/begin", here(30))
        assert twice.status_code == 409
        assert "You already promised some of these hours." in words(twice)


def test_ended_early_by_oneself_only(empty: House) -> None:
    with time_machine.travel(FRIDAY, tick=False) as travel:
        heron = empty.browser("heron")
        heron.post("/duty/begin", here(120))
        row = Duty.objects.get()
        travel.shift(timedelta(minutes=10))
        assert empty.browser("lantern").post(f"/duty/{row.public_id}/end").status_code == 404
        assert heron.get(f"/duty/{row.public_id}/end").status_code == 404
        assert heron.post(f"/duty/{row.public_id}/end").status_code == 303
        row.refresh_from_db()
        assert row.ends_at == FRIDAY + timedelta(minutes=10)
        assert heron.post(f"/duty/{row.public_id}/end").status_code == 404


def test_planned_on_the_organisations_clock_and_shown_so(empty: House) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        heron = empty.browser("heron")
        plan = {"role": "supporter:here", "day": "2030-07-04", "begins": "22:30", "ends": "01:00"}
        far = heron.post("/duty/plan", plan)
        assert far.status_code == 400
        assert "at most 60 days ahead" in words(far)
        plan["day"] = "2030-02-07"
        assert heron.post("/duty/plan", plan).status_code == 303
        row = Duty.objects.get()
        assert row.starts_at == datetime(2030, 2, 7, 22, 30, tzinfo=UTC)
        assert row.ends_at == datetime(2030, 2, 8, 1, 0, tzinfo=UTC)
        page = words(heron.get("/duty"))
        assert "Thursday 7 February, 22:30 to Friday 8 February, 01:00" in page
        assert "22:30 to Fri 8 Feb, 01:00" in page
        assert "Times are those of Europe/London." in page
        assert heron.post(f"/duty/{row.public_id}/end").status_code == 303
        assert not Duty.objects.exists()


def test_bad_hours_are_answered_beside_the_field_and_stay_typed(empty: House) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        heron = empty.browser("heron")
        plan = {"role": "supporter:here", "day": "2030-02-07", "begins": "18:00", "ends": "22:00"}
        long = heron.post("/duty/plan", plan)
        assert long.status_code == 400
        assert "At most three hours of listening in one go." in words(long)
        assert 'value="18:00"' in long.content.decode()
        for change, sentence in (
            ({"day": "soon"}, "Please write a day"),
            ({"day": "9999-12-31"}, "at most 60 days ahead"),
            ({"day": "0001-01-01"}, "at most 60 days ahead"),
            ({"begins": "late"}, "Please write a time"),
            ({"day": "2030-01-30", "ends": "20:00"}, "still lie ahead"),
            ({"role": ""}, "Please choose one."),
        ):
            answer = heron.post("/duty/plan", plan | change)
            assert answer.status_code == 400, change
            assert sentence in words(answer), change
        assert not Duty.objects.exists()


@pytest.mark.parametrize(
    ("day", "begins", "ends", "hours"),
    [
        # The clocks go forward at 01:00 on 31 March and back at 02:00 on 27 October.
        ("2030-03-31", "00:00", "03:00", 2.0),
        ("2030-03-31", "01:30", "03:00", 0.5),
        ("2030-10-27", "00:00", "03:00", 4.0),
        ("2030-10-26", "00:00", "03:00", 3.0),
    ],
)
def test_a_changed_clock_changes_the_length_and_not_the_promise(
    empty: House, day: str, begins: str, ends: str, hours: float
) -> None:
    before = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(days=2)
    with time_machine.travel(before, tick=False):
        brook = empty.browser("brook")
        answer = brook.post(
            "/duty/plan", {"role": "second:call", "day": day, "begins": begins, "ends": ends}
        )
        assert answer.status_code == 303
        row = Duty.objects.get()
        assert (row.ends_at - row.starts_at).total_seconds() / 3600 == hours
        assert re.search(rf"to (\w+ \d+ \w+, )?{ends}", words(brook.get("/duty")))


def test_the_stated_size_is_never_relaxed(empty: House) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        now, later = FRIDAY, FRIDAY + timedelta(hours=2)
        actions.take_duty(empty.heron, hat="supporter", starts_at=now, ends_at=later)
        actions.take_duty(empty.brook, hat="second", starts_at=now, ends_at=later, on_call=True)
        assert queries.cover_now().open
        choices.change("helpers", 12, actor=None)
        assert not queries.cover_now().open
        page = words(empty.browser("heron").get("/duty"))
        assert "somebody who looks after safety is needed" in page
        actions.take_duty(empty.oak, hat="lead", starts_at=now, ends_at=later)
        assert queries.cover_now().open


def test_who_runs_the_place_sees_the_rota_and_promises_nothing(house: House) -> None:
    field: Client = house.browser("field")
    page = words(field.get("/duty"))
    assert "Quiet Heron 27" in page
    assert "Promise these hours" not in page
    assert field.post("/duty/begin", {"role": "admin:here", "minutes": "60"}).status_code == 400
