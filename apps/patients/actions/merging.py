"""Two records of one human: the marker, the gaps that are filled, the rows that move.

`workflows` calls these inside one transaction with the same verb of the apps above, and keeps what
they return in the audit trail: undoing moves exactly those rows back.
"""

from typing import Any
from uuid import UUID

from django.db import transaction

from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.patients.actions.identity import search_key
from apps.patients.models import AllergyIntolerance, Patient

GAPS = ("mobile", "guardian_name", "village", "panchayat", "abha_number", "abha_address")
WITH = {  # what goes along with a filled gap
    "guardian_name": ("guardian_relation",),
    "village": ("village_code", "block_code", "district_code"),
    "abha_address": ("person_id",),  # without its Person an ABHA counts as never proved
}


@transaction.atomic
def reassign_patient(
    patient_id: UUID, *, into: UUID, rows: list[str] | None = None, actor: Actor
) -> list[str]:
    """Allergies of one record now belong to the other; the ids that moved. `rows`: only those."""
    actor.require(Permission.PATIENT_MERGE)
    own = AllergyIntolerance.objects.select_for_update().filter(patient_id=patient_id)
    own = own if rows is None else own.filter(pk__in=rows)
    moved = [str(pk) for pk in own.values_list("pk", flat=True)]
    AllergyIntolerance.objects.filter(pk__in=moved).update(patient_id=into)
    return moved


@transaction.atomic
def reassign_children(
    patient_id: UUID, *, into: UUID, rows: list[str] | None = None, actor: Actor
) -> list[str]:
    """The children whose mother this record is; the ids that moved."""
    actor.require(Permission.PATIENT_MERGE)
    own = Patient.objects.filter(mother_id=patient_id)
    own = own if rows is None else own.filter(pk__in=rows)
    moved = [str(pk) for pk in own.values_list("pk", flat=True)]
    Patient.objects.filter(pk__in=moved).update(mother_id=into)
    return moved


@transaction.atomic
def lock_two(first: UUID, second: UUID) -> tuple[Patient, Patient]:
    """Both records, held until the caller's transaction ends; always in one order, no deadlock."""
    held = Patient.objects.select_for_update().filter(pk__in=(first, second)).order_by("pk")
    rows = {row.pk: row for row in held}
    if first not in rows or second not in rows:
        raise Refused("patient.not_found")
    return rows[first], rows[second]


@transaction.atomic
def replace_patient(patient_id: UUID, *, by: UUID, actor: Actor) -> dict[str, Any]:
    """Mark the first record as replaced; what the second lacks is filled from it.

    Returns {"fields": filled, "conditions": codes added}, which `restore_patient` takes.
    """
    actor.require(Permission.PATIENT_MERGE)
    old, kept = lock_two(patient_id, by)
    filled = [name for name in GAPS if getattr(old, name) and not getattr(kept, name)]
    filled += [
        name
        for gap in filled
        for name in WITH.get(gap, ())
        if getattr(old, name) and not getattr(kept, name)
    ]
    for name in filled:
        setattr(kept, name, getattr(old, name))
    there = {row.get("code") for row in kept.conditions}
    new = [row for row in old.conditions if row.get("code") not in there]
    kept.conditions = [*kept.conditions, *new]
    kept.search_key = search_key(kept)
    kept.save()
    Patient.objects.filter(pk=old.pk).update(replaced_by=kept)
    return {"fields": filled, "conditions": [row.get("code") for row in new]}


@transaction.atomic
def restore_patient(
    patient_id: UUID, *, by: UUID, fields: list[str], conditions: list[str], actor: Actor
) -> None:
    """Take `replace_patient` back: the marker goes, and what was filled and not touched since."""
    actor.require(Permission.PATIENT_MERGE)
    old, kept = lock_two(patient_id, by)
    for name in fields:
        if getattr(kept, name) == getattr(old, name):
            setattr(kept, name, None if name == "person_id" else "")
    kept.conditions = [row for row in kept.conditions if row.get("code") not in conditions]
    kept.search_key = search_key(kept)
    kept.save()
    Patient.objects.filter(pk=old.pk).update(replaced_by=None)
