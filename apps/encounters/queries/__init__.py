"""Named reads over visits, queues and vitals."""

from apps.encounters.queries.desk import department_waits, last_token, slips, today_counts
from apps.encounters.queries.paper_kit import kit_with, kits, typed_in_today, with_use
from apps.encounters.queries.queues import called_streak, queue, queue_counts
from apps.encounters.queries.recall import recall, to_remind
from apps.encounters.queries.rooms import tele_counts, tele_link
from apps.encounters.queries.scanned import Scanned, scanned
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
from apps.encounters.queries.vitals import last_measured, vitals

__all__ = [
    "Scanned",
    "by_number",
    "called_streak",
    "department_waits",
    "doctors_relation",
    "draft",
    "exists",
    "kit_with",
    "kits",
    "last_measured",
    "last_token",
    "open_today",
    "past_visits",
    "queue",
    "queue_counts",
    "recall",
    "scanned",
    "session_now",
    "slip_is_valid",
    "slips",
    "tele_counts",
    "tele_link",
    "to_remind",
    "today_counts",
    "token_label",
    "typed_in_today",
    "visit",
    "visit_brief",
    "vitals",
    "with_use",
]
