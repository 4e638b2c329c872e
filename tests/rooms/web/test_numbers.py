"""The danger page: every number with its source, honest about who checked it, for every country."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError

from samepath.kit import clock
from samepath.safety import lines, panels
from samepath.web import numbers

pytestmark = pytest.mark.usefixtures("nothing_to_ask")


@pytest.fixture
def nothing_to_ask(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a test has no database, asking for the site fails as with a database that is down."""
    if not {"db", "site", "house"} & set(request.fixturenames):

        def down(*_values: object) -> None:
            raise OperationalError("gone")

        monkeypatch.setattr(numbers, "site_of_host", down)
        monkeypatch.setattr(panels, "site_of_host", down)


@pytest.mark.parametrize("code", sorted(lines.countries()))
def test_every_number_of_a_country_is_there_as_dialled(stranger, code):
    page = stranger.get(f"/help-now/{code}").content.decode()
    country = lines.countries()[code]
    for emergency in country.emergency:
        assert f'href="{"tel" if emergency.kind == "call" else "sms"}:{emergency.tel}"' in page
        assert emergency.source.replace("&", "&amp;") in page
    for line in country.lines:
        if not line.for_:
            continue
        assert line.source.replace("&", "&amp;") in page
        for channel in line.channels:
            if channel.kind == "call":
                assert f'href="tel:{channel.tel}"' in page
    assert page.index(country.emergency[0].number) < page.index("What is it about?")
    assert "has checked this number yet" in page


def test_a_country_nobody_knows_gets_words_and_no_number(stranger):
    page = stranger.get("/help-now/zz").content.decode()
    assert "We have no numbers for this country yet." in page
    assert "tel:" not in page
    assert "findahelpline.com" in page


@pytest.mark.parametrize("path", ["/help-now/xx", "/help-now/GB", "/help-now/easy/xx"])
def test_an_unknown_country_is_not_found_and_still_offers_help(stranger, path):
    answer = stranger.get(path)
    assert answer.status_code == 404
    assert b'href="/help-now"' in answer.content


def test_the_organisations_country_comes_first_without_asking_the_network(house, stranger):
    stranger.get("/")
    code, name = numbers._home["localhost"]
    assert name
    page = stranger.get("/help-now", headers={"x-forwarded-for": "1.2.3.4"}).content.decode()
    assert lines.country_for(code).emergency[0].number in page
    assert f"Nobody of {name} has checked this number yet." in page


def test_a_confirmed_number_says_so_and_an_old_one_asks(stranger):
    path = settings.DATA / numbers.CHECKED_FILE
    today = clock.today()
    lines.confirm(path, "gb-samaritans", today, "Ada")
    try:
        assert "our team checked this number on" in stranger.get("/help-now/gb").content.decode()
        lines.confirm(path, "gb-samaritans", today - timedelta(days=400), "Ada")
        assert (
            "That was long ago. Please check it." in stranger.get("/help-now/gb").content.decode()
        )
    finally:
        path.unlink()


def test_on_a_night_without_anybody_only_lines_that_always_answer(site):
    for code in lines.countries():
        shown = numbers.answering_now(code)
        names = {line.name for line in lines.countries()[code].lines if line.open_24h}
        assert {line.name for line in shown} <= names
        assert len(shown) <= numbers.NUMBERS_NOW


def test_the_easy_page_gives_the_same_numbers(stranger):
    for code, country in lines.countries().items():
        page = stranger.get(f"/help-now/easy/{code}").content.decode()
        calls = [one for one in country.emergency if one.kind == "call"]
        assert f'href="tel:{calls[0].tel}"' in page


@pytest.mark.parametrize(
    "path",
    [
        "/help-now",
        "/help-now/gb",
        "/help-now/easy",
        "/steady",
        "/steady/easy",
        "/leave-fast",
        "/calendar",
    ],
)
def test_standing_pages_answer_with_the_database_down(stranger, path):
    # `nothing_to_ask` breaks the look-up, and pytest-django refuses every other query.
    answer = stranger.get(path)
    assert answer.status_code == 200
    assert "<script" not in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "script-src" not in policy
    assert "default-src 'none'; style-src 'self'" in policy
