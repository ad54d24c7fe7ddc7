"""Compare on-hand with the ledger's sum in every open hospital; fails when one differs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.tenancy import facility_context
from apps.facilities import live
from apps.pharmacy import actions


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for place in live.hospitals():
            if not place.is_open:
                continue
            with facility_context(place.id):
                lots = actions.check_stock()
            wrong += lots
            self.stdout.write(f"{place.slug:24} {'ok' if not lots else f'{lots} lots differ'}")
        if wrong:
            raise CommandError(f"{wrong} lots differ from their ledger. Count them.")
