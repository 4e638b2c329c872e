from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "samepath.accounts"
    label = "accounts"

    def ready(self) -> None:
        from samepath.accounts import actions, queries
        from samepath.kit.registry import Exporter, Tick, exporters, ticks

        exporters.add(Exporter("accounts", queries.export))
        ticks.add(Tick("accounts.sign_ins", 60, lambda now: actions.sweep_sign_ins()))
