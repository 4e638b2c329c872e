from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "samepath.web"
    label = "web"

    def ready(self) -> None:
        from samepath.kit.registry import Panel, panels
        from samepath.web import numbers

        panels.add(Panel("page.strip", 10, numbers.strip, "web/strip.html"))
