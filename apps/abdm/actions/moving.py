"""Links and consents follow a record that is joined to another.

What the gateway knows stays as it was told: a care context keeps its address and its reference, for
a link is never taken back. Only whose record stands behind it is written anew.
"""

from typing import Any
from uuid import UUID

from django.db import models, transaction

from apps.abdm.models import CareContext, ConsentArtefact
from apps.core.actor import Actor, Permission


@transaction.atomic
def reassign_contexts(
    patient_id: UUID, *, into: UUID, rows: list[str] | None = None, actor: Actor
) -> list[str]:
    """The care contexts of one record now belong to another; the ids that moved."""
    return _moved(CareContext.objects.all(), patient_id, into, rows, actor)


@transaction.atomic
def reassign_consents(
    patient_id: UUID, *, into: UUID, rows: list[str] | None = None, actor: Actor
) -> list[str]:
    """The consents of one record, in force or over, now belong to another; the ids that moved."""
    return _moved(ConsentArtefact.objects.all(), patient_id, into, rows, actor)


def _moved(
    of: models.QuerySet[Any], patient_id: UUID, into: UUID, rows: list[str] | None, actor: Actor
) -> list[str]:
    """`rows`: only those."""
    actor.require(Permission.PATIENT_MERGE)
    own = of.select_for_update().filter(patient_id=patient_id)
    own = own if rows is None else own.filter(pk__in=rows)
    moved = [str(pk) for pk in own.values_list("pk", flat=True)]
    of.filter(pk__in=moved).update(patient_id=into)
    return moved
