"""Copy one hospital into a new folder: its tables, its public rows, its papers, with sums."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.facilities import moving, queries


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="of the register, or the hospital's address (phc-…)")
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        facility = queries.by_code(options["code"])
        if facility is None:
            raise CommandError(f"No hospital {options['code']} is on board here.")
        try:
            parcel = moving.export(facility.pk, options["folder"])
        except moving.Unfit as no:
            raise CommandError(str(no)) from no
        self.stdout.write(
            f"{parcel.slug}: {parcel.rows} rows of {len(parcel.tenant)} + {len(parcel.public)} "
            f"tables, {len(parcel.papers)} papers in {options['folder']}"
        )
