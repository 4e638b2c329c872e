"""A real server in a process of its own, a hand inside its data, and sockets that talk to it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 10.0  # seconds a test waits for what should come at once


def free_port() -> int:
    """A port of loopback nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Databases:
    """On PostgreSQL every world has a database of its own; on SQLite its folder is enough."""

    def __init__(self) -> None:
        self.address = os.environ.get("SAMEPATH_DATABASE_URL", "")
        self.made: list[str] = []

    def new(self, name: str, template: str = "") -> dict[str, str]:
        """The environment that leads to a new database."""
        if not self.address:
            return {}
        self._run(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        self.made.append(name)
        return {"SAMEPATH_DATABASE_URL": urlsplit(self.address)._replace(path=f"/{name}").geturl()}

    def drop_all(self) -> None:
        """Remove what was made."""
        for name in self.made:
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(statement)


@dataclass(frozen=True)
class Person:
    """A member of a world and their cookie."""

    id: int
    member: str
    cookie: str


class World:
    """A data folder, the servers on it, and a process that acts in it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        self.servers: list[Server] = []
        self._hands: subprocess.Popen[str] | None = None

    def do(self, code: str, **given: Any) -> Any:
        """Run Python beside the server; what it leaves in `answer`."""
        if self._hands is None:
            self._hands = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("hands.py"))],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._hands.stdin
        assert self._hands.stdout
        self._hands.stdin.write(json.dumps({"code": textwrap.dedent(code), "given": given}) + "\n")
        self._hands.stdin.flush()
        told = json.loads(self._hands.stdout.readline())
        if "fault" in told:
            raise AssertionError(told["fault"])
        return told["answer"]

    def people(self, count: int = 2) -> list[Person]:
        """`count` new guests, signed in."""
        made = self.do(
            """
            from samepath.accounts import actions
            answer = []
            for _n in range(count):
                member = actions.create_member(
                    handle=actions.suggest_handles(1)[0], language="en", promise="test"
                )
                answer.append([member.pk, str(member.public_id), actions.start_sign_in(member)])
            """,
            count=count,
        )
        return [Person(*row) for row in made]

    def conversation(self, *people: Person) -> str:
        """A conversation of these, by its public id."""
        return str(
            self.do(
                """
                from samepath.accounts.models import Member
                from samepath.conversations import actions
                members = [Member.objects.get(pk=pk) for pk in ids]
                answer = str(actions.open_conversation(members).public_id)
                """,
                ids=[person.id for person in people],
            )
        )

    def pair(self) -> tuple[Person, Person, str]:
        """Two people and their conversation."""
        one, other = self.people(2)
        return one, other, self.conversation(one, other)

    def say(self, person: Person, conversation: str, *texts: str) -> None:
        """Post from another process, as a page would."""
        self.do(
            """
            import uuid
            from samepath.conversations import actions
            from samepath.kit.ratelimit import buckets
            for text in texts:
                buckets.forget()
                actions.post_message(
                    actions.Draft(uuid.UUID(conversation), person, uuid.uuid4(), text)
                )
            """,
            conversation=conversation,
            person=person.id,
            texts=list(texts),
        )

    def log(self, person: Person, conversation: str) -> list[dict[str, Any]]:
        """Every line of the log as this person may read it."""
        found: list[dict[str, Any]] = self.do(
            """
            import uuid
            from samepath.accounts.models import Member
            from samepath.conversations import access, queries
            seat = access.conversation_for(Member.objects.get(pk=person), uuid.UUID(conversation))
            answer = [
                {"seq": one.seq, "text": one.text, "client_id": str(one.client_id),
                 "sort": one.sort, "notice": one.notice}
                for one in queries.lines(seat, after=0, limit=100_000)
            ]
            """,
            conversation=conversation,
            person=person.id,
        )
        return found

    def serve(self, **more: str) -> Server:
        """One more server process on this data."""
        server = Server(self, more)
        self.servers.append(server)
        return server

    def end(self) -> None:
        """Stop everything of this world."""
        for server in self.servers:
            server.kill()
        if self._hands is not None:
            assert self._hands.stdin
            assert self._hands.stdout
            self._hands.stdin.close()
            self._hands.wait(PATIENCE)
            self._hands.stdout.close()


class Server:
    """`samepath start --only serve` on a free port of loopback."""

    def __init__(self, world: World, more: dict[str, str]) -> None:
        self.world = world
        self.port = free_port()
        self.more = more
        self.log = world.folder / f"serve-{self.port}.log"
        self.start()

    @property
    def origin(self) -> str:
        """Where people reach it."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Start it, also again after it was killed, and wait until it answers."""
        environment = {
            **self.world.environment,
            "SAMEPATH_PORT": str(self.port),
            "SAMEPATH_ORIGIN": self.origin,
            **self.more,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "samepath.cli", "start", "--only", "serve"],
                env=environment,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError(f"no server: {self.log.read_text()}")

    def stop(self) -> None:
        """Ask it to end and wait."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)

    def kill(self) -> None:
        """End it at once; safe to repeat."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)

    def ticket(self, person: Person, **headers: str) -> tuple[int, str]:
        """(status, ticket) of `POST /live/ticket`."""
        asked = {"Origin": self.origin, "Cookie": f"session={person.cookie}", **headers}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request("POST", "/live/ticket", headers=asked | {"Host": f"localhost:{self.port}"})
            answer = line.getresponse()
            body = json.loads(answer.read())
        finally:
            line.close()
        return answer.status, str(body.get("ticket", body.get("error")))

    def knock(self, person: Person | None, **more: Any) -> ClientConnection:
        """A socket before its ticket. Raises what the handshake raises."""
        headers = [] if person is None else [("Cookie", f"session={person.cookie}")]
        more.setdefault("origin", self.origin)
        return connect(
            f"ws://localhost:{self.port}/live",
            sock=socket.create_connection(("127.0.0.1", self.port)),
            additional_headers=headers,
            compression=None,
            max_size=None,
            ping_interval=None,
            open_timeout=PATIENCE,
            close_timeout=1,
            **more,
        )

    def enter(self, person: Person, **more: Any) -> Line:
        """A socket past its ticket."""
        status, ticket = self.ticket(person)
        assert status == 200
        line = Line(self.knock(person, **more))
        line.send(verb="ticket", ticket=ticket)
        welcome = line.next()
        assert welcome["welcome"] == person.member
        line.fresh_ticket = welcome["ticket"]
        return line


class Line:
    """One socket and what came over it."""

    def __init__(self, socket_: ClientConnection) -> None:
        self.socket = socket_
        self.fresh_ticket = ""

    def send(self, **frame: Any) -> None:
        """Send one frame."""
        self.socket.send(json.dumps(frame))

    def next(self, timeout: float = PATIENCE) -> dict[str, Any]:
        """The next frame. Raises TimeoutError, ConnectionClosed."""
        found: dict[str, Any] = json.loads(self.socket.recv(timeout=timeout))
        return found

    def until(self, name: str, timeout: float = PATIENCE) -> dict[str, Any]:
        """The next frame that has `name`; others are skipped."""
        end = time.monotonic() + timeout
        while True:
            frame = self.next(max(0.01, end - time.monotonic()))
            if name in frame:
                return frame

    def nothing(self, seconds: float = 0.4) -> None:
        """Nothing comes for a while."""
        try:
            frame = self.next(seconds)
        except TimeoutError:
            return
        raise AssertionError(f"unexpected: {frame}")

    def closed(self, timeout: float = PATIENCE) -> int:
        """The code the server closes with; what comes before is skipped."""
        end = time.monotonic() + timeout
        try:
            while True:
                self.next(max(0.01, end - time.monotonic()))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006

    def subscribe(self, conversation: str, after: int | None = None) -> dict[str, Any]:
        """Listen; the answer, with the replayed lines as `replayed`."""
        frame: dict[str, Any] = {"verb": "subscribe", "channel": f"conversation:{conversation}"}
        if after is not None:
            frame["after"] = after
        self.send(**frame)
        replayed: list[dict[str, Any]] = []
        while True:
            told = self.next()
            if "lines" in told:
                replayed += told["lines"]
            elif "subscribed" in told or "error" in told:
                return {**told, "replayed": replayed}

    def post(self, conversation: str, text: str, client_id: str = "") -> str:
        """Say something; the client id."""
        client_id = client_id or str(uuid.uuid4())
        self.send(verb="post", conversation=conversation, client_id=client_id, text=text)
        return client_id

    def close(self) -> None:
        """Hang up."""
        self.socket.close()


def copy_of(template: Path, folder: Path) -> None:
    """A data folder like the prepared one; compiled files are shared by name only."""
    shutil.copytree(template, folder, ignore=shutil.ignore_patterns("bus", ".*.gate", ".*.write"))
