"""Gapless numbers: one upsert in the caller's transaction, taken last because it holds a row."""

from uuid import UUID

from django.db import connection

from apps.core.ids import uuid7
from apps.facilities.models import NumberSeries

UPSERT = """
INSERT INTO public.facilities_numberseries (id, facility_id, series, period, last)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (facility_id, series, period)
DO UPDATE SET last = public.facilities_numberseries.last + EXCLUDED.last
RETURNING last
"""


def next_number(facility_id: UUID, series: str, period: str) -> int:
    """The next number of `series` in `period` ("2026" or "2026-11-23/1"). 1 query."""
    return take_block(facility_id, series, period, 1)


def take_block(facility_id: UUID, series: str, period: str, count: int) -> int:
    """The last of the next `count` numbers; nobody else will get one of them. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [uuid7(), facility_id, series, period, count])
        return int(cursor.fetchone()[0])


def note_block(facility_id: UUID, series: str, key: str, last: int) -> None:
    """Remember a block under the key of the form that took it. 1 query."""
    NumberSeries.objects.create(facility_id=facility_id, series=series, period=key, last=last)


def blocks(facility_id: UUID, prefix: str, *, key: str = "", limit: int = 8) -> list[NumberSeries]:
    """Blocks taken here, the newest first: those whose series starts with `prefix`. 1 query."""
    rows = NumberSeries.objects.filter(facility_id=facility_id, series__startswith=prefix)
    rows = rows.filter(period=key) if key else rows
    return list(rows.order_by("-id")[:limit])
