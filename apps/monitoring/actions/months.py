"""Months of the past, added up once: a year of the State is then hundreds of rows, not millions."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from apps.facilities import live
from apps.monitoring.models import FacilityDay, PlaceMonth
from apps.monitoring.period import MONTHS, month_after
from apps.monitoring.queries.figures import KEYS

Key = tuple[str, str]
SUNDAY = 6


@transaction.atomic
def roll_up(months: Iterable[date]) -> int:
    """Write these months anew from their days, at every level; rows written. Not the running one.

    Hospitals, blocks, districts and the State come from the same sums, so they agree.
    """
    with connection.cursor() as cursor:  # two runs take turns
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('monitoring.months'))")
    running = timezone.localdate().replace(day=1)
    places = {place.id: place for place in live.hospitals(retired=True)}
    written = 0
    for month in months:
        if month < running:
            written += _write(month, places)
    return written


def _write(month: date, places: dict[UUID, live.Place]) -> int:
    days = FacilityDay.objects.filter(day__gte=month, day__lt=month_after(month), event__in=KEYS)
    rows = days.values_list("facility_id", "event").annotate(
        n=Sum("n"), demo=Count("pk", filter=Q(is_demo=True))
    )
    sums: dict[Key, Counter[str]] = {}
    demo: set[Key] = set()
    for facility_id, event, n, invented in rows:
        for key in _levels(facility_id, places.get(facility_id)):
            sums.setdefault(key, Counter())[event] += n
            if invented:
                demo.add(key)
    PlaceMonth.objects.filter(month=month).delete()
    fresh = [
        PlaceMonth(kind=key[0], code=key[1], month=month, figures=dict(found), is_demo=key in demo)
        for key, found in sums.items()
    ]
    return len(PlaceMonth.objects.bulk_create(fresh, batch_size=500))


def _levels(facility_id: UUID, place: live.Place | None) -> list[Key]:
    """Where a hospital's numbers count; one that is not on board any more counts nowhere."""
    if place is None:
        return []
    found = [("hospital", str(facility_id)), ("state", ""), ("district", place.district_code)]
    return [*found, ("block", place.block_code)] if place.block_code else found


def months_due() -> list[date]:
    """The two months that may still change, on a Sunday all of two years: a hospital that moved
    to another block takes its past along then."""
    today = timezone.localdate()
    found = [today.replace(day=1)]
    while len(found) <= (MONTHS if today.weekday() == SUNDAY else 2):
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[1:]
