"""Visits of which nothing is told outside without the patient naming it."""

from uuid import UUID

from django.db.models import Q, QuerySet

from apps.encounters.models import Condition

# HIV, mental health, abuse, abortion (ICD-10).
SENSITIVE = ("B20", "B21", "B22", "B23", "B24", "Z21", "F", "T74", "Y05", "O04", "O05")


def is_sensitive(icd: str) -> bool:
    """Whether one diagnosis is among them. No query."""
    return icd.startswith(SENSITIVE)


def visit_is_sensitive(encounter_id: UUID) -> bool:
    """Whether one of the diagnoses of a visit is among them. 1 query."""
    return _named().filter(encounter_id=encounter_id).exists()


def sensitive_visits(patient_id: UUID) -> set[UUID]:
    """The visits of a patient with such a diagnosis. 1 query."""
    found = _named().filter(encounter__patient_id=patient_id)
    return set(found.values_list("encounter_id", flat=True))


def _named() -> QuerySet[Condition]:
    told = Q()
    for stem in SENSITIVE:
        told |= Q(standard_code__startswith=stem)
    return Condition.objects.filter(told).exclude(status=Condition.Status.ENTERED_IN_ERROR)
