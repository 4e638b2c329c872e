from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "samepath.organisations"
    label = "organisations"

    def ready(self) -> None:
        from samepath.kit.registry import Eraser, erasers
        from samepath.organisations import actions

        erasers.add(Eraser("organisations", 50, actions.erase))
