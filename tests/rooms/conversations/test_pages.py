"""The page of a talk through Django's door: whole without script, closed to strangers."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client

from samepath.accounts.models import Member, SignIn
from samepath.conversations import actions, queries
from samepath.conversations.access import Seat, conversation_for
from samepath.conversations.choices import State
from samepath.conversations.models import Conversation, Message, Participant
from samepath.kit import clock, tickets
from samepath.safety.models import CareCard, Concern


@pytest.fixture
def talk(house) -> str:
    """Wren and Heron talk."""
    return str(actions.open_conversation([house.wren, house.heron]).public_id)


def say(member, talk: str, *texts: str) -> None:
    """Said by the other way in, past the limit on messages."""
    from samepath.kit.ratelimit import buckets

    for text in texts:
        buckets.forget()
        actions.post_message(actions.Draft(uuid.UUID(talk), member.pk, uuid.uuid4(), text))


def seat_of(member, talk: str) -> Seat:
    """A member's own seat, as it is now."""
    return conversation_for(member, uuid.UUID(talk))


def page_of(browser: Client, path: str) -> str:
    """A page that must be there."""
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def filled(page: str) -> dict[str, str]:
    """What the composer of a page would send."""
    form = re.search(r'<form class="composer".*?</form>', page, re.S)
    assert form
    found = re.search(r'name="client_id" value="([^"]+)"', form[0])
    assert found
    return {"client_id": found[1]}


def test_the_page_holds_everything(house, talk):
    say(house.heron, talk, "Hello. I am here.", "<b>you & I</b> \U0001f33f")
    answer = house.browser("wren").get(f"/conversations/{talk}")
    page = answer.content.decode()
    assert "<title>Page</title>" in page
    assert "Quiet Heron 27" in page
    assert "&lt;b&gt;you &amp; I&lt;/b&gt; \U0001f33f" in page
    assert "<b>you" not in page
    for words in (
        "Pause",
        "Someone else",
        "Stop here",
        "Block",
        "Report",
        "Mute",
        "Exit this page",
    ):
        assert words in page
    assert page.count('class="exit"') == 1
    assert page.count('class="unread"') == 1
    assert f"/reports/new?kind=conversation&amp;id={talk}" in page
    assert f'src="/conversations/{talk}/log#end"' in page
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    ticket = re.search(r'data-ticket="([^"]+)"', page)
    assert ticket
    assert tickets.read_ticket(ticket[1], SignIn.objects.get(member=house.wren).cookie_hash)
    # Both columns beside the talk come from matching; without a pairing there is nothing.
    assert 'class="beside"' not in page


def test_the_log_alone_refreshes_itself(house, talk):
    say(house.heron, talk, *[f"line {n}" for n in range(60)])
    browser = house.browser("wren")
    answer = browser.get(f"/conversations/{talk}/log")
    page = answer.content.decode()
    assert '<meta http-equiv="refresh" content="5;url=' in page
    assert "<script" not in page
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "line 59" in page
    assert "line 9<" not in page
    assert seat_of(house.wren, talk).mine.read_seq == 60
    still = page_of(browser, f"/conversations/{talk}/log?before=11")
    assert "refresh" not in still
    assert "line 9<" in still
    assert "line 10<" not in still
    assert "refresh" not in page_of(browser, f"/conversations/{talk}/log?still=yes")
    for bad in ("before=x", "before=-1", "before=" + "9" * 40, "before=²"):
        assert browser.get(f"/conversations/{talk}/log?{bad}").status_code == 200


def test_every_link_and_form_of_the_log_leaves_the_frame(house, talk):
    """Or, for reading on in the log itself, says that it stays."""
    say(house.wren, talk, "I want to kill myself tonight, I have the pills here")
    page = page_of(house.browser("wren"), f"/conversations/{talk}/log")
    assert "Put this away" in page
    assert "<form" not in page
    for link in re.findall(r"<a [^>]+>", page):
        own = f'href="/conversations/{talk}/log' in link
        assert ('target="_self"' if own else 'target="_top"') in link, link


def test_saying_something_by_form(house, talk):
    browser = house.browser("wren", enforce_csrf_checks=True)
    page = page_of(browser, f"/conversations/{talk}")
    to, form = f"/conversations/{talk}/messages", filled(page)
    assert browser.post(to, {**form, "text": "without the token"}).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form["csrfmiddlewaretoken"] = token[1]
    for _twice in range(2):
        answer = browser.post(to, {**form, "text": "Sent twice by a nervous finger."})
        assert (answer.status_code, answer["Location"]) == (303, f"/conversations/{talk}")
    again = page_of(browser, f"/conversations/{talk}")
    assert again.count('<p dir="auto">Sent twice by a nervous finger.</p>') == 1
    assert filled(again)["client_id"] != form["client_id"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("x" * 4001, "This is 1 characters too long."),
        ("a\n" * 201, "These are more than 200 lines."),
        (" \n\t", "There is nothing to send yet."),
    ],
)
def test_what_is_refused_stays_in_the_box(house, talk, typed, sentence):
    browser = house.browser("wren")
    form = filled(page_of(browser, f"/conversations/{talk}"))
    answer = browser.post(f"/conversations/{talk}/messages", {**form, "text": typed})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page
    kept = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert kept
    assert kept[1].strip("\n") == typed.strip("\n") or kept[1] == typed
    assert filled(page)["client_id"] == form["client_id"]
    assert not Message.objects.filter(sender=house.wren).exists()


