"""What things cost: `bench SUBJECT [--json]`. Figures only.

`tenants --facilities N`: how many hospitals are made and taken away.
"""

import json
import signal
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.demo.bench_abdm import measure_abdm, measure_seal
from apps.demo.bench_boards import measure_dashboards
from apps.demo.bench_labs import measure_labs
from apps.demo.bench_ledger import measure_ledger
from apps.demo.bench_links import measure_links
from apps.demo.bench_opd import measure_opd
from apps.demo.bench_pdf import measure_pdf
from apps.demo.bench_pharmacy import measure_pharmacy
from apps.demo.bench_provision import measure_provision
from apps.demo.bench_request import measure_request
from apps.demo.bench_shares import measure_shares
from apps.demo.bench_soak import measure_soak
from apps.demo.bench_tenants import measure_tenants

SUBJECTS: dict[str, Callable[[], dict[str, Any]]] = {
    "provision": measure_provision,
    "request": measure_request,
    "pdf": measure_pdf,
    "pharmacy": measure_pharmacy,
    "opd": measure_opd,
    "labs": measure_labs,
    "abdm": measure_abdm,  # its three parts, each also by itself
    "seal": measure_seal,
    "shares": measure_shares,
    "links": measure_links,
    "dashboards": measure_dashboards,
    "ledger": measure_ledger,
    "soak": measure_soak,
}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("subject", choices=[*SUBJECTS, "tenants"])
        parser.add_argument("--facilities", type=int, default=20)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was made is taken away
        try:
            figures = self._measure(options)
        except KeyboardInterrupt:
            raise CommandError("Stopped. What was made is taken away again.") from None
        if options["json"]:
            self.stdout.write(json.dumps(figures, indent=1))
            return
        for name, value in figures.items():
            self.stdout.write(f"{name:34} {value}")

    def _measure(self, options: dict[str, Any]) -> dict[str, Any]:
        if options["subject"] == "tenants":
            return measure_tenants(options["facilities"])
        return SUBJECTS[options["subject"]]()
