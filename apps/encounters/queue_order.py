"""Who is next. One rule for the screen, the board, the phone and the call.

1. An emergency, or an alarm from the vitals desk, goes first, whatever else waits.
2. Then turns are shared. After every two ordinary patients one with a priority (pregnant, 60 and
   over, divyang, infant) is called, and one who came back with results. Strict priority would let
   a Monday's elders shut out everybody else; numbers alone would let them stand until noon.
3. Within a group the older session goes first, then the place in line. The place is the number on
   the slip, so who comes back from the laboratory stands where the first turn was. Two have
   another place than their number, kept in `times["place"]`: who was missed and came back
   (`place_of_missed`), and who was moved to another line (`place_among`).
4. Who is held is not called until the time is over or somebody presses; the place stays.

The rule needs no memory of its own: who was called lately stands in the rows. Pure: no table here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

EMERGENCY, REPORT, PRIORITY, ORDINARY = 9, 5, 1, 0
SHARED = (PRIORITY, REPORT)  # groups that take a turn after every two ordinary patients
ORDINARY_TURNS = 2
EMERGENCY_DEPARTMENT = "EMR"  # its line is one of emergencies, whatever each of them is marked
LATE_MIN = 45  # who waits longer is late: in red on every screen, and an alarm
LOOK_BACK = 12  # calls that are read to know whose turn it is
LET_PASS = 3  # who was missed once lets at most so many go first
SESSION = 10_000  # a later session stands behind every number of the one before
EVENING = 10 * SESSION  # at night the day before stands before all of today

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


def group_of(priority: int, returning: str = "") -> int:
    """The group of a token. An emergency stays one, also with a report in hand."""
    return REPORT if returning and priority != EMERGENCY else priority


def rank(session: str, number: int, place: float | None = None) -> float:
    """Where a token stands within its group: lower is earlier."""
    if place is not None:
        return place
    return (int(session) if session.isdecimal() else 1) * SESSION + number


@dataclass(frozen=True, slots=True)
class Turns:
    """How many ordinary patients were called since the last of each shared group."""

    since_priority: int = ORDINARY_TURNS
    since_report: int = ORDINARY_TURNS

    def after(self, called: int) -> "Turns":
        """The same after one more call. An emergency changes nothing."""
        if called == ORDINARY:
            return Turns(self.since_priority + 1, self.since_report + 1)
        if called == PRIORITY:
            return Turns(0, self.since_report)
        return Turns(self.since_priority, 0) if called == REPORT else self

    def order(self) -> list[int]:
        """The groups in the order in which they are looked at for the next call."""
        waited = {PRIORITY: self.since_priority, REPORT: self.since_report}
        longest_first = sorted(SHARED, key=lambda group: -waited[group])
        due = [group for group in longest_first if waited[group] >= ORDINARY_TURNS]
        return [EMERGENCY, *due, ORDINARY, *(g for g in longest_first if g not in due)]


def turns_of(called: Iterable[int]) -> Turns:
    """From the groups of the last calls, newest first. What nobody called yet may start."""
    turns, seen = Turns(), list(called)[:LOOK_BACK]
    for group in reversed(seen):
        turns = turns.after(group)
    missing = [group for group in SHARED if group not in seen]
    return Turns(
        ORDINARY_TURNS if PRIORITY in missing else turns.since_priority,
        ORDINARY_TURNS if REPORT in missing else turns.since_report,
    )


def in_turn(
    waiting: Iterable[Waiting], *, group: Callable[[Waiting], int], turns: Turns | None = None
) -> list[Waiting]:
    """`waiting` (already by rank) in the order in which they will be called."""
    lines: dict[int, list[Waiting]] = {g: [] for g in (EMERGENCY, PRIORITY, REPORT, ORDINARY)}
    for row in waiting:
        lines[group(row)].append(row)
    for line in lines.values():
        line.reverse()  # so that the first is taken from the end
    order, turns = [], turns or Turns()
    while any(lines.values()):
        called = next(g for g in turns.order() if lines[g])
        order.append(lines[called].pop())
        turns = turns.after(called)
    return order


def place_of_missed(own: float, ahead: Sequence[float], *, times_missed: int) -> float:
    """The place of a missed patient who is back. `ahead`: the places of the own group, in turn.

    Once missed: LET_PASS of those who waited go first, or fewer when the number is higher anyway;
    missed again: behind everybody who waits now. Nobody loses the turn for good.
    """
    earlier = ahead[:LET_PASS] if times_missed < 2 else ahead
    return max([own, *(place + 0.5 for place in earlier)])


def place_among(line: Sequence[tuple[int, float]], turn: int) -> float:
    """The place of one who joins another line, of the same group there: `line` holds (turn, place)
    of that group, in turn. Whoever had waited for an earlier turn, here or there, stays before.
    """
    before = [place for other, place in line if other <= turn]
    after = [place for other, place in line if other > turn]
    if before:
        gap = min(after) - max(before) if after else 1.0
        return max(before) + min(0.01, gap / 2)
    return min(after) - 0.01 if after else turn / 1000
