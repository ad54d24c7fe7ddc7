"""Visits as another program may read them, and which of them are specially protected."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from apps.core.slices import Slice
from apps.encounters.models import Condition, Encounter

# Told nowhere else without the patient naming it: HIV, mental health, abuse, abortion (ICD-10).
SENSITIVE = ("B20", "B21", "B22", "B23", "B24", "Z21", "F", "T74", "Y05", "O04", "O05")


def is_sensitive(icd: str) -> bool:
    return icd.startswith(SENSITIVE)


def sensitive_visits(patient_id: UUID) -> set[UUID]:
    """The visits of a patient with a diagnosis that is specially protected. 1 query."""
    told = Q()
    for stem in SENSITIVE:
        told |= Q(standard_code__startswith=stem)
    found = Condition.objects.filter(told, encounter__patient_id=patient_id).exclude(
        status=Condition.Status.ENTERED_IN_ERROR
    )
    return set(found.values_list("encounter_id", flat=True))


def visits_of(patient_id: UUID, *, part: Slice, but: Collection[UUID] = ()) -> list[Encounter]:
    """A page of a patient's visits, newest first, each with its `diagnoses`. 2 queries."""
    found = _with_diagnoses().filter(patient_id=patient_id).exclude(pk__in=but)
    return part.of(found, "started_at")


def visit_record(encounter_id: UUID) -> Encounter | None:
    """One visit with its `diagnoses`. 2 queries."""
    return _with_diagnoses().filter(pk=encounter_id).first()


def _with_diagnoses() -> QuerySet[Encounter]:
    rows = Condition.objects.filter(
        category=Condition.Category.DIAGNOSIS, status=Condition.Status.ACTIVE
    )
    named = Prefetch("condition_set", rows, to_attr="diagnoses")
    return Encounter.objects.prefetch_related(named)
