"""The member's own account, through its pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings

from samepath.accounts import actions, queries
from samepath.accounts.models import Block, Member, SignIn
from samepath.kit import clock
from samepath.kit.errors import Conflict, Invalid, NotFound
from samepath.kit.registry import Directory, directories


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two countries, as an upper room would name them."""
    rows = {"t": Directory("t", lambda language: [("ie", "Ireland"), ("gb", "United Kingdom")])}
    monkeypatch.setattr(directories, "_rows", rows)


def test_the_account_of_a_guest_and_of_a_kept_name(house):
    guest = house.browser(house.guest()).get("/account").content.decode()
    assert "New Path 3" in guest
    assert "not kept yet" in guest
    assert "Keep this name" in guest
    assert 'action="/sign-out"' not in guest  # it would lose the name without saying so
    kept = house.browser("wren").get("/account").content.decode()
    assert "kept since" in kept
    assert 'action="/sign-out"' in kept
    assert "a phrase of seven words" in kept
    assert 'href="/profile"' in kept
    assert "<title>Page</title>" in kept


def test_devices_are_told_by_day_never_by_address(house, monkeypatch):
    now = clock.now()
    for days, agent in ((0, "X11"), (1, "iPhone"), (3, "iPad"), (30, "Android Mobile")):
        monkeypatch.setattr(clock, "now", lambda days=days: now - timedelta(days=days))
        actions.start_sign_in(house.wren, user_agent=agent, stays=True)
    monkeypatch.setattr(clock, "now", lambda: now)
    page = house.browser("wren").get("/account").content.decode()
    assert "signed in today · this one" in page
    assert "signed in yesterday" in page
    weekday = (now - timedelta(days=3)).strftime("%A")
    assert f"signed in {weekday}" in page
    assert re.search(r"A tablet</strong>", page)
    assert "127.0.0.1" not in page
    assert page.count("Sign out there") == 4
    assert "Sign out everywhere" in page


def test_the_account_asks_few_questions(house, django_assert_max_num_queries):
    for number in range(30):
        other = house.guest(f"new-path-{number + 10}")
        actions.block_member(house.wren, other.pk)
        actions.start_sign_in(house.wren)
    browser = house.browser("wren")
    browser.get("/account")
    with django_assert_max_num_queries(12):
        assert browser.get("/account").status_code == 200


def test_a_suggested_name(house):
    browser = house.browser("wren")
    page = browser.get("/account/name").content.decode()
    tokens = re.findall(r'name="pick" value="([^"]+)"', page)
    assert len(tokens) == 3
    picked = tokens[1].partition(":")[0]
    assert browser.post("/account/name", {"pick": tokens[1], "own": ""}).status_code == 303
    member = Member.objects.get(pk=house.wren.pk)
    assert member.handle == picked
    assert member.name in browser.get("/account?done=name").content.decode()


def test_a_name_of_own_words_gets_a_number_of_ours(house):
    browser = house.browser("wren")
    assert browser.post("/account/name", {"own": "Río Tranquilo"}).status_code == 303
    assert re.fullmatch(r"rio-tranquilo-\d+", Member.objects.get(pk=house.wren.pk).handle)


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("", "Please choose a name, or write one."),
        ("999", "Please write one or two words"),
        ("admin", "mistaken for our team"),
        ("call 077008 me", "long numbers"),
        ("kind@example.org", "could lead to you"),
        ("a name far too long for here", "at most 20 letters"),
    ],
)
def test_a_name_that_cannot_be(house, own: str, told: str):
    response = house.browser("wren").post("/account/name", {"own": own})
    page = response.content.decode()
    assert response.status_code == 400
    assert told in page
    assert f'value="{own}"' in page or not own
    assert Member.objects.get(pk=house.wren.pk).handle == "silver-wren-9"


def test_nobody_learns_which_names_exist(house):
    """Existing or not, own words give a name; a name that was not suggested cannot be asked for."""
    for own in ("quiet heron 27", "quiet heron", "nobody here 27"):
        response = house.browser(house.guest(f"path-{len(own)}")).post(
            "/account/name", {"own": own}
        )
        assert response.headers["Location"] == "/account?done=name"
    browser = house.browser("wren")
    mine = re.findall(
        r'name="pick" value="([^"]+)"', browser.get("/account/name").content.decode()
    )[0]
    forged = mine.replace(mine.partition(":")[0], "quiet-heron-27")
    for token in ("quiet-heron-27", forged, "nobody-here-27"):
        assert browser.post("/account/name", {"pick": token}).status_code == 400
    other = house.browser("heron")
    assert (
        other.post("/account/name", {"pick": mine}).status_code == 400
    )  # offered to somebody else


