"""What goes over the socket: JSON objects, written once for everybody who gets them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from samepath.conversations.actions import Posted
from samepath.conversations.queries import LogLine
from samepath.realtime import limits

Event = dict[str, Any]


class Malformed(Exception):
    """A frame nobody can read."""


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def event(frame: dict[str, Any]) -> Event:
    """The ASGI event of a frame; made once, sent to many."""
    return {"type": "websocket.send", "text": _encode(frame)}


def moment(at: datetime) -> str:
    """UTC to the millisecond: 2026-01-31T21:04:05.123Z."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def line(said: LogLine) -> dict[str, Any]:
    """A line of the log, the same for everybody in the conversation."""
    made: dict[str, Any] = {
        "seq": said.seq,
        "id": str(said.message),
        "sort": said.sort,
        "by": str(said.author) if said.author else None,
        "at": moment(said.sent_at),
    }
    if said.notice:
        made["notice"] = said.notice
    else:
        made["client_id"] = str(said.client_id)
        made["text"] = said.text
    return made


def line_event(conversation: UUID, posted: Posted) -> Event:
    """The frame of a message that was committed a moment ago."""
    return event(
        {
            "line": {
                "seq": posted.seq,
                "id": str(posted.message),
                "sort": str(posted.draft.sort),
                "by": str(posted.sender),
                "at": moment(posted.sent_at),
                "client_id": str(posted.draft.client_id),
                "text": posted.text,
            },
            "conversation": str(conversation),
        }
    )


def said_event(conversation: UUID, said: LogLine) -> Event:
    """The frame of one line from the log."""
    return event({"line": line(said), "conversation": str(conversation)})


def many(conversation: UUID, lines: list[LogLine], **more: Any) -> Event:
    """Lines in order in one frame: a replay, or history."""
    named = {key: value for key, value in more.items() if value}
    return event(
        {"lines": [line(one) for one in lines], "conversation": str(conversation), **named}
    )


def ack(posted: Posted) -> Event:
    """It is committed. Never sent before."""
    return event(
        {
            "ack": str(posted.draft.client_id),
            "conversation": str(posted.draft.conversation),
            "seq": posted.seq,
            "id": str(posted.message),
            "at": moment(posted.sent_at),
        }
    )


def error(code: str, **more: Any) -> Event:
    """Why something was not done: a code for programs; `sentence`, if any, for people."""
    return event({"error": code, **{key: value for key, value in more.items() if value}})


def read(text: str) -> dict[str, Any]:
    """The object in a frame. Raises Malformed: no JSON, no object, or too deep."""
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise Malformed from fault
    if not isinstance(frame, dict):
        raise Malformed
    if text.count("{") + text.count("[") > limits.DEEPEST and _deeper(frame, limits.DEEPEST):
        raise Malformed
    return frame


def _deeper(value: Any, left: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    if left == 0:
        return True
    inside = value.values() if isinstance(value, dict) else value
    return any(_deeper(part, left - 1) for part in inside)
