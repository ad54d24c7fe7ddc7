"""Bringing the map and the register up to a file."""

from pathlib import Path

from django.db import transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core import master
from apps.core.actor import Actor, Permission
from apps.core.master import MasterList, Summary
from apps.facilities import places


@transaction.atomic
def load_list(
    listing: MasterList,
    *,
    file: Path | None = None,
    keep_good: bool = False,
    retire: bool = False,
    actor: Actor,
) -> Summary:
    """Load one of `lists.PLACES` or `lists.REGISTER`. Raises core.master.Unreadable."""
    actor.require(Permission.MASTER_EDIT)
    summary = master.load(listing, file=file, keep_good=keep_good, retire=retire)
    if summary.added or summary.changed or summary.retired:
        record(
            Event.MASTER_LOADED,
            actor=actor,
            list=listing.name,
            added=summary.added,
            changed=summary.changed,
            retired=summary.retired,
            bad=len(summary.bad),
        )
        transaction.on_commit(places.forget)
    return summary
