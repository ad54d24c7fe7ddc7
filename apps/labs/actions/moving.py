"""Reports follow a record that is joined to another."""

from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.core.permission import Permission
from apps.labs.models import DiagnosticReport


@transaction.atomic
def reassign_patient(
    patient_id: UUID, *, into: UUID, rows: list[str] | None = None, actor: Actor
) -> list[str]:
    """The reports of one record now belong to another; the ids that moved. `rows`: only those."""
    actor.require(Permission.PATIENT_MERGE)
    own = DiagnosticReport.objects.select_for_update().filter(patient_id=patient_id)
    own = own if rows is None else own.filter(pk__in=rows)
    moved = [str(pk) for pk in own.values_list("pk", flat=True)]
    DiagnosticReport.objects.filter(pk__in=moved).update(patient_id=into)
    return moved
