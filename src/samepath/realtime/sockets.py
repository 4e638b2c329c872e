"""One socket: what is sent to it, what waits for it, and how it is closed.

Sending is a plain call, no task and no queue: the server's own `send` is driven by hand and, while
the reader keeps up, ends at once. Only when the reader falls behind does a socket get a list of
what waits and a task that empties it; when that list is full the socket goes, never an event (the
conversation's log is the truth, and the reader resumes from its `seq`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from samepath.realtime import limits
from samepath.realtime.frames import Event

if TYPE_CHECKING:
    from samepath.realtime.hub import Channel

Send = Callable[[Event], Awaitable[None]]


class _Rest:
    """The rest of a coroutine that was begun by hand and waits for `first`."""

    __slots__ = ("begun", "first")

    def __init__(self, begun: Coroutine[Any, Any, None], first: Any) -> None:
        self.begun = begun
        self.first = first

    def __await__(self) -> Generator[Any, Any, None]:
        waited = self.first
        try:
            while True:
                told = yield waited
                waited = self.begun.send(told)
        except StopIteration:
            return
        finally:
            self.begun.close()


class Socket:
    """A member's socket, past its handshake and ticket."""

    __slots__ = (
        "__weakref__",
        "_emptier",
        "_send",
        "_waiting",
        "_waiting_bytes",
        "active",
        "address",
        "channels",
        "closed",
        "cookie_hash",
        "faults",
        "member",
        "member_id",
        "on_close",
        "sign_in",
        "sign_in_id",
        "site",
        "tokens",
        "tokens_at",
        "typed",
        "under_way",
    )

    def __init__(
        self,
        send: Send,
        *,
        site: int,
        member_id: int,
        member: UUID,
        sign_in_id: int,
        sign_in: UUID,
        cookie_hash: str,
        address: bytes,
        on_close: Callable[[Socket], None],
    ) -> None:
        self._send = send
        self._waiting: deque[Event] | None = None
        self._waiting_bytes = 0
        self._emptier: asyncio.Task[None] | None = None
        self.site = site
        self.member_id = member_id
        self.member = member
        self.sign_in_id = sign_in_id
        self.sign_in = sign_in
        self.cookie_hash = cookie_hash
        self.address = address
        self.on_close = on_close
        self.channels: dict[str, Channel] = {}
        self.closed = False
        self.faults = 0
        self.tokens = limits.VERBS_BURST
        self.tokens_at = 0.0
        self.typed: dict[str, float] = {}
        self.under_way = 0
        self.active = True

    def push(self, event: Event) -> None:
        """Send an event, now or as soon as the reader has caught up; never waits, never raises."""
        if self.closed:
            return
        if self._waiting is not None:
            size = len(event["text"])
            if len(self._waiting) >= limits.WAITING_EVENTS or (
                self._waiting and self._waiting_bytes + size > limits.WAITING_BYTES
            ):
                self.close(limits.TRY_LATER)
                return
            self._waiting.append(event)
            self._waiting_bytes += size
            return
        begun: Any = self._send(event)
        try:
            first = begun.send(None)
        except StopIteration:
            return
        except Exception:
            # The reader has gone; the server will tell us in the receiving loop.
            self.gone()
            return
        self._waiting = deque()
        self._emptier = asyncio.get_running_loop().create_task(self._empty(_Rest(begun, first)))

    async def _empty(self, rest: _Rest) -> None:
        try:
            await rest
            while self._waiting:
                event = self._waiting.popleft()
                self._waiting_bytes -= len(event["text"])
                await self._send(event)
        except Exception:
            self.gone()
        finally:
            self._waiting = None
            self._waiting_bytes = 0
            self._emptier = None

    def gone(self) -> None:
        """The other side is not there any more."""
        if not self.closed:
            self.closed = True
            self.on_close(self)

    def close(self, code: int) -> None:
        """Say goodbye with this code; what still waits is dropped, the client resumes."""
        if self.closed:
            return
        self.closed = True
        self.on_close(self)
        if self._emptier is not None:
            self._emptier.cancel()
        task = asyncio.get_running_loop().create_task(self._close(code))
        _closing.add(task)
        task.add_done_callback(_closing.discard)

    async def _close(self, code: int) -> None:
        try:
            async with asyncio.timeout(limits.CLOSING_SECONDS):
                await self._send({"type": "websocket.close", "code": code})
        except TimeoutError:
            abort(self._send)
        except Exception:
            # It was closed already, from the other side.
            return


_closing: set[asyncio.Task[None]] = set()


async def all_closed(seconds: float) -> None:
    """Wait until what was closed has been told so, at most this long."""
    if _closing:
        await asyncio.wait(set(_closing), timeout=seconds)


def abort(send: Send) -> None:
    """Drop a connection whose reader takes nothing, not even the goodbye. ASGI has no word for it,
    so this asks uvicorn's protocol; under another server the connection ends with its time-out."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if isinstance(transport, asyncio.Transport):
        transport.abort()


def is_dead(socket: Socket) -> bool:
    """Whether the server has given a connection up while its bytes cannot leave (no pong)."""
    transport = getattr(getattr(socket._send, "__self__", None), "transport", None)
    return isinstance(transport, asyncio.Transport) and transport.is_closing()


def drop_dead(socket: Socket) -> None:
    """End such a connection for good."""
    abort(socket._send)
