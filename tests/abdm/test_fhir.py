"""Bundles that another hospital can read; the profiles are asked where their packages are."""

import json
import os
from pathlib import Path

import pytest

from apps.abdm.fhir import BUILDERS, build
from tests.abdm import profiles
from tests.abdm.papers import facts

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


def test_every_bundle_is_valid_by_the_profiles(tmp_path):
    if not (PACKAGES / GUIDE).exists():
        pytest.skip("not run: no FHIR packages here (FHIR_PACKAGES)")
    validator = profiles.checker(PACKAGES / CORE, PACKAGES / GUIDE, tmp_path)
    wrong = {kind: profiles.errors(validator, build(facts(kind))) for kind in BUILDERS}
    assert wrong == {kind: [] for kind in BUILDERS}
    broken = build(facts("Prescription"))
    del broken["entry"][0]["resource"]["section"][0]["entry"][0]["type"]
    assert profiles.errors(validator, broken)  # it can see
