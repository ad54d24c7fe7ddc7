"""Changes that one person asked for and another has to approve. They stand in the ledger itself."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from apps.pharmacy.items import Item, items
from apps.pharmacy.models import StockMovement

ASKED = "ask"
CHANGES = ("adjusted", "condemned")
LASTS = timedelta(days=60)  # what nobody answered by then is asked anew


@dataclass(frozen=True, slots=True)
class Change:
    """An asked change: a ledger row of quantity 0 whose reason says "ask:kind:quantity:why"."""

    row: StockMovement
    kind: str
    quantity: Decimal
    why: str
    item: Item | None = None

    @property
    def after(self) -> Decimal:
        return self.row.batch.on_hand + self.quantity


def spell(kind: str, quantity: Decimal, why: str) -> str:
    """The reason of an asked row."""
    return f"{ASKED}:{kind}:{quantity.normalize():f}:{why}"[:100]


def read(row: StockMovement) -> Change | None:
    """The change a row asks for; None when it asks for nothing."""
    parts = row.reason.split(":", 3)
    if row.quantity or len(parts) != 4 or parts[0] != ASKED or parts[1] not in CHANGES:
        return None
    return Change(row, parts[1], Decimal(parts[2]), parts[3])


def answered(row: StockMovement) -> bool:
    """Whether somebody has approved or refused it. 1 query."""
    return StockMovement.objects.filter(batch_id=row.batch_id, reference=row.pk).exists()


def pending_changes() -> list[Change]:
    """What waits for a second person, oldest first. 3 queries."""
    rows = StockMovement.objects.filter(
        at__gte=timezone.now() - LASTS,
        quantity=0,
        kind__in=CHANGES,
        reason__startswith=f"{ASKED}:",
    ).select_related("batch")
    open_rows = list(rows.order_by("at"))
    done = set(
        StockMovement.objects.filter(
            batch_id__in=[row.batch_id for row in open_rows],
            reference__in=[row.pk for row in open_rows],
        ).values_list("reference", flat=True)
    )
    found = [change for row in open_rows if row.pk not in done and (change := read(row))]
    known = items(change.row.batch.medication_code for change in found)
    return [
        Change(c.row, c.kind, c.quantity, c.why, known.get(c.row.batch.medication_code))
        for c in found
    ]
