"""The pages on which a member tells of themselves."""

from __future__ import annotations

import re

import pytest

from samepath.profiles import actions, queries
from samepath.profiles.actions import Told
from samepath.profiles.cards import cards, families
from samepath.profiles.choices import Gender, Part, Seen
from samepath.profiles.forms import spoken_languages
from samepath.profiles.models import Experience, Profile

TOPICS = list(cards("en"))
PAGES = (
    "/profile",
    "/profile/topics/new?for=seek",
    "/profile/topics/new/lived/0",
    "/profile/talk",
    "/profile/about",
    "/profile/wish",
)
GRIEF = next(family.order for family in families("en") if family.key == "grief")


@pytest.fixture
def guest(house):
    return house.guest()


@pytest.fixture
def browser(house, guest):
    return house.browser(guest)


def test_a_stranger_is_led_to_sign_in(house):
    stranger = house.browser()
    for path in PAGES:
        response = stranger.get(path)
        assert response.status_code == 303
        assert response.headers["Location"] == f"/sign-in?next={path.partition('?')[0]}"
    assert stranger.post("/profile/topics/1/out").headers["Location"] == "/sign-in?next=/profile"


def test_every_page_opens_with_nothing_told(browser):
    for path in PAGES:
        response = browser.get(path)
        assert response.status_code == 200, path
        assert "<title>Page</title>" in response.content.decode()
    page = browser.get("/profile").content.decode()
    assert page.count('class="empty"') == 3


def test_a_topic_is_added_in_two_pages(browser, guest):
    first = browser.get("/profile/topics/new?for=lived").content.decode()
    assert f'href="/profile/topics/new/lived/{GRIEF}"' in first
    second = browser.get(f"/profile/topics/new/lived/{GRIEF}").content.decode()
    assert 'value="grief-parent"' in second
    assert cards("en")["grief-parent"].about in second.replace("&#x27;", "'")
    told = {
        "topic": "grief-parent",
        "hand": "beside",
        "stage": "learning",
        "offers": "on",
        "seen": "match",
    }
    response = browser.post(f"/profile/topics/new/lived/{GRIEF}", told)
    assert response.headers["Location"] == "/profile?done"
    row = Experience.objects.get(member=guest)
    assert (row.topic, row.part, row.first_hand, row.stage, row.offers, row.seen) == (
        "grief-parent",
        "lived",
        False,
        "learning",
        True,
        "match",
    )
    page = browser.get("/profile?done").content.decode()
    assert cards("en")["grief-parent"].name in page
    assert "beside somebody · learning to live with it · there for others" in page
    assert "is never shown" in page
    assert "Saved." in page
    again = browser.get(f"/profile/topics/new/lived/{GRIEF}").content.decode()
    assert "there already" in again


def test_addresses_name_no_topic(browser, guest):
    row = actions.add_experience(guest, Told("grief-parent", Part.LIVED))
    pages = [browser.get(path).content.decode() for path in (*PAGES, f"/profile/topics/{row.pk}")]
    addresses = {one for page in pages for one in re.findall(r'(?:href|action)="([^"]+)"', page)}
    named = [family.key for family in families("en")] + TOPICS
    told = [one for one in addresses for name in named if name in one.split("/")]
    assert told == []


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"hand": "first", "seen": "peer"}, "Please choose one."),
        ({"topic": "sleep", "hand": "first", "seen": "peer"}, "wrong-line"),
        ({"topic": "grief-parent", "hand": "third", "seen": "peer"}, "wrong-line"),
        ({"topic": "grief-parent", "hand": "first", "seen": "all"}, "wrong-line"),
        ({"topic": "grief-parent", "hand": "first", "stage": "x", "seen": "me"}, "wrong-line"),
    ],
)
def test_a_topic_that_cannot_be(browser, guest, sent: dict[str, str], told: str):
    response = browser.post(f"/profile/topics/new/lived/{GRIEF}", sent)
    page = response.content.decode()
    assert response.status_code == 400
    assert told in page
    if sent.get("topic") == "grief-parent":
        assert 'value="grief-parent" checked' in page
    assert not Experience.objects.filter(member=guest).exists()


def test_pages_that_are_not_there(browser):
    for path in (
        "/profile/topics/new?for=loved",
        "/profile/topics/new/loved/0",
        "/profile/topics/new/lived/999",
        "/profile/topics/999999",
    ):
        assert browser.get(path).status_code == 404, path
    assert browser.post("/profile/topics/999999/out").status_code == 404
    assert browser.get("/profile/topics/1/out").status_code == 404


def test_not_talking_about_it_always_counts(browser, guest):
    page = browser.get(f"/profile/topics/new/avoid/{GRIEF}").content.decode()
    assert 'name="hand"' not in page
    assert 'value="me"' not in page
    sent = {"topic": "grief-parent", "seen": "me"}
    assert browser.post(f"/profile/topics/new/avoid/{GRIEF}", sent).status_code == 400
    sent["seen"] = "match"
    assert browser.post(f"/profile/topics/new/avoid/{GRIEF}", sent).status_code == 303
    assert Experience.objects.get(member=guest).part == Part.AVOID


