"""Named reads over the counters, the alarms and the doubts."""

from apps.monitoring.queries.alarms import alarm_board, open_counts
from apps.monitoring.queries.board import Board
from apps.monitoring.queries.fair import fair
from apps.monitoring.queries.ground import Ground, ground
from apps.monitoring.queries.live import live_board
from apps.monitoring.queries.minutes import by_doctor as minutes_by_doctor
from apps.monitoring.queries.minutes import by_place as minutes_by_place
from apps.monitoring.queries.months import board, lines
from apps.monitoring.queries.public import districts_open, hospital_open, hospitals_open
from apps.monitoring.queries.truth import counts as flag_counts
from apps.monitoring.queries.truth import questions
from apps.monitoring.queries.uptime import screens, uptime

__all__ = [
    "Board",
    "Ground",
    "alarm_board",
    "board",
    "districts_open",
    "fair",
    "flag_counts",
    "ground",
    "hospital_open",
    "hospitals_open",
    "lines",
    "live_board",
    "minutes_by_doctor",
    "minutes_by_place",
    "open_counts",
    "questions",
    "screens",
    "uptime",
]
