"""Load the State's holidays; `--file` for the list of a new year."""

from typing import Any

from apps.core.actor import Actor, Permission
from apps.core.loading import LoadCommand
from apps.core.master import MasterList, Summary
from apps.monitoring.actions import load_list
from apps.monitoring.lists import HOLIDAYS


class Command(LoadCommand):
    help = __doc__
    lists: tuple[MasterList, ...] = (HOLIDAYS,)

    def load_one(self, listing: MasterList, **how: Any) -> Summary:
        loader = Actor.of_system("loader", Permission.MASTER_EDIT)
        return load_list(listing, **how, actor=loader)
