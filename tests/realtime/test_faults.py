"""What breaks, and what must hold all the same: the acknowledged is there, once, in order."""

from __future__ import annotations

import signal
import socket
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable

import pytest
from websockets.exceptions import ConnectionClosed

from realtime.world import Line, Server, World

pytestmark = pytest.mark.faults


def test_killed_under_load_nothing_acknowledged_is_lost(new_world: Callable[[], World]) -> None:
    """kill -9 while many write: everything acknowledged is in the log, once, without a hole; what
    was not acknowledged is sent again with the same id and is there once."""
    world = new_world()
    server = world.serve()
    pairs = [world.pair() for _n in range(6)]
    acknowledged: dict[str, set[str]] = {talk: set() for _one, _other, talk in pairs}
    sent: dict[str, list[str]] = {talk: [] for _one, _other, talk in pairs}
    lines = [(server.enter(one), talk) for one, _other, talk in pairs]

    def write(line: Line, talk: str) -> None:
        try:
            while True:
                client_id = str(uuid.uuid4())
                sent[talk].append(client_id)
                line.post(talk, f"word {client_id}", client_id)
                frame = line.next()
                if "ack" in frame:
                    acknowledged[talk].add(frame["ack"])
                else:
                    time.sleep(0.05)
        except (ConnectionClosed, TimeoutError, OSError):
            return

    writers = [threading.Thread(target=write, args=pair) for pair in lines]
    for writer in writers:
        writer.start()
    time.sleep(1.5)
    server.process.kill()
    server.process.wait()
    for writer in writers:
        writer.join(10)
    for line, _talk in lines:
        line.close()
    server.start()
    assert sum(map(len, acknowledged.values())) > 30
    for _one, other, talk in pairs:
        log = world.log(other, talk)
        kept = [row["client_id"] for row in log]
        assert acknowledged[talk] <= set(kept)
        assert len(kept) == len(set(kept))
        assert [row["seq"] for row in log] == list(range(1, len(log) + 1))
        assert all(row["text"] == f"word {row['client_id']}" for row in log)
    one, other, talk = pairs[0]
    again = server.enter(one)
    last = sent[talk][-1]
    while True:
        again.post(talk, f"word {last}", last)
        frame = again.next()
        if "ack" in frame:
            break
        time.sleep(0.5)
    assert [row["client_id"] for row in world.log(other, talk)].count(last) == 1
    again.close()
    world.end()


def test_two_processes_serve_one_conversation(new_world: Callable[[], World]) -> None:
    """Each person on another process: both see the same lines in the same order, each once."""
    world = new_world()
    first, second = world.serve(), world.serve()
    one, other, talk = world.pair()
    mine, theirs = first.enter(one), second.enter(other)
    mine.subscribe(talk)
    theirs.subscribe(talk)
    for number in range(4):
        mine.post(talk, f"here {number}")
        theirs.post(talk, f"there {number}")
    orders = []
    for line in (mine, theirs):
        seen: dict[int, str] = {}
        while len(seen) < 8:
            frame = line.next()
            if "ack" in frame:
                seen[frame["seq"]] = frame["id"]
            elif "line" in frame:
                seen[frame["line"]["seq"]] = frame["line"]["id"]
        orders.append(seen)
    assert orders[0] == orders[1]
    assert sorted(orders[0]) == list(range(1, 9))
    mine.send(verb="typing", conversation=talk)
    assert theirs.until("typing")["member"] == one.member
    # A ring that is lost costs seconds, never a line.
    for path in (world.folder / "bus").glob("*.sock"):
        path.unlink()
    mine.post(talk, "the bell is broken")
    assert theirs.until("line", 15)["line"]["text"] == "the bell is broken"
    mine.close()
    theirs.close()
    world.end()