def test_a_suggestion_that_was_taken_meanwhile(house):
    browser = house.browser("wren")
    page = browser.get("/account/name").content.decode()
    token = re.findall(r'name="pick" value="([^"]+)"', page)[0]
    house.guest(token.partition(":")[0])
    response = browser.post("/account/name", {"pick": token, "own": ""})
    assert response.status_code == 409
    assert "Somebody took this name a moment ago" in response.content.decode()
    assert len(re.findall(r'name="pick" value="', response.content.decode())) == 3


def test_ninety_eight_of_one_name(house, monkeypatch):
    monkeypatch.setattr(actions.members.secrets, "choice", lambda options: options[0])
    taken = {house.guest(actions.free_handle("new road")).handle for _n in range(98)}
    assert len(taken) == 98
    assert actions.free_handle("new road") == "new-road-100"


def test_two_names_that_look_alike(house):
    house.guest("new-lamp-11")
    with pytest.raises(Conflict):
        house.guest("new-1amp-11")
    with pytest.raises(Invalid):
        actions.change_handle(house.wren, "Staff")


def test_language_and_country(house, directory):
    browser = house.browser("wren")
    page = browser.get("/account/country").content.decode()
    assert "Ireland" in page
    assert '<option value="GB" selected>' in page
    response = browser.post("/account/country", {"language": "es", "country": "IE"})
    assert response.headers["Location"] == "/account?done=place"
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "es"
    member = Member.objects.get(pk=house.wren.pk)
    assert (member.language, member.country) == ("es", "IE")
    assert browser.post("/account/country", {"language": "en", "country": ""}).status_code == 303
    assert Member.objects.get(pk=house.wren.pk).country == ""

    for bad in ({"language": "xx", "country": "IE"}, {"language": "en", "country": "ZZ"}):
        refused = browser.post("/account/country", bad)
        assert refused.status_code == 400
        assert "wrong-line" in refused.content.decode()
    with pytest.raises(Invalid):
        actions.set_language(house.wren, "xx")
    with pytest.raises(Invalid):
        actions.set_country(house.wren, "gbr")


def test_a_country_we_know_no_numbers_for_is_not_lost_by_saving(house, directory):
    actions.set_country(house.wren, "PT")
    assert (
        '<option value="PT" selected>'
        in house.browser("wren").get("/account/country").content.decode()
    )


def test_blocks_are_shown_and_lifted(house):
    browser = house.browser("wren")
    assert "Nobody." in browser.get("/account").content.decode()
    other = house.guest("new-road-44")
    actions.block_member(house.wren, other.pk)
    actions.change_handle(other, "open-door-51")
    page = browser.get("/account").content.decode()
    assert "New Road 44" in page
    assert "Open Door 51" not in page  # a block is no way to follow somebody
    row = Block.objects.get(blocker=house.wren)
    assert house.browser("heron").post(f"/account/blocks/{row.pk}/lift").status_code == 404
    assert house.browser(other).post(f"/account/blocks/{row.pk}/lift").status_code == 404
    assert queries.blocked_with(other.pk) == {house.wren.pk}
    assert browser.post(f"/account/blocks/{row.pk}/lift").status_code == 303
    assert queries.blocked_with(other.pk) == frozenset()
    assert browser.post(f"/account/blocks/{row.pk}/lift").status_code == 404
    assert "The block is lifted" in browser.get("/account?done=lifted").content.decode()


def test_blocking_oneself_or_nobody(house):
    with pytest.raises(Invalid):
        actions.block_member(house.wren, house.wren.pk)
    with pytest.raises(NotFound):
        actions.block_member(house.wren, 10_000)


def test_a_made_up_note_is_not_shown(house):
    page = house.browser("wren").get("/account?done=<b>hello").content.decode()
    assert "hello" not in page


def test_sign_ins_that_ran_out(house, monkeypatch):
    actions.start_sign_in(house.wren)
    actions.start_sign_in(house.wren, stays=True)
    actions.start_sign_in(house.oak)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=31))
    assert actions.sweep_sign_ins() == 1  # staff, 30 minutes
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=2, minutes=1))
    assert actions.sweep_sign_ins() == 1
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=31))
    assert actions.sweep_sign_ins() == 1
    assert actions.sweep_sign_ins() == 0
    assert not SignIn.objects.exists()
