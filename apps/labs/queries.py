"""Named reads over orders for tests."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from apps.labs.models import DiagnosticReport, ServiceRequest

RELEASED = (DiagnosticReport.Status.FINAL, DiagnosticReport.Status.AMENDED)


def of_encounter(encounter_id: UUID) -> QuerySet[ServiceRequest]:
    """Tests ordered in one visit, in the order they were chosen. 1 query."""
    return ServiceRequest.objects.filter(
        encounter_id=encounter_id, status=ServiceRequest.Status.ACTIVE
    ).order_by("ordered_at", "id")


def ordered_since(
    patient_id: UUID, codes: Iterable[str], since: datetime, *, but: UUID
) -> dict[str, date]:
    """Which of these tests a patient was sent for since then, in other visits here: {code: last
    day}. 1 query."""
    found = ServiceRequest.objects.filter(
        encounter__patient_id=patient_id, test_code__in=list(codes), ordered_at__gte=since
    ).exclude(status=ServiceRequest.Status.REVOKED)
    rows = found.exclude(encounter_id=but).order_by("ordered_at")
    return {
        code: timezone.localtime(at).date()
        for code, at in rows.values_list("test_code", "ordered_at")
    }


def used_tests(since: datetime, *, doctor_id: UUID | None = None) -> dict[str, int]:
    """How often each test was ordered here (by one doctor), by code. 1 query."""
    found = ServiceRequest.objects.filter(ordered_at__gte=since)
    if doctor_id:
        found = found.filter(ordered_by_id=doctor_id)
    return dict(found.values_list("test_code").annotate(times=Count("pk")))


def last_value(patient_id: UUID, code: str) -> tuple[Decimal, str] | None:
    """The newest released number of one test with its unit; None when there is none. 1 query."""
    found = DiagnosticReport.objects.filter(
        patient_id=patient_id, status__in=RELEASED, results__contains=[{"code": code}]
    )
    report = found.order_by("-entered_at").first()
    rows: list[dict[str, Any]] = report.results if report else []
    row = next((r for r in rows if r.get("code") == code), {})
    try:
        return Decimal(str(row["value"])), str(row.get("unit", ""))
    except (KeyError, InvalidOperation):
        return None
