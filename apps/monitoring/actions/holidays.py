"""Bringing the holidays up to the State's list of a year."""

from pathlib import Path

from django.db import transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core import master
from apps.core.actor import Actor
from apps.core.master import MasterList, Summary
from apps.core.permission import Permission
from apps.monitoring.lists import HOLIDAYS
from apps.monitoring.queries.holidays import forget


@transaction.atomic
def load_list(
    listing: MasterList = HOLIDAYS,
    *,
    file: Path | None = None,
    keep_good: bool = False,
    retire: bool = False,
    actor: Actor,
) -> Summary:
    """Load the holidays we carry, or a newer file. Raises core.master.Unreadable."""
    actor.require(Permission.MASTER_EDIT)
    summary = master.load(listing, file=file, keep_good=keep_good, retire=retire)
    if summary.added or summary.changed or summary.retired:
        record(
            Event.MASTER_LOADED, actor=actor, list=listing.name, added=summary.added,
            changed=summary.changed, retired=summary.retired, bad=len(summary.bad),
        )  # fmt: skip
        transaction.on_commit(forget)
    return summary