def test_a_topic_is_changed_and_taken_out(house, browser, guest):
    row = actions.add_experience(guest, Told("grief-parent", Part.LIVED, stage="midst"))
    path = f"/profile/topics/{row.pk}"
    page = browser.get(path).content.decode()
    assert re.search(r'value="midst"[^>]*checked', page)
    assert browser.post(path, {"hand": "first", "seen": "nobody"}).status_code == 400
    assert browser.post(path, {"hand": "beside", "stage": "", "seen": "me"}).status_code == 303
    row.refresh_from_db()
    assert (row.first_hand, row.stage, row.seen) == (False, "", "me")

    other = house.browser("heron")
    assert other.get(path).status_code == 404
    assert other.post(path, {"hand": "first", "seen": "peer"}).status_code == 404
    assert other.post(f"{path}/out").status_code == 404
    assert browser.post(f"{path}/out").headers["Location"] == "/profile?done"
    assert not Experience.objects.filter(member=guest).exists()


def test_forty_topics(browser, guest, django_assert_max_num_queries):
    for topic in TOPICS[:40]:
        actions.add_experience(guest, Told(topic, Part.LIVED))
    browser.get("/profile")
    with django_assert_max_num_queries(10):
        page = browser.get("/profile").content.decode()
    assert page.count('href="/profile/topics/') == 40  # no way to add, forty to change
    assert "Take something out before you add another" in page
    assert browser.get("/profile/topics/new?for=lived").headers["Location"] == "/profile"
    place = families("en")[-1].order
    last = next(key for key in TOPICS if cards("en")[key].family == families("en")[-1].key)
    sent = {"topic": last, "hand": "first", "seen": "peer"}
    full = browser.post(f"/profile/topics/new/lived/{place}", sent)
    assert full.status_code == 400
    assert "This list is full" in full.content.decode()


def test_how_one_likes_to_talk(browser, guest):
    page = browser.get("/profile/talk").content.decode()
    assert "English, the language of your pages, always counts." in page
    assert '<span lang="pt">Português</span>' in page
    sent = {"style": "both", "languages": ["pt", "ar"]}
    assert browser.post("/profile/talk", sent).status_code == 303
    row = Profile.objects.get(member=guest)
    assert (row.style, row.languages) == ("both", ["pt", "ar"])
    shown = browser.get("/profile").content.decode()
    assert "English · Português · العربيّة" in shown
    assert browser.post("/profile/talk", {"style": "loud"}).status_code == 400
    bad = browser.post("/profile/talk", {"style": "ideas", "languages": ["xx"]})
    assert bad.status_code == 400
    assert "wrong-line" in bad.content.decode()
    many = [code for code, _name in spoken_languages()]
    over = browser.post("/profile/talk", {"style": "ideas", "languages": many})
    assert over.status_code == 400


def test_age_and_gender_each_with_its_own_visibility(browser, guest):
    sent = {"age_band": "35-44", "age_seen": "me", "gender": "man", "gender_seen": "peer"}
    assert browser.post("/profile/about", sent).status_code == 303
    row = queries.profile_of(guest)
    assert (row.age_band, row.age_seen, row.gender, row.gender_seen) == (
        "35-44",
        "me",
        "man",
        "peer",
    )
    page = browser.get("/profile").content.decode()
    assert "35–44 (only me)" in page
    assert "man (the person I talk with may see it)" in page
    assert browser.post("/profile/about", {**sent, "age_band": "12"}).status_code == 400
    gone = {**sent, "age_band": "undisclosed", "gender": "undisclosed"}
    assert browser.post("/profile/about", gone).status_code == 303
    assert "no age said" in browser.get("/profile").content.decode()


def test_a_wish_and_what_it_costs(house, browser, guest):
    page = browser.get("/profile/wish").content.decode()
    assert "can make the wait longer" in page
    assert "people here now" not in page  # four are on duty: too few for a number
    sent = {"wish_gender": "woman", "strong": "must"}
    assert browser.post("/profile/wish", sent).status_code == 303
    row = queries.profile_of(guest)
    assert (row.wish_gender, row.wish_strong) == ("woman", True)
    assert "only so" in browser.get("/profile").content.decode()
    assert browser.post("/profile/wish", {"wish_gender": "", "strong": "must"}).status_code == 303
    row = queries.profile_of(guest)
    assert (row.wish_gender, row.wish_strong) == ("", False)
    assert browser.post("/profile/wish", {"wish_gender": "undisclosed"}).status_code == 400


def test_a_number_where_enough_are_here(house, browser):
    from datetime import timedelta

    from samepath.kit import clock
    from samepath.organisations import actions as organisations

    now = clock.now()
    genders = [Gender.WOMAN, Gender.WOMAN, Gender.MAN]
    for number, gender in enumerate(genders):
        member = house.guest(f"new-path-{number + 50}")
        organisations.give_hat(None, member, "supporter")
        organisations.take_duty(
            member, hat="supporter", starts_at=now, ends_at=now + timedelta(hours=2)
        )
        actions.set_profile(member, {"gender": gender, "gender_seen": Seen.MATCH})
    page = browser.get("/profile/wish").content.decode()
    assert "woman: 2 of the 7 people here now." in page
    assert "man: hardly any of the 7 people here now." in page


def test_the_page_speaks_spanish(house):
    browser = house.browser(house.guest(language="es"))
    browser.cookies["language"] = "es"
    page = browser.get(f"/profile/topics/new/lived/{GRIEF}").content.decode()
    assert cards("es")["grief-parent"].name in page
