"""Named reads over visits, queues and vitals."""

from apps.encounters.pulse import etag, mark, not_modified
from apps.encounters.queries.desk import department_waits, last_token, slips, today_counts
from apps.encounters.queries.place import expected_at_the_doctor, place_of
from apps.encounters.queries.queues import queue, queue_counts
from apps.encounters.queries.rooms import board, plan_of, rooms_now
from apps.encounters.queries.visits import (
    by_number,
    doctors_relation,
    draft,
    exists,
    past_visits,
    session_now,
    token_label,
    visit,
    visit_brief,
)
from apps.encounters.queries.vitals import last_measured, vitals
from apps.encounters.queries.waits import paces, station_minutes

__all__ = [
    "board",
    "by_number",
    "department_waits",
    "doctors_relation",
    "draft",
    "etag",
    "exists",
    "expected_at_the_doctor",
    "last_measured",
    "last_token",
    "mark",
    "not_modified",
    "paces",
    "past_visits",
    "place_of",
    "plan_of",
    "queue",
    "queue_counts",
    "rooms_now",
    "session_now",
    "slips",
    "station_minutes",
    "today_counts",
    "token_label",
    "visit",
    "visit_brief",
    "vitals",
]
