"""Rebuild the counters of some days from the trail; `--reset` after a restore elsewhere."""

from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.monitoring import actions


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        yesterday = timezone.localdate() - timedelta(days=1)
        parser.add_argument("--from", dest="first", type=date.fromisoformat, default=yesterday)
        parser.add_argument("--to", dest="last", type=date.fromisoformat, default=None)
        parser.add_argument("--reset", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        last = options["last"] or timezone.localdate()
        wrong = actions.recount(options["first"], last, reset=options["reset"])
        self.stdout.write(f"{options['first']} to {last}: {wrong} figures corrected")
