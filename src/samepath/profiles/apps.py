from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "samepath.profiles"
    label = "profiles"

    def ready(self) -> None:
        from samepath.kit.registry import Eraser, Exporter, erasers, exporters
        from samepath.profiles import actions, queries

        erasers.add(Eraser("profiles", 10, actions.erase))
        exporters.add(Exporter("profiles", queries.export))
