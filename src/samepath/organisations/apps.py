from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "samepath.organisations"
    label = "organisations"

    def ready(self) -> None:
        from samepath.kit.registry import Eraser, Exporter, Panel, erasers, exporters, panels
        from samepath.organisations import actions, queries
        from samepath.organisations import panels as ours

        erasers.add(Eraser("organisations", 50, actions.erase))
        exporters.add(Exporter("organisations", queries.export))
        panels.add(Panel("page.header", 20, ours.header, "organisations/header.html"))
