"""The result grid: values, flags, formulas, and two people on one sample."""

from decimal import Decimal

import pytest

from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.encounters import actions as encounters
from apps.labs import actions, formulas, queries
from tests.labs.samples import collected, sent, technician, typed, verified


def enter(cast, sample, version=None, **values):
    return actions.enter(
        sample.accession, typed=typed(sample, **values), version=version,
        actor=technician(cast).actor,
    )  # fmt: skip


def rows(saved):
    return {row.test.code: row for row in saved.sheet.rows}


def test_it_works(cast, django_assert_max_num_queries):
    _, (sample,) = collected(cast, "LIPID", "KFT")
    values = typed(sample, UREA="28", CREA="0.8", K="6.6", CHOL="236", TG="182", HDL="44")
    by = technician(cast).actor
    with django_assert_max_num_queries(18):
        saved = actions.enter(sample.accession, typed=values, actor=by)
    found = rows(saved)
    assert {code: row.flag for code, row in found.items() if row.flag} == {
        "K": "HH", "CHOL": "H", "TG": "H", "HDL": "L", "LDL": "H", "VLDL": "H",
    }  # fmt: skip
    assert found["LDL"].value == "156"
    assert "Friedewald" in found["LDL"].formula.name
    assert found["CREA"].range == "0.6–1.1"
    assert found["EGFR"].value == "99"


def test_ranges_follow_age_and_sex(cast):
    visit, (sample,) = collected(cast, "CBC")
    assert rows(enter(cast, sample, HB="11.5"))["HB"].flag == "L"
    visit.pregnant = True
    visit.save()
    assert rows(enter(cast, sample, HB="11.4"))["HB"].flag == ""


@pytest.mark.parametrize(
    ("code", "text", "refusal", "guess"),
    [
        ("HB", "124", "result.impossible_guess", "12.4"),
        ("HB", "12,4 g/l", "result.unit_guess", "1.24"),
        ("HB", "abc", "result.number", None),
        ("TLC", "8500", "result.impossible_guess", "8.5"),
        ("PLT", "1.5 lakh", "result.unit_guess", "150"),
        ("HB", "-3", "result.impossible", None),
        ("RDW", "14 fL", "result.unit", None),
    ],
)
def test_it_refuses_what_cannot_be_and_says_what_was_meant(cast, code, text, refusal, guess):
    _, (sample,) = collected(cast, "CBC")
    saved = enter(cast, sample, **{code: text})
    ((_, no),) = saved.problems.items()
    assert no.code == refusal
    assert no.values.get("guess") == guess
    assert no.sentence != no.code


def test_a_bad_value_does_not_lose_the_good_ones(cast):
    _, (sample,) = collected(cast, "CBC")
    saved = enter(cast, sample, HB="९.८", TLC="8500")
    assert len(saved.problems) == 1
    (report,) = queries.reports_of(queries.orders_on(sample)).values()
    assert [(line["code"], line["value"]) for line in report.results] == [("HB", "9.8")]


def test_two_people_on_one_grid_see_both_sides(cast):
    _, (sample,) = collected(cast, "CBC")
    first = enter(cast, sample, version=0, HB="9.8")
    with pytest.raises(Refused, match=r"result\.conflict"):
        enter(cast, sample, version=0, HB="10.8")
    assert enter(cast, sample, version=first.version, HB="10.8").version == first.version + 1


def test_a_value_that_moved_far_is_marked(cast):

    _, (sample,) = collected(cast, "CBC")
    verified(cast, sample, HB="13.8")

    again = encounters.start_visit(
        sample.encounter.patient_id, id=uuid7(), department="GYN", actor=cast.ravi.actor
    )
    actions.order(again.pk, tests=[{"code": "HB"}], actor=cast.dr_rao.actor)
    (second,) = actions.collect(again.pk, id=uuid7(), actor=technician(cast).actor)
    row = rows(enter(cast, second, HB="7.2"))["HB"]
    assert row.moved
    assert row.last["value"] == "13.8"
    assert not rows(enter(cast, second, HB="12.9"))["HB"].moved


def test_choices_and_words(cast):
    _, samples = collected(cast, "HIVR", "PBS", "UALB")
    by = {s.container: s for s in samples}
    saved = enter(cast, by["Sterile cup"], UALB="2+")
    assert rows(saved)["UALB"].flag == "A"
    assert enter(cast, by["Sterile cup"], UALB="maybe").problems


def test_white_cells_add_up(cast):
    _, (sample,) = collected(cast, "CBC")
    with pytest.raises(Refused, match=r"result\.sum"):
        sent(cast, sample, NEUT="60", LYMP="30", MONO="6", EOSI="14")


def test_nothing_is_sent_without_a_value(cast):
    _, (sample,) = collected(cast, "CBC")
    with pytest.raises(Refused, match=r"result\.empty"):
        actions.send(sample.accession, actor=technician(cast).actor)


def test_a_nurse_may_not(cast):
    _, (sample,) = collected(cast, "CBC")
    with pytest.raises(Forbidden):
        actions.enter(sample.accession, typed={}, actor=cast.rita.actor)


@pytest.mark.parametrize(
    ("code", "figures", "who", "wanted"),
    [
        ("LDL", {"CHOL": 200, "HDL": 50, "TG": 150}, ("male", 40), "120"),
        ("LDL", {"CHOL": 200, "HDL": 50, "TG": 401}, ("male", 40), None),
        ("VLDL", {"TG": 500}, ("male", 40), None),
        ("EGFR", {"CREA": "1.0"}, ("male", 50), "92"),
        ("EGFR", {"CREA": "1.0"}, ("female", 50), "69"),
        ("EGFR", {"CREA": "0.5"}, ("female", 12), None),
        ("MCHC", {"HB": 12, "PCV": 36}, ("female", 30), "33.3"),
        ("AGR", {"TP": 7, "ALB": 4}, ("male", 30), "1.3"),
        ("BILI", {"BILT": "0.4", "BILD": "0.9"}, ("male", 30), None),
    ],
)
def test_formulas_stay_within_their_limits(code, figures, who, wanted):
    numbers = {name: Decimal(str(value)) for name, value in figures.items()}
    found = formulas.work_out(code, numbers, formulas.Subject(*who))
    assert found == (Decimal(wanted) if wanted else None)
