from django.apps import AppConfig


class SupplyConfig(AppConfig):
    name = "apps.supply"
