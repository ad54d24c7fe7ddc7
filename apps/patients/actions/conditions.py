"""Long-term problems that stay with the record."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.patients.models import Patient


@transaction.atomic
def mark_conditions(patient_id: UUID, *, rows: list[dict[str, Any]], actor: Actor) -> None:
    """Long-term problems {code, icd, hi, en} that a doctor found, kept for every later visit with
    the year. One that is there already stays as it is."""
    actor.require(Permission.CONSULT_SIGN)
    patient = Patient.objects.select_for_update().filter(pk=patient_id).first()
    if patient is None:
        raise Refused("patient.not_found")
    there = {row.get("code") or row.get("en") for row in patient.conditions}
    since = str(timezone.localdate().year)
    new = [
        {key: row.get(key, "") for key in ("code", "icd", "hi", "en")} | {"since": since}
        for row in rows
        if (row.get("code") or row.get("en")) not in there
    ]
    if not new:
        return
    patient.conditions = [*patient.conditions, *new]
    patient.save(update_fields=["conditions"])
    record(
        Event.PATIENT_CONDITIONS_MARKED,
        subject=patient,
        patient_id=patient_id,
        actor=actor,
        codes=[row["icd"] for row in new],
    )
