"""Numbers at the nursing desk."""

from datetime import date
from decimal import Decimal

import pytest

from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.encounters import actions, queries
from apps.encounters.models import Observation, QueueToken
from apps.encounters.vital_signs import to_celsius, to_fahrenheit, usual
from tests.encounters import people

TYPED = {"SBP": 164, "DBP": 112, "HR": 96, "SPO2": 98, "WT": "58.5"}


def measure(cast, made, values=TYPED, **more):
    numbers = {code: Decimal(value) for code, value in values.items()}
    return actions.record_vitals(
        made.pk, **{"id": uuid7(), "values": numbers, **more}, actor=cast.rita.actor
    )


def test_it_works(cast, django_assert_max_num_queries):
    made = people.visit(cast)
    assert cast.rita
    with django_assert_max_num_queries(14):
        measure(cast, made, {**TYPED, "TEMP": to_celsius(Decimal("98.6"))})
    shown = {row["code"]: row for row in queries.vitals(made.pk)}
    assert (shown["BP"]["value"], shown["BP"]["flag"], shown["BP"]["severe"]) == (
        "164/112", "high", True,
    )  # fmt: skip
    assert (shown["TEMP"]["value"], shown["TEMP"]["unit"]) == ("98.6", "°F")
    assert (shown["WT"]["value"], shown["HR"]["flag"]) == ("58.5", "")
    assert shown["HR"]["by_id"] == cast.rita.user.pk
    token = QueueToken.objects.get(encounter=made)
    assert (token.station, token.status) == ("doctor", "waiting")
    assert queries.queue("doctor")[0]["badges"] == ["severe"]


def test_temperature_is_stored_in_celsius_and_comes_back_unchanged(cast):
    for tenth in range(940, 1080):
        typed = Decimal(tenth) / 10
        assert to_fahrenheit(to_celsius(typed)) == typed


def test_it_is_safe_to_send_twice(cast):
    made, same = people.visit(cast), uuid7()
    measure(cast, made, id=same)
    measure(cast, made, id=same)
    assert Observation.objects.count() == len(TYPED)


def test_measuring_again_adds_and_shows_the_newer(cast):
    made = people.visit(cast)
    measure(cast, made)
    measure(cast, made, {"SBP": 150, "DBP": 100})
    shown = {row["code"]: row["value"] for row in queries.vitals(made.pk)}
    assert shown["BP"] == "150/100"
    assert shown["HR"] == "96"


@pytest.mark.parametrize(
    "values, code",
    [
        ({}, "vitals.nothing"),
        ({"HR": 301}, "vitals.implausible"),
        ({"TEMP": "98.6"}, "vitals.implausible"),
        ({"WT": 0}, "vitals.implausible"),
        ({"SBP": 80, "DBP": 80}, "vitals.bp_order"),
        ({"XYZ": 1}, "vitals.unknown"),
    ],
)
def test_it_refuses(cast, values, code):
    made = people.visit(cast)
    with pytest.raises(Refused) as refused:
        measure(cast, made, values)
    assert refused.value.code == code
    assert QueueToken.objects.get(encounter=made).station == "vitals"


def test_a_finished_visit_takes_no_more(cast):
    made = people.visit(cast)
    actions.finish(made.pk, actor=cast.dr_rao.actor)
    with pytest.raises(Refused, match=r"visit\.closed"):
        measure(cast, made)


def test_a_clerk_may_not(cast):
    with pytest.raises(Forbidden):
        actions.record_vitals(
            people.visit(cast).pk, id=uuid7(), values={"HR": Decimal(80)}, actor=cast.ravi.actor
        )


def test_what_is_usual_depends_on_age_and_pregnancy():
    today = date(2026, 11, 23)
    baby, child, woman = date(2026, 11, 1), date(2022, 11, 1), date(2000, 1, 1)
    assert usual("RR", born=baby, on=today).flag(Decimal(60)) == "HH"
    assert usual("HR", born=child, on=today).flag(Decimal(130)) == ""
    assert usual("HR", born=woman, on=today).flag(Decimal(130)) == "HH"
    assert usual("SBP", born=woman, on=today).flag(Decimal(165)) == "H"
    assert usual("SBP", born=woman, on=today, pregnant=True).flag(Decimal(165)) == "HH"
    assert usual("SPO2", born=woman, on=today).flag(Decimal(89)) == "LL"
    assert usual("SPO2", born=woman, on=today).flag(Decimal(100)) == ""
    assert usual("DBP", born=child, on=today) is None


def test_nobody_between_birth_and_120_is_without_a_pulse_rule():
    today = date(2026, 11, 23)
    for code in ("HR", "TEMP", "SPO2", "RR", "SBP"):
        for years in range(0, 120):
            assert usual(code, born=today.replace(year=today.year - years), on=today)


def test_pregnancy_told_at_the_desk_counts_at_once(cast):
    made = people.visit(cast)
    measure(cast, made, {"SBP": 165, "DBP": 100}, pregnant=True)
    assert Observation.objects.get(code="SBP").flag == "HH"
    assert queries.visit(made.pk).pregnant is True


def test_an_alarm_puts_the_patient_first(cast):
    for _ in range(3):
        last = people.at_the_doctor(cast)
    actions.raise_alarm(last.pk, actor=cast.rita.actor)
    actions.raise_alarm(last.pk, actor=cast.rita.actor)
    token = actions.call_next("doctor", queue="MED", actor=cast.dr_rao.actor)
    assert token.encounter_id == last.pk


def test_skipping_needs_a_reason_and_goes_on(cast):
    made = people.visit(cast)
    with pytest.raises(Refused, match=r"vitals\.reason"):
        actions.skip_vitals(made.pk, reason="because", actor=cast.rita.actor)
    token = actions.skip_vitals(made.pk, reason="crying", actor=cast.rita.actor)
    assert (token.station, token.times["vitals_skipped"]) == ("doctor", "crying")


def test_weight_of_the_last_visit_is_shown(cast):
    first = people.visit(cast)
    measure(cast, first)
    actions.finish(first.pk, actor=cast.dr_rao.actor)
    again = actions.start_visit(
        first.patient_id, id=uuid7(), department="MED", actor=cast.ravi.actor
    )
    assert queries.last_measured(again.patient_id, before=again.pk)["WT"]["value"] == "58.5"
