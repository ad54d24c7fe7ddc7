"""Physical count: each counted lot is written at once, with no difference too."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.pharmacy.actions.stock import BIN_EMPTY, MOST, Kind, move_stock, tell_level
from apps.pharmacy.models import StockBatch, StockMovement

REASONS = ("miscount", "breakage", "theft", "expired-thrown", "not-written", "other")


@transaction.atomic
def count(
    count_id: UUID, *, id: UUID, batch_id: UUID, store: str, counted: Decimal, reason: str = "",
    actor: Actor,
) -> StockMovement:  # fmt: skip
    """What a person found of one lot; the shelf is what was counted from now on.

    Refused: stock.unknown_batch, stock.quantity, stock.too_many, stock.variance_reason.
    """
    actor.require(Permission.STOCK_ADJUST)
    if done := StockMovement.objects.filter(pk=id).first():
        return done
    if counted < 0:
        raise Refused("stock.quantity")
    if counted > MOST:
        raise Refused("stock.too_many")
    lot = StockBatch.objects.select_for_update().filter(pk=batch_id, store=store).first()
    if lot is None:
        raise Refused("stock.unknown_batch")
    variance = counted - lot.on_hand
    if variance and reason not in REASONS:
        raise Refused("stock.variance_reason")
    if lot.blocked == BIN_EMPTY:
        StockBatch.objects.filter(pk=lot.pk).update(blocked="")
    row = move_stock(
        lot.pk,
        variance,
        kind=Kind.COUNTED,
        reference=count_id,
        reason=reason if variance else "",
        id=id,
        actor=actor,
    )
    record(
        Event.STOCK_COUNTED,
        subject=lot,
        actor=actor,
        code=lot.medication_code,
        variance=str(variance),
        reason=reason if variance else "",
    )
    tell_level()
    return row
