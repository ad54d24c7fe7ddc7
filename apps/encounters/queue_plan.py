"""Sharing one line out over other rooms, and how many places anybody loses by it. Pure.

The whole line is dealt like cards, in turn: each patient goes to the room where that costs nobody
a place, and of two such rooms to the one that got fewer of the same group. In the new room the
patient stands behind everybody of the group whose turn, there or here, would have come earlier.

What somebody loses is counted for those who move and for those who were there before: the position
in the new line less the position in the old one. When a receiving line is long this cannot be kept
small by any order, because there are more patients for fewer doctors; then `worst` says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.encounters.queue_order import Turns, in_turn, place_among

MAY_LOSE = 5  # places


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """One waiting patient of a line. `rank` orders within the group."""

    key: Any
    group: int
    rank: float


@dataclass(slots=True)
class Line:
    """A room that receives: who is called there now, in turn. `same`: the numbers are of one
    series with those who come, so they need no other place."""

    room: str
    standing: list[Standing]
    turns: Turns = field(default_factory=Turns)
    same: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """Where one patient goes. `place` is None when the number says it."""

    key: Any
    room: str
    place: float | None
    turn: int  # in the old line
    position: int  # in the new one


@dataclass(frozen=True, slots=True)
class Plan:
    """Who goes where, and the most places that anybody loses."""

    moves: tuple[Move, ...]
    worst: int


def share_out(leaving: Sequence[Standing], lines: Sequence[Line]) -> Plan:
    """`leaving` (in turn) dealt over `lines`. Everybody gets a room; nobody is left behind.

    Ways of dealing are tried from even lines to few places lost; the first that keeps to MAY_LOSE
    is taken, else the fairest.
    """
    plans = []
    for allowed in (MAY_LOSE, MAY_LOSE - 2, MAY_LOSE - 4):
        for even in (True, False):
            plans.append(_deal(leaving, lines, allowed, even))
            if plans[-1].worst <= MAY_LOSE:
                return plans[-1]
    return min(plans, key=lambda plan: plan.worst)


def _deal(leaving: Sequence[Standing], lines: Sequence[Line], allowed: int, even: bool) -> Plan:
    turn = {row.key: n for n, row in enumerate(leaving, start=1)}
    turn |= {row.key: n for line in lines for n, row in enumerate(line.standing, start=1)}
    here = {line.room: list(line.standing) for line in lines}
    went: dict[Any, tuple[str, float | None]] = {}
    for row in leaving:
        _, room, joined = min(
            _offer(row, line, here[line.room], turn, (allowed, even)) for line in lines
        )
        here[room].append(joined)
        same = next(line.same for line in lines if line.room == room)
        went[row.key] = (room, None if same else joined.rank)
    position = {
        row.key: n for line in lines for n, row in enumerate(_called(line, here[line.room]), 1)
    }
    moves = tuple(
        Move(key, room, place, turn[key], position[key]) for key, (room, place) in went.items()
    )
    return Plan(moves, max([0, *(position[key] - turn[key] for key in position)]))


def _offer(
    row: Standing, line: Line, here: list[Standing], turn: dict[Any, int], way: tuple[int, bool]
) -> tuple[tuple[int, int, int], str, Standing]:
    """What this room would mean for `row`, smaller is better: the places lost beyond what is
    allowed, then how many of the group stand there, or the own position."""
    group = [other for other in here if other.group == row.group]
    rank = row.rank
    if not line.same:
        rank = place_among([(turn[one.key], one.rank) for one in group], turn[row.key])
    joined = Standing(row.key, row.group, rank)
    order = {one.key: n for n, one in enumerate(_called(line, [*here, joined]), 1)}
    allowed, even = way
    lost = max(0, max(n - turn[key] for key, n in order.items()) - allowed)
    own = (len(group), len(here)) if even else (order[row.key], len(group))
    return (lost, *own), line.room, joined


def place_alone(row: Standing, turn: int, line: Line) -> float | None:
    """The place of one patient who joins `line` alone, having stood at `turn` in another."""
    if line.same:
        return None
    group = [(n, one.rank) for n, one in enumerate(line.standing, 1) if one.group == row.group]
    return place_among(group, turn)


def _called(line: Line, rows: list[Standing]) -> list[Standing]:
    ranked = sorted(rows, key=lambda row: row.rank)
    return in_turn(ranked, group=lambda row: row.group, turns=line.turns)
