"""Named reads over the counters."""

from apps.monitoring.queries.board import Board, board, lines
from apps.monitoring.queries.ground import Ground, ground
from apps.monitoring.queries.live import live_board

__all__ = ["Board", "Ground", "board", "ground", "lines", "live_board"]
