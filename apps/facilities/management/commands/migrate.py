"""Migrate the public schema. Facilities are never migrated one by one: see `roll_out`."""

from typing import Any

from django_tenants.management.commands.migrate_schemas import MigrateSchemasCommand


class Command(MigrateSchemasCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **{**options, "shared": True, "tenant": False})
