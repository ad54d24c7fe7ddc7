"""What one more tenant table costs, counted in the schemas that exist and multiplied."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.facilities import cost


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--schema", help="count this one; without it any hospital's")
        parser.add_argument("--hospitals", type=int, nargs="*", default=[594, 7835])
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["schema"] or cost.any_schema()
        if not name:
            raise CommandError("No hospital is on board, so there is nothing to count.")
        whole, one = cost.of_schema(name)
        if options["json"]:
            self.stdout.write(json.dumps({"schema": asdict(whole), "table": asdict(one)}))
            return
        self._line(f"{name} has", whole, 1)
        self._line("one more table", one, 1)
        for hospitals in options["hospitals"]:
            self._line(f"x {hospitals} hospitals", one, hospitals)
        self.stdout.write(
            "Counted in the catalogue; the products are computed. A deploy's added column took "
            "36 ms a schema when measured on busy cores (docs/scale.md)."
        )

    def _line(self, title: str, told: cost.Cost, times: int) -> None:
        self.stdout.write(
            f"{title:20} {told.tables * times:>9,.0f} tables {told.relations * times:>11,.0f} "
            f"relations {told.triggers * times:>11,.0f} triggers {told.columns * times:>11,.0f} "
            f"columns {told.bytes * times / 1024**2:>10,.1f} MB empty"
        )
