"""What may still happen to a signed prescription: more lines, a stopped line, cancelled whole.

Nothing that was signed is edited: more lines are a prescription of their own, a stopped line is
closed for the counter.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.prescriptions import queries
from apps.prescriptions.actions import refuse_unready, requests
from apps.prescriptions.models import MedicationRequest, Prescription

STOPPED = "stopped"


@transaction.atomic
def add(
    encounter_id: UUID, *, id: UUID, read: list[queries.Line], patient_id: UUID, actor: Actor
) -> Prescription:
    """One more signed prescription of a visit that has one, so that the counter sees its lines.

    Refused: prescription.empty, prescription.allergy, every dose.* of a line.
    """
    actor.require(Permission.RX_PRESCRIBE)
    assert actor.user_id is not None  # a right of people, never of a job
    if done := Prescription.objects.filter(pk=id).first():
        return done
    refuse_unready(read)
    more = Prescription.objects.create(
        id=id, encounter_id=encounter_id, signed_at=timezone.now(), signed_by_id=actor.user_id
    )
    requests(more, read)
    record(Event.PRESCRIPTION_SIGNED, subject=more, patient_id=patient_id, actor=actor,
           lines=len(read), later=True)  # fmt: skip
    return more


@transaction.atomic
def stop(
    encounter_id: UUID, *, line_ids: Sequence[UUID], patient_id: UUID, actor: Actor
) -> list[MedicationRequest]:
    """These lines of the visit are taken no more; nothing further is handed over. Safe to repeat.

    Refused: prescription.gone (a line of another visit or of a cancelled prescription).
    """
    actor.require(Permission.RX_PRESCRIBE)
    wanted = set(line_ids)
    lines = list(
        MedicationRequest.objects.select_for_update(of=("self",)).filter(
            pk__in=wanted,
            prescription__encounter_id=encounter_id,
            prescription__status__in=(
                Prescription.Status.ACTIVE,
                Prescription.Status.COMPLETED,
            ),
        )
    )
    if len(lines) != len(wanted):
        raise Refused("prescription.gone")
    for line in lines:
        if line.closed == STOPPED:
            continue
        line.closed = STOPPED
        line.save(update_fields=["closed"])
        record(Event.MEDICATION_STOPPED, subject=line, patient_id=patient_id, actor=actor,
               code=line.medication_code)  # fmt: skip
    return lines


@transaction.atomic
def cancel(encounter_id: UUID, *, patient_id: UUID, reason: str, actor: Actor) -> int:
    """Every prescription of the visit is void, before a single piece was handed over.

    The counter must read `status` anew under its own lock of the line. Refused:
    prescription.dispensed.
    """
    actor.require(Permission.RX_PRESCRIBE)
    signed = list(
        Prescription.objects.select_for_update().filter(
            encounter_id=encounter_id, status=Prescription.Status.ACTIVE
        )
    )
    lines = MedicationRequest.objects.select_for_update().filter(prescription__in=signed)
    if any(line.dispensed for line in lines):
        raise Refused("prescription.dispensed")
    for prescription in signed:
        prescription.status = Prescription.Status.CANCELLED
        prescription.save(update_fields=["status"])
        record(Event.PRESCRIPTION_CANCELLED, subject=prescription, patient_id=patient_id,
               actor=actor, reason=reason)  # fmt: skip
    return len(signed)


def taken_now(encounter_id: UUID) -> list[dict[str, Any]]:
    """Signed lines of a visit that are not stopped, for the page that stops them. 1 query."""
    return [
        {"id": line.pk, "name": line.display, "shorthand": line.dosage.get("shorthand", ""),
         "days": line.days, "dispensed": line.dispensed}
        for line in queries.lines_of([encounter_id])
        if line.closed != STOPPED
    ]  # fmt: skip
