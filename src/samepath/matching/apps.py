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
            Tick,
            erasers,
            exporters,
            live_kinds,
            ticks,
        )
        from samepath.matching import actions, handlers, queries
        from samepath.matching.rules import TICK_SECONDS
        from samepath.organisations.events import DutyEnded

        events.on(ParticipantLost, handlers.on_lost)
        events.on(ParticipantBack, handlers.on_back)
        events.on(DutyEnded, handlers.on_duty_ended, inside=True)
        erasers.add(Eraser("matching", 5, actions.erase))
        exporters.add(Exporter("matching", queries.export))
        live_kinds.add(LiveKind("request", queries.may_listen_request))
        live_kinds.add(LiveKind("desk", queries.may_listen_desk))
        ticks.add(Tick("matching.batch", TICK_SECONDS, lambda now: actions.tick()))
        ticks.add(Tick("matching.line", 30, lambda now: actions.sweep_line()))
