"""One IDSP week counted by hand: presumptive cases, tests, case lines, and zero as a report."""

from datetime import date, timedelta

import pytest
from django.db import connection

from apps.reporting import actions, forms_of, idsp, queries
from apps.reporting.items import items
from tests.reporting.month import Town

MONDAY = date(2026, 11, 2)
WEEK = forms_of.containing("idsp", MONDAY)


@pytest.fixture
def asked(cast, django_capture_on_commit_callbacks):
    def ask():
        connection.set_tenant(cast.green)
        with django_capture_on_commit_callbacks(execute=True):
            found = actions.ask(cast.green.pk, WEEK, actor=cast.manager.actor)
        return queries.run(found.pk)

    return ask


@pytest.fixture
def week(cast):
    town = Town(cast)
    sunday = MONDAY + timedelta(days=6)
    for outside in (MONDAY - timedelta(days=1), MONDAY + timedelta(days=7)):
        town.visit(day=outside, icd=("A09.9",), complaints=(("FEVER", 2),))
    asha = town.person()
    town.visit(asha, MONDAY, ("A09.9",), hour=0, complaints=(("DIARRHOEA", 2),))
    town.visit(asha, sunday, ("A09.9",), hour=23)  # the same illness, the same week: one case
    town.visit(town.person("male", 8), MONDAY, ("B50.9", "R50.9"), complaints=(("FEVER", 3),))
    town.visit(town.person("male", 8), MONDAY, complaints=(("FEVER", 9),))
    town.visit(town.person("male", 8), MONDAY, complaints=(("FEVER", 3), ("RASH", 1)))
    town.visit(town.person("male", 14), MONDAY, ("G82.0",))
    town.visit(town.person("male", 15), MONDAY, ("G82.0",))  # no AFP of a child
    town.visit(town.person("male", 40), MONDAY, ("W54",), complaints=(("DOGBITE", 0),))
    town.visit(day=MONDAY, icd=("A83.0",), status="cancelled")
    sick = town.visit(town.person("female", 22), MONDAY)
    town.test(sick, "NS1", "POS", day=MONDAY + timedelta(days=2))
    town.test(sick, "DENM", "POS", day=MONDAY + timedelta(days=3))  # one patient, two tests
    well = town.visit(town.person("male", 22), MONDAY)
    town.test(well, "NS1", "NEG")
    town.test(well, "MPRDT", "PV")
    return town


EXPECTED = {
    "IDSP01": 1, "IDSP02": 1, "IDSP05": 1, "IDSP14": 1,
    "IDSP16": 1, "IDSP20": 1, "IDSP29": 1, "IDSP33": 1, "IDSP34": 1,
    "IDSP38": 1, "IDSP38/tested": 2, "IDSP49": 1, "IDSP49/tested": 1,
}  # fmt: skip


def test_every_rule_is_of_the_form():
    assert len(items("idsp")) == 50
    assert {code.removesuffix(idsp.TESTED) for code in idsp.RULES} <= set(items("idsp"))


def test_the_week_counted_by_hand(asked, week):
    found = asked()
    assert {code: n for code, n in found.figures.items() if n} == EXPECTED


def test_case_lines_name_day_age_and_block_but_nobody(asked, week):
    lines = asked().lines
    assert [(x["day"], x["code"], x["sex"], x["age"]) for x in lines] == [
        ("2026-11-02", "IDSP16", "female", 34), ("2026-11-02", "IDSP20", "male", 8),
        ("2026-11-02", "IDSP29", "male", 8), ("2026-11-02", "IDSP33", "male", 14),
        ("2026-11-02", "IDSP34", "male", 40), ("2026-11-04", "IDSP38", "female", 22),
    ]  # fmt: skip
    assert {key for line in lines for key in line} == {
        "day", "code", "visit", "sex", "age", "block"
    }  # fmt: skip
    assert {line["block"] for line in lines} == {"90001"}


def test_a_week_without_cases_is_reported_as_zero(cast, asked):
    found = asked()
    assert found.lines == [] and set(found.figures.values()) == {0}
    done = actions.submit_form(found.pk, actor=cast.ds.actor)
    assert {queries.value(done, code)[0] for code in items("idsp")} == {0}
    assert queries.value(done, "IDSP13") == (0, "hand")  # no row tells of it: a person said so
    assert queries.value(done, "IDSP16") == (0, "data")


def test_a_submitted_week_stands(cast, asked, week):
    found = asked()
    actions.submit_form(found.pk, actor=cast.ds.actor)
    week.visit(day=MONDAY, icd=("A09.9",))
    actions.fill(found.pk)
    row = queries.run(found.pk)
    assert row.figures["IDSP16"] == 1 and len(row.lines) == 6


def test_an_amended_result_counts_once_and_in_its_week(cast, asked):
    town = Town(cast)
    visit = town.visit(day=MONDAY)
    wrong = town.test(visit, "NS1", "POS")
    wrong.status = "superseded"
    wrong.save()
    right = town.test(visit, "NS1", "NEG", day=MONDAY + timedelta(days=9))
    right.request, right.status, right.replaces = wrong.request, "amended", wrong
    right.save()
    found = asked()
    assert (found.figures["IDSP38"], found.figures["IDSP38/tested"]) == (0, 1)
