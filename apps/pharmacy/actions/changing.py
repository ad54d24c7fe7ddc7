"""Adjusting and writing off: one person asks, another approves."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.pharmacy.actions.stock import MOST, move_stock, tell_level
from apps.pharmacy.models import StockBatch, StockMovement
from apps.pharmacy.queries import pending

REASONS = ("expired", "damaged", "recalled", "wrong-entry", "found", "lost", "sent-back")


@transaction.atomic
def ask_change(
    batch_id: UUID, *, id: UUID, kind: str, quantity: Decimal, reason: str, actor: Actor
) -> StockMovement:
    """Ask for `quantity` more or less ("adjusted") or for writing off ("condemned").

    The wish is a ledger row of quantity 0: nothing changes until another person approves.
    Refused: stock.reason, stock.quantity, stock.too_many, stock.insufficient, stock.unknown_batch.
    """
    actor.require(Permission.STOCK_ADJUST)
    if done := StockMovement.objects.filter(pk=id).first():
        return done
    if reason not in REASONS or kind not in pending.CHANGES:
        raise Refused("stock.reason")
    if not quantity or (kind == "condemned" and quantity > 0):
        raise Refused("stock.quantity")
    if abs(quantity) > MOST:
        raise Refused("stock.too_many")
    lot = StockBatch.objects.filter(pk=batch_id).first()
    if lot is None:
        raise Refused("stock.unknown_batch")
    if lot.on_hand + quantity < 0:
        raise Refused("stock.insufficient")
    row = StockMovement.objects.create(
        id=id,
        batch_id=batch_id,
        kind=kind,
        quantity=Decimal(0),
        reason=pending.spell(kind, quantity, reason),
        by_id=actor.user_id,
    )
    record(Event.STOCK_CHANGE_ASKED, subject=lot, actor=actor, kind=kind, quantity=str(quantity))
    return row


@transaction.atomic
def approve_change(asked_id: UUID, *, id: UUID, actor: Actor) -> StockMovement:
    """Let an asked change happen. Refused: stock.same_person, .answered, .insufficient."""
    actor.require(Permission.STOCK_ADJUST)
    if done := StockMovement.objects.filter(pk=id).first():
        return done
    change = _open(asked_id, actor)
    row = move_stock(
        change.row.batch_id,
        change.quantity,
        kind=change.kind,
        reference=asked_id,
        reason=change.why,
        id=id,
        actor=actor,
    )
    record(
        Event.STOCK_CHANGE_APPROVED,
        subject=change.row.batch,
        actor=actor,
        kind=change.kind,
        quantity=str(change.quantity),
    )
    tell_level()
    return row


@transaction.atomic
def refuse_change(asked_id: UUID, *, id: UUID, actor: Actor) -> StockMovement:
    """Say no to an asked change, or take back the own wish. Refused: stock.answered."""
    actor.require(Permission.STOCK_ADJUST)
    if done := StockMovement.objects.filter(pk=id).first():
        return done
    change = _open(asked_id, actor, own=True)
    row = StockMovement.objects.create(
        id=id,
        batch_id=change.row.batch_id,
        kind=change.kind,
        quantity=Decimal(0),
        reference=asked_id,
        reason="refused",
        by_id=actor.user_id,
    )
    record(Event.STOCK_CHANGE_REFUSED, subject=change.row.batch, actor=actor, kind=change.kind)
    return row


def _open(asked_id: UUID, actor: Actor, *, own: bool = False) -> pending.Change:
    """The unanswered wish, locked. Another person's, unless `own` is allowed too."""
    rows = StockMovement.objects.select_for_update(of=("self",)).select_related("batch")
    row = rows.filter(pk=asked_id).first()
    change = pending.read(row) if row else None
    if change is None:
        raise Refused("stock.nothing_asked")
    if pending.answered(change.row):
        raise Refused("stock.answered")
    if not own and change.row.by_id == actor.user_id:
        raise Refused("stock.same_person")
    return change
