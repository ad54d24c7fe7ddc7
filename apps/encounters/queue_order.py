"""Who is next. One rule for the screen, the board and the call.

1. An emergency goes first, whatever else waits.
2. Then turns are shared: after every two ordinary patients one with a priority (pregnant, 60 and
   over, divyang, infant) is called. Strict priority would let a Monday's elders shut out
   everybody else; numbers alone would let them stand until noon.
3. Within a group the lower number goes first. A patient who comes back keeps the number.

The rule needs no memory of its own: who was called lately stands in the rows.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

EMERGENCY, PRIORITY, ORDINARY = 9, 1, 0
ORDINARY_TURNS = 2  # ordinary patients between two with a priority

PRIORITY_OF = {
    "": ORDINARY,
    "emergency": EMERGENCY,
    "alarm": EMERGENCY,  # raised at the vitals desk
    "pregnant": PRIORITY,
    "senior": PRIORITY,
    "disabled": PRIORITY,
    "infant": PRIORITY,
}

Waiting = TypeVar("Waiting")


def group_order(ordinary_in_a_row: int) -> list[int]:
    """Which group is looked at first, when so many ordinary patients were called in a row."""
    if ordinary_in_a_row >= ORDINARY_TURNS:
        return [EMERGENCY, PRIORITY, ORDINARY]
    return [EMERGENCY, ORDINARY, PRIORITY]


def in_turn(
    waiting: Iterable[Waiting],
    *,
    group: Callable[[Waiting], int],
    ordinary_in_a_row: int = ORDINARY_TURNS,
) -> list[Waiting]:
    """`waiting` (lowest number first) in the order in which they will be called."""
    groups: dict[int, list[Waiting]] = {EMERGENCY: [], PRIORITY: [], ORDINARY: []}
    for row in waiting:
        groups[group(row)].append(row)
    order, streak = [], ordinary_in_a_row
    while any(groups.values()):
        first = next(kind for kind in group_order(streak) if groups[kind])
        order.append(groups[first].pop(0))
        streak = next_streak(streak, first)
    return order


def next_streak(streak: int, called: int) -> int:
    """Ordinary patients in a row after one more call. An emergency changes nothing."""
    return {EMERGENCY: streak, PRIORITY: 0, ORDINARY: streak + 1}[called]


def streak_of(called: Iterable[int]) -> int:
    """From the groups of the last calls, newest first. Nobody called yet: a priority may start."""
    streak = 0
    for kind in called:
        if kind == PRIORITY:
            return streak
        streak += kind == ORDINARY
    return ORDINARY_TURNS if streak == 0 else streak
