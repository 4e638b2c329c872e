from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "samepath.matching"
    label = "matching"

    def ready(self) -> None:
        from samepath.conversations.events import ParticipantBack, ParticipantLost
        from samepath.kit import events
        from samepath.kit.registry import (
            Eraser,
            Exporter,
            LiveKind,
            Panel,
            Tick,
            erasers,
            exporters,
            live_kinds,
            panels,
            ticks,
        )
        from samepath.matching import actions, handlers, queries
        from samepath.matching import panels as ours
        from samepath.matching.rules import TICK_SECONDS
        from samepath.organisations.events import DutyEnded

        events.on(ParticipantLost, handlers.on_lost)
        events.on(ParticipantBack, handlers.on_back)
        events.on(DutyEnded, handlers.on_duty_ended, inside=True)
        erasers.add(Eraser("matching", 5, actions.erase))
        exporters.add(Exporter("matching", queries.export))
        panels.add(Panel("talk.beside", 10, ours.known, "matching/known.html"))
        panels.add(Panel("talk.name", 10, ours.shared_line, "matching/shared_line.html"))
        panels.add(Panel("talk.notices", 10, ours.next_in_line, "matching/next_in_line.html"))
        live_kinds.add(LiveKind("request", queries.may_listen_request))
        live_kinds.add(LiveKind("desk", queries.may_listen_desk))
        ticks.add(Tick("matching.batch", TICK_SECONDS, lambda now: actions.tick()))
        ticks.add(Tick("matching.line", 30, lambda now: actions.sweep_line()))
