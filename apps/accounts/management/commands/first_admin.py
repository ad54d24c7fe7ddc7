"""The State's first admin on a new installation: prints the user name and the first password.

Refused as soon as anybody holds that post. Run again before the first log-in: says the same.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from apps.accounts import actions
from apps.accounts.secrets import first_password
from apps.core.errors import Refused


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="in Latin letters")
        parser.add_argument("--name-hi", default="", help="in Devanagari; without it as --name")
        parser.add_argument("--mobile", required=True, help="ten digits, for a forgotten password")
        parser.add_argument("--username", default="", help="without it one is made of the name")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            try:
                user = actions.open_office(
                    name_hi=options["name_hi"],
                    name_en=options["name"],
                    mobile=options["mobile"],
                    username=options["username"],
                )
            except Refused as refusal:
                raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"user name       {user.username}")
        self.stdout.write(f"first password  {first_password(user.pk)}")
        self.stdout.write("Another one, and a second factor, are asked for at the first log-in.")
