"""Named reads over orders for tests."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from apps.labs.models import DiagnosticReport, ServiceRequest

RELEASED = (DiagnosticReport.Status.FINAL, DiagnosticReport.Status.AMENDED)


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


def newest_values(patient_id: UUID, codes: Iterable[str], *, days: int = 180) -> dict[str, Decimal]:
    """The newest released number of each test, {code: value}; words are left out. 1 query."""
    wanted = set(codes)
    reports = DiagnosticReport.objects.filter(
        patient_id=patient_id,
        status__in=RELEASED,
        entered_at__gte=timezone.now() - timedelta(days=days),
    )
    found: dict[str, Decimal] = {}
    for results in reports.order_by("-entered_at").values_list("results", flat=True)[:40]:
        for row in results:
            if row.get("code") in wanted and row["code"] not in found:
                try:
                    found[row["code"]] = Decimal(str(row.get("value", "")))
                except InvalidOperation:
                    continue
    return found
