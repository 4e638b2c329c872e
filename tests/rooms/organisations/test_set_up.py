"""Set-up mode: the code, the five steps, the doors. Through the pages, as a person does it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from samepath.accounts.models import Member
from samepath.kit import choices, sites
from samepath.kit.models import Site
from samepath.organisations import queries, setup
from samepath.organisations.models import Invitation, Role, SetUpStep
from samepath.safety import lines, promise
from samepath.safety import queries as safety

FORM = {
    "name": "Lamp in the Window",
    "country": "GB",
    "zone": "Europe/London",
    "helpers": "4",
    "minimum_age": "18",
    "exit_address": "/calendar",
}


@pytest.fixture
def fresh(db: None, settings: object, tmp_path: Path) -> Iterator[Site]:
    """A site as `samepath start` leaves it: migrated, not set up, a data folder of its own."""
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    row = Site.objects.create(host="localhost", name="Samepath")
    with sites.scope(row.pk):
        yield row


@pytest.fixture
def browser() -> Client:
    return Client(SERVER_NAME="localhost")


def enter(browser: Client) -> None:
    answer = browser.post("/set-up", {"code": setup.current_code()})
    assert answer.status_code == 303


def words(answer: object) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())  # type: ignore[attr-defined]


def test_before_the_code_there_is_nothing_but_set_up_numbers_and_exit(
    fresh: Site, browser: Client
) -> None:
    for path in ("/", "/requests/new", "/team", "/concerns", "/sign-in", "/invitations/abc"):
        assert browser.get(path).headers["Location"] == "/set-up"
    assert browser.get("/help-now").status_code == 200
    assert browser.get("/exit").status_code == 303
    page = browser.get("/set-up")
    assert page.status_code == 200
    assert "This place is not open yet." in words(page)
    for path in ("organisation", "promise", "account", "second", "helplines"):
        assert browser.get(f"/set-up/{path}").headers["Location"] == "/set-up"
        assert browser.post(f"/set-up/{path}", FORM).headers["Location"] == "/set-up"
    assert browser.post("/set-up/open").headers["Location"] == "/set-up"
    assert not queries.is_open()
    assert not Member.objects.exists()


def test_the_code_of_the_last_start_opens_and_only_its_hash_is_kept(
    fresh: Site, browser: Client
) -> None:
    old, code = setup.current_code(), setup.current_code()
    kept = Path(settings.DATA / "secrets" / "set-up-code")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert code.replace("-", "") not in kept.read_text()
    wrong = browser.post("/set-up", {"code": old})
    assert wrong.status_code == 400
    assert "This is not the code of the last start" in words(wrong)
    assert old in words(wrong)
    right = browser.post("/set-up", {"code": f" {code.lower().replace('-', ' ')} "})
    assert right.status_code == 303
    cookie = right.cookies["set-up"]
    assert cookie["httponly"]
    assert cookie["max-age"] == 7200
    assert "Let us set this place up." in words(browser.get("/set-up"))


def test_guesses_are_limited_and_a_forged_cookie_opens_nothing(
    fresh: Site, browser: Client
) -> None:
    code = setup.current_code()
    for _try in range(5):
        assert browser.post("/set-up", {"code": "2222-2222-2222"}).status_code == 400
    stopped = browser.post("/set-up", {"code": code})
    assert stopped.status_code == 429
    assert int(stopped.headers["Retry-After"]) >= 1
    forged = Client(SERVER_NAME="localhost")
    forged.cookies["set-up"] = f"{fresh.pk}:1abc:forged"
    assert "This place is not open yet." in words(forged.get("/set-up"))


def test_the_whole_way_to_open_doors(fresh: Site, browser: Client) -> None:
    enter(browser)
    # Nothing out of turn.
    assert browser.get("/set-up/helplines").headers["Location"] == "/set-up"
    assert browser.post("/set-up/account", {}).headers["Location"] == "/set-up"

    bad = browser.post(
        "/set-up/organisation",
        FORM | {"zone": "Mars/Base", "minimum_age": "13", "exit_address": "javascript:alert(1)"},
    )
    assert bad.status_code == 400
    assert "Lamp in the Window" in words(bad)
    assert not SetUpStep.objects.exists()
    assert browser.post("/set-up/organisation", FORM).status_code == 303
    assert (choices.get("country"), choices.get("helpers")) == ("GB", 4)

    page = words(browser.get("/set-up/promise"))
    assert "Guest talks are erased three days after they end" in page
    unread = browser.post("/set-up/promise", {"law_line": ""})
    assert unread.status_code == 400
    law = {"law_line": "Harm to a child within a day, to the council", "read": "on"}
    again = browser.post("/set-up/promise", law)
    assert again.headers["Location"] == "/set-up/promise?read=again"
    assert "Harm to a child within a day" in words(browser.get("/set-up/promise?read=again"))
    law["law_line"] += "."
    assert browser.post("/set-up/promise", law).headers["Location"] == "/set-up"

    young = browser.post("/set-up/account", {"handle": "calm-field-7", "promise": "on"})
    assert young.status_code == 400
    assert "calm-field-7" in words(young)
    shown = browser.post(
        "/set-up/account",
        {"handle": "Calm Field 7", "promise": "on", "of_age": "on", "listens": "on"},
    )
    assert shown.status_code == 200
    phrase = re.findall(r"<li>([a-z-]+)</li>", words(shown).split('class="phrase"')[1])
    assert len(phrase) == 7
    member = Member.objects.get(handle="calm-field-7")
    assert set(Role.objects.values_list("hat", flat=True)) == {"admin", "lead", "supporter"}
    assert member.consents.get().version == promise.version()
    assert member.staff
    assert settings.SIGN_IN_COOKIE in shown.cookies
    # Shown once: the page does not say it again, and a new one replaces it.
    assert phrase[0] not in words(browser.get("/set-up/account"))
    renewed = words(browser.post("/set-up/account", {"again": "1"}))
    assert re.findall(r"<li>([a-z-]+)</li>", renewed.split('class="phrase"')[1]) != phrase
    assert Member.objects.count() == 1

    linked = words(browser.post("/set-up/second", {"who": "invite"}))
    token = re.search(r"/invitations/([0-9a-f]{48})", linked)
    assert token is not None
    assert token[1] not in str(list(Invitation.objects.values()))
    assert token[1] not in words(browser.get("/set-up/second"))

    early = browser.post("/set-up/open")
    assert early.headers["Location"] == "/set-up"
    assert not queries.is_open()

    needed = safety.first_keys(lines.country_for("gb"))
    assert {"gb-emergency-999", "gb-samaritans", "gb-childline"} <= needed
    page = words(browser.get("/set-up/helplines"))
    assert "Nobody here has checked it yet." in page
    assert "which gives no date" in page
    assert browser.post("/set-up/helplines", {"key": "gb-no-such-line"}).status_code == 404
    browser.post("/set-up/helplines", {})
    assert not queries.step("helplines").done
    for key in needed:
        assert browser.post("/set-up/helplines", {"key": key}).status_code == 303
    assert browser.post("/set-up/helplines", {}).headers["Location"] == "/set-up"
    known = lines.confirmations(settings.DATA / safety.CHECKED_FILE)
    assert set(known) == needed
    assert {one.by for one in known.values()} == {"Calm Field 7"}

    ready = words(browser.get("/set-up"))
    assert "Open the doors" in ready
    assert "Nobody is second yet." in ready
    assert browser.get("/set-up/open").status_code == 404
    assert browser.post("/set-up/open").headers["Location"] == "/team"
    assert queries.is_open()
    assert not (settings.DATA / "secrets" / "set-up-code").exists()
    # Set-up is over for everybody, with the cookie and without.
    for path in ("/set-up", "/set-up/organisation", "/set-up/helplines"):
        assert browser.get(path).status_code == 404
    assert browser.get("/team").status_code == 200
    # The second's link works now; until it is used, strangers are not brought together.
    assert not queries.second_named()
    assert Client(SERVER_NAME="localhost").get(f"/invitations/{token[1]}").status_code == 200


def test_left_and_taken_up_again_on_another_device(fresh: Site, browser: Client) -> None:
    enter(browser)
    browser.post("/set-up/organisation", FORM)
    other = Client(SERVER_NAME="localhost")
    enter(other)
    page = words(other.get("/set-up"))
    assert "1 of 5 steps are done" in page
    assert "Lamp in the Window" in words(other.get("/set-up/organisation"))


def test_another_country_asks_for_its_own_numbers(fresh: Site, browser: Client) -> None:
    enter(browser)
    browser.post("/set-up/organisation", FORM)
    SetUpStep.objects.create(key="helplines", done_at="2030-01-01T00:00Z")
    browser.post("/set-up/organisation", FORM | {"country": "IE"})
    assert not SetUpStep.objects.filter(key="helplines").exists()


def test_nobody_yet_is_an_answer_that_closes_earlier_links(fresh: Site, browser: Client) -> None:
    enter(browser)
    browser.post("/set-up/organisation", FORM)
    browser.post("/set-up/promise", {"read": "on", "law_line": ""})
    browser.post("/set-up/account", {"handle": "calm-field-7", "promise": "on", "of_age": "on"})
    assert browser.post("/set-up/second", {}).status_code == 400
    linked = words(browser.post("/set-up/second", {"who": "invite"}))
    assert browser.post("/set-up/second", {"who": "nobody"}).status_code == 303
    token = re.search(r"/invitations/([0-9a-f]{48})", linked)
    assert token is not None
    assert not queries.invitations()
    assert queries.step("second").value == "nobody"
    assert not queries.cover_now().open
