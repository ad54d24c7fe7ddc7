"""Write one FHIR bundle of each kind of record, from the newest paper that a hospital has.

A doctor's paper is also the visit's note and its vital signs. Kinds that no screen issues yet are
written from made-up content and marked as test data.
"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.abdm import queries
from apps.abdm.fhir import BUILDERS, INSIDE, SAMPLES
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
        bundle, source = _found(kind)
        if bundle is None:
            self.stdout.write(f"{kind}: {source}")
            return
        file = folder / f"{kind}.json"
        file.write_text(json.dumps(bundle, ensure_ascii=False, indent=1), "utf-8")
        self.stdout.write(f"{kind}: {file.name}, {len(bundle['entry'])} resources, {source}")


def _found(kind: str) -> tuple[dict[str, Any] | None, str]:
    """A bundle and where it comes from, or None and why there is none."""
    if kind in SAMPLES:
        return queries.sample_bundle(kind), "made-up content"
    papers = [kind, *(paper for paper, inside in INSIDE.items() if kind in inside)]
    for paper in papers:
        newest = documents.newest(paper)
        if newest is None:
            continue
        pdf = queries.picture(newest)
        if pdf is None:
            return None, "its picture is not drawn yet"
        if bundle := queries.bundle(newest.pk, kind=kind, pdf=pdf):
            return bundle, f"newest {paper}"
    return None, "no paper of this kind yet"
