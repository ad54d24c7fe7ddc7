from django.apps import AppConfig


class AbdmConfig(AppConfig):
    name = "apps.abdm"
