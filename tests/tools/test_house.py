"""The house lint finds what it should, at the right line, and leaves good code alone."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
from tools.house import House, Loser, Source

from tools import house, house_words

ROOT = Path(__file__).resolve().parents[2]

HOUSE = House(
    shelves=(
        ("web", "realtime"),
        ("matching",),
        ("profiles", "conversations"),
        ("safety",),
        ("accounts",),
        ("kit", "engine"),
    ),
    private_models={"Message": "conversations"},
    written_words=frozenset({"text", "note"}),
    losers=(
        Loser("chat", "conversation", frozenset({"names", "copy"}), ("safety/lines*",)),
        Loser("shift", "duty", frozenset({"names", "copy"}), phrases=("Shift",)),
        Loser("easy", "leave it out", frozenset({"copy"}), phrases=("easy read",)),
    ),
    longest_file=20,
)


def faults(path: str, text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.rule) for fault in house.check(Source(path, text), HOUSE)]


def python(inside: str, text: str) -> list[tuple[int, str]]:
    return faults(f"src/samepath/{inside}", text)


def rules_of(found: list[tuple[int, str]]) -> set[str]:
    return {rule for _, rule in found}


BAD_PYTHON = [
    ("accounts/actions.py", "from datetime import datetime\nx = datetime.now()", 2, "clock"),
    ("accounts/actions.py", "import datetime as d\nx = d.datetime.now(d.UTC)", 2, "clock"),
    ("accounts/actions.py", "import time\nx = time.time()", 2, "clock"),
    ("accounts/models.py", "from django.utils import timezone\nf(timezone.now)", 2, "clock"),
    ("accounts/views.py", "from django.utils.timezone import now\nx = now()", 2, "clock"),
    ("accounts/actions.py", "member.name = 'x'\nmember.save()", 2, "bare-save"),
    ("accounts/actions.py", "member.save(using='default')", 1, "bare-save"),
    ("conversations/views.py", "rows = Message.objects.all()", 1, "private-query"),
    ("matching/queries.py", "rows = models.Message.objects.all()", 1, "private-query"),
    ("matching/actions.py", "rows = Message._default_manager.all()", 1, "private-query"),
    ("accounts/rules.py", "from django.db import models", 1, "impure-rule"),
    ("accounts/rules.py", "from samepath.kit.clock import now", 1, "impure-rule"),
    ("accounts/rules.py", "from samepath.accounts.models import Member", 1, "impure-rule"),
    ("accounts/rules/limits.py", "import time", 1, "impure-rule"),
    ("engine/fit.py", "from django.db.models import F", 1, "impure-rule"),
    ("web/views.py", "from django.utils.safestring import mark_safe\nmark_safe(x)", 2, "unescaped"),
    ("web/views.py", "from django.utils import safestring as s\ns.mark_safe(x)", 2, "unescaped"),
    ("accounts/models.py", "a = models.ForeignKey('safety.Concern', CASCADE)", 1, "upward-key"),
    ("accounts/models.py", "a = models.ManyToManyField(to='safety.Concern')", 1, "upward-key"),
    ("profiles/models.py", "a = OneToOneField('conversations.Message', C)", 1, "upward-key"),
    ("accounts/views.py", "redirect('matching:waiting')", 1, "upward-template"),
    ("safety/views.py", "render(request, 'web/first.html')", 1, "upward-template"),
    ("accounts/events.py", "class Said:\n    text: str", 2, "words-leave"),
    ("accounts/actions.py", "enqueue('accounts.tell', text=said)", 1, "words-leave"),
    ("accounts/actions.py", "log.info('told', note=said)", 1, "words-leave"),
    ("accounts/actions.py", "def open_chat(actor): ...", 1, "glossary"),
    ("accounts/models.py", "class ChatRoom: ...", 1, "glossary"),
    ("accounts/models.py", "class Talk:\n    chats = 1", 2, "glossary"),
    ("accounts/actions.py", "def take(shift): ...", 1, "glossary"),
    ("accounts/chat.py", "x = 1", 1, "glossary"),
    ("accounts/forms.py", "label = _('Open the chat')", 1, "glossary"),
    ("accounts/forms.py", "label = _('Welcome!')", 1, "loud"),
    ("accounts/forms.py", "def broken(:", 1, "syntax"),
    ("accounts/forms.py", "x = 1\n" * 21, 21, "long-file"),
]


@pytest.mark.parametrize(("inside", "text", "line", "rule"), BAD_PYTHON)
def test_a_fault_in_python_is_found_at_its_line(
    inside: str, text: str, line: int, rule: str
) -> None:
    assert (line, rule) in python(inside, text)


GOOD_PYTHON = [
    ("kit/clock.py", "from datetime import UTC, datetime\nx = datetime.now(UTC)"),
    ("accounts/actions.py", "from samepath.kit import clock\nx = clock.now()"),
    ("accounts/actions.py", "import time\nx = time.monotonic()"),
    ("accounts/actions.py", "member.save(update_fields=['name'])\nmember.save(force_insert=True)"),
    ("accounts/models.py", "class M:\n    def save(self, **k):\n        super().save(**k)"),
    ("accounts/views.py", "form.save()\nself.sign_in_form.save(commit=True)"),
    ("conversations/access.py", "rows = Message.objects.all()"),
    ("conversations/actions/messages.py", "rows = Message.objects.all()"),
    ("matching/queries.py", "rows = Offer.objects.all()"),
    ("accounts/rules.py", "import math\nfrom datetime import timedelta\nimport datetime"),
    ("accounts/rules.py", "from samepath.accounts.choices import Kind"),
    ("engine/fit.py", "import numpy as np\nfrom samepath.engine.people import Person"),
    ("kit/text.py", "from django.utils.safestring import mark_safe\nx = mark_safe('')"),
    ("web/tags.py", "from django.utils.safestring import SafeString\ndef f() -> SafeString: ..."),
    ("safety/models.py", "a = models.ForeignKey('accounts.Member', CASCADE)"),
    ("safety/models.py", "a = models.ForeignKey('self', CASCADE)"),
    ("accounts/models.py", "a = models.ForeignKey('accounts.Member', CASCADE)"),
    ("web/views.py", "render(request, 'kit/page.html')\nreverse('matching:waiting')"),
    ("accounts/events.py", "class Joined:\n    member_id: int"),
    ("safety/lines.py", "class ChatLine: ..."),
    ("accounts/actions.py", "def open_conversation(actor): ...\nchat = 1"),
    ("accounts/forms.py", "label = _('Press Shift three times')\nhelp = _('An easy read page')"),
    ("accounts/forms.py", "ok = 1 if a != b else 2"),
]


@pytest.mark.parametrize(("inside", "text"), GOOD_PYTHON)
def test_good_python_is_left_alone(inside: str, text: str) -> None:
    assert python(inside, text) == []


BAD_TEMPLATES = [
    ('{% extends "web/base.html" %}', 1, "upward-template"),
    ('<p>\n{% include "matching/line.html" %}', 2, "upward-template"),
    ("{%- include 'conversations/talk.html#log' -%}", 1, "upward-template"),
    ("<a href=\"{% url 'matching:waiting' %}\">", 1, "upward-template"),
    ("<script>go()</script>", 1, "inline-script"),
    ('<script type="module" nonce="{{ nonce }}">go()</script>', 1, "inline-script"),
    ("<style>p {}</style>", 1, "inline-style"),
    ('<p\n  style="color: red">', 1, "inline-style"),
    ("<p style='color: red'>", 1, "inline-style"),
    ('<button onclick="go()">', 1, "inline-handler"),
    ('<a {% if x %}class="a"{% endif %} onfocus=go>', 1, "inline-handler"),
    ("{{ words|safe }}", 1, "unescaped"),
    ("{{ words | safe }}", 1, "unescaped"),
    ("{% autoescape off %}", 1, "unescaped"),
    ('<p>{% translate "Open a chat" %}</p>', 1, "glossary"),
    ('<p aria-label="{% translate "Open a chat" %}">', 1, "glossary"),
    ("<p>\n\nThis chat</p>", 3, "glossary"),
    ("{% blocktranslate %}It is easy{% endblocktranslate %}", 1, "glossary"),
    ("<p>Welcome!</p>", 1, "loud"),
]


@pytest.mark.parametrize(("text", "line", "rule"), BAD_TEMPLATES)
def test_a_fault_in_a_template_is_found_at_its_line(text: str, line: int, rule: str) -> None:
    assert (line, rule) in faults("src/samepath/profiles/templates/profiles/page.html", text)


GOOD_TEMPLATES = [
    '{% extends "kit/base.html" %}{% include "profiles/piece.html" %}{% include piece %}',
    "<a href=\"{% url 'accounts:sign-in' %}\">",
    '<script type="module" nonce="{{ nonce }}" src="{% static "js/page.js" %}"></script>',
    '<style nonce="{{ nonce }}">p {}</style>',
    '<p {% if a > b and on == 1 %}class="chat"{% endif %} data-on="x" id="chat">',
    "{# <script>no()</script> {{ x|safe }} chat #}",
    "{% comment %}\n<p onclick=x>\n{% endcomment %}",
    "{{ words|safe_line }}",
    "<p>Press Shift three times. An easy read page.</p>",
    '<option value="a">One</option>',
]


@pytest.mark.parametrize("text", GOOD_TEMPLATES)
def test_a_good_template_is_left_alone(text: str) -> None:
    assert faults("src/samepath/profiles/templates/profiles/page.html", text) == []


def test_an_allowance_needs_the_rule_and_a_reason() -> None:
    bad = "import time\nx = time.time()"
    assert python("kit/keys.py", bad + "  # house: allow clock: the file system's own time") == []
    assert python("kit/keys.py", bad + "  # house: allow clock") == [(2, "clock")]
    assert python("kit/keys.py", bad + "  # house: allow bare-save: a reason of length") == [
        (2, "clock")
    ]


def test_locks_and_paths_of_one_machine_are_watched_in_every_file() -> None:
    assert faults("requirements/base.txt", "a==1\n--index-url https://x") == [(2, "lock-address")]
    assert faults("docs/x.md", "see https://example.org") == []
    home = "/ho" + "me/ann/samepath"
    assert faults("docs/x.md", f"cd {home}") == [(1, "machine-path")]
    assert faults("docs/x.md", "the page /home/ and a/root/b and src/work/x") == []


def test_tests_and_tools_answer_to_the_general_rules_only() -> None:
    text = "import time\nx = time.time()\nMessage.objects.all()\n"
    assert faults("tests/rooms/accounts/test_actions.py", text) == []
    assert rules_of(faults("tests/x.py", "x = 1\n" * 30)) == {"long-file"}
    assert faults("src/samepath/accounts/migrations/0001_x.py", "x = 1\n" * 15) == []


def test_the_floors_are_read_from_the_import_contract() -> None:
    ours = house.read_house(ROOT)
    assert ours.may_use("web", "kit")
    assert ours.may_use("matching", "conversations")
    assert not ours.may_use("profiles", "conversations")
    assert not ours.may_use("kit", "accounts")
    with pytest.raises(LookupError):
        house.read_shelves({"tool": {"importlinter": {"contracts": []}}})


def test_the_glossary_table_is_read() -> None:
    losers = {loser.word: loser for loser in house.read_house(ROOT).losers}
    assert losers["chat"].places == {"names", "copy"}
    assert losers["chat"].globs
    assert losers["shift"].phrases == ("Shift",)
    with pytest.raises(LookupError):
        house.read_losers("# Glossary\n")


def test_every_private_model_of_the_list_exists() -> None:
    for model, room in house.read_house(ROOT).private_models.items():
        places = [
            *(ROOT / "src/samepath" / room).glob("models.py"),
            *(ROOT / "src/samepath" / room).glob("models/*.py"),
        ]
        assert any(f"class {model}(" in place.read_text() for place in places), model


def test_files_without_git_are_found_too(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text("x = 1\n")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "b.py").write_text("x = 1\n")
    assert list(house.tracked(tmp_path)) == ["src/a.py"]


def test_words_of_an_identifier() -> None:
    tried = doctest.testmod(house_words)
    assert tried.attempted > 0
    assert tried.failed == 0
