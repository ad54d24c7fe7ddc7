"""make tenant-sql: write the script that makes a facility's schema, or check that it is current."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.facilities import schema


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when the file is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        script = schema.write_script()
        if options["check"]:
            if not schema.SCRIPT.exists() or schema.SCRIPT.read_text("utf-8") != script:
                raise CommandError("tenant_schema.sql differs from the migrations: make tenant-sql")
            return
        schema.SCRIPT.write_text(script, encoding="utf-8")
        self.stdout.write(f"{schema.SCRIPT.name}: {len(schema.statements())} statements")
