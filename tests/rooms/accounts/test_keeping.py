"""Keeping a name, through the pages."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from samepath.accounts import actions, queries
from samepath.accounts.models import Credential, Member
from samepath.kit import clock, hashing

COOKIE = settings.SIGN_IN_COOKIE
PASSWORD = "blue kettle under moon"


def words_of(page: str) -> list[str]:
    return re.findall(r"<li>([\w-]+)</li>", page.split('class="phrase"')[1].split("</ol>")[0])


def proof_of(page: str) -> str:
    return re.search(r'name="proof" value="([^"]+)"', page).group(1)


@pytest.fixture
def guest(house):
    return house.guest()


def test_seven_words_are_shown_once_and_open_the_account(house, guest):
    browser = house.browser(guest)
    before = browser.cookies[COOKIE].value
    assert "There is no “forgot” button." in browser.get("/account/keep").content.decode()
    response = browser.post("/account/keep", {"way": "phrase"})
    page = response.content.decode()
    words = words_of(page)
    assert response.status_code == 200
    assert len(words) == 7
    assert set(words) <= set(hashing.words("en"))
    assert response.headers["Cache-Control"] == "no-store"
    assert "<title>Page</title>" in page
    assert not Member.objects.get(pk=guest.pk).is_guest

    after = response.cookies[COOKIE].value
    assert after != before
    assert queries.sign_in_of(before) is None
    assert queries.sign_in_of(after).member == guest

    held = Credential.objects.get(member=guest)
    assert not any(word in held.lookup + held.secret for word in words)
    assert actions.member_by_phrase(" ".join(words)) == guest
    assert " ".join(words[:2]) not in browser.get("/account/keep").content.decode()


def test_spanish_words_for_a_spanish_page(house):
    browser = house.browser(house.guest(language="es"))
    words = words_of(browser.post("/account/keep", {"way": "phrase"}).content.decode())
    assert set(words) <= set(hashing.words("es"))


def test_two_words_can_be_checked(house, guest):
    browser = house.browser(guest)
    page = browser.post("/account/keep", {"way": "phrase"}).content.decode()
    words, proof = words_of(page), proof_of(page)
    assert not any(word in proof for word in words)

    wrong = browser.post(
        "/account/keep/check", {"proof": proof, "first": words[2], "second": words[4]}
    )
    assert wrong.status_code == 400
    assert "not the words we gave you" in wrong.content.decode()
    assert f'value="{words[2]}"' in wrong.content.decode()  # what was typed is kept
    assert words[0] not in wrong.content.decode()  # the others are not shown again

    right = browser.post(
        "/account/keep/check",
        {"proof": proof, "first": f" {words[2].upper()},", "second": words[5]},
    )
    assert right.headers["Location"] == "/account?done=checked"
    onward = browser.post(
        "/account/keep/check",
        {"proof": proof, "first": words[2], "second": words[5], "next": "/profile"},
    )
    assert onward.headers["Location"] == "/profile"


def test_a_check_is_for_its_own_member_and_hour(house, guest, monkeypatch):
    browser = house.browser(guest)
    page = browser.post("/account/keep", {"way": "phrase"}).content.decode()
    words, proof = words_of(page), proof_of(page)
    answer = {"proof": proof, "first": words[2], "second": words[5]}
    assert house.browser("wren").post("/account/keep/check", answer).status_code == 400
    forged = browser.post("/account/keep/check", {**answer, "proof": "a:b:c"})
    assert forged.headers["Location"] == "/account/keep"
    import time

    later = time.time() + 3601
    monkeypatch.setattr(time, "time", lambda: later)
    late = browser.post("/account/keep/check", answer)
    assert late.headers["Location"] == "/account/keep"


def test_a_page_sent_twice_does_not_replace_the_words(house, guest):
    browser = house.browser(guest)
    first = words_of(browser.post("/account/keep", {"way": "phrase"}).content.decode())
    again = browser.post("/account/keep", {"way": "phrase"})
    assert again.status_code == 409
    assert "You have seven words already" in again.content.decode()
    assert actions.member_by_phrase(" ".join(first)) == guest


def test_new_words_end_the_old_ones_and_other_devices(house, guest):
    browser, other = house.browser(guest), house.browser(guest)
    first = words_of(browser.post("/account/keep", {"way": "phrase"}).content.decode())
    assert other.get("/account").status_code == 200
    response = browser.post("/account/keep", {"way": "phrase", "replace": "1"})
    second = words_of(response.content.decode())
    assert actions.member_by_phrase(" ".join(first)) is None
    assert actions.member_by_phrase(" ".join(second)) == guest
    assert other.get("/account").status_code == 303
    assert browser.get("/account").status_code == 200


def test_a_sign_in_name_and_a_password(house, guest):
    browser = house.browser(guest)
    before = browser.cookies[COOKIE].value
    response = browser.post(
        "/account/keep", {"way": "password", "password": PASSWORD, "again": PASSWORD}
    )
    page = response.content.decode()
    held = Credential.objects.get(member=guest)
    assert response.status_code == 200
    assert held.lookup in page
    assert PASSWORD not in page
    assert re.fullmatch(r"[a-z]+-[a-z]+-[a-z]+", held.lookup)
    assert held.secret.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert queries.sign_in_of(before) is None
    assert actions.member_by_password(held.lookup, PASSWORD) == guest

    other = house.browser(guest)
    changed = "another kettle under moon"
    again = browser.post(
        "/account/keep", {"way": "password", "password": changed, "again": changed}
    )
    assert held.lookup in again.content.decode()  # the name stays, the password goes
    assert actions.member_by_password(held.lookup, PASSWORD) is None
    assert actions.member_by_password(held.lookup, changed) == guest
    assert other.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("", "", "Please write a password."),
        ("too short", "too short", "at least 12 characters"),
        ("a" * 200 + "bcd", "a" * 200 + "bcd", "at most 128"),
        ("x" * 1200, "x" * 1200, "at most 128"),
        ("aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "would try this one first"),
        ("new-path-3 is me", "new-path-3 is me", "would try this one first"),
        ("blue kettle under moon", "blue kettle under mood", "not the same"),
    ],
)
def test_a_password_that_cannot_be(house, guest, password: str, again: str, told: str):
    response = house.browser(guest).post(
        "/account/keep", {"way": "password", "password": password, "again": again}
    )
    page = response.content.decode()
    assert response.status_code == 400
    assert told in page
    assert "wrong-line" in page
    assert re.search(r"<details[^>]* open>", page)
    assert not Credential.objects.filter(member=guest).exists()
    assert Member.objects.get(pk=guest.pk).is_guest


def test_accents_typed_on_another_keyboard(house, guest):
    name = actions.keep_by_password(guest, "cafe\u0301 con leche y luz")
    assert actions.member_by_password(name, "café con leche y luz") == guest


def test_ten_an_hour_from_an_address(house, monkeypatch):
    monkeypatch.setattr(hashing, "phrase_digest", lambda said, why: f"{why}{said}"[:64])
    now = clock.steady()
    monkeypatch.setattr(clock, "steady", lambda: now)
    for number in range(10):
        browser = house.browser(house.guest(f"new-path-{number + 20}"))
        assert browser.post("/account/keep", {"way": "phrase"}).status_code == 200
    last = house.guest("new-path-77")
    refused = house.browser(last).post("/account/keep", {"way": "phrase"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= 361
    assert Member.objects.get(pk=last.pk).is_guest
    now += 361
    assert house.browser(last).post("/account/keep", {"way": "phrase"}).status_code == 200


def test_the_way_back_is_kept_and_only_ours(house, guest):
    browser = house.browser(guest)
    page = browser.get("/account/keep?next=/profile").content.decode()
    assert page.count('name="next" value="/profile"') == 2
    assert "example.org" not in browser.get("/account/keep?next=//example.org/").content.decode()
    kept = browser.post("/account/keep", {"way": "phrase", "next": "/profile"}).content.decode()
    assert 'href="/profile"' in kept
