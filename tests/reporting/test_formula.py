"""The incentive's arithmetic to the rupee, and which rule a day has."""

import csv
from datetime import date
from decimal import Decimal

import pytest

from apps.reporting import lists
from apps.reporting.formula import Choices, Counts, capped, reckon, scheme_on
from apps.reporting.models import IncentiveRule

SADAR = Counts(5100, 420, 60, 35, ((10, Decimal(5000)), (2, Decimal(1500))))


@pytest.fixture(scope="module")
def rules():
    with lists.RULES.file.open(encoding="utf-8", newline="") as file:
        return [IncentiveRule(**lists.RULES.parse(row, {})) for row in csv.DictReader(file)]


def july(rules, counts=SADAR, **how):
    return reckon(scheme_on(date(2026, 7, 1), rules), counts, Choices(**how))


def of(found, payee, *kinds):
    return sum(x.rupees for x in found.lines if x.payee == payee and x.kind in kinds)


def test_a_sadar_hospital_in_july_2026(rules):
    found = july(rules)
    assert of(found, "facility", "category-1", "category-2") == Decimal(52100)
    assert of(found, "facility", "received", "given") == Decimal(775)
    assert of(found, "facility", "claim") == Decimal(2300)
    assert found.total("facility") == Decimal(55175)
    assert found.total("dsc") == Decimal(26170)
    assert found.in_force and found.version == "V5 Corrigendum 7"


@pytest.mark.parametrize(
    ("how", "rupees"), [("category-1", "52100"), ("pro-rata", "52138.04"), ("category-2", "52600")]
)
def test_how_the_base_is_taken_is_a_setting(rules, how, rupees):
    found = july(rules, base_from=how)
    assert of(found, "facility", "category-1", "category-2") == Decimal(rupees)


def test_the_same_records_under_the_rule_of_2023_to_2025(rules):
    old = reckon(scheme_on(date(2024, 7, 1), rules), SADAR, Choices())
    assert of(old, "facility", "any") == Decimal(108400)
    assert of(old, "dsc", "any") == Decimal(27100)
    assert old.version == "V2 relaxed"
    assert of(old, "facility", "received", "given", "claim") == 0  # it paid for records alone


@pytest.mark.parametrize(
    ("n1", "n2", "rupees"), [(99, 0, 0), (60, 39, 0), (60, 40, 0), (60, 41, 5), (0, 101, 5)]
)
def test_nothing_below_the_base_and_only_what_lies_above(rules, n1, n2, rupees):
    assert july(rules, Counts(n1, n2)).total("facility") == rupees


def test_a_certified_company_gets_a_fifth_more_and_the_hospital_does_not(rules):
    found = july(rules, certified=True)
    assert found.total("dsc") == Decimal("31404.00")
    assert found.total("facility") == Decimal(55175)


@pytest.mark.parametrize(
    ("day", "version", "in_force"),
    [
        (date(2023, 3, 31), "V1 original", True),
        (date(2023, 4, 1), "V2 relaxed", True),
        (date(2025, 2, 18), "V2 relaxed", True),
        (date(2025, 2, 19), "V2 relaxed", False),  # its own rate was not found
        (date(2026, 3, 31), "V2 relaxed", False),
        (date(2026, 4, 1), "V5 Corrigendum 7", True),
        (date(2026, 9, 30), "V5 Corrigendum 7", True),
        (date(2026, 10, 1), "V5 Corrigendum 7", False),  # no text after September 2026
    ],
)
def test_which_rule_a_day_has(rules, day, version, in_force):
    found = scheme_on(day, rules)
    assert (found.version, found.in_force) == (version, in_force)


def test_before_the_scheme_there_is_none(rules):
    assert scheme_on(date(2022, 12, 31), rules) is None


def test_a_cap_leaves_what_is_left_of_it():
    assert capped(Decimal(500), cap=Decimal(1000), before=Decimal(700)) == 300
    assert capped(Decimal(500), cap=Decimal(1000), before=Decimal(1200)) == 0
    assert capped(Decimal(500), cap=None, before=Decimal(9)) == 500


def test_the_states_37_60_crore_and_7835_registrations(rules):
    """Assumed, as the published figures do not say: the rule of 2023-25 alone (Rs 20 above 100),
    26 months, the 594 hospitals on Bhavya earn and share evenly, the other 7,241 of the 7,835
    registered stay at 60 records a month, below the base. Then 1.88 crore records are paid."""
    registered, earning, months = 7835, 594, 26
    paid = 18_800_000
    each, more = divmod(paid, earning * months)
    assert each == 1217  # the paid ones of a hospital's month; 1,317 with the base
    total = records = at_work = 0
    for month in range(months):
        year, of_year = divmod(3 + month, 12)
        scheme = scheme_on(date(2023 + year, of_year + 1, 1), rules)
        done = {
            n: reckon(scheme, Counts(n), Choices()).total("facility")
            for n in (60, 100 + each, 101 + each)
        }
        for place in range(registered):
            n = 60
            if place < earning:
                n = 100 + each + (month * earning + place < more)
                at_work += 1
            total += done[n]
            records += n
    assert scheme.version == "V2 relaxed"
    assert total == Decimal("376000000")  # Rs 37.60 crore
    assert at_work == 15_444 and records == 18_800_000 + 15_444 * 100 + 60 * 7241 * 26
    assert round(total / registered) == 47_990
