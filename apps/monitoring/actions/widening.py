"""One row a place and day, always what its counters add up to."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from apps.facilities import live
from apps.monitoring import tally
from apps.monitoring.models import FacilityDay, PlaceDay
from apps.monitoring.period import month_after
from apps.monitoring.queries.figures import KEYS

LOCK = "hashtext('monitoring.count')"
AT_ONCE = 8  # days of one statement: a second of work, for counting waits meanwhile


@transaction.atomic
def widen(days: Iterable[date]) -> int:
    """Write these days of every place anew from the counters, where each hospital lies now; how
    many rows of hospitals and of the State were missing or wrong. 2 queries and the lock.

    Whoever changes counters holds this lock, so nothing is added between the sum and its row.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        cursor.execute(tally.WIDEN, {"days": sorted(set(days)), "keys": list(KEYS), **_map()})
        return int(cursor.fetchone()[0])


def widen_past(months: Iterable[date]) -> int:
    """The same for these months up to yesterday, in short turns: a hospital that moved or came
    from elsewhere takes its days along."""
    today, wrong = timezone.localdate(), 0
    for month in [*months, today.replace(day=1)]:
        wrong += widen_span(month, min(month_after(month), today) - timedelta(days=1))
    return wrong


def widen_span(first: date, last: date) -> int:
    """The same for all days from `first` to `last`."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return sum(widen(days[n : n + AT_ONCE]) for n in range(0, len(days), AT_ONCE))


def never_widened() -> list[date]:
    """The newest days that were counted before such rows were kept, a few at a time. 2 queries."""
    oldest = PlaceDay.objects.aggregate(day=Min("day"))["day"]
    older = FacilityDay.objects.filter(day__lt=oldest) if oldest else FacilityDay.objects
    newest = older.aggregate(day=Max("day"))["day"]
    return [newest - timedelta(days=n) for n in range(AT_ONCE)] if newest else []


def _map() -> dict[str, Any]:
    places = live.hospitals(retired=True)
    return {
        "ids": [place.id for place in places],
        "districts": [place.district_code for place in places],
        "blocks": [place.block_code for place in places],
    }
