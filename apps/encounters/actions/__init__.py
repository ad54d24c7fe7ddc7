"""The verbs of a visit: start, queue, measure, write, open, finish."""

from apps.encounters.actions.afterwards import reopen, seen_again, set_follow_up, take_over
from apps.encounters.actions.arrivals import candidates, receive_arrival, usual_department
from apps.encounters.actions.aside import HOLDS, bring_back, hold, skip
from apps.encounters.actions.chart import Chart, open_chart
from apps.encounters.actions.consultation import finish, record_conditions, save_draft
from apps.encounters.actions.moving import move, spread
from apps.encounters.actions.paper_kit import reserve_slips, type_in
from apps.encounters.actions.past import invent_visits
from apps.encounters.actions.queue import (
    call,
    call_next,
    call_visit,
    come_back,
    pass_on,
    raise_alarm,
    serve,
)
from apps.encounters.actions.recall import note_recall, remind, remind_everywhere
from apps.encounters.actions.visit import (
    cancel,
    reassign_patient,
    receive_unknown,
    record_slip_printed,
    register_visit,
    start_visit,
)
from apps.encounters.actions.vitals import note_times, record_vitals, skip_vitals

__all__ = [
    "HOLDS",
    "Chart",
    "bring_back",
    "call",
    "call_next",
    "call_visit",
    "cancel",
    "candidates",
    "come_back",
    "finish",
    "hold",
    "invent_visits",
    "move",
    "note_recall",
    "note_times",
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
    "remind",
    "remind_everywhere",
    "reopen",
    "reserve_slips",
    "save_draft",
    "seen_again",
    "serve",
    "set_follow_up",
    "skip",
    "skip_vitals",
    "spread",
    "start_visit",
    "take_over",
    "type_in",
    "usual_department",
]
