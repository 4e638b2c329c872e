"""Two people over real sockets: said, acknowledged, heard, in order, once."""

from __future__ import annotations

import uuid

from realtime.world import Server, World


def test_said_and_heard(world: World, server: Server) -> None:
    """A message is acknowledged to its author and reaches the other; typing reaches only them."""
    one, other, talk = world.pair()
    mine, theirs = server.enter(one), server.enter(other)
    assert mine.subscribe(talk)["subscribed"] == f"conversation:{talk}"
    theirs.subscribe(talk)

    mine.send(verb="typing", conversation=talk)
    assert theirs.until("typing") == {"typing": talk, "member": one.member}
    mine.send(verb="typing", conversation=talk)
    client_id = mine.post(talk, "It is quiet here.")

    ack = mine.until("ack")
    assert (ack["ack"], ack["seq"], ack["conversation"]) == (client_id, 1, talk)
    line = theirs.next()["line"]  # and not a second typing: once in three seconds
    assert line["text"] == "It is quiet here."
    assert (line["seq"], line["id"], line["by"]) == (1, ack["id"], one.member)
    mine.nothing()

    theirs.post(talk, "Yes.")
    assert theirs.until("ack")["seq"] == 2
    assert mine.until("line")["line"]["seq"] == 2
    assert [row["text"] for row in world.log(one, talk)] == ["It is quiet here.", "Yes."]
    mine.close()
    theirs.close()


def test_words_arrive_as_words(world: World, server: Server) -> None:
    """Markup, emoji and other scripts are text; what hides or turns text round goes."""
    one, other, talk = world.pair()
    mine, theirs = server.enter(one), server.enter(other)
    mine.subscribe(talk)
    theirs.subscribe(talk)
    for said, kept in (
        ("<script>alert(1)</script> & <b>", "<script>alert(1)</script> & <b>"),
        ("👩🏽‍🚒 مرحبا नमस्ते", "👩🏽‍🚒 مرحبا नमस्ते"),
        ("a\u202eb\u2066c\x00\x07d", "abcd"),
        ("first\r\n\r\n\r\n\r\nsecond", "first\n\nsecond"),
        ("alone \ud83d half", "alone ? half"),
        ("x" * 4000, "x" * 4000),
    ):
        mine.post(talk, said)
        mine.until("ack")
        assert theirs.until("line")["line"]["text"] == kept
    mine.close()
    theirs.close()


def test_what_cannot_be_sent_is_answered(world: World, server: Server) -> None:
    """Too long, empty, ended, and not one's own: a code and a sentence; nothing is stored."""
    one, _other, talk = world.pair()
    stranger = world.people(1)[0]
    mine = server.enter(one)
    for text, code in (("x" * 4001, "too_long"), ("\n" * 3, "empty"), ("a\n" * 201, "too_long")):
        client_id = mine.post(talk, text)
        refused = mine.until("error")
        assert (refused["error"], refused["client_id"]) == (code, client_id)
        assert refused["sentence"]
    theirs = server.enter(stranger)
    theirs.post(talk, "Let me in.")
    assert theirs.until("error")["error"] == "not_found"
    theirs.post(str(uuid.uuid4()), "Is anybody here?")
    assert theirs.until("error")["error"] == "not_found"
    assert world.log(one, talk) == []
    mine.close()
    theirs.close()


def test_sent_again_is_there_once(world: World, server: Server) -> None:
    """The same client id: the same answer, one line; with other words it is refused."""
    one, other, talk = world.pair()
    mine, theirs = server.enter(one), server.enter(other)
    theirs.subscribe(talk)
    client_id = mine.post(talk, "once")
    first = mine.until("ack")
    mine.post(talk, "once", client_id)
    assert mine.until("ack") == first
    mine.post(talk, "twice", client_id)
    assert mine.until("error")["error"] == "other_text"
    assert theirs.until("line")["line"]["text"] == "once"
    theirs.nothing()
    # Also when the conversation has ended meanwhile: it was sent, and the page may say so.
    world.do(
        """
        import uuid
        from samepath.conversations import actions
        from samepath.conversations.models import Conversation
        row = Conversation.objects.get(public_id=uuid.UUID(talk))
        actions.close_conversation(row, by=None)
        """,
        talk=talk,
    )
    mine.post(talk, "once", client_id)
    assert mine.until("ack") == first
    mine.post(talk, "late")
    assert mine.until("error")["error"] == "closed"
    assert [row["text"] for row in world.log(one, talk) if row["sort"] == "text"] == ["once"]
    mine.close()
    theirs.close()


def test_two_tabs_and_order(world: World, server: Server) -> None:
    """Both tabs of one person show the same lines in the same order, each once."""
    one, other, talk = world.pair()
    tab, second, theirs = server.enter(one), server.enter(one), server.enter(other)
    for line in (tab, second, theirs):
        line.subscribe(talk)
    for number in range(4):
        tab.post(talk, f"from the first {number}")
        second.post(talk, f"from the second {number}")
        theirs.post(talk, f"from the other {number}")
    heard = []
    for line in (tab, second, theirs):
        seen = {}
        while len(seen) < 12:
            frame = line.next()
            if "ack" in frame:
                assert frame["seq"] not in seen
                seen[frame["seq"]] = frame["id"]
            elif "line" in frame:
                assert frame["line"]["seq"] not in seen
                seen[frame["line"]["seq"]] = frame["line"]["id"]
        line.nothing(0.2)
        assert sorted(seen) == list(range(1, 13))
        heard.append(seen)
        line.close()
    assert heard[0] == heard[1] == heard[2]


