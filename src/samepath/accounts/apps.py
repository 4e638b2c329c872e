from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "samepath.accounts"
    label = "accounts"

    def ready(self) -> None:
        from samepath.accounts import actions, queries
        from samepath.kit.registry import Exporter, Panel, Tick, exporters, panels, ticks

        exporters.add(Exporter("accounts", queries.export))
        panels.add(Panel("page.header", 10, queries.header, "accounts/header.html"))
        ticks.add(Tick("accounts.sign_ins", 60, lambda now: actions.sweep_sign_ins()))
        ticks.add(Tick("accounts.erasures", 300, lambda now: actions.finish_erasures()))
