from importlib import import_module
from types import ModuleType

from django.apps import AppConfig, apps
from django.conf import settings

from apps.core.errors import collect


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self) -> None:
        import_module(settings.CELERY_APP)
        for config in apps.get_app_configs():
            if not config.name.startswith("apps."):
                continue
            if errors := _part(config.name, "errors"):
                collect(errors.REFUSALS)
            # Jobs are found by name in every process: Celery itself looks for them in workers only.
            _part(config.name, "jobs")


def _part(app: str, module: str) -> ModuleType | None:
    """`apps.x.errors` or `apps.x.jobs`; None when the app has no such file."""
    name = f"{app}.{module}"
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name == name:
            return None
        raise
