"""Write one FHIR bundle of each kind of paper that a hospital has."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.abdm import queries
from apps.abdm.fhir import BUILDERS
from apps.core.tenancy import facility_context
from apps.documents import queries as documents
from apps.facilities import queries as facilities


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--facility", default="dh-purnia", help="the hospital's short address")

    def handle(self, *args: Any, **options: Any) -> None:
        facility = facilities.by_slug(options["facility"])
        if facility is None:
            raise CommandError(f"There is no hospital {options['facility']}.")
        options["folder"].mkdir(parents=True, exist_ok=True)
        with facility_context(facility.pk):
            for kind in BUILDERS:
                self._export(kind, options["folder"])

    def _export(self, kind: str, folder: Path) -> None:
        newest = documents.newest(kind)
        bundle = queries.bundle(newest.pk) if newest else None
        if bundle is None:
            self.stdout.write(f"{kind}: no paper of this kind yet")
            return
        file = folder / f"{kind}.json"
        file.write_text(json.dumps(bundle, ensure_ascii=False, indent=1), "utf-8")
        self.stdout.write(f"{kind}: {file.name}, {len(bundle['entry'])} resources")
