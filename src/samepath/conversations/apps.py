from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "samepath.conversations"
    label = "conversations"

    def ready(self) -> None:
        from uuid import UUID

        from samepath.accounts.events import BlockPlaced
        from samepath.conversations import access, actions, handlers, queries
        from samepath.conversations.events import ConversationChanged
        from samepath.kit import bus, events
        from samepath.kit.registry import (
            Eraser,
            Exporter,
            LiveKind,
            Reportable,
            Tick,
            erasers,
            exporters,
            live_kinds,
            reportables,
            ticks,
        )

        events.on(BlockPlaced, handlers.on_block, inside=True)
        events.on(ConversationChanged, access.forget)

        def stale(kind: str, public_id: str, numbers: dict[str, int]) -> None:
            if kind == "conversation" and "changed" in numbers:
                access.forget(ConversationChanged(UUID(public_id)))

        bus.listen(stale)
        reportables.add(
            Reportable(
                "conversation",
                queries.quote,
                recent=queries.recent_for_report,
                people=queries.people_in,
                path="/conversations/{}",
            )
        )
        erasers.add(Eraser("conversations", 20, actions.erase))
        exporters.add(Exporter("conversations", queries.export))
        live_kinds.add(LiveKind("conversation", access.may_listen))
        ticks.add(Tick("conversations.lost", 5, lambda now: actions.mark_lost()))
        ticks.add(Tick("conversations.forgotten", 600, lambda now: actions.close_forgotten()))
        ticks.add(Tick("conversations.shred", 60, lambda now: actions.shred_due()))
        ticks.add(Tick("conversations.orphans", 3600, lambda now: actions.sweep_orphan_keys()))
