"""Helplines: every shipped record, the order they stand in, and who confirmed them."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from samepath.safety import lines
from samepath.safety.lines import Channel, Country, Emergency, Line

FOLDER = Path(lines.__file__).parent / "helplines"


def every_line() -> Iterator[tuple[Country, Line]]:
    for country in (*lines.countries().values(), lines.country_for("nowhere")):
        for line in country.lines:
            yield country, line


def every_number() -> Iterator[tuple[str, Channel | Emergency]]:
    for country in lines.countries().values():
        for emergency in country.emergency:
            yield emergency.key, emergency
        for line in country.lines:
            for channel in line.channels:
                if channel.number:
                    yield f"{line.key} {channel.kind} {channel.number}", channel


# ---------------------------------------------------------------- what ships


def test_the_promised_countries_ship() -> None:
    assert {"gb", "ie", "us", "ca", "au", "nz", "es", "mx"} <= set(lines.countries())
    assert len(lines.countries()) >= 9
    assert lines.INTERNATIONAL_CODE not in lines.countries()


def test_every_file_in_the_folder_is_read() -> None:
    files = {path.stem for path in FOLDER.iterdir()}
    assert files == {*lines.countries(), lines.INTERNATIONAL_CODE}


@pytest.mark.parametrize(("key", "record"), [pytest.param(k, r, id=k) for k, r in every_number()])
def test_every_number_has_a_source_and_a_link_with_the_same_digits(
    key: str, record: Channel | Emergency
) -> None:
    assert record.source.startswith(("https://", "http://")), key
    assert record.tel == "".join(c for c in record.number if c.isdigit() or c == "*")
    assert "+" not in record.number + record.tel
    assert not record.tel.startswith("00") or record.tel == "000"


def test_short_codes_stay_short() -> None:
    expected = {
        "us-988": "988",
        "ca-988": "988",
        "gb-samaritans": "116123",
        "ie-samaritans": "116123",
        "nz-1737": "1737",
        "es-024": "024",
        "es-016": "016",
        "fr-3114": "3114",
        "mx-079": "079",
        "mx-cdmx-sos-mujeres": "*765",
        "za-childline": "116",
    }
    found = {line.key: line.channels[0].tel for _, line in every_line()}
    assert {key: found[key] for key in expected} == expected


def test_text_lines_have_a_number_and_only_they_have_a_keyword() -> None:
    keywords = {}
    for _, line in every_line():
        for channel in line.channels:
            if channel.kind == "text":
                assert channel.tel, line.key
                keywords[line.key] = channel.keyword
            else:
                assert not channel.keyword, line.key
    assert keywords["gb-shout"] == "SHOUT"
    assert keywords["us-domestic-violence"] == "START"
    assert keywords["us-988"] == ""


@pytest.mark.parametrize("code", sorted(lines.countries()))
def test_every_country_answers_every_danger(code: str) -> None:
    country = lines.countries()[code]
    for kind in lines.DANGERS:
        assert lines.emergency_for(country, kind), kind
    assert lines.for_danger(country, "thoughts")
    assert any(
        {"abuse", "sexual-violence"} & set(line.audience)
        for line in lines.for_danger(country, "someone")
    )


@pytest.mark.parametrize("code", sorted(lines.countries()))
def test_people_are_told_hours_in_both_languages_and_24h_is_said_in_words(code: str) -> None:
    for line in lines.countries()[code].lines:
        assert set(line.hours) == {"en", "es"}
        if line.open_24h:
            assert "night" in line.hours["en"], line.key
            assert "noche" in line.hours["es"], line.key


def test_no_shipped_file_claims_a_confirmation() -> None:
    for path in FOLDER.glob("*.toml"):
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        for record in (*raw.get("emergency", []), *raw["lines"]):
            assert record["checked_on"] == "", path.name
    assert all(line.checked_on is None for _, line in every_line())


def test_the_two_age_groups_stand_together() -> None:
    paired = 0
    for country in lines.countries().values():
        everybody = [
            line
            for line in country.lines
            if line.audience == ("youth",) and "thoughts" in line.for_ and not line.region
        ]
        main = country.line(country.main)
        if everybody:
            assert main.pair, f"{country.code} has a line for young people and main has no pair"
        if not main.pair:
            continue
        paired += 1
        shown = [line.key for line in lines.for_danger(country, "thoughts")]
        assert shown[:2] == [main.key, main.pair]
        assert "youth" in country.line(main.pair).audience
    assert paired >= 10


# ---------------------------------------------------------------- order


def test_order_main_first_then_meant_for_this_then_round_the_clock_then_nationwide() -> None:
    gb = lines.countries()["gb"]
    thoughts = [line.key for line in lines.for_danger(gb, "thoughts")]
    assert thoughts[0] == "gb-samaritans"
    assert thoughts.index("gb-shout") < thoughts.index("gb-papyrus")
    someone = [line.key for line in lines.for_danger(gb, "someone")]
    assert someone[0] == "gb-refuge"
    assert someone.index("gb-galop") < someone.index("gb-childline")
    took = [line.key for line in lines.for_danger(lines.countries()["us"], "took")]
    assert took[0] == "us-poison-help"
    canada = [line.key for line in lines.for_danger(lines.countries()["ca"], "took")]
    assert canada == ["ca-poison", "ca-qc-poison"]


def test_each_reason_for_the_order_counts_alone() -> None:
    """Two lines that differ in one thing, in the wrong order in the file."""
    gb = lines.countries()["gb"]
    base = replace(gb.line("gb-shout"), pair="", region="", open_24h=True, for_=("thoughts",))

    def order(first: Line, second: Line, main: str = "none") -> list[str]:
        country = replace(gb, main=main, lines=(first, second))
        return [line.key for line in lines.for_danger(country, "thoughts")]

    a, b = replace(base, key="gb-a"), replace(base, key="gb-b")
    assert order(a, b) == ["gb-a", "gb-b"]
    assert order(a, b, main="gb-b") == ["gb-b", "gb-a"]
    assert order(replace(a, for_=("thoughts", "someone")), b) == ["gb-b", "gb-a"]
    assert order(replace(a, open_24h=False), b) == ["gb-b", "gb-a"]
    assert order(replace(a, region="Wales"), b) == ["gb-b", "gb-a"]


@pytest.mark.parametrize("kind", lines.DANGERS)
def test_for_danger_loses_nothing_and_shows_nothing_twice(kind: str) -> None:
    for country in lines.countries().values():
        shown = [line.key for line in lines.for_danger(country, kind)]
        assert sorted(shown) == sorted(x.key for x in country.lines if kind in x.for_)


def test_an_unknown_danger_is_refused() -> None:
    gb = lines.countries()["gb"]
    with pytest.raises(ValueError, match="unknown danger"):
        lines.for_danger(gb, "weather")
    with pytest.raises(ValueError, match="unknown danger"):
        lines.emergency_for(gb, "")


def test_emergency_numbers_fit_the_danger() -> None:
    france = lines.countries()["fr"]
    assert [e.number for e in lines.emergency_for(france, "someone")] == ["112", "17", "114"]
    assert [e.number for e in lines.emergency_for(france, "took")] == ["112", "15", "114"]
    assert [e.kind for e in lines.emergency_for(france, "took")] == ["call", "call", "text"]


@pytest.mark.parametrize(
    ("code", "emergency", "main"),
    [
        ("gb", "999", "116 123"),
        ("ie", "112", "116 123"),
        ("us", "911", "988"),
        ("ca", "911", "988"),
        ("au", "000", "13 11 14"),
        ("nz", "111", "1737"),
        ("es", "112", "024"),
        ("mx", "911", "800 911 2000"),
    ],
)
def test_first_numbers(code: str, emergency: str, main: str) -> None:
    first = lines.first_numbers(code.upper())
    assert first.emergency is not None
    assert first.emergency.number == emergency
    assert first.main.channels[0].number == main
    assert first.emergency.kind == "call"


@pytest.mark.parametrize("code", ["", "xx", "zz", "gbr", "../gb", "GB\x00"])
def test_an_unknown_country_gets_words_and_a_directory_never_a_number(code: str) -> None:
    first = lines.first_numbers(code)
    assert first.emergency is None
    assert [c.number for c in first.main.channels] == [""]
    assert first.main.channels[0].url.startswith("https://")
    international = lines.country_for(code)
    assert international.code == lines.INTERNATIONAL_CODE
    assert lines.emergency_for(international, "took") == ()


def test_records_cannot_be_changed_by_a_page() -> None:
    assert lines.countries() is lines.countries()
    gb = lines.countries()["gb"]
    with pytest.raises(FrozenInstanceError):
        gb.main = "gb-shout"  # type: ignore[misc]
    with pytest.raises(TypeError):
        gb.name["en"] = "x"  # type: ignore[index]
    with pytest.raises(TypeError):
        lines.countries()["gb"] = gb  # type: ignore[index]


def test_the_records_need_no_framework_and_no_database() -> None:
    code = (
        "import sys\n"
        "from samepath.safety import lines\n"
        "lines.first_numbers('gb')\n"
        "print(sorted({'django', 'sqlite3', 'socket'} & set(sys.modules)))\n"
    )
    source = str(Path(lines.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={"PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
