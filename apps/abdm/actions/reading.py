"""A record of another hospital is opened: each look and each file leaves a row in the trail."""

from uuid import UUID

from django.db import transaction

from apps.abdm import received
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor


@transaction.atomic
def look(
    patient_id: UUID, record_id: UUID, *, actor: Actor, file: int | None = None
) -> received.Read | None:
    """The record, whose chart the caller has opened; None when it is not there or its consent is
    over. `file`: the number of an attachment that is taken along."""
    found = received.record(patient_id, record_id)
    if found is None:
        return None
    record(Event.RECORD_READ, subject=found.consent, patient_id=patient_id, actor=actor,
           record=str(found.id), file=file)  # fmt: skip
    return found
