"""The bundle of a paper that was really signed."""

import json

from django.core.management import call_command
from django.db import connection

from apps.abdm import queries
from apps.core.ids import uuid7
from apps.labs import actions as labs
from apps.patients.models import Patient
from apps.workflows import actions as workflows
from tests.abdm.test_fhir import references, resources
from tests.labs.samples import collected, radiologist, verified
from tests.labs.test_imaging import radiographer, study
from tests.workflows.visits import PIN, asha_at_the_doctor, call, write


def test_it_works(cast, django_assert_max_num_queries):
    visit = write(cast, call(cast, asha_at_the_doctor(cast)))
    Patient.objects.filter(pk=visit.patient_id).update(abha_number="91000000001016")
    paper = workflows.finish_consultation(visit.pk, id=uuid7(), pin=PIN, actor=cast.dr_rao.actor)
    with django_assert_max_num_queries(3):
        bundle = queries.bundle(paper.pk)
    found = {entry["resource"]["resourceType"]: entry["resource"] for entry in bundle["entry"]}
    assert found["Patient"]["identifier"][1]["value"] == "91-0000-0000-1016"
    assert found["Patient"]["birthDate"].isdecimal()  # only the year is known
    assert found["MedicationRequest"]["medicationCodeableConcept"]["text"] == "Paracetamol 500 mg"
    assert found["Encounter"]["identifier"][0]["value"] == visit.number
    urls = {entry["fullUrl"] for entry in bundle["entry"]}
    assert set(references(bundle)) <= urls


def test_another_hospitals_paper_is_not_there(cast):
    connection.set_tenant(cast.blue)
    assert queries.bundle(uuid7()) is None


def test_the_doctors_paper_is_the_visits_note_and_its_vital_signs(cast):
    visit = write(cast, call(cast, asha_at_the_doctor(cast)))
    paper = workflows.finish_consultation(visit.pk, id=uuid7(), pin=PIN, actor=cast.dr_rao.actor)
    made = {kind: queries.bundle(paper.pk, kind=kind) for kind in ("Prescription",
                                                                   "OPConsultation")}  # fmt: skip
    ids = {bundle["id"] for bundle in made.values()}
    assert len(ids) == 2 and str(paper.pk) in ids
    assert queries.bundle(paper.pk, kind="OPConsultation") == made["OPConsultation"]
    assert queries.bundle(paper.pk, kind="Invoice") is None
    measured = bool(paper.content["vitals"])
    assert (queries.bundle(paper.pk, kind="WellnessRecord") is not None) == measured


def test_a_report_that_the_laboratory_signed(cast):
    _visit, samples = collected(cast, "HB")
    report = verified(cast, samples[0], HB="9.1")[0]
    bundle = queries.bundle(report.document_id)
    (found,) = resources(bundle, "DiagnosticReport")
    assert found["meta"]["profile"][0].endswith("/DiagnosticReportLab")
    assert 9.1 in [row["valueQuantity"]["value"] for row in resources(bundle, "Observation")]


def test_a_study_that_the_radiologist_signed(cast):
    _visit, order = study(cast)
    labs.study_done(order.pk, films=1, actor=radiographer(cast))
    report = labs.sign_study(order.pk, id=uuid7(), text="Clear.", pin=PIN,
                             actor=radiologist(cast).actor)  # fmt: skip
    bundle = queries.bundle(report.document_id)
    (found,) = resources(bundle, "DiagnosticReport")
    assert found["conclusion"] == "Clear." and resources(bundle, "Media")


def test_one_bundle_of_each_kind_is_written(cast, tmp_path, capsys):
    visit = write(cast, call(cast, asha_at_the_doctor(cast)))
    workflows.finish_consultation(visit.pk, id=uuid7(), pin=PIN, actor=cast.dr_rao.actor)
    call_command("export_bundles", str(tmp_path), facility=cast.green.slug)
    told = capsys.readouterr().out
    written = {path.stem for path in tmp_path.glob("*.json")}
    assert {"Prescription", "OPConsultation", "Invoice", "DischargeSummary",
            "ImmunizationRecord"} <= written  # fmt: skip
    assert "made-up content" in told and "no paper of this kind yet" in told
    sample = json.loads((tmp_path / "Invoice.json").read_text("utf-8"))
    assert sample["meta"]["security"][1]["code"] == "HTEST"
