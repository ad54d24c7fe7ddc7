"""Visits as another program may read them."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from apps.core.slices import Slice
from apps.encounters.models import Condition, Encounter


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
