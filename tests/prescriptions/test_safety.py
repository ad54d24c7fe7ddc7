"""Advice beside a line: what stops, what warns, what stays silent."""

import pytest

from apps.prescriptions.safety import Drug, Facts, check, illnesses, stops

PENICILLIN = Facts(allergies=({"code": "PENICILLIN", "en": "Penicillin group", "hi": "पेनिसिलिन"},))


def kinds(names, facts=None):
    return [[(f.level, f.kind) for f in row] for row in check(names, facts or Facts())]


def test_it_works():
    (found,) = check(["Amoxicillin"], PENICILLIN)
    assert [(f.level, f.kind, f.with_en) for f in found] == [
        ("stop", "allergy", "Penicillin group")
    ]
    assert "sign-off" in found[0].provenance


@pytest.mark.parametrize("name", ["Amoxicillin + Clavulanic acid", "Benzathine benzylpenicillin"])
def test_combinations_and_relatives_of_the_class_stop(name):
    assert stops(name, PENICILLIN)


def test_a_distant_relative_only_warns():
    assert kinds(["Cephalexin"], PENICILLIN) == [[("warn", "cross")]]
    assert stops("Cephalexin", PENICILLIN) is None


def test_the_very_medicine_on_record_stops_without_a_class():
    facts = Facts(allergies=({"code": "OTHER", "en": "Ibuprofen", "hi": ""},))
    assert stops("Ibuprofen", facts)
    assert stops("Paracetamol", facts) is None


def test_what_is_contraindicated_stops_only_those_it_concerns():
    assert kinds(["Enalapril"], Facts(pregnant=True)) == [[("stop", "condition")]]
    assert kinds(["Enalapril"], Facts(pregnant=False)) == [[]]
    assert kinds(["Tramadol"], Facts(age_months=60)) == [[("stop", "age")]]
    assert kinds(["Tramadol"], Facts(age_months=400)) == [[]]


def test_the_same_ingredient_twice_is_said_once_at_the_later_line():
    assert kinds(["Paracetamol", "Ibuprofen + Paracetamol"]) == [[], [("warn", "double")]]


def test_a_major_interaction_is_said_once_in_whatever_order():
    assert kinds(["Warfarin", "Ibuprofen"]) == [[], [("warn", "interaction")]]
    assert kinds(["Ibuprofen", "Warfarin"]) == [[], [("warn", "interaction")]]


def test_an_ordinary_prescription_is_left_in_peace():
    assert kinds(["Paracetamol", "Cetirizine", "Oral rehydration salts"], PENICILLIN) == [
        [],
        [],
        [],
    ]


@pytest.mark.parametrize(
    "name, facts, level",
    [
        ("Propranolol", Facts(illnesses=illnesses(["J45.9"])), "stop"),
        ("Diclofenac", Facts(illnesses=illnesses(["A97.0"])), "stop"),
        ("Metformin", Facts(illnesses=illnesses(["N18.5"])), "stop"),
        ("Metformin", Facts(illnesses=illnesses(["N18.5"]), egfr=45), ""),  # the test knows better
        ("Metformin", Facts(egfr=22), "stop"),
        ("Ibuprofen", Facts(egfr=55), "warn"),
        ("Tramadol", Facts(illnesses=illnesses(["G40.9"])), "warn"),
        ("Diclofenac", Facts(pregnant=True, weeks=12), "warn"),
        ("Diclofenac", Facts(pregnant=True, weeks=30), "stop"),
        ("Albendazole", Facts(pregnant=True, weeks=10), "warn"),
        ("Carbimazole", Facts(pregnant=True, weeks=20), ""),
        ("Tramadol", Facts(illnesses=illnesses(["Z39.1"])), "warn"),
        ("Paracetamol", Facts(pregnant=True, illnesses=illnesses(["J45", "A90"])), ""),
    ],
)
def test_an_illness_a_pregnancy_or_a_kidney_test_speaks(name, facts, level):
    (found,) = check([name], facts)
    assert [f.level for f in found] == ([level] if level else [])
    assert all(f.rule and f.provenance and f.title and f.text for f in found)


def test_a_cream_or_an_eye_drop_is_not_swallowed():
    drops = Drug("Timolol", "S01ED", "Ophthalmic", "Eye drops")
    assert check([drops], Facts(illnesses=frozenset({"asthma"})))[0][0].level == "stop"
    gel = Drug("Diclofenac", "M02AA", "Topical", "Gel")
    assert check([gel, Drug("Warfarin", "B01AA03", "Oral")], Facts())[1] == []


def test_two_of_one_group_are_told_but_not_tuberculosis_medicines():
    pair = [Drug("Losartan", "C09CA01", "Oral"), Drug("Telmisartan", "C09CA07", "Oral")]
    assert [f.kind for f in check(pair, Facts())[1]] == ["class"]
    tb = [Drug("Pyrazinamide", "J04AK01", "Oral"), Drug("Ethambutol", "J04AK02", "Oral")]
    assert check(tb, Facts())[1] == []


def test_the_row_names_what_to_give_instead_and_which_line_it_replaces():
    (found,) = check(["Warfarin", "Ibuprofen"], Facts())[1]
    assert (found.instead, found.index) == ("paracetamol", 1)
    (found,) = check(["Ibuprofen", "Warfarin"], Facts())[1]
    assert (found.instead, found.index) == ("paracetamol", 0)


def test_the_committee_switches_a_row_off_or_gives_it_another_level():
    pair = ["Warfarin", "Ibuprofen"]
    assert check(pair, Facts(), {"DDI002": "off"}) == [[], []]
    assert check(pair, Facts(), {"DDI002": "stop"})[1][0].level == "stop"
    assert check(["Amoxicillin"], PENICILLIN, {"ALG001": "warn"})[0][0].kind == "cross"
    hydro = ["Hydrochlorothiazide"]
    sulfa = Facts(allergies=({"code": "SULFONAMIDE", "en": "Sulfa", "hi": ""},))
    assert check(hydro, sulfa) == [[]]  # "inform": silent until the committee wants it said
    assert check(hydro, sulfa, {"ALG007": "info"})[0][0].level == "info"