def test_too_quick_is_told_and_kept(house, talk):
    browser = house.browser("wren")
    codes = [
        browser.post(f"/conversations/{talk}/messages", {"text": f"word {n}"}) for n in range(13)
    ]
    late = next(one for one in codes if one.status_code == 429)
    assert int(late["Retry-After"]) >= 1
    assert "A moment, please" in late.content.decode()
    assert re.search(r"<textarea[^>]*>word 1\d</textarea>", late.content.decode())


def test_a_locked_store_is_told_and_kept(house, talk, monkeypatch):
    from django.db import OperationalError

    from samepath.conversations import sql

    browser = house.browser("wren")
    form = filled(page_of(browser, f"/conversations/{talk}"))

    def locked(rows: object) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as broken:
        broken.setattr(sql, "insert_messages", locked)
        answer = browser.post(f"/conversations/{talk}/messages", {**form, "text": "hold this"})
    assert answer.status_code == 503
    assert "Your words are still here" in answer.content.decode()
    assert ">hold this</textarea>" in answer.content.decode()
    assert (
        browser.post(f"/conversations/{talk}/messages", {**form, "text": "hold this"}).status_code
        == 303
    )
    assert Message.objects.filter(sender=house.wren).count() == 1


def test_the_script_without_a_socket(house, talk):
    """The same form answers a script in its own words; lines come by number."""
    browser, to = house.browser("wren"), f"/conversations/{talk}/messages"
    client_id = str(uuid.uuid4())
    json = {"HTTP_ACCEPT": "application/json"}
    told = browser.post(to, {"text": "by form", "client_id": client_id}, **json).json()
    assert (told["ack"], told["seq"]) == (client_id, 1)
    refused = browser.post(to, {"text": "x" * 4001}, **json)
    assert refused.status_code == 400
    assert refused.json()["error"] == "too_long"
    say(house.heron, talk, "two", "three")
    page = page_of(browser, f"/conversations/{talk}/lines?after=1")
    assert re.findall(r'data-seq="(\d+)"', page) == ["2", "3"]
    page = page_of(browser, f"/conversations/{talk}/lines?before=3")
    assert re.findall(r'data-seq="(\d+)"', page) == ["1", "2"]
    assert browser.post(f"/conversations/{talk}/read", {"seq": "2"}).status_code == 303
    assert seat_of(house.wren, talk).mine.read_seq == 2
    assert browser.post(f"/conversations/{talk}/read", {"seq": "99"}).status_code == 303
    assert browser.post(f"/conversations/{talk}/read", {"seq": "x"}).status_code == 303
    assert seat_of(house.wren, talk).mine.read_seq == 3


PAGES = ("", "/log", "/lines", "/card", "/block", "/blocked", "/mute", "/worried")
FORMS = ("messages", "read", "pause", "resume", "stop", "leave", "back", "not-safe")
ACTS = (*FORMS, "block", "mute", "worried")


def test_nobody_else_comes_in(house, talk):
    """A stranger, another member, a wrong id: one answer, and nothing happens."""
    say(house.heron, talk, "between us")
    for browser in (house.browser(), house.browser("otter"), house.browser("oak")):
        for page in PAGES:
            for target in (talk, str(uuid.uuid4())):
                answer = browser.get(f"/conversations/{target}{page}")
                assert answer.status_code == 404, page
                assert b"between us" not in answer.content
        for act in ACTS:
            assert browser.post(f"/conversations/{talk}/{act}").status_code == 404, act
        assert browser.post(f"/cards/{uuid.uuid4()}/away").status_code == 404
    assert house.browser("wren").get("/conversations/not-an-id").status_code == 404
    assert Conversation.objects.get().state == State.OPEN
    assert not Concern.objects.exists()


def test_looking_changes_nothing(house, talk):
    """Every act needs a form; an address alone does nothing."""
    browser = house.browser("wren")
    for act in FORMS:
        assert browser.get(f"/conversations/{talk}/{act}").status_code == 404, act
    assert Conversation.objects.get().state == State.OPEN
    assert not Concern.objects.exists()


