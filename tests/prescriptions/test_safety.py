"""Advice beside a line: what stops, what warns, what stays silent."""

import pytest

from apps.prescriptions.safety import Facts, check, stops

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


def test_pregnancy_and_age_warn_only_those_they_concern():
    assert kinds(["Enalapril"], Facts(pregnant=True)) == [[("warn", "pregnancy")]]
    assert kinds(["Enalapril"], Facts(pregnant=False)) == [[]]
    assert kinds(["Tramadol"], Facts(age_months=60)) == [[("warn", "age")]]
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
