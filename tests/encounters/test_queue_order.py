"""The rule of who is next, without a table: shares, reports, missed, moved, and J12's promise."""

from collections import Counter
from random import Random

import pytest

from apps.encounters.queue_order import (
    EMERGENCY,
    LET_PASS,
    ORDINARY,
    ORDINARY_TURNS,
    PRIORITY,
    REPORT,
    Turns,
    group_of,
    in_turn,
    place_among,
    place_of_missed,
    rank,
    turns_of,
)
from apps.encounters.queue_plan import MAY_LOSE, Line, Standing, share_out

GROUPS = [ORDINARY] * 6 + [PRIORITY] * 3 + [REPORT, EMERGENCY]


def order_of(groups, turns=None):
    """Numbers 1… in the order in which they are called."""
    rows = list(enumerate(groups, 1))
    return [n for n, _ in in_turn(rows, group=lambda row: row[1], turns=turns)]


def test_emergency_first_then_one_priority_after_every_two():
    assert order_of([0, 0, 1, 0, 9, 1, 0]) == [5, 3, 1, 2, 6, 4, 7]


def test_who_comes_back_with_results_has_a_share_of_the_own():
    """A flood of reports takes no turn from the elders, nor from the rest."""
    assert order_of([5, 5, 0, 0, 0, 0, 1]) == [7, 1, 3, 4, 2, 5, 6]
    assert group_of(PRIORITY, "report") == REPORT
    assert group_of(EMERGENCY, "report") == EMERGENCY


def test_the_last_calls_say_whose_turn_it_is():
    assert turns_of([]) == Turns(2, 2)
    assert turns_of([0, 9, 0, 1]) == Turns(2, 2)
    assert turns_of([1, 0, 0]).since_priority == 0
    assert order_of([0, 1, 0], turns_of([1])) == [1, 3, 2]


def test_sessions_do_not_mix():
    assert rank("1", 400) < rank("2", 1)
    assert rank("2", 1, 10_005.5) < rank("1", 6)


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_lost_and_nobody_is_shut_out(seed):
    chance = Random(seed)
    groups = [chance.choice(GROUPS) for _ in range(chance.randint(1, 70))]
    order = order_of(groups)
    assert Counter(order) == Counter(range(1, len(groups) + 1))
    called = [groups[n - 1] for n in order]
    emergencies = groups.count(EMERGENCY)
    assert called[:emergencies] == [EMERGENCY] * emergencies
    for group in set(groups):  # within a group the lower number first
        own = [n for n in order if groups[n - 1] == group]
        assert own == sorted(own)
    rest = called[emergencies:]
    last = max((n for n, group in enumerate(rest) if group == ORDINARY), default=-1)
    for n in range(last):  # while ordinary patients wait, two others at most go between them
        assert ORDINARY in rest[n : n + 3]
    for group in (PRIORITY, REPORT):  # and no shared group waits for more than two ordinary ones
        run, open_ = 0, rest.count(group)
        for one in rest:
            open_ -= one == group
            run = 0 if one == group else run + (one == ORDINARY)
            assert not open_ or run <= ORDINARY_TURNS


@pytest.mark.parametrize("seed", range(20))
def test_calling_one_by_one_follows_the_list(seed):
    """The rule has no memory: recomputed after each call it says the same."""
    chance = Random(seed)
    waiting = [(n, chance.choice(GROUPS)) for n in range(1, 30)]
    expected = in_turn(waiting, group=lambda row: row[1])
    called = []
    while waiting:
        history = [group for _, group in reversed(called)]
        row = in_turn(waiting, group=lambda row: row[1], turns=turns_of(history))[0]
        waiting.remove(row)
        called.append(row)
    assert called == expected


def test_who_was_missed_once_lets_three_go_first():
    ahead = [10_010.0, 10_011.0, 10_012.0, 10_013.0]
    assert place_of_missed(10_004.0, ahead, times_missed=1) == 10_012.5
    assert place_of_missed(10_004.0, ahead, times_missed=2) == 10_013.5
    assert place_of_missed(10_004.0, [], times_missed=2) == 10_004.0
    assert LET_PASS == 3


def test_who_joins_a_line_stands_between_earlier_and_later_turns():
    line = [(1, 10_001.0), (2, 10_002.0), (4, 10_003.0)]
    assert 10_002 < place_among(line, 3) < 10_003
    assert 10_003 < place_among(line, 9) < 10_004  # before the next number that is given
    assert place_among(line, 0) < 10_001
    assert place_among([], 5) < place_among([], 6) < 10_000


def people(room, count, chance):
    return [
        Standing((room, n), chance.choice([0, 0, 0, 1, 1, 0, 0, 5]), float(10_000 + n))
        for n in range(1, count + 1)
    ]


def in_line(room, count, chance, *, same=False):
    rows = in_turn(people(room, count, chance), group=lambda row: row.group)
    return Line(room, rows, same=same)


@pytest.mark.parametrize("seed", range(30))
def test_sixty_three_over_two_rooms_nobody_loses_more_than_five(seed):
    """J12: the doctor is called away with 63 waiting; two rooms with up to five of their own."""
    chance = Random(seed)
    leaving = in_line("7", 63, chance).standing
    lines = [in_line("8", chance.randint(0, 5), chance), in_line("9", chance.randint(0, 5), chance)]
    plan = share_out(leaving, lines)
    assert {move.key for move in plan.moves} == {row.key for row in leaving}
    assert plan.worst <= MAY_LOSE
    counts = Counter(move.room for move in plan.moves)
    assert min(counts.values()) >= 63 // 3


@pytest.mark.parametrize("seed", range(30))
def test_within_a_group_nobody_is_overtaken_by_a_later_turn(seed):
    """However full the rooms are: who stood further back, here or there, stays further back."""
    chance = Random(seed)
    leaving = in_line("7", chance.randint(1, 60), chance).standing
    lines = [in_line(room, chance.randint(0, 40), chance) for room in "89"]
    plan = share_out(leaving, lines)
    turns = {move.key: (move.room, move.turn, move.place) for move in plan.moves}
    for line in lines:
        here = [(n, row.rank, row.group) for n, row in enumerate(line.standing, 1)]
        here += [
            (turns[row.key][1], turns[row.key][2], row.group)
            for row in leaving
            if turns[row.key][0] == line.room
        ]
        for group in {row[2] for row in here}:
            ranks = sorted((place, turn) for turn, place, own in here if own == group)
            assert [turn for _, turn in ranks] == sorted(turn for _, turn in ranks)


def test_a_full_room_is_told_and_not_hidden():
    chance = Random(1)
    plan = share_out(in_line("7", 40, chance).standing, [in_line("8", 40, chance)])
    assert plan.worst > MAY_LOSE
