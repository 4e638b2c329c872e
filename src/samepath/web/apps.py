from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "samepath.web"
    label = "web"
