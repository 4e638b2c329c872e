from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "samepath.realtime"
    label = "realtime"
