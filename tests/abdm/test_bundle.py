"""The bundle of a paper that was really signed."""

from django.db import connection

from apps.abdm import queries
from apps.core.ids import uuid7
from apps.patients.models import Patient
from apps.workflows import actions as workflows
from tests.abdm.test_fhir import references
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
