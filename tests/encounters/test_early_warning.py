"""NEWS2 at every edge of its table, and what a high score does."""

import csv
from datetime import date
from decimal import Decimal

import pytest

from apps.core.ids import uuid7
from apps.encounters import actions, alarm, early_warning, queries
from apps.encounters.models import Encounter, QueueToken
from tests.encounters import people

BORN, TODAY = date(1980, 1, 1), date(2026, 11, 25)
CALM = {"RR": 16, "SPO2": 98, "OXYGEN": 0, "SBP": 120, "HR": 72, "ACVPU": 0, "TEMP": 37}
CODE = {"RR": "RR", "SBP": "SBP", "PULSE": "HR", "TEMP": "TEMP", "SPO2_SCALE1": "SPO2",
        "SPO2_SCALE2": "SPO2"}  # fmt: skip


def edges():
    """(row of the table, a value at its edge): each row is tried at both ends."""
    with early_warning.TABLE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["parameter"] in CODE:
                for end in sorted({row["from_inclusive"], row["to_inclusive"]} - {""}):
                    yield pytest.param(row, Decimal(end), id=f"{row['parameter']}-{end}")


def scored(**values):
    return early_warning.score({code: Decimal(value) for code, value in values.items()})


def points(score, code):
    return next(part.points for part in score.parts if part.code == code)


@pytest.mark.parametrize("row, value", list(edges()))
def test_every_edge_of_the_table(row, value):
    code = CODE[row["parameter"]]
    told = {**CALM, code: value}
    if row["parameter"] == "SPO2_SCALE2":
        told |= {"SPO2SCALE": 2, "OXYGEN": int(row["qualifier"] == "on oxygen")}
    assert points(scored(**told), code) == int(row["score"])


def test_the_table_is_tried_whole():
    assert len(early_warning.ROWS) == 37
    assert len(list(edges())) == 53


@pytest.mark.parametrize(
    "told, total",
    [
        ({}, 0),
        ({"OXYGEN": 1}, 2),
        ({"ACVPU": 1}, 3),
        ({"ACVPU": 4}, 3),
        ({"SPO2": 95, "SPO2SCALE": 2, "OXYGEN": 1}, 4),  # 2 for the oxygen, 2 for too much of it
        ({"TEMP": "38.04"}, 0),  # 100.5 °F is 38.06: rounded to the tenth of the table
        ({"TEMP": "38.06"}, 1),
        ({"RR": 26, "SPO2": 91, "OXYGEN": 1, "SBP": 88, "HR": 132, "ACVPU": 2, "TEMP": 34}, 20),
    ],
)
def test_the_sum(told, total):
    assert scored(**{**CALM, **told}).total == total


def test_what_is_missing_is_named_and_gives_nothing():
    partial = scored(SBP=88, HR=132)
    assert (partial.total, partial.partial) == (6, True)
    assert partial.missing == ("RR", "SPO2", "OXYGEN", "ACVPU", "TEMP")
    assert not scored(**CALM).partial
    assert early_warning.score({"WT": Decimal(60)}) is None


def test_scale_2_needs_to_know_the_air():
    score = scored(SPO2=95, SPO2SCALE=2, HR=80)
    assert "SPO2" in score.missing


@pytest.mark.parametrize(
    "born, pregnant, holds",
    [(date(2010, 11, 25), False, True), (date(2010, 11, 26), False, False), (BORN, True, False)],
)
def test_not_for_children_and_not_in_pregnancy(born, pregnant, holds):
    assert early_warning.applies(born, TODAY, pregnant=pregnant) is holds


def measure(cast, made, **values):
    numbers = {code: Decimal(value) for code, value in values.items()}
    actions.record_vitals(made.pk, id=uuid7(), values=numbers, actor=cast.rita.actor)
    return QueueToken.objects.get(encounter=made)


def test_a_high_score_goes_first_and_says_why(cast):
    made = people.visit(cast)
    token = measure(cast, made, SPO2=90, HR=132, SBP=95)
    assert (token.station, token.priority_reason) == ("doctor", "alarm")
    assert Encounter.objects.get(pk=made.pk).early_warning == 8
    told = queries.raised_by(made.pk)
    assert (told["raised"], told["partial"], told["measured"]) == (True, True, 3)
    assert "NEWS2 8" in queries.why(told)
    assert "132" in queries.why(told)
    assert queries.queue("doctor")[0]["emergency"]


def test_a_low_score_moves_nobody(cast):
    made = people.visit(cast)
    assert measure(cast, made, SPO2=95, HR=84, SBP=150).priority_reason == ""
    assert Encounter.objects.get(pk=made.pk).early_warning == 1


def test_one_bad_sign_asks_for_a_doctors_eye(cast):
    made = people.visit(cast)
    assert measure(cast, made, SBP=88).priority_reason == ""
    told = queries.raised_by(made.pk)
    assert (told["raised"], told["look"]) == (False, True)


def test_in_pregnancy_the_alert_table_rules(cast):
    made = people.visit(cast, reason="pregnant")
    token = measure(cast, made, SBP=164, DBP=112)
    assert token.priority_reason == "alarm"
    told = queries.raised_by(made.pk)
    assert told["score"] is None
    assert [sign["code"] for sign in told["critical"]] == ["SBP", "DBP"]
    assert Encounter.objects.get(pk=made.pk).early_warning is None


def test_a_child_by_its_age(cast):
    made = people.visit(cast, age=2, age_unit="years")
    assert measure(cast, made, HR=172, TEMP="37").priority_reason == "alarm"


def test_a_later_measurement_is_judged_with_the_earlier_ones(cast):
    made = people.visit(cast)
    measure(cast, made, SPO2=92, HR=112)
    assert Encounter.objects.get(pk=made.pk).early_warning == 4
    assert measure(cast, made, TEMP="39.2").priority_reason == "alarm"
    assert Encounter.objects.get(pk=made.pk).early_warning == 6


def test_the_built_in_rule_can_be_read():
    assert alarm.BUILT_IN[alarm.CODE]["raise_at"] == 5
