"""Moving stock. Every change is a guarded update of the batch and a row of the ledger."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.pharmacy.models import StockBatch, StockMovement
from apps.terminology.queries import medications


@transaction.atomic
def receive(
    *,
    id: UUID,
    medication_code: str,
    batch_no: str,
    expiry: date,
    quantity: Decimal,
    unit: str,
    store: str = "main",
    source: str = "",
    actor: Actor,
) -> StockBatch:
    """Put a lot on the shelf; more of the same lot is added to it. `id` names this receipt.

    Refused: stock.quantity, stock.expired, stock.unknown_medicine, stock.other_expiry.
    """
    actor.require(Permission.STOCK_MOVE)
    if done := StockMovement.objects.select_related("batch").filter(pk=id).first():
        return done.batch
    batch_no = batch_no.strip().upper()
    _refuse_bad_lot(medication_code, expiry, quantity)
    # Two counters may open the same lot at once: the unique key decides, the other one adds.
    StockBatch.objects.bulk_create(
        [
            StockBatch(
                id=uuid7(),
                medication_code=medication_code,
                store=store,
                batch_no=batch_no,
                expiry=expiry,
                unit=unit,
                source=source,
            )
        ],
        ignore_conflicts=True,
    )
    lot = StockBatch.objects.select_for_update().get(
        store=store, medication_code=medication_code, batch_no=batch_no
    )
    if lot.expiry != expiry:
        raise Refused("stock.other_expiry")
    move_stock(lot.pk, quantity, kind=StockMovement.Kind.RECEIVED, id=id)
    lot.refresh_from_db()
    record(Event.STOCK_RECEIVED, subject=lot, actor=actor, code=medication_code)
    return lot


def _refuse_bad_lot(medication_code: str, expiry: date, quantity: Decimal) -> None:
    if quantity <= 0:
        raise Refused("stock.quantity")
    if expiry < timezone.localdate():
        raise Refused("stock.expired")
    if medication_code not in medications([medication_code]):
        raise Refused("stock.unknown_medicine", item=medication_code)


@transaction.atomic
def take_stock(batch_id: UUID, quantity: Decimal, *, reference: UUID) -> None:
    """Take `quantity` out of a batch for `reference` (a dispense); the caller has the right.

    Refused: stock.quantity, stock.expired, stock.insufficient. Never leaves less than nothing.
    """
    if quantity <= 0:
        raise Refused("stock.quantity")
    if StockBatch.objects.filter(pk=batch_id, expiry__lt=timezone.localdate()).exists():
        raise Refused("stock.expired")
    move_stock(batch_id, -quantity, kind=StockMovement.Kind.ISSUED, reference=reference)


def move_stock(
    batch_id: UUID,
    quantity: Decimal,
    *,
    kind: str,
    reference: UUID | None = None,
    reason: str = "",
    id: UUID | None = None,
) -> StockMovement:
    """One signed change of a batch and its ledger row; stands in the caller's transaction."""
    needed = max(-quantity, Decimal(0))
    # One guarded UPDATE: two counters that take the last strip cannot both have it.
    changed = StockBatch.objects.filter(pk=batch_id, on_hand__gte=needed).update(
        on_hand=F("on_hand") + quantity
    )
    if not changed:
        raise Refused("stock.insufficient")
    return StockMovement.objects.create(
        id=id or uuid7(),
        batch_id=batch_id,
        kind=kind,
        quantity=quantity,
        reference=reference,
        reason=reason,
    )
