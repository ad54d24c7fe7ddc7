"""Write what systemd, nginx, journald and logrotate are told: `deployment_files FOLDER`.

Changes nothing outside of FOLDER; docs/production.md says where each file goes.
"""

from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bhavya.deployment import Plan, render


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        for field in fields(Plan):
            name, default = f"--{field.name.replace('_', '-')}", field.default
            if default is not MISSING:
                parser.add_argument(name, default=default, type=type(default))

    def handle(self, *args: Any, **options: Any) -> None:
        told = {field.name: options[field.name] for field in fields(Plan) if field.name in options}
        try:
            made = render(Plan(domain=settings.PARENT_DOMAIN, **told))
            options["folder"].mkdir(parents=True, exist_ok=True)
            for name, text in made.items():
                (options["folder"] / name).write_text(text, "utf-8")
        except ValueError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        self.stdout.write("\n".join(str(options["folder"] / name) for name in made))
