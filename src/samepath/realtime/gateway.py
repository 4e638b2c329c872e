"""The socket gateway: raw ASGI at `/live`, and `/live/ticket`. docs/flows/live.md is its contract.

The database is the log, the socket is the doorbell and the fast way to say something; a page and a
form are complete without it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

from samepath.kit import clock, tickets
from samepath.realtime import door, frames, limits, verbs
from samepath.realtime.hub import Hub
from samepath.realtime.sockets import Socket
from samepath.realtime.writer import Use

log = logging.getLogger("samepath.live")
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"x-robots-tag", b"noindex, nofollow, noarchive"),
    (b"strict-transport-security", b"max-age=63072000; includeSubDomains"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]

_hub: Hub | None = None


def hub() -> Hub:
    """The hub of this process, started when it is first asked for."""
    global _hub
    if _hub is None or _hub.loop.is_closed():
        _hub = Hub(asyncio.get_running_loop())
        _hub.start()
    return _hub


async def stop() -> None:
    """Write what is queued, answer it, close every socket with 1012. Safe to call twice."""
    if _hub is not None:
        await _hub.stop()


async def application(scope: Any, receive: Receive, send: Send) -> None:
    """The ASGI application: lifespan, `/live` and `/live/ticket`."""
    if scope["type"] == "lifespan":
        await _live_and_end(receive, send)
    elif scope["type"] == "websocket":
        await _socket(scope, receive, send)
    else:
        await _ticket(scope, receive, send)


async def _live_and_end(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hub()
            await send({"type": "lifespan.startup.complete"})
        else:
            await stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _look(scope: Any) -> door.Visitor | None:
    try:
        return door.visitor(scope)
    except (DatabaseError, InterfaceError):
        connection.close_if_unusable_or_obsolete()
        raise


async def _answer(send: Send, status: int, body: Message) -> None:
    await send({"type": "http.response.start", "status": status, "headers": HEADERS})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


async def _ticket(scope: Any, receive: Receive, send: Send) -> None:
    """A fresh ticket for a page whose own one has run out: POST, our Origin, a living sign-in."""
    if scope["method"] != "POST":
        await _answer(send, 405, {"error": "method"})
        return
    if not door.is_ours(scope):
        await _answer(send, 403, {"error": "origin"})
        return
    held = hub()
    try:
        known = await held.loop.run_in_executor(held.readers, _look, scope)
    except (DatabaseError, InterfaceError, OSError, RuntimeError):
        await _answer(send, 503, {"error": "unavailable"})
        return
    if known is None:
        await _answer(send, 403, {"error": "signed_out"})
        return
    await _answer(send, 200, {"ticket": tickets.new_ticket(known.cookie_hash)})


async def _refuse(scope: Any, send: Send, status: int) -> None:
    """Say no before the handshake is done."""
    if status != 403 and "websocket.http.response" in scope.get("extensions", {}):
        headers = [(b"retry-after", b"5"), (b"content-type", b"text/plain")]
        await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": b""})
        return
    await send({"type": "websocket.close", "code": 1008})


async def _socket(scope: Any, receive: Receive, send: Send) -> None:
    await receive()  # websocket.connect
    held = hub()
    if scope["path"] != "/live" or not door.is_ours(scope):
        await _refuse(scope, send, 403)
        return
    try:
        if held.stopping:
            raise OSError
        known = await held.loop.run_in_executor(held.readers, _look, scope)
    except (DatabaseError, InterfaceError, OSError, RuntimeError):
        await _refuse(scope, send, 503)
        return
    if known is None:
        await _refuse(scope, send, 403)
        return
    await send({"type": "websocket.accept"})
    if not await _has_ticket(held, known, receive):
        await send({"type": "websocket.close", "code": limits.SIGNED_OUT})
        await receive()
        return
    socket = Socket(
        send,
        site=known.site,
        member_id=known.member_id,
        member=known.member,
        sign_in_id=known.sign_in_id,
        sign_in=known.sign_in,
        cookie_hash=known.cookie_hash,
        address=door.address_of(scope),
        on_close=held.leave,
    )
    held.enter(socket)
    socket.push(
        frames.event(
            {
                "welcome": str(known.member),
                "protocol": limits.PROTOCOL,
                "ticket": tickets.new_ticket(known.cookie_hash),
            }
        )
    )
    try:
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                socket.close(limits.BINARY)
            else:
                verbs.take(held, socket, text)
    finally:
        socket.closed = True
        held.leave(socket)


async def _has_ticket(held: Hub, known: door.Visitor, receive: Receive) -> bool:
    """Whether the first frame, within five seconds, is a ticket of this sign-in, never used."""
    try:
        async with asyncio.timeout(limits.TICKET_SECONDS):
            message = await receive()
    except TimeoutError:
        return False
    try:
        frame = frames.read(message.get("text") or "")
    except frames.Malformed:
        return False
    ticket = tickets.read_ticket(frame.get("ticket"), known.cookie_hash)
    if frame.get("verb") != "ticket" or ticket is None:
        return False
    now = clock.steady()
    while held.taken and next(iter(held.taken.values())) < now - 2 * tickets.LIVES.total_seconds():
        held.taken.popitem(last=False)
    if ticket.number in held.taken:
        return False
    held.taken[ticket.number] = now
    answered: asyncio.Future[bool] = held.loop.create_future()
    held.writer.use(Use(known.site, known.sign_in_id, ticket.issued_at, partial(_tell, answered)))
    return await answered


def _tell(answered: asyncio.Future[bool], fresh: bool) -> None:
    if not answered.done():
        answered.set_result(fresh)
