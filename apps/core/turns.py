"""A round over every hospital that does not fit between two strokes of the clock, in parts."""

import time
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
SWEPT_AT_ONCE = 400  # at 17 ms a hospital on busy cores: seven seconds


def whose_turn(rows: Sequence[T], *, every_s: int, most: int = SWEPT_AT_ONCE) -> Sequence[T]:
    """The part of `rows` that is due now, for a job that runs every `every_s` seconds.

    Up to `most` it is all of them each time; twice as many take two strokes. Nothing is remembered:
    the clock says whose turn it is, so a stroke that was missed costs its part one round.
    """
    parts = max(1, -(-len(rows) // most))
    return rows[int(time.time() // every_s) % parts :: parts]
