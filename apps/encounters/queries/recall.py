"""Who should have come again, and whether they did."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from apps.encounters.models import Encounter
from apps.encounters.queries.visits import settings_here
from apps.encounters.queries.words import department_names
from apps.patients import queries as patients

Row = dict[str, Any]
EARLY = timedelta(days=3)  # whoever comes a little before the day has come
OVERDUE = timedelta(days=60)  # older ones are history, not a list to work through
MOST = 300


def _asked_back() -> Any:
    """Visits with a day to come again that no later visit of the patient has replaced."""
    later = Encounter.objects.filter(
        patient_id=OuterRef("patient_id"), started_at__gt=OuterRef("started_at")
    ).exclude(status=Encounter.Status.CANCELLED)
    came = later.filter(started_at__date__gte=OuterRef("follow_up") - EARLY)
    return Encounter.objects.filter(
        status=Encounter.Status.FINISHED, follow_up__isnull=False
    ).annotate(came=Exists(came))


def to_remind(day: date) -> list[UUID]:
    """Visits whose patient is due that day, has a mobile, did not come, was not reminded and has
    not asked for quiet at any visit. 1 query."""
    quiet = Encounter.objects.filter(patient_id=OuterRef("patient_id"), draft__recall__said="quiet")
    found = (
        _asked_back()
        .filter(follow_up=day, came=False, draft__recall__reminded__isnull=True)
        .exclude(patient__mobile="")
        .exclude(Exists(quiet))
    )
    return list(found.values_list("pk", flat=True))


def recall(
    when: str, *, department: str = "", condition: str = "", today: date | None = None
) -> list[Row]:
    """The list to work through: `when` is today, week or overdue; who came stands last. 2 queries.

    `condition`: a part of a diagnosis' name, in either script, or its code.
    """
    today = today or timezone.localdate()
    span = {
        "today": (today, today),
        "week": (today, today + timedelta(days=7)),
        "overdue": (today - OVERDUE, today - timedelta(days=1)),
    }[when]
    found = _asked_back().filter(follow_up__range=span)
    if department:
        found = found.filter(department=department)
    if condition:
        named = Q(condition__display_en__icontains=condition)
        named |= Q(condition__display_hi__icontains=condition)
        named |= Q(condition__standard_code__istartswith=condition)
        found = found.filter(named, condition__status="active").distinct()
    rows = found.select_related("patient").prefetch_related("condition_set")
    ordered = rows.order_by("came", "-follow_up" if when == "overdue" else "follow_up", "pk")
    return [_row(visit) for visit in ordered[:MOST]]


def _row(visit: Any) -> Row:
    told = visit.draft.get("recall") or {}
    return {
        "id": visit.pk,
        "number": visit.number,
        "patient_id": visit.patient_id,
        "patient": patients.brief(visit.patient),
        "follow_up": visit.follow_up,
        "came": visit.came,
        "said": told.get("said", ""),
        "reminded": bool(told.get("reminded")),
        **department_names(settings_here(), visit.department),
        "diagnoses": [
            {"hi": row.display_hi or row.display_en, "en": row.display_en}
            for row in visit.condition_set.all()
            if row.category == "diagnosis" and row.status == "active"
        ],
    }
