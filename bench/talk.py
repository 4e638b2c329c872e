"""How long a message takes to the other person's socket.

The whole demo runs (serving process and clock). Each pair is two signed-in guests with a socket
each; the two take turns, a message about every two seconds a pair, which is a brisk talk. Time runs
from just before the frame is sent until the other socket has it: screened, sealed and committed
(synchronous=FULL) in between. The acknowledgement to the sender is timed beside it. The clients run
on the same machine, in one process; the pairs come from several loopback addresses, because one
address may hold fifty sockets only.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import random
import shutil
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from tools.demo import Demo, seed
from websockets.asyncio.client import ClientConnection, connect

from bench.common import Figure, Outcome, filled, folder, percentile

TARGET_MS = 50.0
EVERY_S = 2.0  # a message of a pair
WARM_S = 3.0  # the first seconds are not counted: caches fill, the screener loads its words
WORDS = (
    "I was awake again last night and thought about what you said.",
    "It helps to hear that you know it too.",
    "Some mornings I forget for a minute, and then it all comes back.",
    "Thank you. I have to think about that.",
)


@dataclass
class Times:
    """Milliseconds of what was counted."""

    other: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)


def ticket(port: int, cookie: str) -> str:
    """A fresh ticket for a sign-in."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(line):
        line.request(
            "POST",
            "/live/ticket",
            headers={
                "Host": f"localhost:{port}",
                "Origin": f"http://localhost:{port}",
                "Cookie": f"session={cookie}",
            },
        )
        answer = line.getresponse()
        told: dict[str, Any] = json.loads(answer.read())
        return str(told["ticket"])


class Side:
    """One of two: a socket that listens to their conversation."""

    def __init__(self, port: int, cookie: str, conversation: str, address: str) -> None:
        self.port, self.cookie, self.conversation = port, cookie, conversation
        self.address = address
        self.seen: dict[str, float] = {}
        self.acked: dict[str, float] = {}
        self.faults: list[str] = []
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect, show the ticket, subscribe."""
        told = await asyncio.to_thread(ticket, self.port, self.cookie)
        self._socket = await connect(
            f"ws://127.0.0.1:{self.port}/live",
            origin=f"http://localhost:{self.port}",  # type: ignore[arg-type]
            additional_headers={"Cookie": f"session={self.cookie}"},
            compression=None,
            proxy=None,
            local_addr=(self.address, 0),
        )
        await self._send({"verb": "ticket", "ticket": told})
        await self._socket.recv()  # welcome
        channel = f"conversation:{self.conversation}"
        await self._send({"verb": "subscribe", "channel": channel, "after": 0})
        self._reading = asyncio.create_task(self._read())

    async def _send(self, frame: dict[str, Any]) -> None:
        assert self._socket is not None
        await self._socket.send(json.dumps(frame))

    async def _read(self) -> None:
        assert self._socket is not None
        async for text in self._socket:
            now = time.perf_counter()
            frame = json.loads(text)
            if "ack" in frame:
                self.acked[frame["ack"]] = now
            elif "line" in frame and "client_id" in frame["line"]:
                self.seen.setdefault(frame["line"]["client_id"], now)
            elif "error" in frame:
                self.faults.append(frame["error"])

    async def say(self, words: str) -> tuple[str, float]:
        """Post; the client id and when."""
        name = str(uuid4())
        begin = time.perf_counter()
        await self._send(
            {"verb": "post", "conversation": self.conversation, "client_id": name, "text": words}
        )
        return name, begin

    async def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            await self._socket.close()
        if self._reading is not None:
            await asyncio.wait([self._reading], timeout=5)


async def talk(sides: tuple[Side, Side], seconds: float, times: Times, seed_: int) -> None:
    """One pair, turn by turn, for this many seconds."""
    chance = random.Random(seed_)
    await asyncio.sleep(chance.uniform(0, EVERY_S))
    begun = time.perf_counter()
    turn = 0
    while time.perf_counter() - begun < seconds:
        speaker, hearer = sides[turn % 2], sides[(turn + 1) % 2]
        name, sent = await speaker.say(f"{chance.choice(WORDS)} {turn}")
        until = sent + 10
        while name not in hearer.seen or name not in speaker.acked:
            if time.perf_counter() > until:
                raise RuntimeError(f"a message did not arrive: {speaker.faults or hearer.faults}")
            await asyncio.sleep(0.02)
        if sent - begun > WARM_S:
            times.other.append((hearer.seen[name] - sent) * 1000)
            times.own.append((speaker.acked[name] - sent) * 1000)
        turn += 1
        await asyncio.sleep(max(0.0, sent + chance.uniform(0.8, 1.2) * EVERY_S - _now()))


def _now() -> float:
    return time.perf_counter()


async def pairs_talk(port: int, pairs: list[dict[str, Any]], seconds: float) -> Times:
    """All pairs at once."""
    times = Times()
    both = [
        tuple(
            Side(port, cookie, pair["conversation"], f"127.0.0.{2 + place // 10}")
            for cookie in pair["cookies"]
        )
        for place, pair in enumerate(pairs)
    ]
    sides = [side for pair in both for side in pair]
    try:
        for side in sides:
            await side.open()
        await asyncio.gather(
            *(talk(pair, seconds, times, place) for place, pair in enumerate(both))  # type: ignore[arg-type]
        )
    finally:
        for side in sides:
            await side.close()
    return times


def figures_of(times: Times, count: int) -> list[Figure]:
    """What stands in the table for this many pairs."""
    who = "one pair" if count == 1 else f"{count} pairs"
    three = [percentile(times.other, share) for share in (0.5, 0.95, 0.99)]
    words = " / ".join(f"{value:.1f}" for value in three)
    own = " / ".join(f"{percentile(times.own, share):.1f}" for share in (0.5, 0.95, 0.99))
    return [
        Figure(
            f"message to the other socket, {who}, {len(times.other)} messages (p50 / p95 / p99)",
            f"{words} ms, greatest {max(times.other):.0f}",
            f"p95 ≤ {TARGET_MS:.0f} ms",
            three[1] <= TARGET_MS,
        ),
        Figure(f"acknowledgement to the sender, {who} (p50 / p95 / p99)", f"{own} ms"),
    ]


def measure(*, short: bool = True) -> Outcome:
    """One pair, then fifty."""
    outcome = Outcome()
    with folder() as home:
        data = home / "filled"
        shutil.copytree(seed(home), data)
        found = filled(data, 1, 50)
        place = home / "talk"
        place.mkdir()
        with Demo(place, seeded=data) as demo:
            for count, seconds in ((1, 60.0 if short else 240.0), (50, 20.0 if short else 120.0)):
                times = asyncio.run(pairs_talk(demo.port, found["pairs"][:count], seconds))
                outcome.figures += figures_of(times, count)
        outcome.text = fsync_lines(home)
    return outcome


def fsync_lines(home: Path) -> list[str]:
    """What one flushed write costs on this disk: the floor under every message."""
    import os

    took = []
    with (home / "probe").open("wb") as file:
        for _turn in range(100):
            file.write(b"x" * 4096)
            file.flush()
            begin = time.perf_counter()
            os.fsync(file.fileno())
            took.append((time.perf_counter() - begin) * 1000)
    return [
        f"One flushed write (fsync) on this disk: median {median(took):.2f} ms, "
        f"p95 {percentile(took, 0.95):.2f} ms. A commit needs at least one."
    ]
