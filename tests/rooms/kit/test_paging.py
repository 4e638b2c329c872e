"""Long lists in pages, and long selects in one go."""

from __future__ import annotations

import pytest
from django import forms
from django.test import RequestFactory
from django.test.html import parse_html

from samepath.kit import paging
from samepath.kit.forms import LongSelect


def pages(count: int, size: int) -> list[paging.Sheet[int]]:
    rows = list(range(count))
    out, number = [], 1
    while number:
        out.append(paging.sheet(rows[paging.window(number, size)], number, size))
        number = out[-1].after
    return out


@pytest.mark.parametrize("count", [0, 1, 24, 25, 26, 50, 51])
def test_every_row_stands_on_one_page(count: int) -> None:
    found = pages(count, 25)
    assert [row for one in found for row in one.rows] == list(range(count))
    assert all(len(one.rows) <= 25 for one in found)
    assert found[0].before == 0
    assert [one.before for one in found[1:]] == [one.number for one in found[:-1]]
    assert all(one.rows for one in found) or count == 0


ASKED = {
    "": 1,
    "?page=3": 3,
    "?page=0": 1,
    "?page=-2": 1,
    "?page=x": 1,
    "?page=٣": 1,
    "?page=99999999999999999999": 1,
    "?page=9999": paging.LAST,
}


@pytest.mark.parametrize(("told", "number"), ASKED.items())
def test_page_number(told: str, number: int) -> None:
    assert paging.page_number(RequestFactory().get("/list" + told)) == number


CHOICES = [
    ("", 'Please "choose" & <go>'),
    ("UTC", [("UTC", "UTC"), ("a'b", "x<y")]),
    ("Numbers", [(1, "one"), (2, "two")]),
]


class Usual(forms.Form):
    place = forms.ChoiceField(choices=CHOICES, help_text="where")


class Long(forms.Form):
    place = forms.ChoiceField(choices=CHOICES, help_text="where", widget=LongSelect)


@pytest.mark.parametrize("data", [None, {}, {"place": "1"}, {"place": "nope"}, {"place": "a'b"}])
def test_a_long_select_is_what_the_framework_writes(data: dict[str, str] | None) -> None:
    assert parse_html(str(Long(data)["place"])) == parse_html(str(Usual(data)["place"]))
    assert "<y" not in str(Long(data)["place"])
