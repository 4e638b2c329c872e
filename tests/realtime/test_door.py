"""Who gets in: Origin, cookie, ticket, limits, and frames nobody can read."""

from __future__ import annotations

import http.client
import socket
import time

import pytest
from websockets.exceptions import InvalidStatus

from realtime.world import Line, Person, Server, World


@pytest.fixture(scope="module")
def somebody(world: World) -> Person:
    """A person who is let in."""
    return world.people(1)[0]


def test_only_our_own_pages(server: Server, somebody: Person) -> None:
    """Scheme, host and port of the Origin must be ours; missing, null or several are refused."""
    port = server.port
    for origin in (f"http://localhost:{port}", f"http://127.0.0.1:{port}"):
        server.knock(somebody, origin=origin).close()
    for origin in (
        f"https://localhost:{port}",
        f"http://localhost:{port + 1}",
        "http://localhost",
        f"http://evil.example:{port}",
        f"http://localhost:{port}.evil.example",
        "null",
        None,
    ):
        with pytest.raises(InvalidStatus) as refused:
            server.knock(somebody, origin=origin)
        assert refused.value.response.status_code == 403, origin
        if origin:
            assert server.ticket(somebody, Origin=origin)[0] == 403, origin
    # Several: the server refuses them itself, as no browser sends that.
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(
            (
                f"GET /live HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\n"
                "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                f"Cookie: session={somebody.cookie}\r\n"
                f"Origin: {server.origin}\r\nOrigin: {server.origin}\r\n\r\n"
            ).encode()
        )
        assert line.recv(1000).split()[1] in (b"400", b"403")


def test_only_with_a_sign_in(server: Server, somebody: Person) -> None:
    """No cookie, a made-up one, or one of another place: no handshake and no ticket."""
    for cookie in ("", "0" * 64, "x", somebody.cookie[:-1]):
        stranger = Person(0, "", cookie)
        with pytest.raises(InvalidStatus) as refused:
            server.knock(stranger if cookie else None)
        assert refused.value.response.status_code == 403
        assert server.ticket(stranger) == (403, "signed_out")
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    line.request("GET", "/live/ticket", headers={"Origin": server.origin})
    answer = line.getresponse()
    assert answer.status == 405
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    line.close()


def test_a_ticket_opens_once(world: World, server: Server) -> None:
    """The first frame is a ticket of this sign-in, fresh and never used, within five seconds."""
    one, other = world.people(2)
    used = server.ticket(one)[1]
    first = Line(server.knock(one))
    first.send(verb="ticket", ticket=used)
    fresh = first.next()["ticket"]
    second = Line(server.knock(one))
    second.send(verb="ticket", ticket=fresh)
    assert second.next()["welcome"] == one.member

    forged = fresh[:-1] + ("0" if fresh[-1] != "0" else "1")
    theirs = server.ticket(other)[1]
    for frame in (
        {"verb": "ticket", "ticket": used},
        {"verb": "ticket", "ticket": fresh},
        {"verb": "ticket", "ticket": forged},
        {"verb": "ticket", "ticket": theirs},
        {"verb": "ticket"},
        {"verb": "ping"},
        {"verb": "ticket", "ticket": ["a"]},
    ):
        line = Line(server.knock(one))
        line.send(**frame)
        assert line.closed() == 4401, frame
        line.close()
    # Another server process does not take a used one either.
    beside = world.serve(SAMEPATH_ORIGIN=server.origin)
    line = Line(beside.knock(one, origin=server.origin))
    line.send(verb="ticket", ticket=fresh)
    assert line.closed() == 4401
    silent = Line(server.knock(one))
    began = time.monotonic()
    assert silent.closed() == 4401
    assert 4.0 < time.monotonic() - began < 8.0
    for opened in (first, second, line, silent):
        opened.close()
    beside.kill()


def test_a_ticket_runs_out() -> None:
    """A ticket lives for a minute and only for its own sign-in."""
    from samepath.kit import tickets

    made = tickets.new_ticket("a", now=1000.0)
    assert tickets.read_ticket(made, "a", now=1059.0)
    assert tickets.read_ticket(made, "a", now=1061.0) is None
    assert tickets.read_ticket(made, "a", now=900.0) is None
    assert tickets.read_ticket(made, "b", now=1001.0) is None
    assert tickets.read_ticket(made + "0", "a", now=1001.0) is None


def test_frames_nobody_can_read(server: Server, somebody: Person) -> None:
    """Binary and too big close at once; anything else unreadable at the third time."""
    line = server.enter(somebody)
    line.socket.send(b"\x00\x01")
    assert line.closed() == 1003
    line = server.enter(somebody)
    line.socket.send("x" * 70_000)
    assert line.closed() == 1009

    deep = "[" * 9 + "]" * 9
    for bad in (
        "not json",
        "[]",
        '"words"',
        '{"verb": "shout"}',
        '{"verb": ["post"]}',
        "{}",
        '{"verb": "ping", "n": ' + deep + "}",
        "[" * 60_000,
        '{"verb": "post", "conversation": "x", "client_id": 1, "text": 2}',
        '{"verb": "history", "conversation": "x"}',
        '{"verb": "subscribe", "channel": 7}',
        '{"verb": "ping", "n": -1}',
        '{"verb": "ping", "n": 1e400}',
        '{"verb": "ping", "n": true}',
    ):
        line = server.enter(somebody)
        line.socket.send(bad)
        assert line.next() == {"error": "malformed"}, bad
        line.socket.send(bad)
        line.next()
        line.send(verb="ping", n=5)
        assert line.next()["n"] == 5
        line.socket.send(bad)
        assert line.closed() == 4400
        line.close()


def test_how_many(world: World, server: Server) -> None:
    """Three sockets of a sign-in, five of a member, twenty channels: the oldest yields."""
    one = world.people(1)[0]
    lines = [server.enter(one) for _n in range(4)]
    assert lines[0].closed() == 4408
    cookies = world.do(
        """
        from samepath.accounts import actions
        from samepath.accounts.models import Member
        member = Member.objects.get(pk=person)
        answer = [actions.start_sign_in(member) for _n in range(2)]
        """,
        person=one.id,
    )
    lines += [server.enter(Person(one.id, one.member, cookie)) for cookie in cookies]
    lines.append(server.enter(Person(one.id, one.member, cookies[0])))
    assert lines[1].closed() == 4408
    for number in range(21):
        lines[-1].send(verb="subscribe", channel=f"conversation:{number}")
        assert lines[-1].next()["error"] == "not_found"
    for line in lines:
        line.close()


def test_too_many_questions(world: World, server: Server) -> None:
    """A socket that asks without end is told to wait, and is not closed."""
    line = server.enter(world.people(1)[0])
    for number in range(90):
        line.send(verb="ping", n=number)
    answers = [line.next() for _n in range(90)]
    refused = [one for one in answers if one.get("error") == "too_many"]
    assert 5 <= len(refused) <= 30
    assert all(one["retry_after"] == 1 for one in refused)
    time.sleep(1)
    line.send(verb="ping")
    assert line.next()["pong"]
    line.close()


def test_nothing_but_the_socket_is_here(server: Server) -> None:
    """The address of the socket is no page, and another path is no socket."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    line.request("GET", "/live", headers={"Host": f"localhost:{server.port}"})
    assert line.getresponse().status == 404
    line.close()
