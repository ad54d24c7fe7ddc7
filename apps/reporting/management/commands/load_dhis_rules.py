"""Load the dated rules of the incentive (DHIS). A second run changes nothing."""

from typing import Any

from apps.core.actor import Actor, Permission
from apps.core.loading import LoadCommand
from apps.core.master import MasterList, Summary
from apps.reporting import actions
from apps.reporting.lists import RULES


class Command(LoadCommand):
    help = __doc__
    lists: tuple[MasterList, ...] = (RULES,)

    def load_one(self, listing: MasterList, **how: Any) -> Summary:
        return actions.load_rules(**how, actor=Actor.of_system("loader", Permission.MASTER_EDIT))
