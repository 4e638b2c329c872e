from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "samepath.notifications"
    label = "notifications"
