"""Provision the demo hospitals and fill them with today's realistic day. Safe to run again."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.demo import seed, world


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--small", action="store_true", help="three hospitals, few patients")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demo (DEMO is not true): nothing was written.")
        start = time.monotonic()
        small = options["small"]
        hospitals = world.HOSPITALS[:1] + world.HOSPITALS[3:5] if small else world.HOSPITALS
        seed.seed(hospitals, share=0.15 if small else 1.0, say=self.stdout.write)
        self.stdout.write(f"ready in {time.monotonic() - start:.0f} s")
