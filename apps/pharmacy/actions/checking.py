"""Is the shelf its ledger's sum? And what other hospitals may know of it."""

import logging
from datetime import timedelta
from decimal import Decimal

from django.core.cache import cache
from django.utils import timezone

from apps.audit import queries as audit
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.queue import enqueue
from apps.core.tenancy import current_facility_id, facility_context
from apps.facilities import live
from apps.pharmacy import queries
from apps.pharmacy.queries.need import WEEKS, consumption
from apps.supply import actions as supply
from apps.supply import queries as levels

log = logging.getLogger(__name__)
CHECKER = Actor.of_system("pharmacy.check")
CHANGES = [
    Event.STOCK_RECEIVED, Event.STOCK_TRANSFERRED, Event.STOCK_COUNTED, Event.STOCK_USED,
    Event.STOCK_CHANGE_APPROVED, Event.STOCK_BLOCKED, Event.STOCK_RELEASED,
    Event.MEDICATION_DISPENSED, Event.MEDICATION_RETURNED,
]  # fmt: skip
LOOK_BACK, SWEEP_BACK = timedelta(minutes=5), timedelta(minutes=4)


def check_stock() -> int:
    """How many lots of this hospital are not the sum of their movements; an alarm when any."""
    wrong = list(queries.unbalanced()[:100])
    if wrong:
        codes = sorted({lot.medication_code for lot in wrong})
        record(Event.STOCK_UNBALANCED, actor=CHECKER, lots=len(wrong), codes=codes)
        log.error(
            "stock differs from its ledger: facility %s, %s lots", current_facility_id(), len(wrong)
        )
    return len(wrong)


def check_all() -> int:
    """Queue the check and a whole new level for every open hospital; answers how many."""
    places = [place for place in live.hospitals() if place.is_open]
    for place in places:
        with facility_context(place.id):
            enqueue("pharmacy.check_stock")
            enqueue("pharmacy.share_all_levels")
    return len(places)


def share_levels(*, everything: bool = False) -> int:
    """Bring the levels that others see up to the shelf: what moved lately, or all of it."""
    now = timezone.now()
    facility_id = current_facility_id()
    assert facility_id is not None
    first = cache.add(f"pharmacy.levels.known:{facility_id}", 1, 86_400)
    whole = everything or (first and not list(levels.level_codes(facility_id))[:1])
    rows = queries.levels_changed(None if whole else now - LOOK_BACK)
    used = consumption(now - timedelta(weeks=WEEKS), now) if rows else {}
    for row in rows:
        row["weekly_use"] = used.get(row["medication_code"], Decimal(0)) / WEEKS
    return supply.share_levels(rows) if rows else 0


def sweep_levels() -> int:
    """Hospitals whose shelf moved in the last minutes, once more: a job may have been lost."""
    since = timezone.now() - SWEEP_BACK
    moved = set(audit.facilities_with([str(event) for event in CHANGES], since=since))
    # The trail outlives a hospital that was closed or moved away meanwhile.
    places = [place for place in live.hospitals(ids=moved) if place.is_open]
    for place in places:
        with facility_context(place.id):
            enqueue("pharmacy.share_levels")
    return len(places)
