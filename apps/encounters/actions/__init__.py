"""The verbs of a visit: start, queue, measure, write, open, finish."""

from apps.encounters.actions.arrivals import candidates, receive_arrival, usual_department
from apps.encounters.actions.chart import Chart, open_chart
from apps.encounters.actions.consultation import finish, record_conditions, save_draft
from apps.encounters.actions.queue import (
    bring_back,
    call,
    call_next,
    call_visit,
    come_back,
    pass_on,
    raise_alarm,
    serve,
    skip,
)
from apps.encounters.actions.visit import (
    cancel,
    reassign_patient,
    receive_unknown,
    record_slip_printed,
    register_visit,
    start_visit,
)
from apps.encounters.actions.vitals import record_vitals, skip_vitals

__all__ = [
    "Chart",
    "bring_back",
    "call",
    "call_next",
    "call_visit",
    "cancel",
    "candidates",
    "come_back",
    "finish",
    "open_chart",
    "pass_on",
    "raise_alarm",
    "reassign_patient",
    "receive_arrival",
    "receive_unknown",
    "record_conditions",
    "record_slip_printed",
    "record_vitals",
    "register_visit",
    "save_draft",
    "serve",
    "skip",
    "skip_vitals",
    "start_visit",
    "usual_department",
]
