from importlib import import_module
from types import ModuleType

from django.apps import AppConfig, apps
from django.conf import settings

from apps.core.errors import collect


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self) -> None:
        import_module(settings.CELERY_APP)  # so that jobs are found by name in every process
        for config in apps.get_app_configs():
            if config.name.startswith("apps.") and (module := _errors_of(config.name)):
                collect(module.REFUSALS)


def _errors_of(app: str) -> ModuleType | None:
    name = f"{app}.errors"
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name == name:
            return None
        raise
