"""A team of many: it comes in pages, nobody is left out."""

from __future__ import annotations

import re

from cast import House
from samepath.organisations import actions
from samepath.organisations.choices import Hat
from samepath.organisations.models import Role

NAME = re.compile(r'<span class="person-name">([^<]+)</span>')


def test_a_long_team_comes_in_pages(house: House) -> None:
    for number in range(30):
        actions.give_hat(None, house.guest(f"new-path-{number}"), Hat.SUPPORTER)
    browser = house.browser("field")
    first = browser.get("/team").content.decode()
    second = browser.get("/team?page=2").content.decode()
    assert 'href="?page=2"' in first
    assert 'href="?page=1"' in second
    assert 'href="?page=3"' not in second
    names = [NAME.findall(page) for page in (first, second)]
    assert len(names[0]) == 25
    everybody = {role.member.name for role in Role.objects.select_related("member")}
    assert sorted(names[0] + names[1]) == sorted(everybody)
    # A page that is not there is empty, and no fault.
    beyond = browser.get("/team?page=9")
    assert beyond.status_code == 200
    assert not NAME.findall(beyond.content.decode())
    assert 'href="?page=8"' in beyond.content.decode()
