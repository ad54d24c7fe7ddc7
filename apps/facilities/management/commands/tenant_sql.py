"""make tenant-sql: write the script that makes a facility's schema, or check that it is current.

`--release NAME` also stores what is new as SQL for the schemas that exist already.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.facilities import releases, schema


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when the file is stale")
        parser.add_argument("--release", metavar="NAME", help="store the difference as a release")

    def handle(self, *args: Any, **options: Any) -> None:
        script = schema.write_script()
        old = schema.SCRIPT.read_text("utf-8") if schema.SCRIPT.exists() else ""
        if options["check"]:
            if old != script:
                raise CommandError("tenant_schema.sql differs from the migrations: make tenant-sql")
            return
        if options["release"]:
            self._release(options["release"], old, script)
        schema.SCRIPT.write_text(script, encoding="utf-8")
        self.stdout.write(f"{schema.SCRIPT.name}: {len(schema.statements())} statements")

    def _release(self, name: str, old: str, script: str) -> None:
        new = schema.news(old, script)
        if not new:
            raise CommandError("No migration is new since the script was written.")
        file = releases.write(name, schema.version_of(old), schema.version_of(script), new)
        self.stdout.write(f"{file.name}: {len(new)} migrations")