def test_pausing_leaving_and_coming_back(house, talk):
    mine, theirs = house.browser("wren"), house.browser("heron")
    here = f"/conversations/{talk}"
    assert mine.post(f"{here}/pause")["Location"] == here
    assert "Silver Wren 9 is taking a pause." in page_of(theirs, here)
    assert "Go on" in page_of(mine, here)
    say(house.heron, talk, "take your time")
    assert mine.post(f"{here}/resume").status_code == 303
    assert "Silver Wren 9 is back from the pause." in page_of(theirs, here)

    assert mine.post(f"{here}/leave")["Location"] == "/conversations"
    assert "They have left." in page_of(theirs, here)
    listed = page_of(mine, "/conversations")
    assert "You can come back" in listed
    page = page_of(mine, here)
    assert "Come back" in page
    assert 'class="composer"' not in page
    refused = mine.post(f"{here}/messages", {"text": "from outside"})
    assert refused.status_code == 409
    assert ">from outside</textarea>" in refused.content.decode()
    assert mine.post(f"{here}/back")["Location"] == here
    assert "Silver Wren 9 is here again." in page_of(theirs, here)


def test_stopping_ends_it_for_both(house, talk):
    mine, theirs = house.browser("wren"), house.browser("heron")
    here = f"/conversations/{talk}"
    assert mine.post(f"{here}/stop")["Location"] == f"{here}/ending"
    for browser in (mine, theirs):
        page = page_of(browser, here)
        assert "This conversation has ended." in page
        assert 'class="composer"' not in page
        assert f'href="{here}/ending"' in page
    late = theirs.post(f"{here}/messages", {"text": "one more word"})
    assert late.status_code == 409
    assert ">one more word</textarea>" in late.content.decode()
    assert mine.post(f"{here}/back").status_code == 409


def test_a_block_is_explained_then_done(house, talk):
    mine = house.browser("wren")
    here = f"/conversations/{talk}"
    assert mine.get(f"{here}/blocked").status_code == 303
    assert "They are not told" in page_of(mine, f"{here}/block")
    assert mine.post(f"{here}/block")["Location"] == f"{here}/blocked"
    assert "You two do not meet here again" in page_of(mine, f"{here}/blocked")
    theirs = page_of(house.browser("heron"), here)
    assert "This conversation has ended." in theirs
    assert "block" not in theirs.split("</header>")[1].lower()
    with pytest.raises(Exception, match="conflict"):
        actions.open_conversation([house.wren, house.heron])


def test_muting_is_only_my_own_view(house, talk):
    mine = house.browser("wren")
    here = f"/conversations/{talk}"
    say(house.heron, talk, "hello")
    assert "New words for you" in page_of(mine, "/conversations")
    wrong = mine.post(f"{here}/mute", {"length": "for a bit"})
    assert wrong.status_code == 400
    assert "Please choose one from the list." in wrong.content.decode()
    assert mine.post(f"{here}/mute", {}).status_code == 400
    assert mine.post(f"{here}/mute", {"length": "hour"})["Location"] == here
    listed = page_of(mine, "/conversations")
    assert "Muted" in listed
    assert "New words" not in listed
    say(house.wren, talk, "and to you")
    assert "New words for you" in page_of(house.browser("heron"), "/conversations")


def test_my_talks_begin_empty(house):
    page = page_of(house.browser("wren"), "/conversations")
    assert "Your open talks will be here." in page
    assert house.browser().get("/conversations").status_code == 404


def test_i_am_not_safe_tells_somebody_and_shows_numbers(house, talk):
    browser = house.browser("wren")
    assert browser.post(f"/conversations/{talk}/not-safe")["Location"] == "/help-now"
    concern = Concern.objects.get()
    assert (concern.member, concern.source) == (house.wren, "button")
    page = page_of(browser, f"/conversations/{talk}")
    assert "You pressed" in page
    assert "Steady Oak 14, who looks after safety here, has been told." in page
    assert 'href="tel:999"' in page
    assert 'class="care' not in page_of(house.browser("heron"), f"/conversations/{talk}")


def test_being_worried_is_about_the_other(house, talk):
    browser = house.browser("heron")
    page = page_of(browser, f"/conversations/{talk}/worried")
    assert "Are you worried about Silver Wren 9?" in page
    told = browser.post(f"/conversations/{talk}/worried")["Location"]
    assert "Thank you for telling us." in page_of(browser, told)
    concern = Concern.objects.get()
    assert (concern.member, concern.source) == (house.wren, "peer")
    assert "worried" not in page_of(house.browser("wren"), f"/conversations/{talk}/log")


HEAVY = "I want to kill myself tonight, I have the pills here"


