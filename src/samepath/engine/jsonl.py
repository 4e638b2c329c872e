"""`samepath match --jsonl`: one JSON object per line in, exactly one reply line out.

A thin door on the engine, for replay, comparison and audit. A line that cannot be understood
is answered with {"error": ...} and changes nothing. Beyond the documented keys, `arrive` also
takes "crisis" and "trusted" (seekers) and "on_duty" (supporters).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import fields, replace
from typing import Any

from samepath.engine.dropin import propose
from samepath.engine.people import (
    ATTRIBUTES,
    UNDISCLOSED,
    Giver,
    Lived,
    Person,
    PersonId,
    Rules,
    Seeker,
    View,
    Wishes,
    wants,
)

Handler = Callable[[Mapping[str, Any]], dict[str, Any]]
_NUMBERS = {f.name for f in fields(Rules)} - {"seeker", "giver", "family", "stages"}


def match_jsonl(lines: Iterable[str], more: Mapping[str, Handler] | None = None) -> Iterator[str]:
    """One reply for each line that is not blank. `more` answers further types (`route`, ...)."""
    session = Session(more)
    return (session.reply(line) for line in lines if line.strip())


class Session:
    """One replay: who waits, who is free, which offers are open. Rebuilt from its events alone."""

    def __init__(self, more: Mapping[str, Handler] | None = None) -> None:
        self.rules = Rules()
        self.waiting: dict[PersonId, Seeker] = {}
        self.free: dict[PersonId, Giver] = {}
        self.noes: dict[PersonId, frozenset[PersonId]] = {}
        self.offers: dict[PersonId, PersonId] = {}  # both ways
        self.handlers: dict[str, Handler] = {"config": self.config, "tick": self.tick}
        self.handlers |= more or {}

    def reply(self, line: str) -> str:
        """The reply to one line, as JSON without a line break. Never raises for bad input."""
        before = {name: copy(value) for name, value in vars(self).items()}
        try:
            message = json.loads(line)
            handler = self.handlers.get(message["type"])
            answer = handler(message) if handler else {"error": "not in this version"}
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            vars(self).update(before)
            answer = {"error": f"not understood: {type(error).__name__}: {error}"}
        except RecursionError:
            answer = {"error": "not understood: nested too deeply"}
        return json.dumps(answer)

    def config(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Set weights, topics, stages and times; what is not named keeps its default."""
        given = {**message, **(message.get("rules") or {}), **(message.get("objective") or {})}
        changes: dict[str, Any] = {k: _number(v) for k, v in given.items() if k in _NUMBERS}
        weights, default = message.get("weights") or {}, Rules()
        for side, view in (("seeker", default.seeker), ("giver", default.giver)):
            named = weights.get(side, weights if side == "seeker" else {})
            changes[side] = View(*(_number(named.get(k, v)) for k, v in view._asdict().items()))
        topics = message.get("topics") or {}
        changes["family"] = {
            t: about["cluster"] for t, about in topics.items() if about.get("cluster")
        }
        changes["stages"] = _words(message.get("stage_order"))
        self.rules = replace(default, **changes)
        return {}

    def tick(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Take the events in, then say whom to offer to whom at second `t`."""
        now = _number(message["t"], low=-math.inf)
        for event in message.get("events") or []:
            self._event(event, now)
        self.free = {key: giver for key, giver in self.free.items() if giver.until > now}
        made = propose(self.waiting.values(), self.free.values(), now, self.rules)
        for proposal in made:
            self.offers |= {proposal.a: proposal.b, proposal.b: proposal.a}
            self._update(proposal.a, offered=True)
            self._update(proposal.b, offered=True)
        keys = ("a", "b", "why_a", "why_b")
        return {"proposals": [{key: getattr(one, key) for key in keys} for one in made]}

    def _event(self, event: Mapping[str, Any], now: float) -> None:
        kind, rules = event["e"], self.rules
        if kind == "arrive":
            self._arrive(event, now)
        elif kind == "leave":
            self._close(event["id"], self.offers.get(event["id"]))
            self.waiting.pop(event["id"], None)
            self.free.pop(event["id"], None)
        elif kind == "free" and event["id"] in self.free:
            talks = max(0, self.free[event["id"]].talks - 1)
            self.free[event["id"]] = replace(
                self.free[event["id"]], talks=talks, since=now, not_before=now + rules.rest_s
            )
        elif kind in ("accepted", "declined", "timeout"):
            a, b = event["a"], event["b"]
            self._close(a, b)
            if kind == "timeout":
                self._update(event.get("by"), not_before=now + rules.offer_timeout_s)
            elif kind == "accepted":
                self.waiting.pop(a, None)
                if self.waiting.pop(b, None) is None and b in self.free:
                    self.free[b] = replace(self.free[b], talks=self.free[b].talks + 1)
            else:
                for one, other in ((a, b), (b, a)):
                    self.noes[one] = self.noes.get(one, frozenset()) | {other}
                    if one in self.waiting:
                        self.waiting[one] = replace(self.waiting[one], declined=self.noes[one])

    def _arrive(self, event: Mapping[str, Any], now: float) -> None:
        who = person(event["member"])
        self._event({"e": "leave", "id": who.id}, now)  # one role at a time
        if event["role"] == "give":
            until = event.get("until")
            end, duty = math.inf if until is None else _number(until), event.get("on_duty", True)
            self.free[who.id] = Giver(who, since=now, until=end, on_duty=duty is True)
        elif event["role"] == "seek":
            want = {topic: _number(weight) for topic, weight in (event.get("want") or {}).items()}
            self.waiting[who.id] = Seeker(
                who,
                wants(want),
                since=now,
                fellow=event.get("mutual") is True,
                trusted=event.get("trusted", True) is True,
                crisis=bool(event.get("crisis")),
                declined=self.noes.get(who.id, frozenset()),
            )
        else:
            raise ValueError("a role is seek or give")

    def _close(self, a: PersonId, b: PersonId | None) -> None:
        if b is not None and self.offers.get(a) == b:
            for one in (a, b):
                self.offers.pop(one, None)
                self._update(one, offered=False)

    def _update(self, one: PersonId | None, **changes: Any) -> None:
        if one in self.waiting:
            self.waiting[one] = replace(self.waiting[one], **changes)
        if one in self.free:
            self.free[one] = replace(self.free[one], **changes)


def person(raw: Mapping[str, Any]) -> Person:
    """A member as the interface writes one. Unknown keys are ignored, missing ones mean no wish.

    Raises KeyError, TypeError, ValueError or AttributeError for what is not a member.
    """
    raw = {key: value for key, value in raw.items() if value is not None}
    org = raw.get("org", {})
    told: dict[str, Any] = {name: str(raw.get(name, UNDISCLOSED)) for name in ATTRIBUTES}
    return Person(
        id=_id(raw["id"]),
        languages=_words(raw["languages"]),
        tz=str(raw.get("tz", "UTC")),
        **told,
        org=_id(org["id"]) if org else None,
        org_closed=bool(org.get("closed")),
        youth_cleared=raw.get("youth_cleared") is True,
        topics={
            topic: Lived(about.get("first_hand") is True, about.get("stage"))
            for topic, about in raw.get("topics", {}).items()
        },
        avoid=frozenset(_words(raw.get("avoid"))),
        must=_wishes(raw.get("must", {})),
        nice=_wishes(raw.get("nice", {})),
        blocks=frozenset(map(_id, raw.get("blocks", ()))),
        bad_past=frozenset(map(_id, raw.get("bad_past", ()))),
        capacity=int(_number(raw.get("capacity", 1))),
    )


def _wishes(raw: Mapping[str, Any]) -> Wishes:
    wishes = {field: frozenset(_words(raw[field])) for field in ATTRIBUTES if raw.get(field)}
    return wishes | ({"first_hand": frozenset({"yes"})} if raw.get("first_hand") is True else {})


def _id(value: Any) -> PersonId:
    if not isinstance(value, int | str) or isinstance(value, bool):
        raise TypeError("an id is a whole number or a text")
    return value


def _words(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError("expected a list of texts")
    return tuple(value)


def _number(value: Any, low: float = 0.0) -> float:
    number = float(value)
    if not math.isfinite(number) or number < low:
        raise ValueError(f"expected a number from {low} up")
    return number
