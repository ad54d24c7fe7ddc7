"""Bring every hospital's schema to this release. Run it again after a cut: it resumes."""

import json
import time
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.facilities import actions


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--parallel", type=int, default=1, help="hospitals at a time")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        begin = time.monotonic()

        def told(done: int, of: int) -> None:
            step = 1 if self.stderr.isatty() else max(1, of // 10)
            if done % step == 0 or done == of:
                end = "\r" if self.stderr.isatty() and done < of else "\n"
                bar = f"[{'#' * (30 * done // of):30}] {done} of {of}, "
                self.stderr.write(
                    f"{bar}{time.monotonic() - begin:.0f} s", style_func=str, ending=end
                )

        bar = (lambda done, of: None) if options["json"] else told
        outcome = actions.roll_out(parallel=options["parallel"], told=bar)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(outcome)))
        elif not outcome.upgraded and not outcome.parked:
            self.stdout.write(f"All {outcome.current} facilities are current.")
        else:
            self.stdout.write(f"{outcome.current} current, {outcome.upgraded} upgraded")
            for facility_id, why in outcome.parked.items():
                self.stdout.write(f"parked {facility_id}: {why}")
        if outcome.parked:
            raise CommandError(f"{len(outcome.parked)} facilities are parked. Run it again.")