def test_each_sentence_of_the_card_is_true(house, talk, monkeypatch):
    """Who has been told, who is there, who has answered: said only while it is so."""
    from samepath.organisations.models import Duty

    browser = house.browser("wren")
    say(house.wren, talk, HEAVY)
    page = page_of(browser, f"/conversations/{talk}/card")
    assert "Steady Oak 14, who looks after safety here, has been told." in page
    assert "Quiet Heron 27 is still with you." in page
    assert "data-waits" in page

    Participant.objects.filter(member=house.heron).update(
        seen_at=clock.now() - timedelta(minutes=5)
    )
    assert "still with you" not in page_of(browser, f"/conversations/{talk}/card")
    Duty.objects.all().delete()
    page = page_of(browser, f"/conversations/{talk}/card")
    assert "Nobody who looks after safety here is on duty now." in page
    assert "has been told" not in page
    Concern.objects.update(raised_at=clock.now() - timedelta(minutes=4))
    page = page_of(browser, f"/conversations/{talk}/card")
    assert "Nobody from our team has answered yet." in page
    Concern.objects.update(seen_at=clock.now(), seen_by=house.oak)
    page = page_of(browser, f"/conversations/{talk}/card")
    assert "Steady Oak 14, who looks after safety here, has seen this." in page
    assert "data-waits" not in page


def test_a_card_is_put_away_by_its_owner_alone(house, talk):
    say(house.wren, talk, HEAVY)
    card = CareCard.objects.get()
    away = f"/cards/{card.public_id}/away"
    assert house.browser("heron").post(away).status_code == 404
    mine = house.browser("wren")
    assert mine.get(away).status_code == 404
    assert mine.post(away, {"says": "not-meant"})["Location"] == f"/conversations/{talk}"
    assert Concern.objects.get().not_meant
    level = Concern.objects.get().level
    assert 'class="care' not in page_of(mine, f"/conversations/{talk}")
    assert "There is nothing to put away." in page_of(mine, f"/conversations/{talk}/card")
    # It comes at most once in half an hour, then folded to one line.
    say(house.wren, talk, HEAVY + " now")
    assert 'class="care' not in page_of(mine, f"/conversations/{talk}")
    CareCard.objects.update(shown_at=clock.now() - timedelta(hours=1))
    say(house.wren, talk, HEAVY + " again")
    assert 'class="care folded"' in page_of(mine, f"/conversations/{talk}")
    assert Concern.objects.order_by("pk").first().level >= level


def test_a_language_nobody_checks_is_said(house, talk):
    page = page_of(house.browser("wren"), f"/conversations/{talk}")
    assert "Nobody checks this language" not in page
    Member.objects.filter(pk=house.wren.pk).update(language="ar")
    page = page_of(house.browser("wren"), f"/conversations/{talk}")
    assert "Nobody checks this language" in page


def test_what_cannot_be_read_is_said(house, talk):
    """A flipped bit, or words somebody took away with their account."""
    say(house.heron, talk, "one", "two")
    row = Message.objects.order_by("seq").first()
    row.sealed = bytes(row.sealed)[:-1] + bytes([bytes(row.sealed)[-1] ^ 1])
    row.save(update_fields=["sealed"])
    page = page_of(house.browser("wren"), f"/conversations/{talk}")
    assert "This message cannot be shown." in page
    assert '<p dir="auto">two</p>' in page
    actions.erase(house.heron.pk)
    page = page_of(house.browser("wren"), f"/conversations/{talk}")
    assert "They removed their words." in page
    assert '<p dir="auto">two</p>' not in page


@pytest.mark.parametrize("said", [1, 50])
def test_a_talk_asks_few_questions(house, talk, said, django_assert_max_num_queries):
    say(house.heron, talk, *[f"line {n}" for n in range(said)])
    browser = house.browser("wren")
    browser.get(f"/conversations/{talk}")
    for path, most in (("", 12), ("/log", 12), ("/lines?before=99", 6), ("/card", 6)):
        with django_assert_max_num_queries(most):
            assert browser.get(f"/conversations/{talk}{path}").status_code == 200


def test_a_list_asks_few_questions(house, django_assert_max_num_queries):
    for number in range(12):
        actions.open_conversation([house.wren, house.guest(f"new-path-{number + 10}")])
    browser = house.browser("wren")
    browser.get("/conversations")
    with django_assert_max_num_queries(8):
        page = page_of(browser, "/conversations")
    assert page.count("New Path") == 12
    assert len(queries.open_talks(house.wren)) == 12


def test_the_script_stays_small():
    """All script of the talk page together, as it stands in the files: at most 60 kB."""
    from samepath.kit.templatetags.kit import UI

    names = ("talk", "page", "exit", "forms", "live-part", "swap")
    files = [UI / "js" / f"{name}.js" for name in names] + sorted((UI / "js" / "talk").glob("*.js"))
    assert sum(path.stat().st_size for path in files) <= 60_000
