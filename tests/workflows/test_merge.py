"""Two records of one human: joined, and taken apart again."""

import pytest
from django.db import connection

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.encounters import actions as encounters
from apps.encounters.models import Encounter
from apps.patients import actions as patients
from apps.patients import queries
from apps.patients.models import AllergyIntolerance, Patient
from apps.persons.models import PersonLink
from apps.workflows.actions import patient_merge
from tests.encounters import people


def allergic(cast, patient, code):
    return patients.record_allergy(
        patient.pk, id=uuid7(), code=code, display_en=code, actor=cast.rita.actor
    )


@pytest.fixture
def two(cast):
    """A newer record (an allergy, a visit of today) and the older one that stays."""
    kept = people.asha(cast, mobile="", village="मझेली")
    done = encounters.start_visit(kept.pk, id=uuid7(), department="GYN", actor=cast.ravi.actor)
    encounters.finish(done.pk, actor=cast.dr_rao.actor)
    gone = people.asha(cast, name_hi="आशा", village="Majheli")
    allergic(cast, gone, "PENICILLIN")
    encounters.start_visit(gone.pk, id=uuid7(), department="MED", actor=cast.ravi.actor)
    return gone, kept


@pytest.fixture
def head(cast):
    return cast.member("head", "DS", cast.green)


def owners():
    """Whose each row is, to compare before and after."""
    return {
        "visits": dict(Encounter.objects.values_list("pk", "patient_id")),
        "allergies": dict(AllergyIntolerance.objects.values_list("pk", "patient_id")),
        "links": dict(PersonLink.objects.values_list("pk", "patient_id")),
        "people": list(
            Patient.objects.order_by("pk").values_list(
                "pk", "mobile", "village", "search_key", "replaced_by", "mother"
            )
        ),
    }


def test_it_works(cast, two, head):
    gone, kept = two
    baby = people.asha(cast, name_hi="शिशु", known=patients.Known(mother_id=gone.pk))
    moved = patient_merge.merge(gone.pk, into=kept.pk, actor=head.actor)
    assert moved == {
        "links": 1, "allergies": 1, "children": 1, "visits": 1, "papers": 0, "reports": 0,
        "contexts": 0, "consents": 0,
    }  # fmt: skip
    kept.refresh_from_db()
    baby.refresh_from_db()
    assert (kept.mobile, kept.village, baby.mother_id) == ("9835022714", "मझेली", kept.pk)
    assert Encounter.objects.filter(patient=kept).count() == 2
    assert queries.allergies(kept.pk)["status"] == "known"
    assert {row["id"] for row in queries.of_mobile("9835022714")} == {kept.pk, baby.pk}
    assert gone.pk not in {row["id"] for row in queries.search("asha")}
    trail = AuditEvent.objects.filter(event="patient.merged", patient_id=gone.pk)
    assert trail.get().detail["into"] == str(kept.pk)


def test_undoing_brings_exactly_those_rows_back(cast, two, head):
    gone, kept = two
    before = owners()
    patient_merge.merge(gone.pk, into=kept.pk, actor=head.actor)
    later = allergic(cast, kept, "SULFA")
    patient_merge.unmerge(gone.pk, actor=head.actor)
    after = owners()
    assert after["allergies"].pop(later.pk) == kept.pk
    assert after == before
    assert AuditEvent.objects.filter(event="patient.unmerged").count() == 2
    with pytest.raises(Refused, match=r"merge\.not_merged"):
        patient_merge.unmerge(gone.pk, actor=head.actor)


def test_two_links_rest_and_come_back(cast, two, head):
    gone, _ = two
    other = people.asha(cast, mobile="9835022799", age=35)
    patient_merge.merge(gone.pk, into=other.pk, actor=head.actor)
    link = PersonLink.objects.get(patient_id=gone.pk)
    assert link.status == "ended"
    patient_merge.unmerge(gone.pk, actor=head.actor)
    link.refresh_from_db()
    assert (link.status, link.patient_id) == ("active", gone.pk)


def test_it_is_safe_to_send_twice(cast, two, head):
    gone, kept = two
    first = patient_merge.merge(gone.pk, into=kept.pk, actor=head.actor)
    assert patient_merge.merge(gone.pk, into=kept.pk, actor=head.actor) == first
    assert AuditEvent.objects.filter(event="patient.merged").count() == 2


