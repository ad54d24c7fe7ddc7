"""People with a long-term illness whose next visit is past its day."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from apps.encounters.models import Condition, Encounter
from apps.patients import queries as patients

Row = dict[str, Any]
LOOK_BACK = timedelta(days=400)


def overdue(icd: Sequence[str], *, interval_days: int, limit: int = 200) -> list[Row]:
    """Who had a diagnosis of `icd` (prefixes) and has not come since the day that was asked for,
    or since `interval_days` when no day was asked; the longest overdue first. 2 queries.
    """
    today = timezone.localdate()
    wanted = Q()
    for prefix in icd:
        wanted |= Q(standard_code__startswith=prefix)
    found = (
        Condition.objects.filter(
            wanted,
            category=Condition.Category.DIAGNOSIS,
            status=Condition.Status.ACTIVE,
            encounter__started_at__gte=timezone.now() - LOOK_BACK,
        )
        .order_by("encounter__patient_id", "-encounter__started_at")
        .distinct("encounter__patient_id")
        .select_related("encounter__patient")
    )
    rows = [_row(row, today, interval_days) for row in found]
    late = [row for row in rows if row["days"] > 0]
    come = _came_since(late)
    late = [row for row in late if row["patient_id"] not in come]
    return sorted(late, key=lambda row: -row["days"])[:limit]


def _row(found: Condition, today: date, interval_days: int) -> Row:
    visit = found.encounter
    seen = timezone.localdate(visit.started_at)
    due = visit.follow_up or seen + timedelta(days=interval_days)
    return {
        "patient_id": visit.patient_id,
        "patient": patients.brief(visit.patient),
        "hi": found.display_hi or found.display_en,
        "en": found.display_en,
        "seen": seen,
        "due": due,
        "days": (today - due).days,
    }


def _came_since(rows: list[Row]) -> set[Any]:
    """Those who came to any desk after the visit with the diagnosis. 1 query."""
    latest = {row["patient_id"]: row["seen"] for row in rows}
    visits = Encounter.objects.filter(patient_id__in=latest).exclude(
        status=Encounter.Status.CANCELLED
    )
    pairs = visits.values_list("patient_id", "started_at")
    return {who for who, at in pairs if timezone.localdate(at) > latest[who]}
