"""Gapless numbers: one upsert in the caller's transaction, taken last because it holds a row."""

from uuid import UUID

from django.db import connection

from apps.core.ids import uuid7

UPSERT = """
INSERT INTO public.facilities_numberseries (id, facility_id, series, period, last)
VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (facility_id, series, period)
DO UPDATE SET last = public.facilities_numberseries.last + 1
RETURNING last
"""


def next_number(facility_id: UUID, series: str, period: str) -> int:
    """The next number of `series` in `period` ("2026" or "2026-11-23/1"). 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [uuid7(), facility_id, series, period])
        return int(cursor.fetchone()[0])
