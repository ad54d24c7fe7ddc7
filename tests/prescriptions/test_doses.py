"""How much is too much: by weight, by age, by day; and what is offered."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from apps.prescriptions import dosage, doses
from apps.prescriptions.safety import Facts

CHILD = Facts(age_months=36, weight_kg=Decimal(12))
BABY = Facts(age_months=5, weight_kg=Decimal("6.5"))
ADULT = Facts(age_months=400)
CATALOGUE = {
    "tablet": ("Paracetamol", "Tablet", "500 mg"),
    "syrup": ("Paracetamol", "Oral liquid", "125 mg/5 mL"),
    "ibuprofen": ("Ibuprofen", "Tablet", "400 mg"),
    "co-amoxiclav": ("Amoxicillin + Clavulanic acid", "Tablet", "500 mg + 125 mg"),
    "co-trimoxazole": (
        "Co-trimoxazole (Sulphamethoxazole + Trimethoprim)",
        "Oral liquid",
        "200 mg + 40 mg per 5 mL",
    ),
    "cetirizine": ("Cetirizine", "Oral liquid", "5 mg/5 mL"),
    "zinc": ("Zinc sulphate", "Tablet, dispersible", "20 mg"),
    "artesunate": ("Artesunate", "Powder for injection", "60 mg"),
    "thyroxine": ("Levothyroxine", "Tablet", "12.5 mcg to 150 mcg (all licensed strengths)"),
}  # fmt: skip


def drug(key):
    name, form, strength = CATALOGUE[key]
    return SimpleNamespace(generic_name=name, form=form, strength=strength)


def findings(key, typed, facts, decided=None):
    medicine = drug(key)
    dose = dosage.read(typed, form=medicine.form, days=5)
    return [(f.level, f.kind) for f in doses.check(medicine, dose, facts, decided or {})]


@pytest.mark.parametrize(
    "key, typed, facts, said",
    [
        ("tablet", "1-1-1", ADULT, []),
        ("tablet", "2-2-2", ADULT, []),
        ("tablet", "3-0-0", ADULT, [("warn", "once")]),
        ("tablet", "2-2-2-3", ADULT, [("warn", "once")]),
        ("tablet", "2 Q4H", ADULT, [("warn", "day")]),
        ("syrup", "7 ml TDS", CHILD, []),
        ("syrup", "8 ml TDS", CHILD, [("warn", "once")]),
        ("syrup", "7 ml Q4H", CHILD, [("warn", "day")]),
        ("syrup", "72 ml BD", CHILD, [("stop", "tenfold")]),
        ("tablet", "1-0-1", CHILD, [("warn", "once")]),
        ("syrup", "5 ml TDS", Facts(age_months=36), [("info", "weight")]),
        ("syrup", "5 ml TDS", Facts(weight_kg=Decimal(12)), []),  # no age: nothing is guessed
        ("ibuprofen", "1-1-1", BABY, []),  # no range under six months: the age rule speaks
        ("ibuprofen", "10 STAT", ADULT, [("stop", "tenfold")]),
        ("co-amoxiclav", "1-1-1", ADULT, []),
        ("co-amoxiclav", "2-0-2", ADULT, [("warn", "once")]),
        ("co-trimoxazole", "7 ml BD", CHILD, []),
        ("co-trimoxazole", "10 ml BD", CHILD, [("warn", "once")]),
        ("cetirizine", "5 ml OD", CHILD, []),
        ("cetirizine", "10 ml OD", CHILD, [("warn", "once")]),
        ("cetirizine", "10 ml OD", Facts(age_months=100), []),
        ("zinc", "1 OD", CHILD, []),
        ("zinc", "½-0-0", BABY, []),
        ("zinc", "1 OD", BABY, [("warn", "once")]),
        ("artesunate", "STAT", CHILD, []),
        ("thyroxine", "1-0-0", ADULT, []),
    ],
)
def test_it_works(key, typed, facts, said):
    assert findings(key, typed, facts) == said


def test_the_arithmetic_is_shown():
    medicine = drug("syrup")
    dose = dosage.read("10 ml TDS", form=medicine.form, days=5)
    (found,) = doses.check(medicine, dose, CHILD, {})
    assert found.numbers == {"sum": "10 × 25 mg = 250 mg", "most": "180 mg"}
    assert found.why == "10-15 mg/kg/dose × 12 kg = 120-180 mg, ≤ 720 mg/day"
    assert "sign-off" in found.provenance and "250 mg" in found.text


def test_the_committee_switches_a_range_off():
    assert findings("syrup", "8 ml TDS", CHILD, {"DOSE001": "off"}) == []
    assert findings("syrup", "8 ml TDS", CHILD, {"DOSE001": "info"}) == [("info", "once")]


def test_a_weak_liver_halves_the_day():
    ill = Facts(age_months=400, illnesses=frozenset({"liver failure"}))
    assert findings("tablet", "2-2-2", ill) == [("warn", "day")]


@pytest.mark.parametrize(
    "key, facts, offered",
    [
        ("syrup", CHILD, "5 ml Q6H"),
        ("tablet", CHILD, ""),  # no half tablet fits between 120 and 180 mg
        ("tablet", ADULT, "1 Q6H"),
        ("co-trimoxazole", CHILD, "6 ml BD"),
        ("cetirizine", CHILD, "2½ ml OD"),
        ("zinc", BABY, "½ OD"),
        ("zinc", CHILD, "1 OD"),
    ],
)
def test_a_dose_is_offered_with_its_sum(key, facts, offered):
    told = doses.offer(drug(key), facts)
    assert told["dose"] == offered
    assert told["sum"] and told["provenance"]
    if offered:  # what is offered is never too much
        assert findings(key, offered, facts) == []


def test_nothing_is_offered_without_a_weight_or_a_range():
    assert doses.offer(drug("syrup"), Facts(age_months=36)) is None
    assert doses.offer(drug("artesunate"), CHILD) is None


def test_every_readable_row_has_limits_that_make_sense():
    for found in doses.ranges().values():
        for read in found:
            assert 0 < read.low <= read.high, read
            assert read.since < read.until, read
            known = doses.limits(read, Facts(age_months=read.since, weight_kg=Decimal(10)))
            assert known is not None and known.low <= known.high
