"""Named reads over visits, queues and vitals."""

from apps.encounters.queries.desk import department_waits, last_token, slips, today_counts
from apps.encounters.queries.queues import called_streak, queue, queue_counts
from apps.encounters.queries.usage import used_codes
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

__all__ = [
    "by_number",
    "called_streak",
    "department_waits",
    "doctors_relation",
    "draft",
    "exists",
    "last_measured",
    "last_token",
    "past_visits",
    "queue",
    "queue_counts",
    "session_now",
    "slips",
    "today_counts",
    "token_label",
    "used_codes",
    "visit",
    "visit_brief",
    "vitals",
]
