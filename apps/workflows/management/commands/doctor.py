"""Is this installation well? One line for each check, and how to mend what is not.

Ends with 0 (all well), 1 (a warning) or 2 (something is bad). Changes nothing.
"""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.workflows import doctor

CODES = {"ok": 0, "warn": 1, "bad": 2}


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--limit", type=float, default=8.0, help="seconds for all checks")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = doctor.examine(doctor.CHECKS, limit=options["limit"])
        worst = max((finding.state for finding in findings), key=CODES.__getitem__)
        if options["json"]:
            told = {"state": worst, "checks": [asdict(finding) for finding in findings]}
            self.stdout.write(json.dumps(told))
        else:
            for finding in findings:
                mend = f"  -> {finding.mend}" if finding.mend else ""
                self.stdout.write(f"{finding.state:4}  {finding.name:17} {finding.says}{mend}")
        if CODES[worst]:
            sys.exit(CODES[worst])
