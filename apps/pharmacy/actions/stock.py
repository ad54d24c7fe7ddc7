"""Moving stock. Every change is a guarded update of the batch and a row of the ledger."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.core.queue import enqueue
from apps.core.tenancy import current_facility_id
from apps.pharmacy import stores
from apps.pharmacy.items import items
from apps.pharmacy.models import StockBatch, StockMovement

Kind = StockMovement.Kind
MOST = Decimal(999_999)
BIN_EMPTY = "bin-empty"
BLOCKS = ("recalled", "damaged", "quarantine", BIN_EMPTY)
LEVEL_AFTER_S = 3


@transaction.atomic
def receive(
    *,
    id: UUID,
    medication_code: str,
    batch_no: str,
    expiry: date,
    quantity: Decimal,
    unit: str = "",
    store: str = "main",
    source: str = "",
    gtin: str = "",
    actor: Actor,
) -> StockBatch:
    """Put a lot on the shelf; more of the same lot is added to it. `id` names this receipt.

    A `gtin` is remembered: the next pack with this code is known.
    Refused: stock.quantity, stock.too_many, stock.batch_no, stock.expired,
    stock.unknown_medicine, stock.unknown_store, stock.other_expiry.
    """
    actor.require(Permission.STOCK_MOVE)
    if done := StockMovement.objects.select_related("batch").filter(pk=id).first():
        return done.batch
    batch_no = batch_no.strip().upper()[:40]
    refuse_bad_lot(medication_code, batch_no, expiry, quantity)
    stores.known(store)
    lot = put(medication_code, batch_no, expiry, store=store, unit=unit, source=source, gtin=gtin)
    move_stock(lot.pk, quantity, kind=Kind.RECEIVED, id=id, actor=actor)
    lot.refresh_from_db()
    record(Event.STOCK_RECEIVED, subject=lot, actor=actor, code=medication_code)
    tell_level()
    return lot


def refuse_bad_lot(
    medication_code: str, batch_no: str, expiry: date, quantity: Decimal, *, known: bool = False
) -> None:
    """Refuse what cannot be a lot; `known`: the caller has looked the medicine up already."""
    if quantity <= 0:
        raise Refused("stock.quantity")
    if quantity > MOST:
        raise Refused("stock.too_many")
    if not batch_no:
        raise Refused("stock.batch_no")
    if expiry < timezone.localdate():
        raise Refused("stock.expired")
    if not known and medication_code not in items([medication_code]):
        raise Refused("stock.unknown_medicine", item=medication_code)


def put(
    medication_code: str,
    batch_no: str,
    expiry: date,
    *,
    store: str,
    unit: str = "",
    source: str = "",
    gtin: str = "",
    blocked: str = "",
) -> StockBatch:
    """The locked row of a lot in a store, made when it is not there. 3 queries.

    Two counters may open the same lot at once: the unique key decides, the other one adds.
    """
    fresh = StockBatch(
        id=uuid7(),
        medication_code=medication_code,
        store=store,
        batch_no=batch_no,
        expiry=expiry,
        unit=unit,
        source=source,
        gtin=gtin,
        blocked=blocked,
    )
    StockBatch.objects.bulk_create([fresh], ignore_conflicts=True)
    lot = StockBatch.objects.select_for_update().get(
        store=store, medication_code=medication_code, batch_no=batch_no
    )
    if lot.expiry != expiry:
        raise Refused("stock.other_expiry")
    changed = []
    if lot.blocked == BIN_EMPTY:  # the bin is filled again
        lot.blocked, changed = "", ["blocked"]
    if gtin and lot.gtin != gtin:
        lot.gtin, changed = gtin, [*changed, "gtin"]
    if changed:
        lot.save(update_fields=changed)
    return lot


def take_stock(batch_id: UUID, quantity: Decimal, *, reference: UUID) -> None:
    """Take `quantity` out of a batch for `reference`; the caller has the right.

    Refused: stock.quantity, stock.expired, stock.blocked, stock.insufficient. Never leaves less
    than nothing.
    """
    if quantity <= 0:
        raise Refused("stock.quantity")
    lot = StockBatch.objects.get(pk=batch_id)
    refuse_unusable(lot)
    move_stock(batch_id, -quantity, kind=Kind.ISSUED, reference=reference)


def refuse_unusable(lot: StockBatch) -> None:
    """Expired or stopped lots are never handed over."""
    if lot.expiry < timezone.localdate():
        raise Refused("stock.expired")
    if lot.blocked:
        raise Refused("stock.blocked")


def move_stock(
    batch_id: UUID,
    quantity: Decimal,
    *,
    kind: str,
    reference: UUID | None = None,
    reason: str = "",
    id: UUID | None = None,
    actor: Actor | None = None,
) -> StockMovement:
    """One signed change of a batch and its ledger row; stands in the caller's transaction."""
    change_on_hand(batch_id, quantity)
    return StockMovement.objects.create(
        id=id or uuid7(),
        batch_id=batch_id,
        kind=kind,
        quantity=quantity,
        reference=reference,
        reason=reason,
        by_id=actor.user_id if actor else None,
    )


