"""Reading the trail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet

from apps.audit.models import AuditEvent


def of_patient(patient_id: UUID, *, facility_id: UUID) -> QuerySet[AuditEvent]:
    """What was done with one patient's record in one facility, newest first. 1 query."""
    return AuditEvent.objects.filter(patient_id=patient_id, facility_id=facility_id).order_by("-at")


def recent(*, facility_id: UUID | None = None, limit: int = 200) -> QuerySet[AuditEvent]:
    """The last events of a facility, or of the whole State. 1 query."""
    events = AuditEvent.objects.order_by("-at")
    return (events.filter(facility_id=facility_id) if facility_id else events)[:limit]


def happened(event: str, *, facility_id: UUID | None, since: datetime) -> bool:
    """Whether it happened in a facility since then. 1 query."""
    return AuditEvent.objects.filter(event=event, facility_id=facility_id, at__gte=since).exists()


def facilities_with(events: list[str], *, since: datetime) -> list[UUID]:
    """Where one of these events happened since then, for sweeps. 1 query."""
    rows = AuditEvent.objects.filter(event__in=events, at__gte=since, facility_id__isnull=False)
    found = rows.values_list("facility_id", flat=True).distinct()
    return [facility_id for facility_id in found if facility_id]


def signed_at(event: str, *, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Who did it where in a span of time, the first and last time, and how often. 1 query."""
    rows = AuditEvent.objects.filter(
        event=event, at__gte=since, at__lt=until, user_id__isnull=False, facility_id__isnull=False
    )
    columns = ("user_id", "facility_id", "n", "first", "last")
    summed = rows.values_list("user_id", "facility_id").annotate(
        n=Count("pk"), first=Min("at"), last=Max("at")
    )
    return [dict(zip(columns, row, strict=True)) for row in summed]
