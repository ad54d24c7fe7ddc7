"""How long results take, by test and shift; imaging lists; messages of analysers."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.encounters import queries as encounters
from apps.labs.models import AnalyserMessage, DiagnosticReport, ServiceRequest
from apps.patients import queries as patients

Row = dict[str, Any]
SHIFTS = (("morning", 6, 14), ("evening", 14, 22), ("night", 22, 6))


def shift_of(at: datetime) -> str:
    hour = timezone.localtime(at).hour
    return "morning" if 6 <= hour < 14 else "evening" if 14 <= hour < 22 else "night"


def turnaround(day: date) -> list[Row]:
    """Minutes from collection to release of one day, by test and shift: {code, hi, en, shift, n,
    median, longest}. 1 query."""
    start = timezone.make_aware(datetime.combine(day, time()))
    rows = (
        DiagnosticReport.objects.released()
        .filter(verified_at__gte=start, verified_at__lt=start + timedelta(days=1))
        .filter(request__specimen__isnull=False)
        .select_related("request__specimen")
    )
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    names: dict[str, ServiceRequest] = {}
    for report in rows:
        order = report.request
        assert order.specimen is not None
        assert report.verified_at is not None
        names[order.test_code] = order
        minutes = (report.verified_at - order.specimen.collected_at).total_seconds() / 60
        found[order.test_code, shift_of(report.verified_at)].append(minutes)
    return [
        {
            "code": code,
            "hi": names[code].display_hi,
            "en": names[code].display_en,
            "shift": shift,
            "n": len(minutes),
            "median": round(median(minutes)),
            "longest": round(max(minutes)),
        }
        for (code, shift), minutes in sorted(found.items())
    ]


def imaging_list() -> list[Row]:
    """Imaging that is asked for and not reported, urgent first. 1 query."""
    rows = (
        ServiceRequest.objects.active()
        .imaging()
        .select_related("encounter__patient", "encounter__token")
        .order_by("ordered_at")
    )
    found = [_study(row) for row in rows]
    return sorted(found, key=lambda row: (not row["urgent"], row["at"]))


def _study(row: ServiceRequest) -> Row:
    who = patients.brief(row.encounter.patient)
    return {
        "id": row.pk,
        "token": encounters.token_label(row.encounter.token),
        "name": who["name"],
        "age_sex": f"{who['age']} · {who['sex_short']}",
        "hi": row.display_hi,
        "en": row.display_en,
        "urgent": row.priority == ServiceRequest.Priority.URGENT,
        "at": timezone.localtime(row.ordered_at),
        "slot": row.detail.get("slot", ""),
        "films": row.detail.get("films"),
        "done": bool(row.detail.get("done_at")),
        "pregnant": row.encounter.pregnant,
    }


def messages(*, status: str = AnalyserMessage.Status.PARKED) -> list[AnalyserMessage]:
    """Messages of one status, newest first. 1 query."""
    return list(AnalyserMessage.objects.filter(status=status).order_by("-received_at")[:100])


def message(message_id: UUID) -> AnalyserMessage | None:
    """One message. 1 query."""
    return AnalyserMessage.objects.filter(pk=message_id).first()


def count_messages(text: str) -> int:
    """How many whole messages hold a text, for figures. 1 query."""
    whole = AnalyserMessage.objects.exclude(reason="half")
    return whole.filter(body__contains=text).count()


def waiting_messages(limit: int) -> list[UUID]:
    """Ids of messages that nobody has looked at. 1 query."""
    rows = AnalyserMessage.objects.waiting().order_by("received_at", "id")
    return list(rows.values_list("pk", flat=True)[:limit])


def last_heard() -> dict[str, datetime]:
    """When each analyser of this hospital spoke last. 1 query."""
    rows = AnalyserMessage.objects.order_by("analyser", "-received_at").distinct("analyser")
    return dict(rows.values_list("analyser", "received_at"))
