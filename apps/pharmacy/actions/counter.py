"""Handing over medicine, and taking it back."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.encounters import actions as encounters
from apps.pharmacy.actions.stock import (
    Kind,
    change_on_hand,
    move_stock,
    refuse_unusable,
    tell_level,
)
from apps.pharmacy.items import items
from apps.pharmacy.models import MedicationDispense, StockBatch, StockMovement
from apps.prescriptions import actions as prescriptions

REASONS = ("out-of-stock", "near-expiry", "other-form")
RESTS = ("", "not-available", "declined")


@dataclass(frozen=True, slots=True)
class Give:
    """What happens to one line. No `batch_id`: first to expire first, over as many lots as needed.

    `rest`: what becomes of what is not given: "" stays due, "not-available", "declined".
    `why`: the reason when the batch is of another product.
    """

    line_id: UUID
    quantity: Decimal = Decimal(0)
    batch_id: UUID | None = None
    why: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True)
class _Take:
    line: Any
    lot: StockBatch
    quantity: Decimal
    why: str


@transaction.atomic
def hand_over(
    prescription_id: UUID, *, id: UUID, store: str, gives: Iterable[Give], actor: Actor
) -> list[MedicationDispense]:
    """Give from `store` against a prescription; all lines of one form, or nothing of it.

    `id` names the form: sent twice, the first answer comes back. When nothing is due any more the
    token leaves the counter. 14 statements for one line out of one lot.
    Refused: dispense.*, stock.expired, stock.blocked, stock.other_store, stock.insufficient.
    """
    actor.require(Permission.RX_DISPENSE)
    prescription, held = prescriptions.hold(prescription_id)
    wanted = [give for give in gives if give.quantity or give.rest]
    if done := _done_before(id, held):
        return done
    if not wanted:
        raise Refused("dispense.nothing")
    if any(give.line_id not in held or give.rest not in RESTS for give in wanted):
        raise Refused("dispense.not_here")
    takes = _picked(wanted, held, store, actor)
    given = _give(takes, id, actor)
    for give in wanted:
        if give.rest:
            prescriptions.record_not_given(held[give.line_id], why=give.rest)
    visit = prescription.encounter
    if all(line.due == 0 for line in held.values()):
        prescriptions.complete(prescription)
        if visit.token.station == "pharmacy":
            encounters.pass_on(visit.pk, to_station="none", actor=actor)
    record(
        Event.MEDICATION_DISPENSED,
        subject=prescription,
        patient_id=visit.patient_id,
        actor=actor,
        **_told(wanted, held, given),
    )
    tell_level()
    return given


def dispense(
    medication_request_id: UUID,
    *,
    id: UUID,
    batch_id: UUID,
    quantity: Decimal,
    store: str,
    prescription_id: UUID,
    actor: Actor,
) -> MedicationDispense:
    """Hand over out of one lot against one line; `hand_over` with a single line."""
    if quantity <= 0:
        raise Refused("stock.quantity")
    give = Give(medication_request_id, quantity, batch_id)
    return hand_over(prescription_id, id=id, store=store, gives=[give], actor=actor)[0]


def _row_id(form_id: UUID, line_id: UUID, n: int) -> UUID:
    return uuid5(form_id, f"{line_id}:{n}")


def _done_before(form_id: UUID, held: dict[UUID, Any]) -> list[MedicationDispense]:
    """Rows of an earlier sending of this form. 1 query; the locked lines let none come later."""
    rows = MedicationDispense.objects.filter(medication_request_id__in=list(held))
    ours = {_row_id(form_id, line_id, 0) for line_id in held}
    known = list(rows.order_by("at", "pk"))
    return known if any(row.pk in ours for row in known) else []


def _picked(wanted: list[Give], held: dict[UUID, Any], store: str, actor: Actor) -> list[_Take]:
    """Lots for every line, locked in one order over the whole house. 1 query, 2 with another
    product."""
    giving = [give for give in wanted if give.quantity]
    chosen = {give.batch_id for give in giving if give.batch_id}
    codes = {held[give.line_id].medication_code for give in giving if not give.batch_id}
    usable = StockBatch.objects.usable(timezone.localdate()).filter(store=store)
    wide = usable.filter(medication_code__in=codes)
    if chosen:
        wide = wide | StockBatch.objects.filter(pk__in=chosen)
    lots = list(wide.select_for_update().first_expiring()) if giving else []
    takes: list[_Take] = []
    left = {lot.pk: lot.on_hand for lot in lots}
    for give in giving:
        line = held[give.line_id]
        if give.quantity < 0:
            raise Refused("stock.quantity")
        if give.batch_id:
            lot = next((lot for lot in lots if lot.pk == give.batch_id), None)
            takes.append(_chosen(lot, line, give, store, actor))
            continue
        takes += _first_expiring(lots, left, line, give)
    return takes


def _chosen(lot: StockBatch | None, line: Any, give: Give, store: str, actor: Actor) -> _Take:
    if lot is None or lot.store != store:
        raise Refused("stock.other_store")
    refuse_unusable(lot)
    if lot.medication_code == line.medication_code:
        return _Take(line, lot, give.quantity, "")
    actor.require(Permission.RX_SUBSTITUTE)
    pair = items([lot.medication_code, line.medication_code])
    other, asked = pair.get(lot.medication_code), pair.get(line.medication_code)
    if not other or not asked or asked.salt is None or other.salt != asked.salt:
        raise Refused("dispense.not_substitute")
    if give.why not in REASONS:
        raise Refused("dispense.substitute_reason")
    return _Take(line, lot, give.quantity, give.why)


def _first_expiring(
    lots: list[StockBatch], left: dict[UUID, Decimal], line: Any, give: Give
) -> list[_Take]:
    missing, takes = give.quantity, []
    for lot in lots:
        part = min(missing, left[lot.pk])
        if lot.medication_code != line.medication_code or part <= 0 or lot.blocked:
            continue
        takes.append(_Take(line, lot, part, ""))
        left[lot.pk] -= part
        missing -= part
    if missing > 0:
        raise Refused("stock.insufficient")
    return takes


def _give(takes: list[_Take], form_id: UUID, actor: Actor) -> list[MedicationDispense]:
    """Guarded updates lot by lot, then ledger and dispenses at one go."""
    dispenses: list[MedicationDispense] = []
    movements: list[StockMovement] = []
    count: dict[UUID, int] = {}
    for take in takes:
        prescriptions.record_dispensed(take.line.pk, take.quantity, held=take.line)
        change_on_hand(take.lot.pk, -take.quantity)
        n = count[take.line.pk] = count.get(take.line.pk, -1) + 1
        row = MedicationDispense(
            id=_row_id(form_id, take.line.pk, n),
            medication_request_id=take.line.pk,
            batch_id=take.lot.pk,
            quantity=take.quantity,
            substitution=take.why,
            by_id=actor.user_id,
        )
        dispenses.append(row)
        movements.append(
            StockMovement(
                id=uuid7(),
                batch_id=take.lot.pk,
                kind=Kind.ISSUED,
                quantity=-take.quantity,
                reference=row.pk,
                by_id=actor.user_id,
            )
        )
    MedicationDispense.objects.bulk_create(dispenses)
    StockMovement.objects.bulk_create(movements)
    return dispenses


def _told(
    wanted: list[Give], held: dict[UUID, Any], given: list[MedicationDispense]
) -> dict[str, Any]:
    """Codes and numbers for the trail."""
    told: dict[str, Any] = {"lines": len({row.medication_request_id for row in given})}
    for rest in ("not-available", "declined"):
        if codes := [held[g.line_id].medication_code for g in wanted if g.rest == rest]:
            told[rest.replace("-", "_")] = codes
    if swapped := [held[g.line_id].medication_code for g in wanted if g.why]:
        told["substituted"] = swapped
    if all(line.due == 0 for line in held.values()):  # the last handing over: was it all of it?
        told["whole"] = not any(line.unavailable for line in held.values())
    return told


def record_viewed(prescription_id: UUID, *, patient_id: UUID, actor: Actor) -> None:
    """The counter opened a prescription: names and medicines were seen."""
    record(
        Event.PRESCRIPTION_VIEWED,
        patient_id=patient_id,
        actor=actor,
        prescription=str(prescription_id),
    )


@transaction.atomic
def take_back(
    dispense_id: UUID, *, id: UUID, quantity: Decimal, opened: bool, actor: Actor
) -> MedicationDispense:
    """The patient brings medicine back. Sealed: it goes back to its lot. Opened: it is noted and
    destroyed, the shelf does not grow. Refused: stock.quantity, return.too_many.
    """
    actor.require(Permission.RX_DISPENSE)
    row = (
        MedicationDispense.objects.select_for_update(of=("self",), no_key=True)
        .select_related("medication_request__prescription__encounter")
        .get(pk=dispense_id)
    )
    if StockMovement.objects.filter(pk=id).exists():
        return row
    left = row.quantity - row.returned
    if quantity <= 0:
        raise Refused("stock.quantity")
    if quantity > left:
        raise Refused("return.too_many", left=f"{left.normalize():f}" if left else "0")
    row.returned += quantity
    row.save(update_fields=["returned"])
    move_stock(
        row.batch_id,
        Decimal(0) if opened else quantity,
        kind=Kind.RETURNED,
        reference=row.pk,
        reason="opened" if opened else "sealed",
        id=id,
        actor=actor,
    )
    patient_id = row.medication_request.prescription.encounter.patient_id
    record(
        Event.MEDICATION_RETURNED,
        subject=row,
        patient_id=patient_id,
        actor=actor,
        quantity=str(quantity),
        opened=opened,
    )
    tell_level()
    return row
