"""Named reads over the counters, the alarms and the doubts."""

from apps.monitoring.queries.alarms import alarm_board, open_counts
from apps.monitoring.queries.board import Board, lines
from apps.monitoring.queries.ground import Ground, ground
from apps.monitoring.queries.live import live_board
from apps.monitoring.queries.months import board
from apps.monitoring.queries.truth import counts as flag_counts
from apps.monitoring.queries.truth import questions

__all__ = [
    "Board",
    "Ground",
    "alarm_board",
    "board",
    "flag_counts",
    "ground",
    "lines",
    "live_board",
    "open_counts",
    "questions",
]
