from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "samepath.profiles"
    label = "profiles"

    def ready(self) -> None:
        from samepath.kit.registry import Eraser, Exporter, Panel, erasers, exporters, panels
        from samepath.profiles import actions, queries

        erasers.add(Eraser("profiles", 10, actions.erase))
        exporters.add(Exporter("profiles", queries.export))
        panels.add(Panel("account.links", 10, lambda **_context: {}, "profiles/account_link.html"))
