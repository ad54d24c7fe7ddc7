"""Visits of which nothing is told outside without the patient naming it."""

from uuid import UUID

from django.db.models import Q

from apps.encounters.models import Condition

# HIV, mental health, abuse, abortion (ICD-10).
SENSITIVE = ("B20", "B21", "B22", "B23", "B24", "Z21", "F", "T74", "Y05", "O04", "O05")


def is_sensitive(encounter_id: UUID) -> bool:
    """Whether one of the diagnoses of a visit is among them. 1 query."""
    named = Q()
    for code in SENSITIVE:
        named |= Q(standard_code__startswith=code)
    found = Condition.objects.filter(
        named,
        encounter_id=encounter_id,
        category=Condition.Category.DIAGNOSIS,
        status=Condition.Status.ACTIVE,
    )
    return found.exists()
