"""Bring every hospital of a CSV on board. Cut off or partly refused: mend the list, run it again.

Columns: register_code, and if wanted slug, prefix, facility_type (needed where the register does
not know it). What is on board already is passed over.
"""

import csv
import sys
import time
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.actor import Actor, Permission
from apps.facilities.actions import bulk
from apps.facilities.actions.bulk import Result, Wanted

ACTOR = Actor.of_system("provision_facilities", Permission.FACILITY_ONBOARD)
COLUMNS = [field.name for field in fields(Wanted)]


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what is refused")
        parser.add_argument("--parallel", type=int, default=2, help="hospitals at a time")
        parser.add_argument("--report", type=Path, help="CSV of what was not done, and why")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = self._read(options["file"])
        begin, done = time.monotonic(), [0]
        step = 1 if self.stderr.isatty() else max(1, len(lines) // 10)

        def told(result: Result) -> None:
            done[0] += 1
            if done[0] % step == 0 or done[0] == len(lines):
                self._bar(done[0], len(lines), time.monotonic() - begin)

        if options["dry_run"]:
            results = bulk.try_all(lines, actor=ACTOR)
        else:
            results = bulk.provision_all(
                lines, parallel=options["parallel"], told=told, actor=ACTOR
            )
        self._finish(results, options)

    def _read(self, file: Path) -> list[Wanted]:
        try:
            with file.open(encoding="utf-8-sig", newline="") as opened:
                reader = csv.DictReader(opened)
                if "register_code" not in (reader.fieldnames or ()):
                    raise CommandError("The first line must name a column register_code.")
                return [
                    Wanted(**{name: (row.get(name) or "").strip() for name in COLUMNS})
                    for row in reader
                ]
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read as a CSV in UTF-8.") from error

    def _bar(self, done: int, total: int, seconds: float) -> None:
        filled = "#" * (30 * done // total)
        end = "\r" if self.stderr.isatty() and done < total else "\n"
        line = f"[{filled:30}] {done} of {total}, {seconds:.0f} s"
        self.stderr.write(line, style_func=str, ending=end)
        sys.stderr.flush()

    def _finish(self, results: list[Result], options: dict[str, Any]) -> None:
        counts = {
            outcome: sum(1 for result in results if result.outcome == outcome)
            for outcome in (bulk.DONE, bulk.THERE, bulk.REFUSED, bulk.FAILED)
        }
        word = "would be set up" if options["dry_run"] else "set up"
        self.stdout.write(
            f"{counts['done']} {word}, {counts['there']} were on board, "
            f"{counts['refused']} refused, {counts['failed']} failed"
        )
        wrong = [result for result in results if result.why]
        if not wrong:
            return
        report = options["report"] or options["file"].with_suffix(".not-done.csv")
        with report.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened)
            writer.writerow([field.name for field in fields(Result)])
            writer.writerows(astuple(result) for result in wrong)
        raise CommandError(f"{len(wrong)} of {len(results)} were not done: see {report}")
