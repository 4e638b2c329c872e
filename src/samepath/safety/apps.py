from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "samepath.safety"
    label = "safety"

    def ready(self) -> None:
        from samepath.kit.registry import (
            Directory,
            Eraser,
            Exporter,
            Panel,
            Promise,
            Tick,
            directories,
            erasers,
            exporters,
            panels,
            promises,
            ticks,
        )
        from samepath.safety import actions, promise, queries
        from samepath.safety import panels as ours

        erasers.add(Eraser("safety", 30, actions.erase))
        exporters.add(Exporter("safety", queries.export))
        promises.add(Promise("promise", promise.version, promise.sentences, promise.short))
        directories.add(Directory("helplines", queries.countries))
        panels.add(Panel("page.strip", 10, ours.strip, "safety/strip.html"))
        panels.add(Panel("page.header", 21, ours.header, "safety/header.html"))
        panels.add(Panel("account.links", 40, ours.looked_at, "safety/looked_at_link.html"))
        ticks.add(Tick("safety.sweep", 3600, lambda now: actions.sweep()))
