"""Bundles that another hospital can read; the profiles are asked where their packages are."""

import json
import os
from pathlib import Path

import pytest

from apps.abdm.codes import HI_TYPES
from apps.abdm.fhir import BUILDERS, SAMPLES, build
from tests.abdm import profiles
from tests.abdm.papers import FILM, PRESCRIPTION, facts

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = Path(os.environ.get("FHIR_PACKAGES", ROOT.parent / "shared" / "fhir"))
CORE, GUIDE = "hl7.fhir.r4.core-subset-4.0.1.tgz", "ndhm.in-6.5.0.tgz"


def references(node):
    if isinstance(node, dict):
        if isinstance(node.get("reference"), str):
            yield node["reference"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


@pytest.mark.parametrize("kind", BUILDERS)
def test_it_is_a_document_that_stands_alone(kind):
    bundle = build(facts(kind))
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert bundle["type"] == "document" and len(set(urls)) == len(urls)
    assert bundle["entry"][0]["resource"]["resourceType"] == "Composition"
    assert set(references(bundle)) <= set(urls)
    assert all(entry["resource"]["meta"]["profile"] for entry in bundle["entry"])
    assert bundle["timestamp"].endswith("+05:30")
    assert "None" not in json.dumps(bundle) and json.loads(json.dumps(bundle)) == bundle


def test_the_same_paper_gives_the_same_bundle():
    assert build(facts("Prescription")) == build(facts("Prescription"))


def test_closed_slices_carry_their_type():
    (section,) = build(facts("Prescription"))["entry"][0]["resource"]["section"]
    assert [entry["type"] for entry in section["entry"]] == 2 * ["MedicationRequest"] + ["Binary"]


def test_a_script_in_a_text_is_only_letters():
    sections = build(facts("OPConsultation"))["entry"][0]["resource"]["section"]
    (advice,) = [s["text"]["div"] for s in sections if s["title"] == "Advice"]
    assert "<b>" not in advice and "&lt;b&gt;" in advice and "Drink &amp; rest" in advice


def test_an_amended_and_a_revoked_paper_say_so():
    for status, told in (("superseded", "amended"), ("entered-in-error", "entered-in-error")):
        composition = build(facts("Prescription", status=status))["entry"][0]["resource"]
        assert composition["status"] == told


def resources(bundle, kind):
    return [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == kind]


def composition(kind, **fields):
    return build(facts(kind, **fields))["entry"][0]["resource"]


def test_every_kind_of_abdm_has_a_builder():
    assert set(BUILDERS) == set(HI_TYPES)


@pytest.mark.parametrize(
    ("kind", "code", "display"),
    [
        ("Prescription", "440545006", "Prescription record"),
        ("OPConsultation", "371530004", "Clinical consultation report"),
        ("DiagnosticReport", "721981007", "Diagnostic studies report"),
        ("DischargeSummary", "373942005", "Discharge summary"),
        ("ImmunizationRecord", "41000179103", "Immunization record"),
        ("HealthDocumentRecord", "419891008", "Record artifact"),
    ],
)
def test_a_kind_is_told_by_its_code_to_the_letter(kind, code, display):
    (told,) = composition(kind)["type"]["coding"]
    assert told == {"system": "http://snomed.info/sct", "code": code, "display": display}


def test_two_kinds_are_told_by_their_words_alone():
    assert composition("WellnessRecord")["type"] == {"text": "Wellness Record"}
    assert composition("Invoice")["type"] == {"text": "Invoice Record"}


def test_sections_of_a_discharge_stand_in_the_guides_order_and_the_unnamed_ones_last():
    sections = composition("DischargeSummary")["section"]
    told = [section.get("code", {}).get("coding", [{}])[0].get("code", "") for section in sections]
    assert told == ["422843007", "425044008", "1003642006", "721981007", "1003606003",
                    "1003640003", "734163000", "", ""]  # fmt: skip
    assert sections[4]["code"]["coding"][0]["display"] == "Medication history section"


@pytest.mark.parametrize("kind", ["ImmunizationRecord", "Invoice", "DiagnosticReport"])
def test_entries_of_closed_slices_name_their_type(kind):
    bundle = build(facts(kind))
    (section,) = bundle["entry"][0]["resource"]["section"]
    kinds = {f"urn:uuid:{e['resource']['id']}": e["resource"]["resourceType"]
             for e in bundle["entry"]}  # fmt: skip
    assert [e["type"] for e in section["entry"]] == [
        kinds[e["reference"]] for e in section["entry"]
    ]


def test_vital_signs_go_where_their_profile_belongs():
    bundle = build(facts("WellnessRecord"))
    told = {section["title"]: len(section["entry"])
            for section in bundle["entry"][0]["resource"]["section"]}  # fmt: skip
    assert told == {"Vital Signs": 3, "Body Measurement": 1}
    weight = next(o for o in resources(bundle, "Observation") if o["code"]["text"] == "Weight")
    assert weight["meta"]["profile"][0].endswith("/ObservationBodyMeasurement")
    assert weight["valueQuantity"] == {"value": 62.5, "unit": "kg", "code": "kg",
                                       "system": "http://unitsofmeasure.org"}  # fmt: skip


def test_a_report_keeps_its_figures_ranges_and_flags():
    bundle = build(facts("DiagnosticReport"))
    first, _white, malaria = resources(bundle, "Observation")
    assert first["valueQuantity"] == {"value": 10.4, "unit": "g/dL"}
    assert first["referenceRange"] == [{"text": "12–15"}]
    assert first["interpretation"][0]["coding"][0]["display"] == "Low"
    assert malaria["valueString"] == "not seen" and "coding" not in malaria["code"]
    (report,) = resources(bundle, "DiagnosticReport")
    assert report["code"]["text"] == "Complete blood count; Malaria" and len(report["result"]) == 3


def test_a_study_carries_its_text_or_its_paper_as_media():
    bundle = build(facts("DiagnosticReport", content=FILM, pdf=""))
    (report,), (media,) = resources(bundle, "DiagnosticReport"), resources(bundle, "Media")
    assert report["conclusion"] == "Both lungs clear." and "result" not in report
    assert report["meta"]["profile"][0].endswith("/DiagnosticReportImaging")
    assert media["content"]["contentType"] == "text/plain"
    (media,) = resources(build(facts("DiagnosticReport", content=FILM)), "Media")
    assert media["content"]["contentType"] == "application/pdf"


def test_a_receipt_adds_up():
    (bill,) = resources(build(facts("Invoice")), "Invoice")
    assert bill["totalNet"] == {"value": 5, "currency": "INR"} and bill["status"] == "balanced"
    assert [p["type"] for p in bill["lineItem"][1]["priceComponent"]] == ["base", "discount"]


def test_a_stopped_medicine_is_told_as_stopped():
    line = {**PRESCRIPTION["medicines"][0], "stopped": "2026-11-24T09:00:00+05:30"}
    bundle = build(facts("Prescription", content={**PRESCRIPTION, "medicines": [line]}))
    assert resources(bundle, "MedicationRequest")[0]["status"] == "stopped"


def test_made_up_content_says_that_it_is_test_data():
    labels = build(facts("Invoice", is_demo=True))["meta"]["security"]
    assert [label["code"] for label in labels] == ["V", "HTEST"]
    assert [label["code"] for label in build(facts("Invoice"))["meta"]["security"]] == ["V"]


@pytest.fixture(scope="module")
def validator(tmp_path_factory):
    if not (PACKAGES / GUIDE).exists():
        pytest.skip("not run: no FHIR packages here (FHIR_PACKAGES)")
    folder = tmp_path_factory.mktemp("profiles")
    return profiles.checker(PACKAGES / CORE, PACKAGES / GUIDE, folder)


def test_every_bundle_is_valid_by_the_profiles(validator):
    made = {kind: build(facts(kind)) for kind in BUILDERS}
    made["imaging"] = build(facts("DiagnosticReport", content=FILM, pdf=""))
    wrong = {kind: faults(validator, bundle) for kind, bundle in made.items()}
    assert wrong == {kind: [] for kind in made}


def without_type(entries):
    del entries[0]["resource"]["section"][0]["entry"][0]["type"]


def without_a_status(entries):
    del next(e["resource"] for e in entries if "Body" in e["resource"]["meta"]["profile"][0])[
        "status"
    ]


def without_a_plan(entries):
    plan = next(e["resource"] for e in entries if e["resource"]["resourceType"] == "CarePlan")
    del plan["intent"]


def without_a_total(entries):
    bill = next(e["resource"] for e in entries if e["resource"]["resourceType"] == "Invoice")
    del bill["totalNet"]


@pytest.mark.parametrize(
    ("kind", "harm"),
    [
        ("Prescription", without_type),
        ("ImmunizationRecord", without_type),
        ("WellnessRecord", without_a_status),
        ("DischargeSummary", without_a_plan),
        ("Invoice", without_a_total),
    ],
)
def test_the_validator_sees_harm(validator, kind, harm):
    broken = json.loads(json.dumps(build(facts(kind))))
    harm(broken["entry"])
    assert profiles.errors(validator, broken)


# Examples of the guide that are not valid by its own profiles, and a word of what is wrong.
FAULTY = {
    # the follow-up section stands under the code of a care plan, so it comes too early
    "Bundle-OPConsultNote-example-05.json": "section",
    # its observations claim profiles that the guide does not have
    "Bundle-WellnessRecord-example-01.json": "observationvitalspanel",
}


def faults(validator, bundle):
    strange = profiles.claimed(bundle) - profiles.known(PACKAGES / GUIDE)
    return [*profiles.errors(validator, bundle), *sorted(strange)]


def test_the_guides_own_examples_are_valid_but_the_known_faulty_ones(validator):
    found = {
        path.name: faults(validator, json.loads(path.read_text("utf-8")))
        for path in sorted((PACKAGES / "examples").glob("Bundle-*.json"))
    }
    assert {name for name, wrong in found.items() if wrong} == set(FAULTY)
    assert all(word in str(found[name]).lower() for name, word in FAULTY.items())
    assert len(found) - len(FAULTY) >= 9


def test_samples_name_every_kind_without_a_screen():
    assert set(SAMPLES) == {"DischargeSummary", "ImmunizationRecord", "Invoice"}
