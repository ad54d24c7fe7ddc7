"""Holidays in memory: some thirty days a year, asked for with every hospital of a board."""

import time
from datetime import date

from apps.monitoring.models import Holiday

LIVES_S = 300.0
_days: dict[date, Holiday] = {}
_until = 0.0


def holidays() -> dict[date, Holiday]:
    """Every holiday in force by its day. 1 query in five minutes."""
    global _days, _until
    if _until < time.monotonic():
        _days = {row.day: row for row in Holiday.objects.filter(active=True)}
        _until = time.monotonic() + LIVES_S
    return _days


def closed_on(day: date) -> bool:
    """A holiday that was read in the State's own list. A day of another source is shown, but
    silences nothing: it may be wrong by one."""
    found = holidays().get(day)
    return found is not None and found.verified


def forget() -> None:
    """Drop what this process knows (after a load, in tests)."""
    global _until
    _until = 0.0
