"""What stands between a slip of the hand and the patient: on the draft, at the signature."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.labs.models import DiagnosticReport, ServiceRequest
from apps.patients import queries as patients
from apps.pharmacy import actions as pharmacy
from apps.prescriptions.models import MedicationRequest
from apps.terminology.actions import define
from apps.workflows import actions, queries, suggest
from apps.workflows.draft import opened
from tests.terminology.test_define import STATE
from tests.workflows.visits import PIN, asha_at_the_doctor, call, write


@pytest.fixture
def visit(cast):
    return call(cast, asha_at_the_doctor(cast, pregnant=True))


def line(code, dose="1-0-1", **more):
    return {"code": code, "dose": dose, "when": "after", "days": 5, "quantity": None,
            "note": "", "reason": ""} | more  # fmt: skip


def work(visit):
    now = visits.visit(visit.pk)
    return queries.work(now, queries.patient_of(now))


def edit(cast, visit, what, **told):
    version = visits.visit(visit.pk).draft_version
    actions.edit(visit.pk, what=what, version=version, actor=cast.dr_rao.actor, **told)
    return visits.visit(visit.pk).draft


def sign(cast, visit):
    return actions.finish_consultation(visit.pk, id=uuid7(), pin=PIN, actor=cast.dr_rao.actor)


def test_it_works(cast, visit):
    write(cast, visit, medicines=[line("T-ENAL")])
    with pytest.raises(Refused, match=r"prescription\.stopped"):
        sign(cast, visit)
    reason = {"dose": "1-0-1", "days": 5, "reason": "specialist's plan"}
    draft = edit(cast, visit, "medicine", index=0, typed=reason)
    assert draft["medicines"][0]["answered"] == ["DCA001"]
    sign(cast, visit)
    told = AuditEvent.objects.get(event="prescription.signed", patient_id=visit.patient_id)
    assert told.detail["overridden"] == {"T-ENAL": ["DCA001"]}
    assert "specialist" not in str(told.detail)
    kept = MedicationRequest.objects.get().dosage
    assert (kept["allergy_override"], kept["overridden"]) == ("specialist's plan", ["DCA001"])


def test_a_stop_that_comes_after_the_reason_asks_again(cast, visit):
    write(cast, visit, medicines=[line("T-IBU", "1-0-0")])
    edit(cast, visit, "medicine", index=0, typed={"dose": "1-0-0", "days": 5, "reason": "pain"})
    assert not work(visit).lines[0].stopped
    edit(cast, visit, "medicine", index=0, typed={"dose": "10-0-0", "days": 5})
    found = work(visit).lines[0]
    assert found.stops == ["DOSE004"] and found.findings[0].kind == "tenfold"


def test_the_committee_switches_a_rule_for_every_screen(cast, visit):
    write(cast, visit, medicines=[line("T-ENAL")])
    assert work(visit).lines[0].stopped
    rule = {"id": uuid7(), "provenance": "committee", "actor": STATE}
    define("rule", "DCA001", body={"level": "warn"}, **rule)
    assert [f.level for f in work(visit).lines[0].findings] == ["warn"]
    define("rule", "DCA001", body={}, active=False, **rule | {"id": uuid7()})
    assert work(visit).lines[0].findings == []


def test_one_press_changes_to_what_the_source_names(cast, visit):
    write(cast, visit, medicines=[line("T-WARF", "1-0-0"), line("T-IBU")])
    row = suggest.shown(work(visit))[1]
    fix = next(f["fix"] for f in row["findings"] if f["f"].rule == "DDI002")
    assert (fix["code"], fix["name"]) == ("T-PARA", "Paracetamol 500 mg")
    draft = edit(cast, visit, "replace", index=fix["index"], code=fix["code"])
    assert [(m["code"], m["dose"]) for m in draft["medicines"]] == [
        ("T-WARF", "1-0-0"), ("T-PARA", ""),
    ]  # fmt: skip
    assert edit(cast, visit, "undo")["medicines"][-1]["code"] == "T-IBU"
    with pytest.raises(Refused, match=r"draft\.no_instead"):
        edit(cast, visit, "replace", index=0, code="NOPE")


def test_what_is_not_on_the_shelf_offers_what_is(cast, visit):
    write(cast, visit, medicines=[line("T-SYR", "5 ml TDS")])
    assert suggest.shown(work(visit))[0]["others"] == []
    pharmacy.receive(
        id=uuid7(), medication_code="T-PARA", batch_no="B1", quantity=Decimal(40), unit="tab",
        expiry=timezone.localdate() + timedelta(days=90), source="test", store="counter-1",
        actor=cast.meena.actor,
    )  # fmt: skip
    (other,) = suggest.shown(work(visit))[0]["others"]
    assert (other["code"], other["on_hand"]) == ("T-PARA", 40)


def test_a_long_term_illness_is_kept_at_the_signature_and_speaks_next_time(cast, visit):
    write(cast, visit)
    edit(cast, visit, "add", part="diagnoses", code="T-DX2")
    draft = edit(cast, visit, "long", index=1)
    assert draft["diagnoses"][1]["long"]
    assert patients.banner(visit.patient_id)["conditions"] == []
    sign(cast, visit)
    (kept,) = patients.banner(visit.patient_id)["conditions"]
    assert (kept["icd"], kept["en"]) == ("I10", "Hypertension")
    event = AuditEvent.objects.get(event="patient.conditions_marked")
    assert event.detail == {"codes": ["I10"]}


def next_visit(cast, visit, **parts):
    sign(cast, write(cast, visit, **parts))
    again = encounters.start_visit(
        visit.patient_id, id=uuid7(), department="MED", actor=cast.ravi.actor
    )
    encounters.skip_vitals(again.pk, reason="urgent", actor=cast.rita.actor)
    return call(cast, visits.visit(again.pk))


def test_a_refill_brings_the_long_term_medicines_and_the_illness(cast, visit):
    long = [{"code": "T-DX2", "icd": "I10", "hi": "उच्च रक्तचाप", "en": "Hypertension", "long": True}]
    months = [line("T-PARA", "1-0-0", days=30), line("T-SYR", "5 ml TDS", days=3)]
    again = next_visit(cast, visit, diagnoses=long, complaints=[], medicines=months)
    draft = edit(cast, again, "refill")
    assert [(m["code"], m["days"]) for m in draft["medicines"]] == [("T-PARA", 30)]
    assert [d["icd"] for d in draft["diagnoses"]] == ["I10"]
    sign(cast, again)


def test_a_test_of_last_week_is_asked_about_panels_too(cast, visit):
    panel = {"code": "P-CBC", "hi": "सीबीसी", "en": "CBC", "tests": ["T-HB"]}
    again = next_visit(cast, visit, tests=[panel])
    ordered = ServiceRequest.objects.get(encounter=visit.pk)
    assert ordered.test_code == "T-HB"
    edit(cast, again, "choose", part="tests", codes=["T-HB", "T-CBC"])
    assert set(work(again).repeated) == {"T-HB"}
    ServiceRequest.objects.update(ordered_at=timezone.now() - timedelta(days=8))
    assert work(again).repeated == {}


def test_a_kidney_test_speaks_when_a_medicine_asks(cast, visit):
    ordered = ServiceRequest.objects.create(
        encounter_id=visit.pk, test_code="CREA", display_en="Creatinine",
        ordered_by_id=cast.dr_rao.user.pk,
    )  # fmt: skip
    DiagnosticReport.objects.create(
        request=ordered, patient_id=visit.patient_id, status="final",
        results=[{"code": "CREA", "value": "2.4", "unit": "mg/dL"}],
    )  # fmt: skip
    write(cast, visit, medicines=[line("T-IBU")])
    found = work(visit)
    assert found.facts.egfr is not None and found.facts.egfr < 30
    assert "DCA030" in {f.rule for f in found.lines[0].findings}


@pytest.mark.parametrize("who", ["ravi", "rita", "meena", "manager"])
def test_nobody_but_a_doctor_signs_on_any_route(cast, visit, who):
    """An operator in the room drafts by page; every way to a signature is shut."""
    write(cast, visit)
    hands = getattr(cast, who).client()
    given = {"id": str(uuid7()), "version": visits.visit(visit.pk).draft_version, "pin": PIN}
    for ask in (hands.get, hands.post):
        assert ask(f"/opd/{visit.number}/sign", given).status_code == 403
    if who in ("ravi", "rita"):
        told = hands.get(f"/opd/{visit.number}/").content.decode()
        assert 'id="finish"' not in told and f"/opd/{visit.number}/sign" not in told
        data = {"op": "text:notes", "text": "chest clear", "version": given["version"]}
        assert hands.post(f"/opd/{visit.number}/draft", data).status_code == 302
    if who == "ravi":  # what was before this visit is not for an operator
        assert hands.get(f"/opd/{visit.number}/side").status_code == 403


@pytest.mark.parametrize(
    ("form", "years", "unlikely"),
    [
        ("Oral liquid", 34, True), ("Oral liquid", 12, True), ("Oral liquid", 11, False),
        ("Tablet", 5, True), ("Tablet", 6, False), ("Tablet, dispersible", 2, False),
        ("Injection", 2, False), ("Tablet", None, False),
    ],
)  # fmt: skip
def test_what_an_age_rarely_takes_stands_lower(form, years, unlikely):
    drug = SimpleNamespace(form=form, generic_name="Any", strength="1")
    assert suggest._is_unlikely(drug, years) is unlikely


def test_a_search_strikes_what_is_contraindicated_and_shows_tall_letters(cast, visit):
    (found,) = [
        row
        for row in suggest.search(
            "medicine", "enal", visit=visits.visit(visit.pk), doctor_id=cast.dr_rao.user.pk
        )
        if row["code"] == "T-ENAL"
    ]
    assert found["stopped"].rule == "DCA001"


def test_the_usual_comes_first(cast, visit):
    sign(cast, write(cast, visit, medicines=[], diagnoses=[], complaints=[
        {"code": "T-FEVER", "hi": "बुखार", "en": "Fever", "days": 3}]))  # fmt: skip
    offered = suggest.suggestions(opened({}), doctor_id=cast.dr_rao.user.pk)
    assert offered["complaints"][0].code == "T-FEVER"
    assert offered["tests"][0]["code"] == "P-CBC"
