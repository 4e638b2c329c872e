from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "samepath.realtime"
    label = "realtime"

    def ready(self) -> None:
        from samepath.accounts.events import SignInEnded
        from samepath.kit import events
        from samepath.realtime import handlers

        events.on(SignInEnded, handlers.on_sign_in_ended)
