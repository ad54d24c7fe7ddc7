"""How long it takes today: minutes at each desk, and what somebody who waits may expect.

All from the times that the desks leave behind while they work; nobody presses anything for it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

Row = dict[str, Any]
# Where nothing is known yet today. Our own round figures, to be replaced by the first real ones.
USUAL_MIN = {"vitals": 3.0, "doctor": 6.0, "lab": 5.0, "pharmacy": 3.0}
ENOUGH = 3  # so many served patients are needed before today's own time counts
AT_WORK = timedelta(minutes=30)  # a room that called within this time is counted as working

# Every desk's wait (arrived to called) and time (called to left), also of a second round.
STATIONS_SQL = """
WITH stays AS (
    SELECT s.key AS station, s.value AS t
      FROM encounters_queuetoken q, jsonb_each(q.times) s
     WHERE q.day = %s AND s.key IN ('vitals', 'doctor', 'lab', 'pharmacy')
    UNION ALL
    SELECT b.value ->> 0, b.value - 0
      FROM encounters_queuetoken q, jsonb_array_elements(q.times -> 'before') b
     WHERE q.day = %s AND q.times ? 'before'
), minutes AS (
    SELECT station,
           EXTRACT(EPOCH FROM (t ->> 1)::timestamptz - (t ->> 0)::timestamptz) / 60 AS wait,
           EXTRACT(EPOCH FROM (t ->> 2)::timestamptz - (t ->> 1)::timestamptz) / 60 AS served
      FROM stays
)
SELECT station, count(wait), count(served),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY wait),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY wait),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY served),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY served)
  FROM minutes GROUP BY station
"""
# A visit of the doctor's under half a minute was signed without a call: no measure of anything.
PACE_SQL = """
SELECT COALESCE(NULLIF(q.moved_to, ''), q.queue), e.room,
       count(*) FILTER (WHERE q.times #>> '{doctor,2}' IS NOT NULL),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY EXTRACT(EPOCH FROM
           (q.times #>> '{doctor,2}')::timestamptz - (q.times #>> '{doctor,1}')::timestamptz) / 60)
           FILTER (WHERE (q.times #>> '{doctor,2}')::timestamptz
                       - (q.times #>> '{doctor,1}')::timestamptz > interval '30 seconds'),
       count(*) FILTER (WHERE (q.times #>> '{doctor,2}')::timestamptz
                            - (q.times #>> '{doctor,1}')::timestamptz > interval '30 seconds'),
       max((q.times #>> '{doctor,1}')::timestamptz)
  FROM encounters_queuetoken q JOIN encounters_encounter e ON e.id = q.encounter_id
 WHERE q.day = %s AND q.times #>> '{doctor,1}' IS NOT NULL
 GROUP BY 1, 2
"""


def station_minutes(day: date | None = None) -> dict[str, Row]:
    """Minutes of one day by desk: {station: {called, served, wait_p50, wait_p90, time_p50,
    time_p90}}. 1 query.

    p90 is said in words: nine of ten waited no longer.
    """
    day = day or timezone.localdate()
    names = ("called", "served", "wait_p50", "wait_p90", "time_p50", "time_p90")
    with connection.cursor() as cursor:
        cursor.execute(STATIONS_SQL, [day, day])
        return {
            station: dict(zip(names, map(_rounded, figures), strict=True))
            for station, *figures in cursor.fetchall()
        }


def _rounded(figure: Any) -> Any:
    return figure if figure is None or isinstance(figure, int) else round(float(figure), 1)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a line goes now: `minutes` for one patient in one room, `rooms` that call.

    `measured` is false while the usual figure stands in for today's own.
    """

    minutes: float
    rooms: int = 1
    measured: bool = False

    def expected(self, ahead: int) -> int:
        """Minutes until the call, with so many patients before."""
        return round(ahead * self.minutes / max(1, self.rooms))


USUAL = Pace(USUAL_MIN["doctor"])


def paces() -> dict[tuple[str, str], Pace]:
    """Pace of each department, and of each of its rooms: {(department, room or "")}. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(PACE_SQL, [timezone.localdate()])
        rows = cursor.fetchall()
    found: dict[tuple[str, str], Pace] = {}
    for department in {row[0] for row in rows}:
        own = [row for row in rows if row[0] == department]
        late = timezone.now() - AT_WORK
        working = {room for _, room, _, _, _, last in own if room and last >= late}
        timed = sum(row[4] for row in own)
        middle = sum((row[3] or 0) * row[4] for row in own)
        whole = (
            Pace(middle / timed, max(1, len(working)), True)
            if timed >= ENOUGH
            else Pace(USUAL.minutes, max(1, len(working)))
        )
        found[department, ""] = whole
        for _, room, _, median, count, _ in own:
            measured = count >= ENOUGH
            minutes = float(median) if measured else whole.minutes
            found[department, room] = Pace(minutes, 1, measured or whole.measured)
    return found


def pace(known: dict[tuple[str, str], Pace], department: str, room: str = "") -> Pace:
    """The pace of a room, else of its department, else the usual one."""
    return known.get((department, room)) or known.get((department, "")) or USUAL
