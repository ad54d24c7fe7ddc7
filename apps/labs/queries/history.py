"""What other apps ask of a patient's tests: newest values, what was ordered, what is usual."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from apps.core.slices import Slice
from apps.labs.models import DiagnosticReport, ServiceRequest

RELEASED = (DiagnosticReport.Status.FINAL, DiagnosticReport.Status.AMENDED)


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


def reports_page(
    patient_id: UUID, *, part: Slice, but: Collection[UUID] = ()
) -> list[DiagnosticReport]:
    """A page of a patient's released reports, newest first; `but`: visits left out. 1 query."""
    found = _released().filter(patient_id=patient_id).exclude(request__encounter_id__in=but)
    return part.of(found, "verified_at")


def report(report_id: UUID) -> DiagnosticReport | None:
    """One released report with its order. 1 query."""
    return _released().filter(pk=report_id).first()


def reports_in(encounter_ids: Iterable[UUID]) -> list[DiagnosticReport]:
    """The released reports of these visits. 1 query."""
    found = _released().filter(request__encounter_id__in=list(encounter_ids))
    return list(found.order_by("-verified_at", "-pk"))


def _released() -> QuerySet[DiagnosticReport]:
    rows = DiagnosticReport.objects.released().filter(verified_at__isnull=False)
    return rows.select_related("request")


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
