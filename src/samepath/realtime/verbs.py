"""What a socket may ask for. Each verb reads its frame and does one thing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DatabaseError, InterfaceError

from samepath.conversations.actions import Draft
from samepath.kit import bus, clock, ids, tickets
from samepath.realtime import frames, limits
from samepath.realtime.hub import Hub, lines_for
from samepath.realtime.sockets import Socket
from samepath.realtime.writer import Post

Frame = dict[str, Any]
_SEQ = 2**53


def take(hub: Hub, socket: Socket, text: str) -> None:
    """Do what a frame asks. Three that nobody can read close the socket."""
    if socket.closed:
        return
    if len(text) > limits.LARGEST_FRAME:
        socket.close(limits.TOO_BIG)
        return
    try:
        frame = frames.read(text)
        verb = VERBS.get(frame.get("verb", ""))
        if verb is None:
            raise frames.Malformed
        if verb is not post and not _may_ask(socket):
            socket.push(frames.error("too_many", verb=frame["verb"], retry_after=1))
            return
        verb(hub, socket, frame)
    except (frames.Malformed, TypeError):
        # TypeError: a verb that is a list or an object cannot be looked up.
        socket.faults += 1
        if socket.faults >= limits.FAULTS:
            socket.close(limits.MALFORMED)
        else:
            socket.push(frames.error("malformed"))


def _may_ask(socket: Socket) -> bool:
    now = clock.steady()
    grown = socket.tokens + (now - socket.tokens_at) * limits.VERBS_PER_SECOND
    socket.tokens, socket.tokens_at = min(limits.VERBS_BURST, grown), now
    if socket.tokens < 1:
        return False
    socket.tokens -= 1
    return True


def _id(frame: Frame, name: str) -> UUID:
    found = ids.parse_id(frame.get(name))
    if found is None:
        raise frames.Malformed
    return found


def _number(frame: Frame, name: str) -> int | None:
    """A whole number that is not negative, or None where there is none."""
    value = frame.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _SEQ:
        raise frames.Malformed
    return value


def post(hub: Hub, socket: Socket, frame: Frame) -> None:
    """Say something. Answered by `ack` after the commit, or by `error` with the reason."""
    conversation, client_id = _id(frame, "conversation"), _id(frame, "client_id")
    text = frame.get("text")
    if not isinstance(text, str):
        raise frames.Malformed
    socket.active = True
    draft = Draft(conversation, socket.member_id, client_id, text)
    full = socket.under_way >= limits.POSTS_UNDER_WAY
    if full or hub.stopping or not hub.writer.post(Post(socket.site, draft, socket)):
        socket.push(
            frames.error(
                "too_many" if full else "unavailable",
                client_id=str(client_id),
                conversation=str(conversation),
                retry_after=2,
            )
        )
        return
    socket.under_way += 1


def subscribe(hub: Hub, socket: Socket, frame: Frame) -> None:
    """Listen to a channel; with `after`, what was missed comes first."""
    name, after = frame.get("channel"), _number(frame, "after")
    if not isinstance(name, str) or len(name) > 100:
        raise frames.Malformed
    if name not in socket.channels and len(socket.channels) >= limits.CHANNELS:
        socket.push(frames.error("too_many_channels", channel=name))
        return
    hub.spawn(hub.subscribe(socket, name, after))


def unsubscribe(hub: Hub, socket: Socket, frame: Frame) -> None:
    """Stop listening."""
    channel = socket.channels.get(str(frame.get("channel")))
    if channel is not None:
        hub.unsubscribe(socket, channel)


def typing(hub: Hub, socket: Socket, frame: Frame) -> None:
    """Tell the others that I write: at most once in three seconds, more is not passed on."""
    conversation = _id(frame, "conversation")
    name = f"conversation:{conversation}"
    now = clock.steady()
    if name not in socket.channels or now - socket.typed.get(name, -9.0) < limits.TYPING_SECONDS:
        return
    socket.typed[name] = now
    socket.active = True
    ring = partial(bus.ring, "typing", str(conversation), member=socket.member_id)
    hub.spawn(_quietly(hub, socket, ring))


async def _quietly(hub: Hub, socket: Socket, work: Callable[[], None]) -> None:
    try:
        await hub.reading(socket.site, work)
    except (DatabaseError, InterfaceError, OSError):
        return  # nobody misses it


def read(hub: Hub, socket: Socket, frame: Frame) -> None:
    """I have read up to here. Written every two seconds, for everybody together."""
    conversation, seq = _id(frame, "conversation"), _number(frame, "seq")
    if seq is None:
        raise frames.Malformed
    if f"conversation:{conversation}" not in socket.channels:
        socket.push(frames.error("not_found", conversation=str(conversation)))
        return
    socket.active = True
    marks = hub.reads.setdefault(socket.site, {})
    key = (conversation, socket.member_id)
    marks[key] = max(seq, marks.get(key, 0))


def resume(hub: Hub, socket: Socket, frame: Frame) -> None:
    """The lines after a seq: for a hole somebody sees."""
    after = _number(frame, "after")
    if after is None:
        raise frames.Malformed
    hub.spawn(_history(hub, socket, _id(frame, "conversation"), after=after))


def history(hub: Hub, socket: Socket, frame: Frame) -> None:
    """Lines before or after a seq, at most fifty."""
    limit = _number(frame, "limit")
    hub.spawn(
        _history(
            hub,
            socket,
            _id(frame, "conversation"),
            after=_number(frame, "after"),
            before=_number(frame, "before"),
            limit=max(1, min(limit or limits.HISTORY, limits.HISTORY)),
        )
    )


async def _history(
    hub: Hub,
    socket: Socket,
    conversation: UUID,
    *,
    after: int | None = None,
    before: int | None = None,
    limit: int = limits.HISTORY,
) -> None:
    look = partial(
        lines_for, socket.member_id, conversation, after=after, before=before, limit=limit
    )
    try:
        lines = await hub.reading(socket.site, look)
    except (DatabaseError, InterfaceError, OSError):
        socket.push(frames.error("unavailable", conversation=str(conversation), retry_after=5))
        return
    if lines is None:
        socket.push(frames.error("not_found", conversation=str(conversation)))
        return
    asked = {"after": after, "before": before, "more": len(lines) == limit}
    socket.push(frames.many(conversation, lines, **asked))


def ping(hub: Hub, socket: Socket, frame: Frame) -> None:
    """Are you there? The answer carries a fresh ticket for the next time."""
    answer: Frame = {"pong": True, "ticket": tickets.new_ticket(socket.cookie_hash)}
    number = _number(frame, "n")
    if number is not None:
        answer["n"] = number
    socket.push(frames.event(answer))


VERBS: dict[str, Callable[[Hub, Socket, Frame], None]] = {
    "post": post,
    "subscribe": subscribe,
    "unsubscribe": unsubscribe,
    "typing": typing,
    "read": read,
    "resume": resume,
    "history": history,
    "ping": ping,
}