def test_replay_has_no_gap(world: World, server: Server) -> None:
    """Whoever comes back gets what was missed, then what is new, each once and in order, also while
    somebody writes from another process in between."""
    one, other, talk = world.pair()
    world.say(one, talk, *[f"missed {number}" for number in range(120)])
    theirs = server.enter(other)
    answer = theirs.subscribe(talk, after=3)
    assert [line["seq"] for line in answer["replayed"]] == list(range(4, 121))
    assert answer["last"] == 120

    mine = server.enter(one)
    mine.subscribe(talk)
    for number in range(5):
        late = server.enter(other)
        mine.post(talk, f"live {number}")
        world.say(one, talk, f"beside {number}")
        told = late.subscribe(talk, after=118)
        seen = [line["seq"] for line in told["replayed"]]
        while not seen or seen[-1] < 120 + 2 * (number + 1):
            seen.append(late.until("line")["line"]["seq"])
        assert seen == list(range(119, 121 + 2 * (number + 1)))
        late.close()
    seen = []
    while len(seen) < 10:
        seen.append(theirs.until("line")["line"]["seq"])
    assert seen == list(range(121, 131))
    mine.close()
    theirs.close()


def test_far_behind_starts_anew(world: World, server: Server) -> None:
    """Hundreds of lines later the newest fifty come, marked; history has the rest."""
    one, other, talk = world.pair()
    world.do(
        """
        import uuid
        from samepath.conversations import actions
        drafts = [
            actions.Draft(uuid.UUID(talk), person, uuid.uuid4(), f"{n}") for n in range(460)
        ]
        from samepath.conversations.actions import messages
        messages.MESSAGES = messages.Rate("test", 1000, 1000)
        answer = len([one for one in actions.post_messages(drafts) if hasattr(one, "seq")])
        """,
        talk=talk,
        person=one.id,
    )
    theirs = server.enter(other)
    theirs.send(verb="subscribe", channel=f"conversation:{talk}", after=0)
    lines = theirs.next()
    assert lines["far"]
    assert [line["seq"] for line in lines["lines"]] == list(range(411, 461))
    assert theirs.next() == {"subscribed": f"conversation:{talk}", "last": 460}

    theirs.send(verb="history", conversation=talk, before=411, limit=10)
    page = theirs.next()
    assert [line["seq"] for line in page["lines"]] == list(range(401, 411))
    assert (page["before"], page["more"]) == (411, True)
    theirs.send(verb="history", conversation=talk, before=3)
    page = theirs.next()
    assert [line["seq"] for line in page["lines"]] == [1, 2]
    assert "more" not in page
    theirs.send(verb="resume", conversation=talk, after=458)
    assert [line["seq"] for line in theirs.next()["lines"]] == [459, 460]
    theirs.close()


def test_danger_is_heard_and_never_held(world: World, server: Server) -> None:
    """Words of danger pass the limit, raise one concern, bring the card to their author."""
    one, other, talk = world.pair()
    mine, theirs = server.enter(one), server.enter(other)
    mine.subscribe(talk)
    theirs.subscribe(talk)
    for number in range(14):
        mine.post(talk, f"line {number}")
    answers = [mine.next() for _number in range(14)]
    assert {one.get("error") for one in answers} == {None, "too_many"}
    assert all(one["retry_after"] >= 1 and one["sentence"] for one in answers if "error" in one)
    client_id = mine.post(talk, "I have the pills in my hand and I am going to kill myself tonight")
    assert mine.until("ack")["ack"] == client_id
    assert mine.until("card") == {"card": talk}
    seen = []
    while not seen or "kill" not in seen[-1]["line"]["text"]:
        seen.append(theirs.next())
    theirs.nothing(0.3)
    found = world.do(
        """
        import uuid
        from samepath.safety.models import CareCard, Concern
        answer = [
            list(Concern.objects.filter(subject=uuid.UUID(talk)).values_list("level", "message")),
            CareCard.objects.filter(subject=uuid.UUID(talk), member_id=person).count(),
        ]
        """,
        talk=talk,
        person=one.id,
    )
    assert len(found[0]) == 1
    assert found[0][0][0] >= 3
    assert found[0][0][1] == seen[-1]["line"]["id"]
    assert found[1] == 1
    # Too long to send: the words were heard all the same.
    third, _fourth, second_talk = world.pair()
    long = server.enter(third)
    long.post(second_talk, "I am going to kill myself tonight. " + "x" * 4000)
    assert long.until("error")["error"] == "too_long"
    assert world.do(
        """
        import uuid
        from samepath.safety.models import Concern
        answer = Concern.objects.filter(subject=uuid.UUID(talk), level__gte=3).count()
        """,
        talk=second_talk,
    )
    for line in (mine, theirs, long):
        line.close()