def change_on_hand(batch_id: UUID, quantity: Decimal) -> None:
    """One guarded UPDATE: two counters that take the last strip cannot both have it."""
    needed = max(-quantity, Decimal(0))
    changed = StockBatch.objects.filter(pk=batch_id, on_hand__gte=needed).update(
        on_hand=F("on_hand") + quantity
    )
    if not changed:
        raise Refused("stock.insufficient")


@transaction.atomic
def transfer(
    batch_id: UUID, *, id: UUID, to_store: str, quantity: Decimal, actor: Actor
) -> StockMovement:
    """From one store of the hospital to another: two rows of the ledger, one sum.

    Expired stock may go back to the main store: there it waits for being written off.
    Refused: stock.same_store, stock.unknown_store, stock.quantity, stock.insufficient.
    """
    actor.require(Permission.STOCK_MOVE)
    if done := StockMovement.objects.filter(pk=id).first():
        return done
    if not 0 < quantity <= MOST:
        raise Refused("stock.quantity")
    stores.known(to_store)
    lot = StockBatch.objects.filter(pk=batch_id).first()
    if lot is None:
        raise Refused("stock.unknown_batch")
    if lot.store == to_store:
        raise Refused("stock.same_store")
    # Both ends are locked in one order: two stores that exchange a lot never wait for each other.
    there = StockBatch.objects.filter(
        medication_code=lot.medication_code, batch_no=lot.batch_no, store__in=[lot.store, to_store]
    )
    list(there.select_for_update().first_expiring())
    other = put(
        lot.medication_code,
        lot.batch_no,
        lot.expiry,
        store=to_store,
        unit=lot.unit,
        source=lot.source,
        gtin=lot.gtin,
        blocked="" if lot.blocked == BIN_EMPTY else lot.blocked,
    )
    moved = move_stock(lot.pk, -quantity, kind=Kind.TRANSFERRED, id=id, reference=id, actor=actor)
    move_stock(
        other.pk, quantity, kind=Kind.TRANSFERRED, id=uuid5(id, "in"), reference=id, actor=actor
    )
    record(
        Event.STOCK_TRANSFERRED,
        subject=lot,
        actor=actor,
        code=lot.medication_code,
        to=to_store,
        quantity=str(quantity),
    )
    tell_level()
    return moved


@transaction.atomic
def bin_empty(medication_code: str, *, store: str, actor: Actor) -> int:
    """The bin is empty, whatever the list says: nothing of it is given here until it is filled
    or counted. One press; the ledger is not touched, so nothing is written off by it.
    """
    if not actor.may(Permission.RX_DISPENSE):
        actor.require(Permission.STOCK_MOVE)
    lots = StockBatch.objects.usable(timezone.localdate()).filter(
        medication_code=medication_code, store=store
    )
    stopped = lots.update(blocked=BIN_EMPTY)
    if stopped:
        record(
            Event.STOCK_BLOCKED, actor=actor, code=medication_code, store=store, reason=BIN_EMPTY
        )
        tell_level()
    return stopped


@transaction.atomic
def block(batch_id: UUID, *, reason: str, actor: Actor) -> StockBatch:
    """Stop a lot (recalled, damaged, quarantine). Safe to repeat. Refused: stock.reason."""
    actor.require(Permission.STOCK_ADJUST)
    if reason not in BLOCKS:
        raise Refused("stock.reason")
    return _stop(batch_id, reason, Event.STOCK_BLOCKED, actor)


@transaction.atomic
def release(batch_id: UUID, *, actor: Actor) -> StockBatch:
    """The lot may be given again. Safe to repeat."""
    actor.require(Permission.STOCK_ADJUST)
    return _stop(batch_id, "", Event.STOCK_RELEASED, actor)


def _stop(batch_id: UUID, reason: str, event: Event, actor: Actor) -> StockBatch:
    lot = StockBatch.objects.select_for_update().filter(pk=batch_id).first()
    if lot is None:
        raise Refused("stock.unknown_batch")
    if lot.blocked != reason:
        lot.blocked = reason
        lot.save(update_fields=["blocked"])
        record(event, subject=lot, actor=actor, code=lot.medication_code, reason=reason)
        tell_level()
    return lot


def tell_level() -> None:
    """Have the level that other hospitals see made anew: once for all changes of three seconds."""
    facility_id = current_facility_id()
    transaction.on_commit(lambda: _tell_once(facility_id), robust=True)


def _tell_once(facility_id: UUID | None) -> None:
    # A cache that is down costs nothing but time: the sweep of each minute finds the change.
    if cache.add(f"pharmacy.levels:{facility_id}", 1, LEVEL_AFTER_S):
        enqueue("pharmacy.share_levels", after_s=LEVEL_AFTER_S)
