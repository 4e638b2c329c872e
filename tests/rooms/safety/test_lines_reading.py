"""Helplines: a wrong record is refused with a sentence that says what is wrong with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from samepath.safety import lines
from samepath.safety.lines import Channel

TODAY = date(2026, 3, 1)

GOOD = """
code = "xx"
name = { en = "Testland", es = "Pruebalandia" }
main = "xx-main"

[[emergency]]
kind = "call"
number = "555"
tel = "555"
for = ["thoughts", "someone", "took"]
source = "https://example.org/emergency"
source_kind = "public"
source_date = "2026-01"
checked_on = ""

[[lines]]
key = "xx-main"
name = "Main line"
languages = ["en"]
audience = ["all"]
for = ["thoughts"]
pair = "xx-young"
channels = [
  { kind = "call", number = "0800 555", tel = "0800555" },
  { kind = "text", number = "555 12", tel = "55512", keyword = "HELLO" },
]
hours = { en = "Day and night.", es = "De día y de noche." }
open_24h = true
free = ""
url = "https://example.org/"
source = "https://example.org/contact"
source_kind = "service"
source_date = ""
checked_on = ""

[[lines]]
key = "xx-young"
name = "Young line"
languages = ["en"]
audience = ["youth"]
for = ["thoughts"]
pair = "xx-main"
channels = [{ kind = "chat", url = "https://example.org/chat" }]
hours = { en = "Day and night.", es = "De día y de noche." }
open_24h = true
free = true
url = ""
source = "https://example.org/young"
source_kind = "service"
source_date = "2026-02-03"
checked_on = ""
"""

DIALLED = 'number = "0800 555", tel = "0800555"'

WRONG = [
    ('source = "https://example.org/contact"\n', "", "xx-main: source is missing"),
    ('source = "https://example.org/emergency"\n', "", "emergency 1: source is missing"),
    ('"https://example.org/contact"', '"a leaflet"', "not a web address"),
    ('"https://example.org/chat"', '"javascript:alert(1)"', "not a web address"),
    ('tel = "0800555"', 'tel = "0800556"', "not the same number"),
    ('tel = "0800555"', 'tel = "+440800555"', "as it is dialled in the country"),
    (DIALLED, 'number = "+44 800 555", tel = "+44800555"', "without"),
    (DIALLED, 'number = "0800 HELP", tel = "0800"', "may hold digits"),
    (DIALLED, 'number = "0800 555"', "tel is missing"),
    (DIALLED, 'number = "5", tel = "5"', "2 to 15 digits"),
    (DIALLED, 'tel = "0800555"', "number is missing"),
    ('kind = "text"', 'kind = "fax"', "not one of"),
    ('kind = "text"', 'kind = "call"', "a keyword belongs to a text line"),
    ('{ kind = "chat", url = "https://example.org/chat" }', '{ kind = "chat" }', "a chat needs"),
    ('{ kind = "chat", url = "https://example.org/chat" }', '{ kind = "web" }', "web channel"),
    ('channels = [{ kind = "chat", url = "https://example.org/chat" }]', "", "no way to reach"),
    ('audience = ["all"]', 'audience = ["users"]', "audience has users"),
    ('audience = ["all"]', "audience = []", "audience is missing"),
    ('for = ["thoughts"]\npair = "xx-young"', 'for = ["rain"]', "for has rain"),
    ('languages = ["en"]\naudience = ["all"]', 'audience = ["all"]', "languages is missing"),
    ('hours = { en = "Day and night.", es', "hours = { es", "hours must be written in en and es"),
    ('en = "Testland"', 'en = ""', "name has an empty sentence"),
    ("open_24h = true\nfree", 'open_24h = "yes"\nfree', "open_24h must be true or false"),
    ('free = ""', 'free = "no"', "free must be true or false"),
    ('source_date = "2026-02-03"', 'source_date = "03.02.2026"', "is not a date"),
    ('source_date = "2026-02-03"', 'source_date = "2026-02-31"', "is not a date"),
    ('source_date = "2026-02-03"\n', "", "source_date is missing"),
    (
        'source_date = "2026-02-03"\nchecked_on = ""',
        'source_date = ""\nchecked_on = "2026-01-01"',
        "only the organisation confirms",
    ),
    ('name = "Main line"', 'name = "Main line"\ncolour = "red"', "unknown fields: colour"),
    ('key = "xx-young"', 'key = "yy-young"', "must look like xx-name"),
    ('key = "xx-young"', 'key = "xx-main"', "same key"),
    ('pair = "xx-main"', 'pair = "xx-nobody"', "does not point back"),
    ('audience = ["youth"]', 'audience = ["all"]', "one line for adults and one for young"),
    ('["youth"]\nfor = ["thoughts"]', '["youth"]\nfor = ["took"]', "must share a danger"),
    ('main = "xx-main"', 'main = "xx-nobody"', "not one of its lines for thoughts"),
    ('["thoughts", "someone", "took"]', '["thoughts", "someone"]', "emergency for 'took'"),
    ('kind = "call"\nnumber = "555"', 'kind = "text"\nnumber = "555"', "a call for every danger"),
    ('code = "xx"', 'code = "yy"', "does not match the file name"),
    ('code = "xx"', "code = xx", "cannot be read"),
]  # fmt: skip


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "xx.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_a_good_file_is_read(good: Path) -> None:
    country = lines.load(good)
    main, young = country.lines
    assert (main.free, young.free) == (None, True)
    assert main.country == "xx"
    assert main.channels[1] == Channel(
        "text", "555 12", "55512", "HELLO", "", "", "https://example.org/contact"
    )
    assert country.emergency[0].key == "xx-emergency-555"
    assert country.emergency[0].source_date == "2026-01"


@pytest.mark.parametrize(("old", "new", "fault"), WRONG)
def test_a_wrong_file_is_refused_with_the_reason(
    good: Path, old: str, new: str, fault: str
) -> None:
    assert GOOD.count(old) >= 1
    good.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(lines.HelplineDataError) as refusal:
        lines.load(good)
    assert fault in str(refusal.value)
    assert str(refusal.value).startswith("xx.toml")


def test_the_rest_of_the_world_may_hold_no_number(tmp_path: Path) -> None:
    path = tmp_path / "zz.toml"
    world = GOOD.replace("xx", "zz")
    path.write_text(world, encoding="utf-8")
    with pytest.raises(lines.HelplineDataError, match="zz none"):
        lines.load(path)
    start, end = world.index("[[emergency]]"), world.index("[[lines]]")
    path.write_text(world[:start] + world[end:], encoding="utf-8")
    with pytest.raises(lines.HelplineDataError, match="no number is the same in every country"):
        lines.load(path)


def test_a_confirmation_does_not_outlive_the_number_it_was_for(good: Path) -> None:
    before = lines.load(good)
    known = {
        record.key: lines.Confirmation(TODAY, "Ana", record.fingerprint())
        for record in before.records()
    }
    good.write_text(
        GOOD.replace(
            'number = "0800 555", tel = "0800555"', 'number = "0800 556", tel = "0800556"'
        ),
        encoding="utf-8",
    )
    after = lines.load(good)
    states = {r.key: lines.check_state(r, known, TODAY) for r in after.records()}
    assert states == {"xx-emergency-555": "fresh", "xx-main": "unchecked", "xx-young": "fresh"}
    assert lines.checked_country(after, known, TODAY).line("xx-main").checked_on is None
