"""Named reads over orders for tests."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from apps.labs.models import ServiceRequest


def of_encounter(encounter_id: UUID) -> QuerySet[ServiceRequest]:
    """Tests ordered in one visit, in the order they were chosen. 1 query."""
    return ServiceRequest.objects.filter(
        encounter_id=encounter_id, status=ServiceRequest.Status.ACTIVE
    ).order_by("ordered_at", "id")


def of_encounters(encounter_ids: Sequence[UUID]) -> QuerySet[ServiceRequest]:
    """Tests ordered in these visits and not taken back, for the record over time. 1 query."""
    return ServiceRequest.objects.filter(encounter_id__in=encounter_ids).exclude(
        status=ServiceRequest.Status.REVOKED
    )
