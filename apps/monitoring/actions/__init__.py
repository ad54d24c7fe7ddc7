"""Verbs over the counters, the alarms and the doubts."""

from apps.monitoring.actions.counting import check, count, invent, recount
from apps.monitoring.actions.holidays import load_list
from apps.monitoring.actions.months import months_due, roll_up
from apps.monitoring.actions.truth import (
    answer_flag,
    look_back,
    look_back_everywhere,
    note_flag,
)
from apps.monitoring.actions.watching import acknowledge, look, watch
from apps.monitoring.actions.widening import LOCK, widen, widen_past

__all__ = [
    "LOCK",
    "acknowledge",
    "answer_flag",
    "check",
    "count",
    "invent",
    "load_list",
    "look",
    "look_back",
    "look_back_everywhere",
    "months_due",
    "note_flag",
    "recount",
    "roll_up",
    "watch",
    "widen",
    "widen_past",
]
