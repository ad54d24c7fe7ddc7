"""Shorthand to words, FHIR and a quantity: the table that a pharmacist can check by eye."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import Refused
from apps.prescriptions.dosage import plain, read
from apps.prescriptions.tables import rows
from apps.prescriptions.units import FORMS

TABLETS = [
    # typed, days, shorthand, pattern, Hindi, quantity
    ("101", 5, "1-0-1", ("1", "0", "1"), "सुबह 1 गोली, रात 1 गोली", 10),
    ("1-0-1", 30, "1-0-1", ("1", "0", "1"), "सुबह 1 गोली, रात 1 गोली", 60),
    ("1 - 0 - 1", 3, "1-0-1", ("1", "0", "1"), "सुबह 1 गोली, रात 1 गोली", 6),
    ("1–0–1", 3, "1-0-1", ("1", "0", "1"), "सुबह 1 गोली, रात 1 गोली", 6),
    ("१०१", 5, "1-0-1", ("1", "0", "1"), "सुबह 1 गोली, रात 1 गोली", 10),
    ("1-0-1 x5", None, "1-0-1", ("1", "0", "1"), "सुबह 1 गोली, रात 1 गोली", 10),
    ("1-0-1 × 7", 3, "1-0-1", ("1", "0", "1"), "सुबह 1 गोली, रात 1 गोली", 14),
    ("TDS 7 days", None, "1-1-1", ("1", "1", "1"), "सुबह 1 गोली, दोपहर 1 गोली, रात 1 गोली", 21),
    ("½-0-½", 5, "½-0-½", ("½", "0", "½"), "सुबह आधी गोली, रात आधी गोली", 5),
    ("0.5-0-.5", 5, "½-0-½", ("½", "0", "½"), "सुबह आधी गोली, रात आधी गोली", 5),
    ("1/2-0-0", 5, "½-0-0", ("½", "0", "0"), "सुबह आधी गोली", 3),
    ("1½-0-1", 5, "1½-0-1", ("1½", "0", "1"), "सुबह डेढ़ गोली, रात 1 गोली", 13),
    ("202", 5, "2-0-2", ("2", "0", "2"), "सुबह 2 गोली, रात 2 गोली", 20),
    ("OD", 30, "1-0-0", ("1", "0", "0"), "सुबह 1 गोली", 30),
    ("b.d.", 5, "1-0-1", ("1", "0", "1"), "सुबह 1 गोली, रात 1 गोली", 10),
    ("2 tab BD", 5, "2-0-2", ("2", "0", "2"), "सुबह 2 गोली, रात 2 गोली", 20),
    ("QID", 5, "QID", None, "दिन में 4 बार 1 गोली", 20),
    ("1111", 5, "1-1-1-1", None, "सुबह 1 गोली, दोपहर 1 गोली, शाम 1 गोली, रात 1 गोली", 20),
    ("HS", 10, "HS", None, "सोते समय 1 गोली", 10),
    ("SOS", 3, "SOS", None, "ज़रूरत होने पर 1 गोली", 6),
    ("2 SOS", 3, "2 SOS", None, "ज़रूरत होने पर 2 गोली", 12),
    ("STAT", None, "STAT", None, "तुरंत 1 गोली", 1),
    ("2 stat", None, "2 STAT", None, "तुरंत 2 गोली", 2),
    ("weekly", 28, "QW", None, "सप्ताह में एक बार 1 गोली", 4),
    ("QW", 7, "QW", None, "सप्ताह में एक बार 1 गोली", 1),
    ("EOD", 15, "AD", None, "एक दिन छोड़कर 1 गोली", 8),
    ("q6h", 2, "Q6H", None, "हर 6 घंटे पर 1 गोली", 8),
]


@pytest.mark.parametrize("typed, days, shorthand, pattern, hindi, quantity", TABLETS)
def test_a_tablet(typed, days, shorthand, pattern, hindi, quantity):
    dose = read(typed, form="Tablet", days=days)
    assert (dose.shorthand, dose.pattern, dose.sentence_hi) == (shorthand, pattern, hindi)
    assert (dose.quantity, dose.unit) == (quantity, "tab")


OTHERS = [
    # form, typed, English, Hindi, quantity, unit
    ("Oral liquid", "10ml 1-1-1", "10 ml in the morning, 10 ml at noon and 10 ml at night",
     "सुबह 10 ml, दोपहर 10 ml, रात 10 ml", 150, "ml"),
    ("Oral liquid", "5 ml BD", "5 ml in the morning and 5 ml at night", "सुबह 5 ml, रात 5 ml",
     50, "ml"),
    ("Dry syrup", "2.5 ml TDS", "2½ ml in the morning, 2½ ml at noon and 2½ ml at night",
     "सुबह 2½ ml, दोपहर 2½ ml, रात 2½ ml", 38, "ml"),
    ("Oral liquid", "5-0-5 ml", "5 ml in the morning and 5 ml at night", "सुबह 5 ml, रात 5 ml",
     50, "ml"),
    ("Oral liquid", "0.6ml OD", "0.6 ml in the morning", "सुबह 0.6 ml", 3, "ml"),
    ("Capsule", "BD", "1 capsule in the morning and 1 capsule at night",
     "सुबह 1 कैप्सूल, रात 1 कैप्सूल", 10, "cap"),
    ("Eye drops", "2 drops TDS",
     "2 drops in the morning, 2 drops at noon and 2 drops at night in the affected eye",
     "प्रभावित आँख में सुबह 2 बूँद, दोपहर 2 बूँद, रात 2 बूँद", 1, "bottle"),
    ("Ointment", "BD", "Apply on the affected part in the morning and at night",
     "सुबह और रात प्रभावित जगह पर लगाएँ", 1, "tube"),
    ("Lotion", "HS", "Apply on the affected part at bedtime", "सोते समय प्रभावित जगह पर लगाएँ",
     1, "bottle"),
    ("Inhaler MDI/DPI", "2 puffs BD", "2 puffs in the morning and 2 puffs at night",
     "सुबह 2 पफ (कश), रात 2 पफ (कश)", 1, "inhaler"),
    ("Injection", "STAT", "1 injection at once", "तुरंत 1 सुई", 1, "vial"),
    ("Powder for injection", "BD", "1 injection in the morning and 1 injection at night",
     "सुबह 1 सुई, रात 1 सुई", 10, "vial"),
    ("Sachet", "1-1-1", "1 sachet in the morning, 1 sachet at noon and 1 sachet at night",
     "सुबह 1 पाउच, दोपहर 1 पाउच, रात 1 पाउच", 15, "sachet"),
    ("Pessary", "HS", "1 pessary at bedtime", "सोते समय 1 योनि गोली", 5, "pessary"),
]  # fmt: skip


@pytest.mark.parametrize("form, typed, english, hindi, quantity, unit", OTHERS)
def test_other_forms(form, typed, english, hindi, quantity, unit):
    dose = read(typed, form=form, days=5)
    assert (dose.sentence_en, dose.sentence_hi) == (english, hindi)
    assert (dose.quantity, dose.unit) == (quantity, unit)


def test_a_syrup_is_counted_in_bottles_when_the_pack_is_known():
    dose = read("10 ml TDS", form="Oral liquid", days=5, pack_ml=Decimal(100))
    assert (dose.quantity, dose.unit) == (2, "bottle")


def test_insulin_is_counted_in_units_and_vials():
    dose = read(
        "10-0-6", form="Injection", name="Insulin (soluble)", strength="40 IU/mL",
        days=30, when="before",
    )  # fmt: skip
    assert dose.sentence_en == "10 units in the morning and 6 units at night"
    assert (dose.quantity, dose.unit) == (2, "vial")  # 480 IU out of vials of 400
    assert dose.when_hi == "भोजन से पहले"


def test_what_the_doctor_types_as_total_wins():
    assert read("1-0-1", form="Tablet", days=5, quantity=Decimal(12)).quantity == 12


BAD = [
    ("", "dose.empty"), ("   ", "dose.empty"), ("xyz", "dose.unclear"), ("11", "dose.unclear"),
    ("7", "dose.unclear"), ("1/0", "dose.unclear"), ("1-0", "dose.unclear"),
    ("1-0-1-1-1", "dose.unclear"), ("5 ml BD", "dose.unclear"), ("2 tab 2-0-2", "dose.unclear"),
    ("0-0-0", "dose.zero"), ("000", "dose.zero"), ("0 SOS", "dose.zero"),
    ("50-0-0", "dose.too_large"), ("20 SOS", "dose.too_large"), ("1-0-1.3", "dose.part"),
    ("1-0-1 x900", "dose.days_out_of_range"), ("1-0-1 x0", "dose.days_out_of_range"),
    ("-1-0-1", "dose.unclear"), ("<script>", "dose.unclear"),
]  # fmt: skip


@pytest.mark.parametrize("typed, code", BAD)
def test_it_refuses(typed, code):
    with pytest.raises(Refused) as no:
        read(typed, form="Tablet", days=5)
    assert no.value.code == code
    assert no.value.sentence != code  # there is a sentence for it


@pytest.mark.parametrize("typed", ["1-0-1", "TDS", "SOS", "5 tab BD"])
def test_a_syrup_without_ml_is_refused(typed):
    with pytest.raises(Refused) as no:
        read(typed, form="Oral liquid", days=5)
    assert no.value.code in ("dose.ml_missing", "dose.unclear")


def test_days_are_asked_for():
    with pytest.raises(Refused) as no:
        read("1-0-1", form="Tablet")
    assert no.value.code == "dose.days_missing"


def test_fhir_of_an_even_dose():
    (dosage,) = read("1-0-1", form="Tablet", days=5, when="after").fhir
    assert dosage["timing"]["repeat"] == {
        "boundsDuration": {
            "value": 5, "unit": "day", "system": "http://unitsofmeasure.org", "code": "d",
        },
        "frequency": 2, "period": 1, "periodUnit": "d", "when": ["PCM", "PCV"],
    }  # fmt: skip
    assert dosage["doseAndRate"][0]["doseQuantity"] == {
        "value": 1, "unit": "tablet", "system": "http://unitsofmeasure.org", "code": "{tbl}",
    }  # fmt: skip


def test_fhir_of_an_uneven_dose_is_two_dosages():
    one, two = read("2-0-1", form="Tablet", days=5).fhir
    assert (one["sequence"], two["sequence"]) == (1, 2)
    assert one["timing"]["repeat"]["when"] == ["MORN"]
    assert two["timing"]["repeat"]["when"] == ["NIGHT"]
    assert [d["doseAndRate"][0]["doseQuantity"]["value"] for d in (one, two)] == [2, 1]


def test_fhir_of_the_other_rhythms():
    assert read("SOS", form="Tablet", days=3).fhir[0]["asNeededBoolean"] is True
    assert read("STAT", form="Tablet").fhir[0]["timing"]["repeat"] == {"count": 1}
    assert read("HS", form="Tablet", days=3).fhir[0]["timing"]["repeat"]["when"] == ["HS"]
    weekly = read("QW", form="Tablet", days=28).fhir[0]["timing"]["repeat"]
    assert (weekly["frequency"], weekly["period"], weekly["periodUnit"]) == (1, 1, "wk")


amounts = st.sampled_from(["0", "½", "1", "1½", "2", "3", "0.5", "1.0", "2.50"])


@given(st.lists(amounts, min_size=3, max_size=4), st.integers(1, 180))
def test_any_pattern_reads_back_and_adds_up(parts, days):
    values = [Decimal(p.replace("½", ".5")) for p in parts]
    if not any(values):
        return
    dose = read("-".join(parts), form="Tablet", days=days)
    assert read(dose.shorthand, form="Tablet", days=days).shorthand == dose.shorthand
    whole = sum(values) * days
    assert whole <= dose.quantity < whole + 1
    told = sum(
        Decimal(str(d["doseAndRate"][0]["doseQuantity"]["value"]))
        * d["timing"]["repeat"]["frequency"]
        for d in dose.fhir
    )
    assert told == sum(values)


@given(st.text(max_size=20), st.sampled_from([start for start, _ in FORMS]))
def test_any_text_is_either_read_or_refused_and_never_prints_a_point_five(text, form):
    try:
        dose = read(text, form=form, days=5)
    except Refused as no:
        assert no.sentence != no.code
        return
    assert not re.search(r"(?<!\d)\.\d|\d\.0\b|\.5\b", dose.sentence_en + dose.sentence_hi)
    assert dose.quantity >= 1


@given(st.decimals(0, 500, places=2))
def test_plain_numbers(number):
    text = plain(number)
    assert not text.startswith(".") and not text.endswith((".0", ".5", ".00"))


SIGS = [row for row in rows("dose_phrases.csv") if row["kind"] in ("frequency", "timing", "route")]
SIGS += [row for row in rows("dose_phrases.csv") if row["kind"] in ("unit", "instruction")]


@pytest.mark.parametrize("row", SIGS, ids=lambda row: row["code_or_pattern"])
def test_every_row_of_the_phrase_list_is_read_or_refused_with_a_sentence(row):
    code = row["code_or_pattern"]
    if row["kind"] != "frequency":
        with pytest.raises(Refused) as no:
            read(code, form="Tablet", days=5)
        assert no.value.code in ("dose.note", "dose.unclear")
        assert no.value.sentence != no.value.code
        return
    dose = read(code, form="Tablet", days=30)
    assert read(dose.shorthand, form="Tablet", days=30).shorthand == dose.shorthand
    told = Decimal(row["doses_per_day"])
    if told and dose.shorthand != "STAT":  # 0: when needed, reckoned as two a day
        assert abs(dose.quantity - told * 30) <= 1


@pytest.mark.parametrize("row", [r for r in rows("dose_phrases.csv") if r["kind"] == "duration"],
                         ids=lambda row: row["code_or_pattern"])  # fmt: skip
def test_every_duration_is_read_or_refused(row):
    code = row["code_or_pattern"]
    if code in ("CONT", "DN"):
        with pytest.raises(Refused):
            read(f"1-0-1 {code}", form="Tablet")
        return
    days = int(code[1:]) * (30 if code[0] == "M" else 1)
    assert read(f"1-0-1 {code}", form="Tablet").days == days


@pytest.mark.parametrize(
    "form, typed, days, when, quantity, unit",
    [
        ("Tablet", "1-0-1 PC x5", 5, "after", 10, "tab"),
        ("Tablet", "1-0-0 x 2 weeks AC", 14, "before", 14, "tab"),
        ("Tablet", "BD x1m", 30, "", 60, "tab"),
        ("Tablet", "1-0-1x5d", 5, "", 10, "tab"),
        ("Tablet", "TIW x4w", 28, "", 12, "tab"),
        ("Tablet", "BIW 28 days", 28, "", 8, "tab"),
        ("Tablet", "QM x3m", 90, "", 3, "tab"),
        ("Tablet", "5x x5", 5, "", 25, "tab"),
        ("Tablet", "sos fever x3", 3, "", 6, "tab"),
        ("Oral liquid", "1 tsp TDS x5", 5, "", 75, "ml"),
        ("Oral liquid", "5 ml SOS x3", 3, "", 30, "ml"),
        ("Oral liquid", "2.5ml BD CC x4", 4, "with", 20, "ml"),
        ("Eye drops", "1 drop QID x7", 7, "", 1, "bottle"),
        ("Nasal drops", "2-2-2 x5", 5, "", 1, "bottle"),
        ("Nasal spray", "1 spray BD x5", 5, "", 1, "bottle"),
        ("Gel", "TDS x5", 5, "", 1, "tube"),
        ("Inhaler MDI/DPI", "2 puffs SOS x30", 30, "", 1, "inhaler"),
        ("Nebuliser solution", "STAT", None, "", 1, "respule"),
        ("Injection", "1 vial AD x10", 10, "", 5, "vial"),
        ("Injection", "OD x5", 5, "", 5, "vial"),
        ("Sachet", "SOSLOOSE x2", 2, "", 4, "sachet"),
        ("Sachet", "1-1-1 x3", 3, "", 9, "sachet"),
        ("Suppository", "HS x3", 3, "", 3, "suppository"),
        ("Pessary", "HS x6", 6, "", 6, "pessary"),
        ("Granules", "0-0-1 x10", 10, "", 10, "sachet"),
        ("Lozenge", "1-1-1 x3", 3, "", 9, "lozenge"),
        ("Transdermal patch", "OD x7", 7, "", 7, "patch"),
        ("Kit", "STAT", None, "", 1, "pack"),
    ],
)
def test_every_form_has_its_total(form, typed, days, when, quantity, unit):
    dose = read(typed, form=form)
    assert (dose.days, dose.when, dose.quantity, dose.unit) == (days, when, quantity, unit)


def test_drops_are_reckoned_when_the_bottle_is_known():
    dose = read("2 drops QID x30", form="Eye drops", pack_ml=Decimal(5))
    assert (dose.quantity, dose.unit) == (3, "bottle")  # 240 drops, 20 a ml


def test_a_tapering_course_is_one_line_with_steps():
    dose = read("2-0-0 x5 > 1-0-0 x5 > 1/2-0-0 x4", form="Tablet", when="after")
    assert (dose.days, dose.quantity, dose.pattern) == (14, 17, None)
    assert dose.shorthand == "2-0-0 x5 > 1-0-0 x5 > ½-0-0 x4"
    assert read(dose.shorthand, form="Tablet").quantity == 17
    assert dose.sentence_hi == "सुबह 2 गोली 5 दिन, फिर सुबह 1 गोली 5 दिन, फिर सुबह आधी गोली 4 दिन"
    assert dose.sentence_en.startswith("2 tablets in the morning for 5 days, then 1 tablet")
    assert [d["sequence"] for d in dose.fhir] == [1, 2, 3]
    assert [d["timing"]["repeat"]["boundsDuration"]["value"] for d in dose.fhir] == [5, 5, 4]


MANY = " > ".join(["OD x1"] * 5)


@pytest.mark.parametrize("typed", ["1-0-1 > 1-0-0 x5", "STAT > OD x5", MANY])
def test_steps_without_days_are_refused(typed):
    with pytest.raises(Refused, match=r"dose\.steps"):
        read(typed, form="Tablet", days=5)
