"""A sweep over many hospitals sees each of them once a round, and never too many at a time."""

import pytest

from apps.core import turns


@pytest.fixture
def stroke(monkeypatch):
    """The part that is due at the n-th stroke of a clock that strikes every half minute."""

    def due(rows, n, most=turns.SWEPT_AT_ONCE):
        monkeypatch.setattr(turns.time, "time", lambda: 1_790_000_010 + 30 * n)
        return list(turns.whose_turn(rows, job="documents.sweep", most=most))

    return due


@pytest.mark.parametrize("count", [0, 1, 400])
def test_up_to_the_limit_all_are_due_each_time(stroke, count):
    rows = list(range(count))
    assert [stroke(rows, n) for n in range(3)] == [rows] * 3


@pytest.mark.parametrize(("count", "parts"), [(401, 2), (594, 2), (2_000, 5), (7_835, 20)])
def test_above_it_each_is_due_once_a_round(stroke, count, parts):
    strokes = [stroke(range(count), n) for n in range(parts)]
    assert max(map(len, strokes)) <= turns.SWEPT_AT_ONCE
    assert sorted(one for due in strokes for one in due) == list(range(count))
    assert stroke(range(count), parts) == strokes[0]


def test_a_slower_job_goes_round_by_its_own_strokes(monkeypatch):
    seen = []
    for n in range(0, 240, 30):  # abdm.sweep is started every two minutes
        monkeypatch.setattr(turns.time, "time", lambda n=n: 1_790_000_040 + n)
        seen.append(tuple(turns.whose_turn(range(4), job="abdm.sweep", most=2)))
    assert len(set(seen[:4])) == len(set(seen[4:])) == 1
    assert sorted(seen[0] + seen[4]) == [0, 1, 2, 3]
