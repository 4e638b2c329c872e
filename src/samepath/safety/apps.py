from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "samepath.safety"
    label = "safety"

    def ready(self) -> None:
        from samepath.kit.registry import Eraser, Exporter, erasers, exporters
        from samepath.safety import actions, queries

        erasers.add(Eraser("safety", 30, actions.erase))
        exporters.add(Exporter("safety", queries.export))
