"""One pair of hands of `bench opd`: a counter or a doctor, working until the time is over."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.demo.bench_opd import work


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("post", choices=["clerk", "doctor"])
        parser.add_argument("number", type=int)
        parser.add_argument("--seconds", type=int, default=60)

    def handle(self, *args: Any, **options: Any) -> None:
        figures = work(options["post"], options["number"], options["seconds"])
        self.stdout.write(json.dumps(figures))
