"""One process of `bench opd`, `pharmacy` or `dashboards`, working until the time is over."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.demo import bench_boards, bench_opd, bench_pharmacy


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("post", choices=["clerk", "doctor", "counter", "boards"])
        parser.add_argument("number", type=int)
        parser.add_argument("--seconds", type=int, default=60)
        parser.add_argument("--share", default="", help="a file with the lines of a counter")

    def handle(self, *args: Any, **options: Any) -> None:
        figures: Any
        if options["post"] == "counter":
            figures = bench_pharmacy.serve(options["share"], options["seconds"])
        elif options["post"] == "boards":
            figures = bench_boards.work()
        else:
            figures = bench_opd.work(options["post"], options["number"], options["seconds"])
        self.stdout.write(json.dumps(figures))
