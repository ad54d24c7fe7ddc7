"""A round over every hospital that does not fit between two strokes of the clock, in parts."""

import time
from collections.abc import Sequence
from typing import TypeVar

from django.conf import settings

T = TypeVar("T")
SWEPT_AT_ONCE = 400  # at 17 ms a hospital on busy cores: seven seconds


def whose_turn(rows: Sequence[T], *, job: str, most: int = SWEPT_AT_ONCE) -> Sequence[T]:
    """The part of `rows` that is due now, for a job that the clock starts every so many seconds.

    Up to `most` it is all of them each time; twice as many take two strokes. Nothing is remembered:
    the clock says whose turn it is, so a stroke that was missed costs its part one round.
    """
    strokes = {row["task"]: row["schedule"] for row in settings.CELERY_BEAT_SCHEDULE.values()}
    parts = max(1, -(-len(rows) // most))
    return rows[int(time.time() // strokes[job]) % parts :: parts]
