"""One process of a bench, working until the time is over: a pair of hands, what signing or the
clock does, a count."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.demo import bench_boards, bench_ledger, bench_links, bench_opd, bench_pharmacy


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "post", choices=["clerk", "doctor", "counter", "links", "sweep", "boards", "ledger"]
        )
        parser.add_argument("number", type=int)
        parser.add_argument("--seconds", type=int, default=60)
        parser.add_argument("--share", default="", help="a file with the lines of a counter")

    def handle(self, *args: Any, **options: Any) -> None:
        figures: Any
        if options["post"] == "counter":
            figures = bench_pharmacy.serve(options["share"], options["seconds"])
        elif options["post"] == "links":
            figures = bench_links.sign(options["number"])
        elif options["post"] == "sweep":
            figures = bench_links.sweep()
        elif options["post"] == "boards":
            figures = bench_boards.work()
        elif options["post"] == "ledger":
            figures = bench_ledger.work()
        else:
            figures = bench_opd.work(options["post"], options["number"], options["seconds"])
        self.stdout.write(json.dumps(figures))
