"""The door for replay: one reply a line, whatever comes; nothing half done."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samepath.engine.jsonl import Session, match_jsonl, person
from samepath.engine.people import UNDISCLOSED, Lived, Person


def member(id: int | str, *topics: str, **other: Any) -> dict[str, Any]:
    plain = {"id": id, "languages": ["en"], "age_band": "25-34"}
    return plain | {"topics": {t: {"first_hand": True} for t in topics}} | other


def seek(id: int | str, *want: str, own: Iterable[str] = (), **other: Any) -> dict[str, Any]:
    who = member(id, *own, **other.pop("member", {}))
    return {"e": "arrive", "role": "seek", "want": dict.fromkeys(want, 1), "member": who} | other


def give(id: int | str, *topics: str, **other: Any) -> dict[str, Any]:
    who = member(id, *topics, **other.pop("member", {}))
    return {"e": "arrive", "role": "give", "member": who, "until": 90_000} | other


class Replay:
    """A session with its ticks counted in the test."""

    def __init__(self, **config: Any) -> None:
        self.session = Session()
        assert self.send({"type": "config", **config}) == {}

    def send(self, message: Any) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.session.reply(json.dumps(message)))
        return answer

    def tick(self, t: float, *events: dict[str, Any]) -> list[tuple[Any, Any]]:
        answer = self.send({"type": "tick", "t": t, "events": list(events)})
        return [(p["a"], p["b"]) for p in answer["proposals"]]


def test_a_replay_from_arrival_to_rest() -> None:
    replay = Replay(rest_s=120)
    arrived = {"type": "tick", "t": 0, "events": [seek(1, "panic"), give(2, "panic")]}
    assert replay.send(arrived) == {
        "proposals": [
            {
                "a": 1,
                "b": 2,
                "why_a": [
                    {"kind": "topic", "value": "panic"},
                    {"kind": "first_hand", "value": "panic"},
                    {"kind": "language", "value": "en"},
                    {"kind": "age", "value": "25-34"},
                ],
                "why_b": [
                    {"kind": "topic", "value": "panic"},
                    {"kind": "language", "value": "en"},
                    {"kind": "age", "value": "25-34"},
                ],
            }
        ]
    }
    assert replay.tick(2) == []  # one offer at a time
    pair = {"a": 1, "b": 2, "by": 2}
    assert replay.tick(4, {"e": "accepted", **pair}, seek(3, "panic")) == []  # in a conversation
    assert replay.tick(100, {"e": "free", "id": 2}) == []  # resting
    assert replay.tick(219) == []
    assert replay.tick(220) == [(3, 2)]


def test_a_no_holds_for_the_pair_and_outlives_leaving() -> None:
    replay = Replay()
    assert replay.tick(0, seek(1, "panic"), give(2, "panic")) == [(1, 2)]
    no = {"e": "declined", "a": 1, "b": 2, "by": 1}
    assert replay.tick(5, no) == []
    assert replay.tick(10, {"e": "leave", "id": 1}, seek(1, "panic"), seek(3, "panic")) == [(3, 2)]
    assert replay.tick(15, give(4, "panic")) == [(1, 4)]


def test_a_missed_offer_only_delays_the_next() -> None:
    replay = Replay(offer_timeout_s=25)
    assert replay.tick(0, seek(1, "panic"), give(2, "panic")) == [(1, 2)]
    assert replay.tick(25, {"e": "timeout", "a": 1, "b": 2, "by": 2}) == []
    assert replay.tick(49) == []
    assert replay.tick(50) == [(1, 2)]


def test_who_is_left_by_the_other_is_free_again() -> None:
    replay = Replay()
    assert replay.tick(0, seek(1, "panic"), give(2, "panic")) == [(1, 2)]
    assert replay.tick(1, {"e": "leave", "id": 1}, seek(3, "panic")) == [(3, 2)]
    assert replay.tick(2, {"e": "leave", "id": 2}, give(4, "panic")) == [(3, 4)]


def test_an_answer_to_an_older_offer_does_not_close_the_new_one() -> None:
    replay = Replay()
    assert replay.tick(0, seek(1, "panic"), give(2, "panic")) == [(1, 2)]
    assert replay.tick(1, {"e": "leave", "id": 2}, give(3, "panic")) == [(1, 3)]
    late = {"e": "declined", "a": 1, "b": 2, "by": 2}
    assert replay.tick(2, late, give(4, "panic")) == []


def test_two_who_wait() -> None:
    replay = Replay()
    both = [seek(1, "panic", own=["worry"], mutual=True), seek(2, "worry", own=["panic"])]
    assert replay.tick(0, *both) == []
    assert replay.tick(1, {**both[1], "mutual": True}) == [(1, 2)]
    assert replay.tick(2, {"e": "accepted", "a": 1, "b": 2, "by": 1}) == []
    assert not replay.session.waiting


def test_capacity_and_the_end_of_a_shift() -> None:
    replay = Replay(rest_s=0)
    two = give(9, "panic", member={"capacity": 2}, until=100)
    assert replay.tick(0, two, seek(1, "panic"), seek(2, "panic")) == [(1, 9)]
    assert replay.tick(1, {"e": "accepted", "a": 1, "b": 9, "by": 9}) == [(2, 9)]
    assert replay.tick(2, {"e": "accepted", "a": 2, "b": 9, "by": 9}, seek(3, "panic")) == []
    assert replay.tick(99, {"e": "free", "id": 9}) == [(3, 9)]
    assert replay.tick(100, {"e": "declined", "a": 3, "b": 9, "by": 3}, seek(4, "panic")) == []


def test_crisis_goes_to_a_supporter_on_duty_only() -> None:
    replay = Replay()
    away = give(2, "panic", on_duty=False)
    assert replay.tick(0, seek(1, "panic", crisis=True), away) == []
    assert replay.tick(1, give(3, "drinking")) == [(1, 3)]


def test_config_reaches_the_engine() -> None:
    topics = {"panic": {"cluster": "fear", "about": "…"}, "worry": {"cluster": "fear"}}
    replay = Replay(topics=topics, stage_order=["new", "later"], objective={"half_life_s": 60})
    assert replay.tick(0, seek(1, "panic"), give(2, "worry")) == [(1, 2)]
    rules = replay.session.rules
    assert (rules.half_life_s, rules.stages) == (60, ("new", "later"))
    replay.send({"type": "config", "weights": {"topic": 0.9}, "rules": {"listener_after_s": 0}})
    assert replay.session.rules.seeker.topic == 0.9
    assert replay.session.rules.seeker.age == 0.08
    assert replay.tick(1, seek(3, "panic"), give(4, "drinking")) == [(3, 4)]
    sides = {"seeker": {"age": 0.5}, "giver": {"age": 0.25}}
    replay.send({"type": "config", "weights": sides})
    assert replay.session.rules.seeker.age == 0.5
    assert replay.session.rules.giver.age == 0.25


@pytest.mark.parametrize("kind", ["pair", "group", "route", "", None])
def test_what_is_not_here_is_said(kind: str | None) -> None:
    assert Replay().send({"type": kind}) == {"error": "not in this version"}


def test_further_types_can_be_joined() -> None:
    lines = ['{"type":"route","id":7}\n', "\n", '{"type":"config"}']
    replies = match_jsonl(lines, {"route": lambda message: {"id": message["id"]}})
    assert [json.loads(reply) for reply in replies] == [{"id": 7}, {}]


def test_a_member_as_the_interface_writes_one() -> None:
    raw = {
        "id": "m1",
        "languages": ["ar", "en"],
        "tz": "Africa/Cairo",
        "age_band": "18-24",
        "gender": "woman",
        "faith": None,
        "org": {"id": 3, "closed": True},
        "youth_cleared": True,
        "topics": {"panic": {"first_hand": True, "stage": "new"}, "worry": {}},
        "avoid": ["drinking"],
        "must": {"gender": ["woman"], "first_hand": True, "shoe_size": [38]},
        "nice": {"faith": [], "first_hand": False},
        "blocks": [4],
        "bad_past": ["m2"],
        "capacity": 2,
        "availability": {"mon": [[18.0, 22.0]]},
    }
    assert person(raw) == Person(
        "m1",
        ("ar", "en"),
        tz="Africa/Cairo",
        age_band="18-24",
        gender="woman",
        faith=UNDISCLOSED,
        org=3,
        org_closed=True,
        youth_cleared=True,
        topics={"panic": Lived(True, "new"), "worry": Lived()},
        avoid=frozenset({"drinking"}),
        must={"gender": frozenset({"woman"}), "first_hand": frozenset({"yes"})},
        blocks=frozenset({4}),
        bad_past=frozenset({"m2"}),
        capacity=2,
    )
    assert person({"id": 1, "languages": ["en"], "org": None}) == Person(1, ("en",))


BROKEN = [
    "{",
    "7",
    "null",
    "[]",
    "{}",
    '"tick"',
    "[" * 100_000,
    '{"type":"tick"}',
    '{"type":"tick","t":NaN}',
    '{"type":"tick","t":"soon"}',
    '{"type":"tick","t":0,"events":[{"e":"leave"}]}',
    '{"type":"tick","t":0,"events":[{"e":"arrive","role":"seek","member":{"id":[1]}}]}',
    '{"type":"tick","t":0,"events":[{"e":"arrive","role":"look","member":{"id":1,"languages":[]}}]}',
    '{"type":"config","weights":{"topic":"much"}}',
    '{"type":"config","topics":["panic"]}',
    '{"type":"config","rest_s":-1}',
    '{"type":{}}',
]


@pytest.mark.parametrize("line", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_line_is_answered_and_changes_nothing(line: str) -> None:
    replay = Replay()
    replay.tick(0, seek(1, "panic"), give(2, "panic"), seek(3, "worry"))
    before = repr(vars(replay.session))
    reply = replay.session.reply(line)
    assert set(json.loads(reply)) == {"error"}
    assert "\n" not in reply
    assert repr(vars(replay.session)) == before


@pytest.mark.parametrize(
    "bad",
    [
        {"languages": "en"},
        {"languages": [1]},
        {"blocks": [True]},
        {"blocks": [[1]]},
        {"must": {"gender": "woman"}},
        {"topics": ["panic"]},
        {"capacity": -1},
        {"avoid": "panic"},
    ],
)
def test_a_tick_with_one_bad_member_is_refused_whole(bad: dict[str, Any]) -> None:
    """A wish that cannot be read must not be dropped: it may be somebody's safety."""
    replay = Replay()
    events = [seek(1, "panic"), give(2, "panic"), seek(3, "panic", member=bad)]
    answer = replay.send({"type": "tick", "t": 0, "events": events})
    assert "error" in answer
    assert not replay.session.waiting
    assert not replay.session.free


@settings(deadline=None)
@given(st.text(alphabet='{}[]":,typeick01\\u\ud800 \n', max_size=40))
def test_any_text_has_one_reply_that_can_be_written(line: str) -> None:
    reply = Session().reply(line)
    assert isinstance(json.loads(reply), dict)
    assert "\n" not in reply
    reply.encode("utf-8")
