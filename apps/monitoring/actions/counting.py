"""Counting the trail: once, exactly, whoever runs it and however often."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.monitoring import tally
from apps.monitoring.actions.widening import LOCK, never_widened, widen, widen_span
from apps.monitoring.models import FacilityDay, Watermark

COUNTER = Actor.of_system("monitoring")


@transaction.atomic
def count() -> int | None:
    """Add what was committed since the last run; rows touched, None while another one counts.

    The lock stands in a statement of its own: with lock and sum in one, the second runner summed
    over a snapshot from before the first one's commit and counted twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({LOCK})")
        if not cursor.fetchone()[0]:
            return None
        mark = _mark()
        cursor.execute(tally.EDGE)
        high, behind, data_to = cursor.fetchone()
        touched, days = 0, []
        if high > mark.xid:
            bounds = {"low": mark.xid, "high": high, **_given(mark)}
            cursor.execute(tally.adding(tally.NEW), bounds)
            touched, days = cursor.fetchone()
        if due := [*days, *never_widened()]:
            widen(due)
        mark.xid, mark.behind, mark.ran_at = max(high, mark.xid), behind, timezone.now()
        mark.data_to = data_to or mark.data_to  # None: it ended while we looked
        mark.save()
    return touched


@transaction.atomic
def recount(first: date, last: date, *, reset: bool = False) -> int:
    """Rebuild the days `first` to `last` from the trail; how many figures were wrong, in the
    counters or else in the days of hospitals and of the State.

    `reset` is for a database that was restored into another cluster, before the program starts:
    transaction ids begin low there, so the mark starts anew and older rows count by day alone.
    """
    start, end = _moment(first), _moment(last + timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        mark = _mark()
        if reset:
            cursor.execute(tally.EDGE)
            mark.xid, mark.behind, mark.data_to = cursor.fetchone()
            mark.since = timezone.now()
            mark.save()
        days = FacilityDay.objects.filter(day__range=(first, last), is_demo=False)
        before = _figures(days)
        days.delete()
        bounds = {"first": start, "last": end, "high": mark.xid, **_given(mark)}
        cursor.execute(tally.adding(tally.OF_DAYS), bounds)
    wrong = len(before ^ _figures(days.all()))
    # A wide row that only follows a counter put right is no second mistake.
    stray = widen_span(first, last)
    return wrong or stray


def check(day: date) -> int:
    """Rebuild one day and raise the alarm when its figures were not what the trail says."""
    wrong = recount(day, day)
    if wrong:
        record(Event.COUNTS_DIFFERED, actor=COUNTER, day=day.isoformat(), figures=wrong)
    return wrong


@transaction.atomic
def invent(facility_id: UUID, days: Mapping[date, Mapping[str, int]]) -> int:
    """Labelled demo figures for days of which the trail knows nothing; rows made. 6 queries."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
    known = FacilityDay.objects.filter(facility_id=facility_id, day__in=list(days))
    taken = set(known.values_list("day", flat=True))
    rows = [
        FacilityDay(facility_id=facility_id, day=day, event=event, n=n, is_demo=True)
        for day, figures in days.items()
        if day not in taken
        for event, n in figures.items()
        if n
    ]
    made = len(FacilityDay.objects.bulk_create(rows, ignore_conflicts=True))
    widen(days)
    return made


def _mark() -> Watermark:
    return Watermark.objects.get_or_create(name="audit")[0]


def _given(mark: Watermark) -> dict[str, Any]:
    return {"since": mark.since, "zone": settings.TIME_ZONE}


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _figures(rows: Any) -> set[tuple[Any, ...]]:
    return set(rows.values_list("facility_id", "day", "event", "n"))
