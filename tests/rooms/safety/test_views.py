"""The pages of safety: the strip, the list, reports, numbers. Who sees them, what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cast import House
from samepath.accounts import actions as accounts
from samepath.conversations import actions as talking
from samepath.conversations.access import conversation_for
from samepath.conversations.models import Message
from samepath.kit import choices, clock
from samepath.kit.models import AuditEntry, Site
from samepath.safety import actions, lines, panels, queries
from samepath.safety.models import Concern, Report


def words(answer: object) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", text)


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    panels.forget()
    yield
    panels.forget()


def strip(answer: object) -> str:
    page = answer.content.decode()  # type: ignore[attr-defined]
    found = re.search(r'<aside class="strip".*?</aside>', page, re.DOTALL)
    assert found is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0]))


# The strip


def test_the_strip_shows_the_country_of_the_member_then_the_browser_then_the_place(
    house: House,
) -> None:
    stranger = Client(SERVER_NAME="localhost")
    assert "call 999" in strip(stranger.get("/promise"))
    assert "Samaritans 116 123 , day and night" in strip(stranger.get("/promise"))
    stranger.cookies["country"] = "us"
    assert "call 911" in strip(stranger.get("/promise"))
    stranger.cookies["country"] = "<script>"
    assert "call 999" in strip(stranger.get("/promise"))
    wren = house.browser("wren")
    accounts.set_country(house.wren, "IE")
    wren.cookies["country"] = "us"
    assert "call 112" in strip(wren.get("/promise"))


def test_a_place_without_numbers_of_its_own_shows_words(house: House) -> None:
    choices.change("country", "ZZ", actor=None)
    shown = strip(Client(SERVER_NAME="localhost").get("/promise"))
    assert "In an emergency call the number where you are." in shown
    assert not re.search(r"\b(911|999|112|988)\b", shown)


def test_the_strip_stands_with_the_database_down(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Client(SERVER_NAME="localhost")
    assert "call 999" in strip(browser.get("/promise"))

    def down(*_args: object, **_more: object) -> None:
        raise DatabaseError("down")

    monkeypatch.setattr(panels, "site_of_host", down)
    browser.get("/help-now")  # what other pieces of the page remember is not measured here
    with CaptureQueriesContext(connection) as asked:
        assert "call 999" in strip(browser.get("/help-now"))
    assert len(asked) == 0
    panels.forget()
    assert "call the number where you are" in strip(browser.get("/help-now"))
    browser.cookies["country"] = "de"
    assert "call 112" in strip(browser.get("/help-now"))


# The list


def test_the_list_is_for_whoever_looks_after_safety(house: House) -> None:
    concern = actions.not_safe(house.wren, kind="conversation", subject=uuid4())
    for who in (None, "wren", "heron", "field"):
        browser = house.browser(who)
        for path in ("/concerns", "/reports", f"/reports/{uuid4()}"):
            assert browser.get(path).status_code == 404, (who, path)
        assert browser.post(f"/concerns/{concern.public_id}/see").status_code == 404
    concern.refresh_from_db()
    assert concern.seen_at is None
    assert house.browser("oak").get("/concerns").status_code == 200
    assert house.browser("brook").get("/concerns").status_code == 200


@pytest.fixture
def talk(house: House) -> UUID:
    """Wren and Heron in a conversation, two messages in it."""
    found = talking.open_conversation([house.wren, house.heron])
    public_id: UUID = getattr(found, "public_id", found)
    for member, text in ((house.wren, "canary of wren"), (house.heron, "canary of heron")):
        talking.post_message(
            talking.Draft(conversation=public_id, sender_id=member.pk, client_id=uuid4(), text=text)
        )
    return public_id


def test_the_list_says_how_urgent_why_how_long_and_who_is_there(house: House, talk: UUID) -> None:
    oak = house.browser("oak")
    assert "Nobody is waiting." in words(oak.get("/concerns"))
    with time_machine.travel(clock.now(), tick=False) as travel:
        actions.raise_for(house.heron.pk, kind="conversation", subject=uuid4())
        travel.shift(timedelta(minutes=5))
        message = Message.objects.filter(sender=house.wren).values_list("public_id", flat=True)[0]
        found = actions.look("I took all my pills", previous=[], language="en")
        assert found.level >= 3
        actions.note_words(
            house.wren.pk, kind="conversation", subject=talk, message=message, seen=found
        )
        page = words(oak.get("/concerns"))
    assert page.index("Silver Wren 9") < page.index("Quiet Heron 27 has left") or found.level == 3
    assert "with Quiet Heron 27" in page
    assert "They say they took a substance or too much of something." in page
    assert "The person they talk with is worried about them." in page
    assert "5 minutes longer than promised" in page
    assert "less than a minute" in page
    assert "canary" not in page
    assert "pills" not in page


def test_on_it_has_one_winner_and_the_other_is_told_in_place(house: House) -> None:
    concern = actions.not_safe(house.wren, kind="conversation", subject=uuid4())
    path = f"/concerns/{concern.public_id}/see"
    oak, brook = house.browser("oak"), house.browser("brook")
    assert oak.get(path).status_code == 404
    assert oak.post(path).headers["Location"] == "/concerns"
    late = brook.post(path)
    assert late.status_code == 409
    assert "Somebody else is already on it." in words(late)
    assert "Steady Oak 14" in words(late)
    assert brook.post(f"/concerns/{uuid4()}/see").status_code == 404


def test_the_header_counts_what_waits(house: House) -> None:
    oak = house.browser("oak")
    assert "Safety (" not in words(oak.get("/promise"))
    actions.not_safe(house.wren, kind="conversation", subject=uuid4())
    assert "Safety (1) waiting" in words(oak.get("/promise"))
    assert "Safety" not in words(house.browser("wren").get("/promise")).replace("Safety plan", "")


def test_a_long_list_costs_as_many_queries_as_a_short_one(house: House, talk: UUID) -> None:
    oak = house.browser("oak")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert oak.get("/concerns").status_code == 200
        return len(asked)

    actions.raise_for(house.wren.pk, kind="conversation", subject=talk)
    cost()  # what a process asks once a minute is not counted
    few = cost()
    for number in range(30):
        guest = house.guest(f"guest-number-{number}")
        actions.raise_for(guest.pk, kind="conversation", subject=talk)
    assert cost() == few
    assert few <= 12


# Reports


def ask(talk: UUID) -> str:
    return f"/reports/new?kind=conversation&id={talk}"


def test_two_acts_from_a_message_to_a_report_that_a_lead_reads(house: House, talk: UUID) -> None:
    wren = house.browser("wren")
    theirs = Message.objects.filter(sender=house.heron).values_list("public_id", flat=True)[0]
    page = wren.get(ask(talk) + f"&message={theirs}")
    assert page.status_code == 200
    assert re.search(rf'value="{theirs}" checked', page.content.decode())
    assert "canary of heron" in words(page)
    form = {"kind": "conversation", "id": str(talk), "chosen": [str(theirs)]}
    form["note"] = "Please look."
    unreasoned = wren.post("/reports/new", form)
    assert unreasoned.status_code == 400
    assert "Please choose what it was." in words(unreasoned)
    assert "Please look." in words(unreasoned)
    assert re.search(rf'value="{theirs}" checked', unreasoned.content.decode())
    sent = wren.post("/reports/new", form | {"why": "sexual"}, follow=True)
    assert "Thank you for telling us." in words(sent)
    assert "Steady Oak 14" in words(sent)
    assert f"/conversations/{talk}" in sent.content.decode()

    made = Report.objects.get()
    assert (made.about, made.why) == (house.heron, "sexual")
    oak = house.browser("oak")
    assert "It was sexual" in words(oak.get("/reports"))
    closed = words(oak.get(f"/reports/{made.public_id}"))
    assert "canary" not in closed
    assert "Please look." not in closed
    assert not AuditEntry.objects.filter(verb="report:read").exists()
    opened = words(oak.post(f"/reports/{made.public_id}"))
    assert "canary of heron" in opened
    assert "canary of wren" not in opened
    assert "Please look." in opened
    assert AuditEntry.objects.filter(verb="report:read", subject=made.public_id).count() == 1
    assert "read by Steady Oak 14" in words(oak.get("/reports"))
    # The second reads no words, unless they are about a lead.
    brook = house.browser("brook")
    assert "It was sexual" not in words(brook.get("/reports"))
    assert brook.get(f"/reports/{made.public_id}").status_code == 404
    assert brook.post(f"/reports/{made.public_id}").status_code == 404


def test_a_report_works_after_the_end_and_after_a_block(house: House, talk: UUID) -> None:
    talking.close_conversation(conversation_for(house.wren, talk).conversation, by=house.wren.pk)
    accounts.block_member(house.wren, house.heron.pk)
    wren = house.browser("wren")
    assert "canary of heron" in words(wren.get(ask(talk)))
    form = {"kind": "conversation", "id": str(talk), "why": "hurt"}
    assert wren.post("/reports/new", form).status_code == 303
    assert Report.objects.get().about == house.heron


def test_a_stranger_to_the_talk_cannot_report_it_nor_learn_that_it_exists(
    house: House, talk: UUID
) -> None:
    form = {"kind": "conversation", "id": str(talk), "why": "hurt"}
    for who in (None, "otter", "oak", "field"):
        browser = house.browser(who)
        assert browser.get(ask(talk)).status_code == 404
        assert browser.post("/reports/new", form).status_code == 404
    wren = house.browser("wren")
    for bad in (
        "/reports/new",
        "/reports/new?kind=conversation&id=x",
        ask(uuid4()),
        ask(talk).replace("conversation", "request"),
    ):
        assert wren.get(bad).status_code == 404, bad
    assert not Report.objects.exists()


def test_words_of_another_talk_cannot_be_passed_on(house: House, talk: UUID) -> None:
    other = talking.open_conversation([house.otter, house.lantern])
    other_id = getattr(other, "public_id", other)
    sent = talking.post_message(
        talking.Draft(
            conversation=other_id,
            sender_id=house.otter.pk,
            client_id=uuid4(),
            text="canary elsewhere",
        )
    )
    assert sent is not None
    foreign = Message.objects.get(sender=house.otter).public_id
    form = {"kind": "conversation", "id": str(talk), "why": "hurt", "chosen": [str(foreign)]}
    assert house.browser("wren").post("/reports/new", form).status_code == 400
    assert not Report.objects.exists()


def test_who_looked_is_told_to_the_member(house: House) -> None:
    concern = actions.not_safe(house.wren, kind="conversation", subject=uuid4())
    wren = house.browser("wren")
    assert "Nobody has looked at anything about you." in words(wren.get("/looked-at"))
    house.browser("oak").post(f"/concerns/{concern.public_id}/see")
    assert "Steady Oak 14" in words(wren.get("/looked-at"))
    assert house.browser(None).get("/looked-at").status_code == 404


# Numbers


def test_a_number_is_confirmed_by_whoever_runs_the_place(house: House, settings: object) -> None:
    for who in (None, "wren", "heron", "brook"):
        browser = house.browser(who)
        assert browser.get("/helplines").status_code == 404
        assert browser.post("/helplines", {"key": "gb-samaritans"}).status_code == 404
    folder: Path = settings.DATA  # type: ignore[attr-defined]
    assert not (folder / queries.CHECKED_FILE).exists()
    oak = house.browser("oak")
    page = words(oak.get("/helplines"))
    assert "Samaritans" in page
    assert "https://www.samaritans.org/how-we-can-help/contact-samaritan/" in page
    assert "which gives no date" in page
    done = oak.post("/helplines", {"key": "gb-samaritans", "country": "GB"})
    assert done.headers["Location"] == "/helplines?country=GB#gb-samaritans"
    known = lines.confirmations(folder / queries.CHECKED_FILE)
    assert known["gb-samaritans"].by == "Steady Oak 14"
    assert "Checked by Steady Oak 14" in words(oak.get("/helplines"))
    assert oak.post("/helplines", {"key": "gb-none", "country": "GB"}).status_code == 404
    entry = AuditEntry.objects.get(verb="helpline:confirm")
    assert (entry.actor, entry.reason) == (house.oak.public_id, "gb-samaritans")
    # The danger page believes the same file.
    assert "checked this number on" in words(Client(SERVER_NAME="localhost").get("/help-now/gb"))


def test_an_old_confirmation_is_asked_again(house: House) -> None:
    # A sign-in of today cannot be shown to a later day, so the confirmation is made in the past.
    with time_machine.travel(clock.now() - timedelta(days=200), tick=False):
        actions.confirm_line(house.oak, "gb-samaritans")
    page = words(house.browser("oak").get("/helplines"))
    assert "1 number was checked long ago." in page
    assert "That is more than 180 days ago" in page


def test_other_countries_can_be_confirmed_and_nonsense_shows_ones_own(house: House) -> None:
    field = house.browser("field")
    assert "112" in words(field.get("/helplines?country=de"))
    assert "Samaritans" in words(field.get("/helplines?country=%0d%0aX"))
    done = field.post("/helplines", {"key": "gb-samaritans", "country": "x\r\ny"})
    assert done.headers["Location"] == "/helplines?country=GB#gb-samaritans"


def test_a_folder_that_cannot_be_written_is_said_and_nothing_counts(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(lines, "confirm", full)
    answer = house.browser("oak").post("/helplines", {"key": "gb-samaritans", "country": "GB"})
    assert answer.status_code == 503
    assert not AuditEntry.objects.filter(verb="helpline:confirm").exists()


def test_another_site_sees_nothing_of_it(house: House) -> None:
    from samepath.kit import sites

    concern = actions.not_safe(house.wren, kind="conversation", subject=uuid4())
    other = Site.objects.create(host="other.example", name="Other", open_since=clock.now())
    with sites.scope(other.pk):
        assert not Concern.objects.exists()
        assert not Report.objects.exists()
    foreign = Client(SERVER_NAME="other.example")
    foreign.cookies.update(house.browser("oak").cookies)
    assert foreign.get("/concerns").status_code == 404
    assert foreign.post(f"/concerns/{concern.public_id}/see").status_code == 404
