"""Load the State's first treatment sets. Sets that are there already are left alone."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.core.actor import Actor, Permission
from apps.workflows import actions


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        loader = Actor.of_system("loader", Permission.RULE_EDIT)
        self.stdout.write(f"{actions.load_starter_sets(actor=loader)} treatment sets added")
