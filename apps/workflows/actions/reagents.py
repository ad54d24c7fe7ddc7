"""Reagents and kits that a verified report used, taken from the laboratory's shelf."""

from decimal import Decimal
from uuid import UUID, uuid5

from apps.core.actor import Actor, Permission
from apps.labs import queries as labs
from apps.pharmacy import actions as pharmacy

TAKER = Actor.of_system("workflows.use_reagents", Permission.STOCK_MOVE)


def use_reagents(report_id: UUID) -> int:
    """Take what one report used off the shelf; how many items the masters name for it.

    Laboratory and pharmacy do not know each other, so this stands between them. Sent twice, an
    item is taken once; what the shelf does not hold is written in the trail and stops nothing.
    """
    used = labs.reagents_of(report_id)
    for reagent in used:
        use_id = uuid5(report_id, reagent["item"])
        pharmacy.use_items(use_id, reagent["item"], Decimal(reagent["quantity"]), actor=TAKER)
    return len(used)
