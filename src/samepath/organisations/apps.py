from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "samepath.organisations"
    label = "organisations"

    def ready(self) -> None:
        from samepath.kit.registry import Eraser, Panel, erasers, panels
        from samepath.organisations import actions
        from samepath.organisations import panels as ours

        erasers.add(Eraser("organisations", 50, actions.erase))
        panels.add(Panel("page.header", 20, ours.header, "organisations/header.html"))