def test_it_refuses(cast, two, head):
    gone, kept = two
    third = people.asha(cast, mobile="9835022711", known=patients.Known(abha_number="9" * 14))
    Patient.objects.filter(pk=kept.pk).update(abha_number="1" * 14)

    def code(one, other):
        with pytest.raises(Refused) as refused:
            patient_merge.merge(one, into=other, actor=head.actor)
        assert refused.value.sentence != refused.value.code
        return refused.value.code

    assert code(gone.pk, gone.pk) == "merge.same"
    assert code(gone.pk, uuid7()) == "patient.not_found"
    assert code(third.pk, kept.pk) == "merge.abha"
    encounters.start_visit(kept.pk, id=uuid7(), department="MED", actor=cast.ravi.actor)
    assert code(gone.pk, kept.pk) == "merge.two_tokens"
    patient_merge.merge(gone.pk, into=third.pk, actor=head.actor)
    assert code(gone.pk, kept.pk) == "merge.merged"
    assert code(kept.pk, gone.pk) == "merge.merged"


def test_a_chain_is_undone_from_its_end(cast, head):
    one, two, three = (people.asha(cast, mobile=f"983502271{n}") for n in range(3))
    patient_merge.merge(one.pk, into=two.pk, actor=head.actor)
    patient_merge.merge(two.pk, into=three.pk, actor=head.actor)
    with pytest.raises(Refused, match=r"merge\.later"):
        patient_merge.unmerge(one.pk, actor=head.actor)
    patient_merge.unmerge(two.pk, actor=head.actor)
    patient_merge.unmerge(one.pk, actor=head.actor)


def test_a_replaced_record_gets_no_token_and_leads_on(cast, two, head):
    gone, kept = two
    patient_merge.merge(gone.pk, into=kept.pk, actor=head.actor)
    with pytest.raises(Refused, match=r"patient\.merged"):
        encounters.start_visit(gone.pk, id=uuid7(), department="GYN", actor=cast.ravi.actor)
    with pytest.raises(Refused, match=r"patient\.merged"):
        patients.edit(gone.pk, village="x", actor=cast.ravi.actor)
    answer = cast.ravi.client().get(f"/reg/again/{gone.pk}/")
    assert answer["Location"] == f"/reg/again/{kept.pk}/"


def test_both_stand_side_by_side(cast, two, head):
    gone, kept = two
    page = head.client()
    first = page.get(f"/patients/merge?a={gone.pk}").content.decode()
    assert f"b={kept.pk}" in first
    address = f"/patients/merge?a={gone.pk}&b={kept.pk}"
    shown = page.get(address).content.decode()
    assert gone.mrn in shown
    assert kept.mrn in shown
    told = {"a": gone.pk, "b": kept.pk}
    assert page.post("/patients/merge", told).status_code == 409
    answer = page.post("/patients/merge", {**told, "keep": kept.pk})
    assert answer["Location"] == f"/patients/{kept.pk}/identity"
    assert f"/patients/{gone.pk}/unmerge" in page.get(answer["Location"]).content.decode()
    page.post(f"/patients/{gone.pk}/unmerge")
    connection.set_tenant(cast.green)
    assert Patient.objects.get(pk=gone.pk).replaced_by_id is None


def test_an_unknown_person_becomes_a_known_one(cast, two, head):
    _, kept = two
    visit = encounters.receive_unknown(
        patient_id=uuid7(), id=uuid7(), sex="female", actor=cast.ravi.actor
    )
    patient_merge.merge(visit.patient_id, into=kept.pk, actor=head.actor)
    assert Encounter.objects.get(pk=visit.pk).patient_id == kept.pk


def test_a_clerk_and_another_hospital_may_not(cast, two):
    gone, kept = two
    with pytest.raises(Forbidden):
        patient_merge.merge(gone.pk, into=kept.pk, actor=cast.ravi.actor)
    with pytest.raises(Forbidden):
        patient_merge.unmerge(gone.pk, actor=cast.ravi.actor)
    with facility_context(cast.blue.pk), pytest.raises(Refused, match=r"patient\.not_found"):
        head = cast.member("blue_head", "DS", cast.blue)
        patient_merge.merge(gone.pk, into=kept.pk, actor=head.actor)
