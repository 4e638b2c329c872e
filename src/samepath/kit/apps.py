from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "samepath.kit"
    label = "kit"
