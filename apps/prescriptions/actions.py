"""Signing a prescription. It is made once and never edited."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.prescriptions import queries
from apps.prescriptions.models import MedicationRequest, Prescription
from apps.prescriptions.safety import Facts


@transaction.atomic
def sign(
    encounter_id: UUID,
    *,
    id: UUID,
    lines: list[dict[str, Any]],
    facts: Facts | None = None,
    read: list[queries.Line] | None = None,
    patient_id: UUID | None = None,
    actor: Actor,
) -> Prescription:
    """The signed prescription of a visit; the same one when sent twice.

    `lines` as in the draft; `read`: the same ones, when the caller has read them already.
    Refused: prescription.empty, prescription.signed (another one is),
    prescription.unknown_medicine, prescription.allergy, prescription.stopped, and every dose.*.
    """
    actor.require(Permission.RX_PRESCRIBE)
    doctor_id = actor.user_id
    assert doctor_id is not None  # a right of people, never of a job
    if there := queries.of_encounter(encounter_id):
        if there.pk != id:
            raise Refused("prescription.signed")
        return there
    read = queries.lines(lines, facts or Facts()) if read is None else read
    refuse_unready(read)
    prescription = Prescription.objects.create(
        id=id, encounter_id=encounter_id, signed_at=timezone.now(), signed_by_id=doctor_id
    )
    requests(prescription, read)
    said: dict[str, Any] = {"lines": len(read)} | _overridden(read)
    record(
        Event.PRESCRIPTION_SIGNED,
        subject=prescription,
        patient_id=patient_id,
        actor=actor,
        **said,
    )
    return prescription


def hold(prescription_id: UUID) -> tuple[Prescription, dict[UUID, MedicationRequest]]:
    """A prescription with its visit and its lines, the lines locked. 2 queries.

    Raises Prescription.DoesNotExist; Refused("prescription.cancelled").
    """
    # The prescription first, as whoever cancels it does: nobody waits in a circle.
    rows = Prescription.objects.select_for_update(of=("self",), no_key=True)
    prescription = rows.select_related("encounter__token", "encounter__patient").get(
        pk=prescription_id
    )
    if prescription.status not in queries.STANDING:
        raise Refused("prescription.cancelled")
    lines = MedicationRequest.objects.select_for_update(no_key=True).filter(
        prescription_id=prescription_id
    )
    held = {line.pk: line for line in lines.order_by("position")}
    return prescription, held


@transaction.atomic
def record_dispensed(
    medication_request_id: UUID, quantity: Decimal, *, held: MedicationRequest | None = None
) -> MedicationRequest:
    """Locks the line and counts `quantity` as handed over. Refused: dispense.exceeds_request.

    `held`: the same line, when the caller has locked it already. The caller has the right.
    """
    rows = MedicationRequest.objects.select_for_update(no_key=True)
    line = held or rows.get(pk=medication_request_id)
    if quantity > line.due:
        raise Refused("dispense.exceeds_request", due=f"{line.due.normalize():f}")
    line.dispensed += quantity
    line.save(update_fields=["dispensed"])
    return line


def record_not_given(line: MedicationRequest, *, why: str) -> None:
    """Nothing more is handed over on the locked `line`: "not-available" or "declined"."""
    if line.closed:
        return
    line.unavailable = line.due if why == "not-available" else Decimal(0)
    line.closed = why
    line.save(update_fields=["unavailable", "closed"])


def complete(prescription: Prescription) -> None:
    """Nothing is due any more: it leaves the counter's queue."""
    prescription.status = Prescription.Status.COMPLETED
    prescription.save(update_fields=["status"])


def requests(prescription: Prescription, read: list[queries.Line]) -> None:
    """The lines of a prescription that has just been signed. 1 query."""
    MedicationRequest.objects.bulk_create(
        _request(prescription, n, line) for n, line in enumerate(read, 1)
    )


def refuse_unready(read: list[queries.Line]) -> None:
    """Raise the first reason why these lines cannot be signed."""
    if not read:
        raise Refused("prescription.empty")
    for line in read:
        if no := line.refusal:
            raise no


def _overridden(read: list[queries.Line]) -> dict[str, Any]:
    """Which medicines were given in spite of which rules: codes only, the reason stays out."""
    spite = {line.typed["code"]: line.overridden for line in read if line.overridden}
    allergic = [
        line.typed["code"]
        for line in read
        if any(f.kind == "allergy" and f.rule in line.overridden for f in line.findings)
    ]
    told: dict[str, Any] = {"overridden": spite} if spite else {}
    return told | ({"allergy_overridden": allergic} if allergic else {})


def _request(prescription: Prescription, position: int, line: queries.Line) -> MedicationRequest:
    dose = line.dose
    assert dose is not None  # refuse_unready
    detail: dict[str, Any] = {
        "shorthand": dose.shorthand,
        "fhir": dose.fhir,
        "en": dose.sentence_en,
    }
    if reason := line.typed.get("reason"):
        detail["allergy_override"] = reason
        detail["overridden"] = line.overridden
    return MedicationRequest(
        id=uuid7(),
        prescription=prescription,
        position=position,
        medication_code=line.medication.code,
        display=line.name,
        display_hi=line.medication.name_hi,
        form=line.medication.form,
        dosage={**detail, "hi": dose.sentence_hi, "when": line.typed.get("when", "")},
        days=dose.days,
        quantity=dose.quantity,
        unit=dose.unit,
        note=line.typed.get("note", "")[:200],
    )
