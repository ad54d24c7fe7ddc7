"""One day as its own clock and hand left it, for the checks on entries that look untrue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from apps.encounters.models import Encounter, QueueToken

# Patients of one hand whose measured values are the same to the last digit, three values at least.
SAME_SQL = """
WITH sets AS (
    SELECT o.encounter_id, o.taken_by_id, count(DISTINCT o.code) AS codes,
           md5(string_agg(o.code || '=' || o.value, ',' ORDER BY o.code, o.value)) AS mark
      FROM encounters_observation o
      JOIN encounters_queuetoken q ON q.encounter_id = o.encounter_id
     WHERE q.day = %s AND o.status = 'final' AND o.taken_by_id IS NOT NULL
     GROUP BY 1, 2
)
SELECT taken_by_id, count(*), max(codes), (array_agg(encounter_id::text))[1:10]
  FROM sets WHERE codes >= 3 GROUP BY taken_by_id, mark HAVING count(*) >= %s
 ORDER BY 2 DESC
"""


@dataclass(frozen=True, slots=True)
class Consultation:
    """A finished visit: who signed, when it was registered, how long it lay before the doctor.

    `seconds` is None when nobody called the patient (signed from the list, or typed in later).
    """

    encounter_id: UUID
    doctor_id: UUID | None
    started_at: datetime
    seconds: int | None
    typed_in: bool


def consultations(day: date) -> list[Consultation]:
    """Every OPD visit of a day that is finished. 1 query."""
    rows = QueueToken.objects.filter(
        day=day, encounter__status=Encounter.Status.FINISHED, encounter__kind=Encounter.Kind.OPD
    )
    columns = ("encounter_id", "encounter__doctor_id", "encounter__started_at", "times",
               "encounter__typed_at")  # fmt: skip
    return [
        Consultation(pk, doctor, at, None if typed else _seconds(times), typed is not None)
        for pk, doctor, at, times, typed in rows.values_list(*columns)
    ]


def started_at(day: date) -> list[datetime]:
    """When each OPD token of a day was given; typed-in paper slips are left out. 1 query."""
    rows = QueueToken.objects.filter(
        day=day, encounter__typed_at=None, encounter__kind=Encounter.Kind.OPD
    ).exclude(status=QueueToken.Status.CANCELLED)
    return list(rows.values_list("encounter__started_at", flat=True))


def same_vitals(day: date, *, least: int) -> list[tuple[UUID, int, int, list[str]]]:
    """Who wrote the very same values for `least` patients or more: (user, patients, values, ids of
    up to ten visits). 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(SAME_SQL, [day, least])
        return list(cursor.fetchall())


def _seconds(times: dict[str, Any]) -> int | None:
    """All stays at the doctor's together: a second look with results belongs to the first."""
    stays = [stay for stay in _stays(times) if len(stay) > 2 and stay[1] != stay[2]]
    if not stays:
        return None
    spans = (datetime.fromisoformat(s[2]) - datetime.fromisoformat(s[1]) for s in stays)
    return round(sum(span.total_seconds() for span in spans))


def _stays(times: dict[str, Any]) -> Iterator[list[str]]:
    for earlier in times.get("before", ()):
        if earlier[0] == "doctor":
            yield earlier[1:]
    yield times.get("doctor", [])
