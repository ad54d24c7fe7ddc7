"""Load divisions, districts, sub-divisions and blocks; or one of them from a newer CSV.

Panchayats and villages (LGD) load from a CSV that the State gives: --file, panchayats first.
"""

from typing import Any

from apps.core.actor import Actor, Permission
from apps.core.loading import LoadCommand
from apps.core.master import MasterList, Summary
from apps.facilities import lists
from apps.facilities.actions import load_list


class Command(LoadCommand):
    help = __doc__
    on_request: tuple[MasterList, ...] = lists.VILLAGES  # before the name means the next line
    lists: tuple[MasterList, ...] = lists.PLACES

    def load_one(self, listing: MasterList, **how: Any) -> Summary:
        loader = Actor.of_system("loader", Permission.MASTER_EDIT)
        return load_list(listing, **how, actor=loader)
