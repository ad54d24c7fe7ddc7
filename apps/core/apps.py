from importlib import import_module
from types import ModuleType

from django.apps import AppConfig, apps
from django.conf import settings

from apps.core.errors import collect


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self) -> None:
        import_module(settings.CELERY_APP)
        ours = [config.name for config in apps.get_app_configs() if config.name[:5] == "apps."]
        for app in ours:
            _part(app, "jobs")  # so that jobs are found by name in every process, not the worker's
            if errors := _part(app, "errors"):
                collect(errors.REFUSALS)


def _part(app: str, part: str) -> ModuleType | None:
    """An app's module of that name, or None when it has none."""
    name = f"{app}.{part}"
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name == name:
            return None
        raise
