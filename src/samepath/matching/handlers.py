"""What matching does when a lower room announces."""

from __future__ import annotations

from samepath.conversations.events import ParticipantBack, ParticipantLost
from samepath.matching import actions
from samepath.organisations.events import DutyEnded


def on_lost(event: ParticipantLost) -> None:
    """Whoever is left behind is next."""
    actions.peer_lost(event.conversation, event.member_id)


def on_back(event: ParticipantBack) -> None:
    """The lost one is here again."""
    actions.peer_back(event.conversation, event.member_id)


def on_duty_ended(event: DutyEnded) -> None:
    """Nothing new for somebody off duty."""
    actions.off_duty(event.member_id)
