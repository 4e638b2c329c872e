"""Signing in and out, through the pages."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from statistics import median

import pytest
from django.conf import settings as live_settings
from scipy.stats import mannwhitneyu

from samepath.accounts import actions, queries
from samepath.accounts.events import SignInEnded
from samepath.accounts.models import Credential, SignIn
from samepath.kit import clock, events, hashing, ratelimit
from samepath.kit.errors import TooMany

PASSWORD = "blue kettle under moon"
COOKIE = live_settings.SIGN_IN_COOKIE


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[SignInEnded]:
    """Every sign-in that was announced as ended."""
    ended: list[SignInEnded] = []
    monkeypatch.setitem(events._after, SignInEnded, [*events._after[SignInEnded], ended.append])
    return ended


def by_phrase(browser, phrase: str, **more: str):
    return browser.post("/sign-in", {"way": "phrase", "phrase": phrase, **more})


def by_password(browser, name: str, password: str, **more: str):
    return browser.post("/sign-in", {"way": "password", "name": name, "password": password, **more})


def plain(response) -> str:
    """The page without what is random in every answer."""
    text = response.content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return re.sub(r'nonce="[^"]+"', "", text)


def test_sign_in_by_phrase(house):
    phrase = actions.keep_by_phrase(house.wren)
    browser = house.browser()
    page = browser.get("/sign-in")
    assert page.status_code == 200
    assert "seven words" in page.content.decode()

    wrong = by_phrase(browser, "one two three four five six seven")
    assert wrong.status_code == 400
    assert COOKIE not in wrong.cookies
    assert "one two three four five six seven" in wrong.content.decode()  # to find the slip in it

    typed = "\n".join(f"{n}. {word.upper()}," for n, word in enumerate(phrase.split(), 1))
    right = by_phrase(browser, typed)
    assert (right.status_code, right.headers["Location"]) == (303, "/")
    held = queries.sign_in_of(right.cookies[COOKIE].value)
    assert held is not None
    assert held.member == house.wren
    assert "Silver Wren 9" in browser.get("/account").content.decode()


def test_sign_in_by_name_and_password(house):
    name = actions.keep_by_password(house.wren, PASSWORD)
    browser = house.browser()
    wrong = by_password(browser, name, "blue kettle under mood")
    assert wrong.status_code == 400
    assert f'value="{name}"' in wrong.content.decode()
    assert "blue kettle" not in wrong.content.decode()
    right = by_password(browser, f"  {name.upper().replace('-', ' ')} ", PASSWORD)
    assert right.status_code == 303
    assert queries.sign_in_of(right.cookies[COOKIE].value).member == house.wren


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/account/keep", "/account/keep"),
        ("/profile?done", "/profile?done"),
        ("", "/"),
        ("https://example.org/", "/"),
        ("//example.org/", "/"),
        ("/\\example.org", "/"),
        ("javascript:alert(1)", "/"),
        ("account", "/"),
        ("/" + "a" * 3000, "/"),
    ],
)
def test_only_our_own_pages_follow(house, monkeypatch, asked: str, led: str):
    monkeypatch.setattr(actions, "sign_in_by_phrase", lambda typed, where: house.wren)
    response = by_phrase(house.browser(), "anything", next=asked)
    assert (response.status_code, response.headers["Location"]) == (303, led)


def test_a_stranger_is_led_to_sign_in_and_comes_back(house, monkeypatch):
    browser = house.browser()
    led = browser.get("/account/keep")
    assert led.headers["Location"] == "/sign-in?next=/account/keep"
    page = browser.get(led.headers["Location"]).content.decode()
    assert page.count('name="next" value="/account/keep"') == 2
    assert browser.post("/account/blocks/1/lift").headers["Location"] == "/sign-in?next=/account"


def test_a_new_cookie_and_the_old_sign_in_of_this_browser_ends(house, monkeypatch):
    monkeypatch.setattr(actions, "sign_in_by_phrase", lambda typed, where: house.wren)
    guest = house.guest()
    browser = house.browser(guest)
    assert "new-path-3" not in browser.get("/sign-in").content.decode()
    assert "is not kept" in browser.get("/sign-in").content.decode()
    old, token = (
        browser.cookies[COOKIE].value,
        browser.cookies[live_settings.CSRF_COOKIE_NAME].value,
    )
    new = by_phrase(browser, "anything").cookies[COOKIE].value
    assert new != old
    assert queries.sign_in_of(old) is None
    assert queries.sign_in_of(new).member == house.wren
    assert browser.cookies[live_settings.CSRF_COOKIE_NAME].value != token
    assert new not in SignIn.objects.values_list("cookie_hash", flat=True)


@pytest.mark.parametrize(("stays", "age"), [("", ""), ("yes", 30 * 86400)])
def test_the_cookie(house, monkeypatch, settings, stays: str, age: object):
    monkeypatch.setattr(actions, "sign_in_by_phrase", lambda typed, where: house.wren)
    settings.SECURE = True
    settings.SIGN_IN_COOKIE = "__Host-session"
    cookie = by_phrase(house.browser(), "anything", stays=stays).cookies["__Host-session"]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"], cookie["max-age"]) == ("/", "", age)
    assert len(cookie.value) == 64
    held = queries.sign_in_of(cookie.value)
    assert held.stays is bool(stays)
    longest = timedelta(days=30) if stays else timedelta(hours=24)
    assert held.ends_at - held.started_at == longest


def test_staff_never_stay(house, monkeypatch):
    monkeypatch.setattr(actions, "sign_in_by_phrase", lambda typed, where: house.oak)
    cookie = by_phrase(house.browser(), "anything", stays="yes").cookies[COOKIE]
    assert cookie["max-age"] == ""
    assert queries.sign_in_of(cookie.value).stays is False


def test_the_language_of_the_account_where_this_device_chose_none(house, monkeypatch):
    guest = house.guest(language="es")
    monkeypatch.setattr(actions, "sign_in_by_phrase", lambda typed, where: guest)
    assert by_phrase(house.browser(), "anything").cookies["language"].value == "es"
    chose = house.browser()
    chose.cookies["language"] = "en"
    assert "language" not in by_phrase(chose, "anything").cookies


def test_unknown_and_wrong_are_one_answer(house):
    name = actions.keep_by_password(house.wren, PASSWORD)
    unknown = "x" * len(name.replace("-", "")) + "-y-z"
    unknown = unknown[: len(name)]
    actions.keep_by_phrase(house.wren)
    answers = [
        by_password(house.browser(), name, "not this one at all"),
        by_password(house.browser(), unknown, "not this one at all"),
    ]
    pages = [
        plain(answer).replace(typed, "NAME")
        for answer, typed in zip(answers, (name, unknown), strict=True)
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert pages[0] == pages[1]
    assert set(answers[0].headers) == set(answers[1].headers)


def test_a_phrase_costs_the_same_known_or_not(house, monkeypatch):
    phrase = actions.keep_by_phrase(house.wren)
    asked: list[str] = []
    digest = hashing.phrase_digest
    monkeypatch.setattr(
        hashing, "phrase_digest", lambda said, why: asked.append(why) or digest(said, why)
    )
    assert actions.member_by_phrase(phrase) == house.wren
    assert actions.member_by_phrase("nobody has these words") is None
    assert asked == ["id", "key", "id", "key"]


def test_time_does_not_tell_which_sign_in_names_exist(house, monkeypatch):
    """safety.md 3.6: 30 interleaved samples each."""
    name = actions.keep_by_password(house.wren, PASSWORD)
    taken: dict[str, list[float]] = {name: [], "nobody-has-this": []}
    for _round in range(30):
        for typed, times in taken.items():
            began = time.perf_counter()
            assert actions.member_by_password(typed, "not this one at all") is None
            times.append(time.perf_counter() - began)
    known, unknown = taken.values()
    apart = abs(median(known) - median(unknown))
    differs = mannwhitneyu(known, unknown).pvalue < 1e-4
    assert not (differs and apart > max(0.015, 0.15 * median(known)))


def test_five_tries_a_minute_for_a_name_that_exists_or_not(house, monkeypatch):
    name = actions.keep_by_password(house.wren, PASSWORD)
    now = clock.steady()
    monkeypatch.setattr(clock, "steady", lambda: now)
    for typed in (name, "nobody-has-this"):
        browser = house.browser()
        for _try in range(5):
            assert by_password(browser, typed, "wrong and wrong").status_code == 400
        refused = by_password(browser, typed, PASSWORD)
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["Retry-After"]) <= 13
        assert f'value="{typed}"' in refused.content.decode()
        assert PASSWORD not in refused.content.decode()
    now += 13
    assert by_password(house.browser(), name, PASSWORD).status_code == 303  # never locked out


def test_twenty_tries_an_hour_for_an_account(house, monkeypatch):
    monkeypatch.setattr(hashing, "password_fits", lambda hashed, password: False)
    now = clock.steady()
    monkeypatch.setattr(clock, "steady", lambda: now)
    let_in, waits = 0, []
    for minute in range(10):
        now += 60
        for place in range(5):
            try:
                actions.sign_in_by_password("nobody-has-this", "wrong", bytes([place, minute]))
            except TooMany as error:
                waits.append(error.retry_after)
            else:
                let_in += 1
    assert max(waits) > 13  # the hour's bucket, not the minute's
    assert 20 <= let_in <= 24  # twenty, and what ten minutes give back


def test_phrases_are_limited_by_address_and_in_all(house, monkeypatch):
    monkeypatch.setattr(actions.ways, "member_by_phrase", lambda typed: None)
    now = clock.steady()
    monkeypatch.setattr(clock, "steady", lambda: now)
    browser = house.browser()
    for guess in range(5):
        assert by_phrase(browser, f"guess {'a' * (guess + 1)}").status_code == 400
    refused = by_phrase(browser, "the sixth guess")
    assert refused.status_code == 429
    assert "the sixth guess" not in refused.content.decode()
    assert "A moment, please" in refused.content.decode()

    ratelimit.buckets.forget()
    for guess in range(300):
        actions.sign_in_by_phrase(f"guess {'b' * (guess + 1)}", guess.to_bytes(2, "big"))
    with pytest.raises(TooMany) as caught:
        actions.sign_in_by_phrase("one more", b"elsewhere")
    assert caught.value.status == 429
    now += 1  # five come back every second
    assert actions.sign_in_by_phrase("one more", b"elsewhere") is None


def test_a_refused_try_costs_nothing(house, monkeypatch):
    monkeypatch.setattr(actions.ways, "member_by_phrase", lambda typed: None)
    now = clock.steady()
    monkeypatch.setattr(clock, "steady", lambda: now)
    for guess in range(5):
        actions.sign_in_by_phrase("a" * (guess + 1), b"here")
    for _refused in range(400):
        with pytest.raises(TooMany):
            actions.sign_in_by_phrase("again", b"here")
    # Had the refused ones counted, the bucket of all would be empty now.
    assert actions.sign_in_by_phrase("somebody else", b"there") is None


def test_thirty_tries_a_minute_from_an_address(house, monkeypatch):
    monkeypatch.setattr(actions.ways, "member_by_password", lambda name, password: None)
    now = clock.steady()
    monkeypatch.setattr(clock, "steady", lambda: now)
    for guess in range(30):
        actions.sign_in_by_password("a" * (guess + 1), "wrong", b"here")
    with pytest.raises(TooMany):
        actions.sign_in_by_password("another", "wrong", b"here")
    assert actions.sign_in_by_password("another", "wrong", b"there") is None


def test_bad_input_keeps_what_was_typed(house):
    browser = house.browser()
    empty = by_phrase(browser, "   ")
    assert empty.status_code == 400
    assert "Please write your seven words." in empty.content.decode()
    half = by_password(browser, "river-stone-lamp", "")
    assert half.status_code == 400
    assert 'value="river-stone-lamp"' in half.content.decode()
    assert "<details" in half.content.decode()
    assert 'id="by-name" open' in half.content.decode()
    long = by_phrase(browser, "word " * 2000)
    assert long.status_code == 400
    assert browser.post("/sign-in", {"way": "elsewhere"}).status_code == 400


def test_forms_need_their_token(house):
    actions.keep_by_phrase(house.wren)
    strict = house.browser("wren", enforce_csrf_checks=True)
    for path in (
        "/sign-in",
        "/sign-out",
        "/account/sign-out-everywhere",
        "/account/keep",
        "/account/keep/check",
        "/account/name",
        "/account/country",
        "/account/export",
        "/account/delete",
        "/account/blocks/1/lift",
        "/profile/talk",
        "/profile/about",
        "/profile/wish",
        "/profile/topics/new/lived/0",
    ):
        assert strict.post(path, {"sure": "on"}).status_code == 403, path
    assert SignIn.objects.filter(member=house.wren).exists()
    page = strict.get("/account").content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page).group(1)
    assert strict.post("/sign-out", {"csrfmiddlewaretoken": token}).status_code == 303


def test_another_page_cannot_post(house):
    away = house.browser("wren")
    refused = away.post("/sign-out", headers={"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403
    assert SignIn.objects.filter(member=house.wren).exists()


def test_sign_out(house, heard, django_capture_on_commit_callbacks):
    browser, other = house.browser("wren"), house.browser("wren")
    cookie = browser.cookies[COOKIE].value
    with django_capture_on_commit_callbacks(execute=True):
        response = browser.post("/sign-out")
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert response.cookies[COOKIE]["max-age"] == 0
    assert queries.sign_in_of(cookie) is None
    assert [event.member_id for event in heard] == [house.wren.pk]
    assert other.get("/account").status_code == 200
    assert other.get("/sign-out").status_code == 404  # looking at an address changes nothing
    assert other.get("/account").status_code == 200
    assert house.browser().post("/sign-out").status_code == 303


def test_sign_out_everywhere(house, heard, django_capture_on_commit_callbacks):
    browsers = [house.browser("wren") for _n in range(3)]
    other = house.browser("heron")
    with django_capture_on_commit_callbacks(execute=True):
        response = browsers[0].post("/account/sign-out-everywhere")
    assert response.status_code == 303
    assert len(heard) == 3
    for browser in browsers[1:]:
        assert browser.get("/account").headers["Location"].startswith("/sign-in")
    assert other.get("/account").status_code == 200


def test_end_one_device(house, heard, django_capture_on_commit_callbacks):
    here, there = house.browser("wren"), house.browser("wren")
    row = queries.sign_in_of(there.cookies[COOKIE].value)
    foreign = queries.sign_in_of(house.browser("heron").cookies[COOKIE].value)
    assert here.post(f"/account/sign-ins/{foreign.public_id}/end").status_code == 404
    assert here.post("/account/sign-ins/not-an-id/end").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        response = here.post(f"/account/sign-ins/{row.public_id}/end")
    assert response.headers["Location"] == "/account?done=ended"
    assert [event.sign_in for event in heard] == [row.public_id]
    assert "is signed out" in here.get("/account?done=ended").content.decode()
    assert there.get("/account").status_code == 303
    assert here.get("/account").status_code == 200
    assert here.post(f"/account/sign-ins/{row.public_id}/end").status_code == 404


def test_an_erased_member_cannot_come_in(house):
    phrase = actions.keep_by_phrase(house.wren)
    kept = Credential.objects.get(member=house.wren, way="phrase")
    actions.erase_member(house.wren)
    assert actions.member_by_phrase(phrase) is None
    # Even where an old copy of the database brings the way in back.
    kept.save(force_insert=True)
    assert actions.member_by_phrase(phrase) is None


def test_the_header_says_who_is_here(house):
    assert 'href="/sign-in"' in house.browser().get("/sign-in").content.decode()
    page = house.browser("wren").get("/account").content.decode()
    assert 'href="/account"' in page
    assert 'href="/sign-in"' not in page