def test_a_reader_who_stops_is_closed_and_comes_back(new_world: Callable[[], World]) -> None:
    """What waits for one reader is bounded: 1013, then the rest from where they were. The others
    do not notice."""
    world = new_world()
    server = world.serve()
    one, other, talk = world.pair()
    mine = server.enter(one)
    mine.subscribe(talk)
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", server.port))
    from websockets.sync.client import connect

    stuck = Line(
        connect(
            f"ws://localhost:{server.port}/live",
            sock=raw,
            origin=server.origin,  # type: ignore[arg-type]
            additional_headers=[("Cookie", f"session={other.cookie}")],
            compression=None,
            max_size=None,
            max_queue=1,
            ping_interval=None,
            close_timeout=1,
        )
    )
    stuck.send(verb="ticket", ticket=server.ticket(other)[1])
    assert stuck.next()["welcome"]
    stuck.subscribe(talk)
    world.do(
        """
        import uuid
        from samepath.conversations import actions
        from samepath.conversations.actions import messages
        messages.MESSAGES = messages.Rate("test", 100000, 100000)
        for part in range(20):
            actions.post_messages([
                actions.Draft(uuid.UUID(talk), person, uuid.uuid4(), "x" * 3900 + str(n))
                for n in range(50)
            ])
        """,
        talk=talk,
        person=one.id,
    )
    seen = [mine.until("line")["line"]["seq"] for _n in range(1000)]
    assert seen == list(range(1, 1001))
    time.sleep(0.5)
    got: list[int] = []
    with pytest.raises(ConnectionClosed) as closed:
        _take_all(stuck, got)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1013
    last = len(got)
    assert got == list(range(1, last + 1))
    assert 0 < last < 1000
    stuck.close()
    back = server.enter(other)
    lines = back.subscribe(talk, after=max(last, 700))["replayed"]
    assert [line["seq"] for line in lines] == list(range(max(last, 700) + 1, 1001))
    back.close()
    mine.close()
    world.end()


def _take_all(line: Line, seqs: list[int]) -> None:
    """Every line until the server closes."""
    while True:
        frame = line.next()
        if "line" in frame:
            seqs.append(frame["line"]["seq"])


def test_a_locked_database_is_told_and_loses_nothing(new_world: Callable[[], World]) -> None:
    """While nothing can be written the sender hears "unavailable"; the same words with the same id
    are then there once, and reading has gone on."""
    world = new_world()
    if "SAMEPATH_DATABASE_URL" in world.environment:
        pytest.skip("a lock of the SQLite file")
    server = world.serve()
    one, other, talk = world.pair()
    world.say(other, talk, "before")
    mine = server.enter(one)
    lock = sqlite3.connect(world.folder / "samepath.sqlite3", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    client_id = mine.post(talk, "hold on")
    mine.subscribe(talk, after=0)
    refused = mine.until("error", 15)
    assert (refused["error"], refused["client_id"]) == ("unavailable", client_id)
    assert refused["retry_after"] > 0
    lock.execute("ROLLBACK")
    lock.close()
    mine.post(talk, "hold on", client_id)
    assert mine.until("ack")["ack"] == client_id
    assert [row["text"] for row in world.log(other, talk)] == ["before", "hold on"]
    mine.close()
    world.end()


def test_a_restart_says_so_and_keeps_what_is_under_way(new_world: Callable[[], World]) -> None:
    """SIGTERM: sockets close with 1012; what was acknowledged is there after the start."""
    world = new_world()
    server = world.serve()
    one, other, talk = world.pair()
    mine, theirs = server.enter(one), server.enter(other)
    theirs.subscribe(talk)
    for number in range(8):
        mine.post(talk, f"before the end {number}")
    server.process.send_signal(signal.SIGTERM)
    acknowledged = 0
    code = 0
    try:
        while True:
            acknowledged += "ack" in mine.next()
    except ConnectionClosed as closed:
        code = closed.rcvd.code if closed.rcvd else 0
    assert code == 1012
    assert theirs.closed() == 1012
    assert server.process.wait(20) in (0, -signal.SIGTERM)
    server.start()
    log = world.log(other, talk)
    assert len(log) >= acknowledged
    assert [row["seq"] for row in log] == list(range(1, len(log) + 1))
    again = server.enter(one)
    again.post(talk, "after it")
    assert again.until("ack")["seq"] == len(log) + 1
    for line in (mine, theirs, again):
        line.close()
    world.end()


def test_a_vanished_reader_costs_nobody_anything(world: World) -> None:
    """A socket that dies without a word does not disturb who is left."""
    server: Server = world.serve()
    one, other, talk = world.pair()
    mine, theirs = server.enter(one), server.enter(other)
    mine.subscribe(talk)
    theirs.subscribe(talk)
    theirs.socket.socket.shutdown(socket.SHUT_RDWR)
    for number in range(5):
        mine.post(talk, f"still here {number}")
        assert mine.until("ack")["seq"] == number + 1
    mine.close()
    theirs.close()
