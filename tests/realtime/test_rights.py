"""Who hears what, and for how long: strangers, blocks, endings, sign-outs, doorbells."""

from __future__ import annotations

import time
import uuid

from realtime.world import Server, World


def test_a_stranger_hears_nothing(world: World, server: Server) -> None:
    """Not theirs and not there are one answer, for every verb."""
    one, _other, talk = world.pair()
    stranger = world.people(1)[0]
    mine, line = server.enter(one), server.enter(stranger)
    mine.subscribe(talk)
    for target in (talk, str(uuid.uuid4())):
        assert line.subscribe(target)["error"] == "not_found"
        for frame in (
            {"verb": "history", "conversation": target},
            {"verb": "resume", "conversation": target, "after": 0},
            {"verb": "read", "conversation": target, "seq": 1},
        ):
            line.send(**frame)
            assert line.next()["error"] == "not_found"
        line.send(verb="typing", conversation=target)
    for channel in (
        "conversation:nothing",
        "conversation",
        "secrets:1",
        f"request:{uuid.uuid4()}",
        f"desk:{one.member}",
        "conversation:" + talk.upper() + " ",
    ):
        line.send(verb="subscribe", channel=channel)
        assert line.next()["error"] == "not_found"
    mine.post(talk, "only for us")
    mine.until("ack")
    line.nothing()
    mine.nothing()
    for opened in (mine, line):
        opened.close()


def test_a_block_ends_it_at_once(world: World, server: Server) -> None:
    """From another process: both see a neutral end, and nothing more is taken from either."""
    one, other, talk = world.pair()
    mine, theirs = server.enter(one), server.enter(other)
    mine.subscribe(talk)
    theirs.subscribe(talk)
    world.do(
        """
        import uuid
        from samepath.accounts.models import Member
        from samepath.conversations import access, actions
        member = Member.objects.get(pk=person)
        actions.block_peer(access.conversation_for(member, uuid.UUID(talk)), member)
        """,
        person=one.id,
        talk=talk,
    )
    for line in (mine, theirs):
        told = [line.next(), line.next()]  # in either order: a bell and a line
        assert {"changed": f"conversation:{talk}"} in told
        ended = next(one["line"] for one in told if "line" in one)
        assert (ended["sort"], ended["notice"], ended["by"]) == ("notice", "ended", None)
        line.post(talk, "one more thing")
        refused = line.until("error")
        assert refused["error"] == "closed"
        assert refused["sentence"] == "This conversation has ended."
        line.close()
    assert [row["sort"] for row in world.log(other, talk)] == ["notice"]


def test_signing_out_closes_within_two_seconds(world: World, server: Server) -> None:
    """Here and from another process; the other devices of the same member stay."""
    one, other, talk = world.pair()
    mine, theirs = server.enter(one), server.enter(other)
    mine.subscribe(talk)
    began = time.monotonic()
    world.do(
        "from samepath.accounts import actions\nactions.end_sign_in(cookie)", cookie=one.cookie
    )
    assert mine.closed(2.0) == 4401
    assert time.monotonic() - began < 2.0
    assert server.ticket(one) == (403, "signed_out")
    theirs.send(verb="ping")
    assert theirs.until("pong")
    mine.close()
    theirs.close()


def test_who_loses_the_right_is_disconnected(world: World, server: Server) -> None:
    """When a conversation is destroyed, who listened is sent away and gets nothing by history."""
    one, other, talk = world.pair()
    world.say(other, talk, "kept for three days")
    mine = server.enter(one)
    mine.subscribe(talk)
    world.do(
        """
        import uuid
        from datetime import timedelta
        from samepath.conversations import actions
        from samepath.conversations.models import Conversation
        from samepath.kit import clock
        row = Conversation.objects.get(public_id=uuid.UUID(talk))
        actions.close_conversation(row, by=None)
        Conversation.objects.filter(pk=row.pk).update(shred_at=clock.now() - timedelta(hours=1))
        actions.shred_due()
        """,
        talk=talk,
    )
    assert mine.closed() == 4404
    again = server.enter(one)
    assert again.subscribe(talk)["error"] == "not_found"
    again.send(verb="history", conversation=talk)
    assert again.next()["error"] == "not_found"
    mine.close()
    again.close()


def test_a_doorbell_rings(world: World, server: Server) -> None:
    """A channel that is no conversation says only that something has changed."""
    one, other = world.people(2)
    mine, theirs = server.enter(one), server.enter(other)
    channel = f"desk:{one.member}"
    mine.send(verb="subscribe", channel=channel)
    assert mine.next() == {"subscribed": channel}
    theirs.send(verb="subscribe", channel=channel)
    assert theirs.next()["error"] == "not_found"
    world.do("from samepath.kit import bus\nbus.ring('desk', member)", member=one.member)
    assert mine.next() == {"changed": channel}
    mine.send(verb="unsubscribe", channel=channel)
    mine.send(verb="ping")
    assert mine.next()["pong"]
    world.do("from samepath.kit import bus\nbus.ring('desk', member)", member=one.member)
    mine.nothing()
    theirs.nothing()
    mine.close()
    theirs.close()


def test_read_marks_are_written(world: World, server: Server) -> None:
    """Only forward, never past what is there; who is connected counts as there."""
    one, other, talk = world.pair()
    world.say(one, talk, "a", "b", "c")
    theirs = server.enter(other)
    theirs.subscribe(talk)
    theirs.send(verb="read", conversation=talk, seq=99)
    theirs.send(verb="read", conversation=talk, seq=1)
    until = time.monotonic() + 8
    ask = """
        import uuid
        from samepath.conversations.models import Participant
        answer = Participant.objects.get(
            member_id=person, conversation__public_id=uuid.UUID(talk)
        ).read_seq
        """
    while world.do(ask, person=other.id, talk=talk) != 3:
        assert time.monotonic() < until
        time.sleep(0.2)
    theirs.close()
