"""Named reads over orders for tests."""

from uuid import UUID

from django.db.models import QuerySet

from apps.labs.models import ServiceRequest


def of_encounter(encounter_id: UUID) -> QuerySet[ServiceRequest]:
    """Tests ordered in one visit, in the order they were chosen. 1 query."""
    return ServiceRequest.objects.filter(
        encounter_id=encounter_id, status=ServiceRequest.Status.ACTIVE
    ).order_by("ordered_at", "id")
