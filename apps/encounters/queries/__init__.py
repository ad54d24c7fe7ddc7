"""Named reads over visits, queues and vitals."""

from apps.encounters.queries.desk import department_waits, last_token, slips, today_counts
from apps.encounters.queries.overdue import overdue
from apps.encounters.queries.queues import called_streak, queue, queue_counts
from apps.encounters.queries.trend import growth, past_icd, pressures
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
from apps.encounters.queries.vitals import AWAKE, last_measured, latest_values, vitals
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

__all__ = [
    "AWAKE",
    "asked",
    "asked_words",
    "by_number",
    "called_streak",
    "carried",
    "department_waits",
    "doctors_relation",
    "draft",
    "exists",
    "growth",
    "last_measured",
    "last_token",
    "latest_values",
    "overdue",
    "past_icd",
    "past_visits",
    "pregnancy_of",
    "pressures",
    "queue",
    "queue_counts",
    "raised_by",
    "session_now",
    "slips",
    "today_counts",
    "token_label",
    "visit",
    "visit_brief",
    "vitals",
    "warning",
    "weight_jump",
    "why",
]
