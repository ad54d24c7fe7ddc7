"""A child's growth by WHO's tables, the trend of blood pressure, and who is overdue."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone

from apps.core.ids import uuid7
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.encounters.models import Encounter
from apps.workflows.prompts import growth, trend
from tests.encounters import people

BORN = date(2025, 11, 25)
YEAR = date(2026, 11, 25)  # 365 days


@pytest.mark.parametrize(
    "indicator, value, sex, z",
    [
        ("wfa", "8.9481", "female", "0.0"),  # WHO's own medians of the twelfth month
        ("wfa", "9.6479", "male", "0.0"),
        ("lfa", "74.0150", "female", "0.0"),
        ("lfa", "75.7488", "male", "0.0"),
    ],
)
def test_it_works(indicator, value, sex, z):
    found = growth.z_score(indicator, Decimal(value), born=BORN, on=YEAR, sex=sex)
    assert abs(found - Decimal(z)) <= Decimal("0.1")


def test_weight_for_length_and_outside_of_the_table():
    heavy = growth.z_score("wfh", Decimal(6), born=BORN, on=YEAR, sex="female", length=Decimal(74))
    assert heavy < -3
    tall = growth.z_score("wfh", Decimal(9), born=BORN, on=YEAR, sex="female", length=Decimal(30))
    assert tall is None


def child(sex="female", born=BORN):
    return SimpleNamespace(birth_date=born, sex=sex)


def reading(days=365, **values):
    return {"date": BORN + timedelta(days=days), **{k: Decimal(v) for k, v in values.items()}}


def test_a_thin_child_is_said_in_words():
    rows = [reading(200, WT="6.9", HT="65"), reading(365, WT="6.2", HT="72", MUAC="11.2")]
    made = growth.charts(child(), rows)
    assert [chart["level"] for chart in made] == ["bad", "", "bad", "bad"]
    assert all("<svg" in chart["svg"] and "aria-label" in chart["svg"] for chart in made)
    assert len(made[0]["rows"]) == 2


def test_no_curves_where_there_are_no_tables():
    old = child(born=date(2015, 1, 1))
    assert growth.charts(old, [{"date": YEAR, "WT": Decimal(24)}]) == []
    assert growth.charts(child(), []) == []
    only_arm = growth.charts(child(sex="other"), [reading(MUAC="13", WT="9")])
    assert [chart["said"] for chart in only_arm] == ["हरा"]


def test_the_trend_of_blood_pressure():
    assert trend.pressure([]) == {}
    one = trend.pressure([(YEAR, Decimal(148), Decimal(92))])
    assert (one["svg"], one["rows"][0]["value"]) == ("", "148/92")
    days = [YEAR - timedelta(days=30 * n) for n in (3, 2, 1, 0)]
    tops = (148, 152, 160, 158)
    drawn = trend.pressure([(d, Decimal(t), Decimal(90)) for d, t in zip(days, tops, strict=True)])
    assert all(str(top) in drawn["svg"] for top in tops)


def test_the_side_pane_shows_them(cast):
    made = people.visit(cast)
    for upper in (148, 160):
        values = {"SBP": Decimal(upper), "DBP": Decimal(92)}
        encounters.record_vitals(made.pk, id=uuid7(), values=values, actor=cast.rita.actor)
    assert [row[1] for row in visits.pressures(made.patient_id)] == [160]  # the newest of a visit
    words = cast.dr_rao.client().get(f"/prompts/{made.number}/curves").content.decode()
    assert "रक्तचाप का रुझान" in words
    assert "160/92" in words


def known(cast, days_ago, icd="I10", follow_up=None):
    made = people.visit(cast, mobile=f"98350227{days_ago:02d}", name_hi=f"मरीज़ {days_ago}")
    row = {"code": "DX108", "icd": icd, "hi": "उच्च रक्तचाप", "en": "Hypertension"}
    encounters.record_conditions(made.pk, complaints=[], diagnoses=[row], actor=cast.dr_rao.actor)
    Encounter.objects.filter(pk=made.pk).update(
        started_at=timezone.now() - timedelta(days=days_ago), follow_up=follow_up
    )
    return made


def test_who_is_overdue(cast, django_assert_num_queries):
    known(cast, 40)
    known(cast, 20)
    come = known(cast, 60)
    known(cast, 25, follow_up=timezone.localdate() - timedelta(days=5))
    known(cast, 90, icd="J45.9")
    people.actions.start_visit(come.patient_id, id=uuid7(), department="GYN", actor=cast.ravi.actor)
    with django_assert_num_queries(2):
        rows = visits.overdue(["I10"], interval_days=30)
    assert [row["days"] for row in rows] == [10, 5]
    words = cast.dr_rao.client().get("/overdue/").content.decode()
    connection.set_tenant(cast.green)
    assert "मरीज़ 40" in words
    assert "मरीज़ 20" not in words
    assert "9835022740" not in words  # the mobile is masked
