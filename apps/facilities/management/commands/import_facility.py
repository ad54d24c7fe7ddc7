"""Bring one hospital in from a folder of export_facility. Cut off anywhere: run it again."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.facilities import moving


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="it is here: set its present tables aside"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            parcel = moving.bring_in(options["folder"], replace=options["replace"])
        except moving.Unfit as no:
            raise CommandError(str(no)) from no
        self.stdout.write(
            f"{parcel.slug}: {parcel.rows} rows, {len(parcel.papers)} papers, as of {parcel.at}"
        )
