"""The only way into the catalogues: loading a file."""

from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core import master
from apps.core.actor import Actor, Permission
from apps.core.ids import uuid7
from apps.core.master import MasterList, Summary
from apps.facilities import lists as facility_lists
from apps.facilities.actions import load_list as load_places
from apps.terminology.lists import CATALOGUES
from apps.terminology.models import Catalogue

EVERYTHING = (*facility_lists.PLACES, facility_lists.REGISTER, *CATALOGUES)


@transaction.atomic
def load_list(
    listing: MasterList,
    *,
    file: Path | None = None,
    keep_good: bool = False,
    retire: bool = False,
    actor: Actor,
) -> Summary:
    """Load one of `lists.CATALOGUES`. Raises core.master.Unreadable."""
    actor.require(Permission.MASTER_EDIT)
    summary = master.load(listing, file=file, keep_good=keep_good, retire=retire)
    if summary.added or summary.changed or summary.retired:
        # A new stamp tells every process that the list in its memory is old.
        Catalogue.objects.update_or_create(
            name=listing.name, defaults={"stamp": uuid7(), "loaded_at": timezone.now()}
        )
        record(
            Event.MASTER_LOADED,
            actor=actor,
            list=listing.name,
            added=summary.added,
            changed=summary.changed,
            retired=summary.retired,
            bad=len(summary.bad),
        )
    return summary


def load_any(listing: MasterList, *, actor: Actor, **how: Any) -> Summary:
    """Load any list of the house, places and register too."""
    if listing in CATALOGUES:
        return load_list(listing, **how, actor=actor)
    return load_places(listing, **how, actor=actor)


def load_everything(*, actor: Actor) -> dict[str, Summary]:
    """All the master data that the house carries, parents first. Safe to repeat."""
    return {listing.name: load_any(listing, actor=actor) for listing in EVERYTHING}
