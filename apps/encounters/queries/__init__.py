"""Named reads over visits, queues and vitals."""

from apps.encounters.pulse import etag, mark, not_modified
from apps.encounters.queries.desk import (
    department_waits,
    last_token,
    minutes_a_slip,
    slips,
    today_counts,
)
from apps.encounters.queries.house import board, plan_of, rooms_now, urgent_at_vitals
from apps.encounters.queries.overdue import overdue
from apps.encounters.queries.paper_kit import kit_with, kits, typed_in_today, with_use
from apps.encounters.queries.place import expected_at_the_doctor, place_of
from apps.encounters.queries.queues import queue, queue_counts
from apps.encounters.queries.recall import recall, to_remind
from apps.encounters.queries.records import visit_record, visits_of
from apps.encounters.queries.rooms import tele_counts, tele_link
from apps.encounters.queries.scanned import Scanned, scanned
from apps.encounters.queries.sensitive import is_sensitive, sensitive_visits, visit_is_sensitive
from apps.encounters.queries.statutory import VisitFact, opd_register, visit_facts
from apps.encounters.queries.trend import growth, past_icd, pressures
from apps.encounters.queries.usage import used_codes
from apps.encounters.queries.visits import (
    by_number,
    doctors_relation,
    draft,
    exists,
    open_today,
    past_visits,
    session_now,
    slip_is_valid,
    token_label,
    visit,
    visit_brief,
)
from apps.encounters.queries.vitals import AWAKE, last_measured, latest_values, vitals
from apps.encounters.queries.waits import paces, station_minutes
from apps.encounters.queries.warning import (
    asked,
    asked_words,
    carried,
    pregnancy_of,
    raised_by,
    warning,
    weight_jump,
    why,
)
from apps.encounters.queue_order import LATE_MIN

__all__ = [
    "AWAKE",
    "LATE_MIN",
    "Scanned",
    "VisitFact",
    "asked",
    "asked_words",
    "board",
    "by_number",
    "carried",
    "department_waits",
    "doctors_relation",
    "draft",
    "etag",
    "exists",
    "expected_at_the_doctor",
    "growth",
    "is_sensitive",
    "kit_with",
    "kits",
    "last_measured",
    "last_token",
    "latest_values",
    "mark",
    "minutes_a_slip",
    "not_modified",
    "opd_register",
    "open_today",
    "overdue",
    "paces",
    "past_icd",
    "past_visits",
    "place_of",
    "plan_of",
    "pregnancy_of",
    "pressures",
    "queue",
    "queue_counts",
    "raised_by",
    "recall",
    "rooms_now",
    "scanned",
    "sensitive_visits",
    "session_now",
    "slip_is_valid",
    "slips",
    "station_minutes",
    "tele_counts",
    "tele_link",
    "to_remind",
    "today_counts",
    "token_label",
    "typed_in_today",
    "urgent_at_vitals",
    "used_codes",
    "visit",
    "visit_brief",
    "visit_facts",
    "visit_is_sensitive",
    "visit_record",
    "visits_of",
    "vitals",
    "warning",
    "weight_jump",
    "why",
    "with_use",
]
