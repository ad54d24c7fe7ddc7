"""Reading the trail."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from apps.audit.models import AuditEvent

PRACTICE = "training"  # in `detail`: it happened in a training place


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
    rows = rows.exclude(detail__has_key=PRACTICE)
    found = rows.values_list("facility_id", flat=True).distinct()
    return [facility_id for facility_id in found if facility_id]


def signed_at(event: str, *, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Who did it where in a span of time, the first and last time, and how often; what was only
    practised is left out. 1 query."""
    rows = AuditEvent.objects.filter(
        event=event, at__gte=since, at__lt=until, user_id__isnull=False, facility_id__isnull=False
    ).exclude(detail__has_key=PRACTICE)
    columns = ("user_id", "facility_id", "n", "first", "last")
    summed = rows.values_list("user_id", "facility_id").annotate(
        n=Count("pk"), first=Min("at"), last=Max("at")
    )
    return [dict(zip(columns, row, strict=True)) for row in summed]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that somebody did, without the record it was done to: codes and numbers alone."""

    at: datetime
    user_id: UUID
    facility_id: UUID | None
    event: str
    told: str


def _between(
    facility_ids: Collection[UUID] | None, first: date, last: date
) -> QuerySet[AuditEvent]:
    """By people, from the first day to the last (India time), not in training; None: the State."""
    begin, end = (
        timezone.make_aware(datetime.combine(day, time.min))
        for day in (first, last + timedelta(days=1))
    )
    rows = AuditEvent.objects.filter(at__gte=begin, at__lt=end, user_id__isnull=False)
    rows = rows.exclude(detail__has_key=PRACTICE)
    return rows if facility_ids is None else rows.filter(facility_id__in=facility_ids)


def counts_by_person(
    facility_ids: Collection[UUID] | None, first: date, last: date, *, noun: str = ""
) -> list[tuple[UUID, str, int, datetime]]:
    """(person, event, how often, last time) of some days, the busiest first. 1 query."""
    rows = _between(facility_ids, first, last)
    rows = rows.filter(event__startswith=f"{noun}.") if noun else rows
    found = rows.values_list("user_id", "event").annotate(n=Count("pk"), last=Max("at"))
    return [(who, event, n, at) for who, event, n, at in found.order_by("-n")[:300] if who]


def deeds(
    facility_ids: Collection[UUID] | None,
    first: date,
    last: date,
    *,
    user_id: UUID | None = None,
    noun: str = "",
    limit: int = 200,
) -> list[Deed]:
    """The last things people did in some days, newest first. No patient, no record. 1 query."""
    rows = _between(facility_ids, first, last)
    rows = rows.filter(user_id=user_id) if user_id else rows
    rows = rows.filter(event__startswith=f"{noun}.") if noun else rows
    return [
        Deed(row.at, row.user_id, row.facility_id, row.event, told(row.detail))
        for row in rows.order_by("-at")[:limit]
        if row.user_id
    ]


def told(detail: dict[str, Any]) -> str:
    """The codes of a row as text, without anything that names a record or a person."""
    parts = []
    for key, value in sorted(detail.items()):
        if isinstance(value, list):
            value = ", ".join(str(one) for one in value if not _is_id(one))
        elif isinstance(value, dict):
            value = ", ".join(f"{k}: {v}" for k, v in sorted(value.items()) if not _is_id(v))
        elif _is_id(value):
            continue
        parts.append(f"{key} {value}")
    return " · ".join(parts)[:160]


def _is_id(value: Any) -> bool:
    """A UUID, or a number as long as a slip's, a mobile's or an ABHA's."""
    text = str(value)
    digits = sum(c.isdigit() for c in text)
    try:
        UUID(text)
    except ValueError:
        return digits >= 9 and not _is_day(text)
    return True


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
