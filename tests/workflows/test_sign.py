"""The signature: everything at once, once, by one doctor, and frozen afterwards."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.documents import queries as papers
from apps.documents.models import DocumentReference
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.encounters.models import Condition
from apps.facilities.models import Region
from apps.labs.models import ServiceRequest
from apps.notices.models import Notice
from apps.prescriptions.models import MedicationRequest, Prescription
from apps.terminology.queries import codes
from apps.workflows import actions, queries
from tests.workflows.visits import PIN, asha_at_the_doctor, call, write

MOST_SQL = 31  # one of them reads the words on papers


@pytest.fixture
def visit(cast):
    return write(cast, call(cast, asha_at_the_doctor(cast)))


def sign(cast, visit, *, id=None, pin=PIN, by=None, **more):
    doctor = by or cast.dr_rao
    return actions.finish_consultation(
        visit.pk, id=id or uuid7(), pin=pin, actor=doctor.actor, **more
    )


def test_it_works(cast, visit):
    paper = sign(cast, visit)
    after = visits.visit(visit.pk)
    assert (after.status, after.doctor_id) == ("finished", cast.dr_rao.user.pk)
    assert (after.token.status, after.token.station) == ("waiting", "lab")
    line = MedicationRequest.objects.get(prescription__encounter=visit.pk)
    assert (line.quantity, line.unit, line.dosage["shorthand"]) == (10, "tab", "1-0-1")
    assert ServiceRequest.objects.get(encounter=visit.pk).test_code == "T-CBC"
    assert {c.code for c in Condition.objects.filter(encounter=visit.pk)} == {"T-FEVER", "T-DX1"}
    assert papers.current_of_encounter(visit.pk).pk == paper.pk
    assert Notice.objects.filter(template="prescription-ready").count() == 1
    events = set(
        AuditEvent.objects.filter(patient_id=visit.patient_id).values_list("event", flat=True)
    )
    assert {"consultation.signed", "prescription.signed", "document.issued",
            "encounter.finished", "test.ordered"} <= events  # fmt: skip


def test_the_paper_keeps_the_code_of_each_vital_sign(cast, visit):
    [pressure] = sign(cast, visit).content["vitals"]
    assert (pressure["code"], pressure["value"]) == ("BP", "158/96")


def test_the_paper_says_it_in_both_languages(cast, visit):
    content = sign(cast, visit).content
    medicine = content["medicines"][0]
    assert (medicine["name"], medicine["name_hi"]) == ("Paracetamol 500 mg", "पैरासिटामोल 500 mg")
    assert medicine["pattern"] == ["1", "0", "1"]
    assert medicine["sentence_hi"] == "सुबह 1 गोली, रात 1 गोली"
    assert (medicine["quantity"], medicine["unit_hi"], medicine["stock"]) == ("10", "गोली", "out")
    assert content["complaints"] == [{"hi": "बुखार · 3 दिन", "en": "Fever · 3 days"}]
    assert content["diagnoses"] == [{"hi": "बुखार", "en": "Fever", "code": "R50.9"}]
    assert content["allergies"]["status"] == "unknown"
    assert content["signer"]["registration_no"] == "DEMO-0001"
    assert content["token"].startswith("M-") and content["slip"] == visit.number
    assert content["patient"]["mobile_last4"] == "2714"
    assert "9835022714" not in str(content)
    assert content["follow_up"]["weekday_en"].endswith("day")


def test_it_costs_few_queries(cast, visit):
    Region.objects.create(kind="district", code="203", name_en="Purnia", name_hi="पूर्णिया")
    queries.work(visit, queries.patient_of(visit))  # map and catalogues are in memory, as always
    codes("test", [])
    with CaptureQueriesContext(connection) as asked:
        sign(cast, visit)
    real = [q["sql"] for q in asked if "SAVEPOINT" not in q["sql"]]
    assert len(real) <= MOST_SQL, "\n".join(sql[:90] for sql in real)


def test_it_is_safe_to_send_twice(cast, visit):
    same = uuid7()
    first = sign(cast, visit, id=same)
    again = sign(cast, visit, id=same)
    assert first.pk == again.pk
    assert DocumentReference.objects.filter(encounter=visit.pk).count() == 1
    assert Prescription.objects.filter(encounter=visit.pk).count() == 1
    assert Notice.objects.filter(template="prescription-ready").count() == 1


def test_a_second_signature_is_refused(cast, visit):
    sign(cast, visit)
    with pytest.raises(Refused, match=r"consult\.signed"):
        sign(cast, visit)
    assert DocumentReference.objects.filter(encounter=visit.pk).count() == 1


def test_nothing_can_be_written_after_it(cast, visit):
    sign(cast, visit)
    signed = visits.visit(visit.pk)
    with pytest.raises(Refused, match=r"consult\.signed"):
        actions.edit(
            visit.pk, what="text", version=signed.draft_version, actor=cast.dr_rao.actor,
            field="notes", text="late",
        )  # fmt: skip
    with pytest.raises(Refused, match=r"visit\.closed"):
        encounters.save_draft(
            visit.pk, draft={}, version=signed.draft_version, actor=cast.dr_rao.actor
        )


def test_a_wrong_pin_signs_nothing_and_is_counted(cast, visit):
    with pytest.raises(Refused, match=r"pin\.wrong"):
        sign(cast, visit, pin="0000")
    assert visits.visit(visit.pk).status != "finished"
    assert AuditEvent.objects.filter(event="pin.refused", user_id=cast.dr_rao.user.pk).count() == 1
    assert not Prescription.objects.exists()


@pytest.mark.parametrize(
    "parts, code",
    [
        ({"complaints": [], "diagnoses": []}, "consult.finding"),
        ({"medicines": [], "tests": [], "advice": []}, "consult.plan"),
        ({"medicines": [{"code": "T-PARA", "dose": "", "when": "after", "days": 5,
                         "quantity": None, "note": ""}]}, "dose.empty"),
        ({"medicines": [{"code": "T-GONE", "dose": "1-0-1", "when": "after", "days": 5,
                         "quantity": None, "note": ""}]}, "prescription.unknown_medicine"),
    ],
)  # fmt: skip
def test_it_refuses_an_unready_draft_and_writes_nothing(cast, visit, parts, code):
    write(cast, visit, **parts)
    with pytest.raises(Refused) as no:
        sign(cast, visit)
    assert no.value.code == code
    assert visits.visit(visit.pk).status != "finished"
    assert not Prescription.objects.exists() and not ServiceRequest.objects.exists()
    assert not DocumentReference.objects.exists() and not Notice.objects.exists()


def test_a_draft_without_medicines_can_be_signed(cast, visit):
    write(cast, visit, medicines=[])
    paper = sign(cast, visit)
    assert paper.content["medicines"] == []
    assert not Prescription.objects.exists()


def test_it_refuses_a_draft_that_changed_since_it_was_seen(cast, visit):
    with pytest.raises(Refused, match=r"draft\.conflict"):
        sign(cast, visit, version=visit.draft_version - 1)
    assert sign(cast, visit, version=visit.draft_version)


def test_an_allergy_stops_until_a_reason_is_written(cast):
    visit = call(cast, asha_at_the_doctor(cast, allergy="PENICILLIN"))
    line = {"code": "T-AMOX", "dose": "1-1-1", "when": "after", "days": 5, "quantity": None}
    visit = write(cast, visit, medicines=[line])
    with pytest.raises(Refused, match=r"prescription\.allergy"):
        sign(cast, visit)
    write(cast, visit, medicines=[{**line, "reason": "Tolerated twice last year"}])
    sign(cast, visit)
    told = AuditEvent.objects.get(event="prescription.signed", patient_id=visit.patient_id)
    assert told.detail["allergy_overridden"] == ["T-AMOX"]
    assert "Tolerated" not in str(told.detail)
    kept = MedicationRequest.objects.get().dosage["allergy_override"]
    assert kept == "Tolerated twice last year"


@pytest.mark.parametrize("who", ["ravi", "rita", "meena", "manager"])
def test_only_a_doctor_signs(cast, visit, who):
    with pytest.raises(Forbidden):
        sign(cast, visit, by=getattr(cast, who))
    assert visits.visit(visit.pk).status != "finished"


def test_a_patient_without_a_mobile_gets_no_message(cast):
    visit = write(cast, call(cast, asha_at_the_doctor(cast, mobile="")))
    sign(cast, visit)
    assert not Notice.objects.exists()
