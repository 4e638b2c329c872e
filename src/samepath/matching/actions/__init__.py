"""Every write of matching. Cut by noun: requests, offers, supporters, endings."""

from samepath.matching.actions.endings import (
    ask_again,
    check_out,
    give_piece,
    go_on,
    keep_sentence,
    say_goodbye,
    start_ending,
)
from samepath.matching.actions.offers import answer_as_giver, answer_as_seeker, extend_look, tick
from samepath.matching.actions.requests import (
    erase,
    join_line,
    keep_place,
    leave_line,
    peer_back,
    peer_lost,
    someone_else,
    sweep_line,
)
from samepath.matching.actions.supporters import off_duty, set_available, stay_present

__all__ = [
    "answer_as_giver",
    "answer_as_seeker",
    "ask_again",
    "check_out",
    "erase",
    "extend_look",
    "give_piece",
    "go_on",
    "join_line",
    "keep_place",
    "keep_sentence",
    "leave_line",
    "off_duty",
    "peer_back",
    "peer_lost",
    "say_goodbye",
    "set_available",
    "someone_else",
    "start_ending",
    "stay_present",
    "sweep_line",
    "tick",
]
