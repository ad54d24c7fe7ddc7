"""The headline as a load case, small: rupees by the dated rule to the last one, and every no."""

from collections import Counter

import pytest

from apps.core.actor import Actor, Permission
from apps.demo.bench_ledger import RUPEES, Load, fill, state_total
from apps.monitoring.queries.ground import STATE
from apps.reporting import actions, queries


@pytest.fixture
def rules(db, settings):
    settings.DHIS_SOFTWARE_FROM = "2023-01-01"
    actions.load_rules(actor=Actor.of_system("loader", Permission.MASTER_EDIT))


def test_the_whole_load_is_the_headline():
    load = Load.of(1, 22)
    assert (load.hospitals, load.rupees) == (7835, 376_000_000)
    cells = [n for _, counts in load.month_by_month() for n in counts]
    assert len(cells) == 7835 * 22
    assert sum(20 * max(0, n - 100) for n in cells) == 376_000_000


@pytest.mark.parametrize("part, months", [(3, 22), (1, 23), (1, 0)])
def test_it_refuses_parts_that_make_no_whole_rupees_and_months_of_another_rule(part, months):
    with pytest.raises(ValueError, match="parts"):
        Load.of(part, months)


def test_a_ten_thousandth_of_it_adds_up_to_the_rupee(rules):
    load = Load.of(10_000, 2)
    rows = fill(load)
    for month, _ in load.month_by_month():
        actions.judge(month)
    total, _ = state_total(load)
    assert total == RUPEES // 10_000 == 37_600
    said: Counter[str] = Counter()
    for month, counts in load.month_by_month():
        shown = queries.ledger(STATE, month)
        said.update(shown["verdicts"])
        ours = [row["statement"].ours for row in shown["rows"] if row["hfr_id"].startswith("IN10")]
        assert sorted(ours) == sorted(counts)
        assert shown["scheme"].in_force
        said["expected"] += sum(counts)
        for verdict, each in (("same-day", 20), ("month-limit", 50), ("person", 100)):
            said[f"expected {verdict}"] += sum(n // each for n in counts)
    assert said["counts"] == said["expected"]
    for verdict in ("same-day", "month-limit", "person"):
        assert said[verdict] == said[f"expected {verdict}"] > 0
    assert rows == sum(n for verdict, n in said.items() if not verdict.startswith("expected"))
