"""What we make from a .po file is what Python's own gettext reads."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

import pytest

from tools import messages

SOURCE = r"""
# A comment
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#: a.html:1
msgid "Good evening"
msgstr "Buenas noches"

msgctxt "door"
msgid "Open"
msgstr "Abrir"

msgid "one \"place\"\n"
msgid_plural "%(n)s places\n"
msgstr[0] "una «plaza»\n"
msgstr[1] "%(n)s "
"plazas\n"
#, fuzzy
msgid "Not sure"
msgstr "Quizá"

msgid "Not done"
msgstr ""

#~ msgid "Gone"
#~ msgstr "Ido"
msgid "Last"
msgstr "Última"
"""


def test_gettext_reads_what_we_make(tmp_path: Path) -> None:
    source = tmp_path / "django.po"
    source.write_text(SOURCE, encoding="utf-8")
    assert messages.main([str(source)]) == 0
    with source.with_suffix(".mo").open("rb") as file:
        made = gettext.GNUTranslations(file)
    assert made.gettext("Good evening") == "Buenas noches"
    assert made.pgettext("door", "Open") == "Abrir"
    assert made.gettext("Open") == "Open"
    one, many = 'one "place"\n', "%(n)s places\n"
    assert made.ngettext(one, many, 1) == "una «plaza»\n"
    assert made.ngettext(one, many, 5) == "%(n)s plazas\n"
    assert made.gettext("Last") == "Última"


def test_what_is_not_finished_is_left_out() -> None:
    found = messages.read(SOURCE)
    assert not {"Not sure", "Not done", "Gone"} & set(found)


def test_many_entries_keep_their_places() -> None:
    many = {f"key {number}": f"wort {number} ü" for number in range(1000)}
    many[""] = "Content-Type: text/plain; charset=UTF-8\n"
    made = gettext.GNUTranslations(io.BytesIO(messages.pack(many)))
    assert all(made.gettext(key) == value for key, value in many.items() if key)


@pytest.mark.parametrize("line", ["msgid no quotes", 'msgid "open', '"nobody\'s words"'])
def test_a_broken_file_is_named_with_its_line(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "broken.po"
    source.write_text(f'msgid "a"\nmsgstr "b"\n\n{line}\n', encoding="utf-8")
    assert messages.main([str(source)]) == 1
    assert "line 4" in capsys.readouterr().err
    assert not source.with_suffix(".mo").exists()
