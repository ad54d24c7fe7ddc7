"""Load medicines, diagnoses, tests, dose phrases, vitals, complaints, advice and allergies."""

from typing import Any

from apps.core.actor import Actor, Permission
from apps.core.loading import LoadCommand
from apps.core.master import MasterList, Summary
from apps.terminology import actions
from apps.terminology.lists import CATALOGUES


class Command(LoadCommand):
    help = __doc__
    lists: tuple[MasterList, ...] = CATALOGUES

    def load_one(self, listing: MasterList, **how: Any) -> Summary:
        loader = Actor.of_system("loader", Permission.MASTER_EDIT)
        return actions.load_any(listing, **how, actor=loader)
