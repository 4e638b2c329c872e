from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "samepath.demo"
    label = "demo"
