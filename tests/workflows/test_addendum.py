"""After the signature: an addendum below it, never a change of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts import actions as accounts
from apps.accounts.permissions import Role
from apps.audit.events import Event
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.documents import queries as papers
from apps.documents.models import DocumentReference
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.labs import queries as labs
from apps.notices.models import Notice
from apps.prescriptions import later
from apps.prescriptions.models import MedicationRequest, Prescription
from apps.workflows import actions
from apps.workflows.actions import Addition
from tests.workflows.visits import PIN, asha_at_the_doctor, call, write


@pytest.fixture
def signed(cast, settings, tmp_path):
    """Asha's visit, signed by Dr Rao: paracetamol, a blood count, come again in a week."""
    settings.MEDIA_ROOT = tmp_path
    visit = write(cast, call(cast, asha_at_the_doctor(cast)))
    actions.finish_consultation(visit.pk, id=uuid7(), pin=PIN, actor=cast.dr_rao.actor)
    return visits.visit(visit.pk)


def line(code, dose="1-0-1", days=5):
    return {"code": code, "dose": dose, "when": "after", "days": days, "quantity": None,
            "note": "", "reason": ""}  # fmt: skip


def add(cast, visit, *, id=None, pin=PIN, by=None, **what):
    return actions.add_to_signed(
        visit.pk, id=id or uuid7(), pin=pin, addition=Addition(**what),
        actor=(by or cast.dr_rao).actor,
    )  # fmt: skip


def stop_all(visit):
    return [row["id"] for row in later.taken_now(visit.pk)]


def test_it_works(cast, signed):
    first = papers.current_of_encounter(signed.pk)
    paper = add(
        cast, signed, text="Low haemoglobin", medicines=[line("T-ENAL", "0-0-1", 30)],
        stop=stop_all(signed), tests=["T-HB"],
        follow_up=timezone.localdate() + timedelta(days=14),
    )  # fmt: skip
    old = papers.document(first.pk)
    assert (old.status, paper.supersedes_id) == ("superseded", old.pk)
    assert old.content == first.content
    assert papers.is_intact(old)
    rows = paper.content["medicines"]
    assert [bool(row.get("stopped")) for row in rows] == [True, False]
    assert rows[1]["added"]
    said = paper.content["addenda"][0]
    assert said["text"] == "Low haemoglobin"
    assert said["signer"]["registration_no"] == "DEMO-0001"
    assert Prescription.objects.filter(encounter=signed.pk, status="active").count() == 2
    assert MedicationRequest.objects.get(medication_code="T-PARA").closed == "stopped"
    assert [row.test_code for row in labs.of_encounter(signed.pk)] == ["T-CBC", "T-HB"]
    assert visits.visit(signed.pk).follow_up == timezone.localdate() + timedelta(days=14)
    assert Notice.objects.filter(template="prescription-ready").count() == 2
    assert AuditEvent.objects.filter(event=Event.MEDICATION_STOPPED).count() == 1
    assert AuditEvent.objects.get(event=Event.CONSULTATION_ADDED).detail["stopped"] == 1


def test_the_day_to_come_again_is_kept_at_the_signature(cast, signed):
    assert signed.follow_up == timezone.localdate() + timedelta(days=7)


def test_it_is_safe_to_send_twice(cast, signed):
    same = uuid7()
    one = add(cast, signed, id=same, medicines=[line("T-ENAL")])
    two = add(cast, signed, id=same, medicines=[line("T-ENAL")])
    assert one.pk == two.pk
    assert Prescription.objects.filter(encounter=signed.pk).count() == 2
    assert len(two.content["addenda"]) == 1


def test_two_addenda_stand_one_below_the_other(cast, signed):
    add(cast, signed, text="one")
    paper = add(cast, signed, text="two")
    assert [a["text"] for a in paper.content["addenda"]] == ["one", "two"]
    assert DocumentReference.objects.filter(encounter=signed.pk, status="current").count() == 1


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({}, "addendum.empty"),
        ({"text": "x" * 1001}, "draft.too_long"),
        ({"follow_up": timezone.localdate()}, "addendum.follow_up"),
        ({"medicines": [line("T-ENAL", "")]}, "dose.empty"),
        ({"medicines": [line("T-NONE")]}, "prescription.unknown_medicine"),
        ({"stop": [uuid7()]}, "prescription.gone"),
        ({"tests": ["T-NONE"], "text": "x"}, "order.unknown_test"),
    ],
)
def test_it_refuses(cast, signed, what, code):
    before = papers.current_of_encounter(signed.pk)
    with pytest.raises(Refused) as no:
        add(cast, signed, **what)
    assert no.value.code == code
    assert papers.current_of_encounter(signed.pk) == before
    assert Prescription.objects.filter(encounter=signed.pk).count() == 1


def test_it_refuses_before_the_signature(cast):
    visit = call(cast, asha_at_the_doctor(cast))
    with pytest.raises(Refused, match=r"consult\.not_signed"):
        add(cast, visit, text="x")


def test_it_refuses_a_wrong_pin(cast, signed):
    with pytest.raises(Refused, match=r"pin\.wrong"):
        add(cast, signed, pin="0000", text="x")


def test_a_nurse_may_not(cast, signed):
    with pytest.raises(Forbidden):
        add(cast, signed, by=cast.rita, text="x")


def test_a_token_back_with_results_goes_on(cast, signed):
    encounters.come_back(signed.pk, actor=cast.manager.actor)
    add(cast, signed, text="seen")
    token = visits.visit(signed.pk).token
    assert (token.station, token.returning) == ("pharmacy", "")


def test_nothing_to_add_sends_it_on_too(cast, signed):
    encounters.come_back(signed.pk, actor=cast.manager.actor)
    actions.nothing_to_add(signed.pk, actor=cast.dr_rao.actor)
    actions.nothing_to_add(signed.pk, actor=cast.dr_rao.actor)
    assert visits.visit(signed.pk).token.station == "pharmacy"


def test_a_signature_by_mistake_is_taken_back(cast, signed):
    paper = papers.current_of_encounter(signed.pk)
    actions.take_back(signed.pk, pin=PIN, reason="wrong-content", actor=cast.dr_rao.actor)
    visit = visits.visit(signed.pk)
    assert (visit.status, visit.token.station, visit.token.status) == (
        "in-progress", "doctor", "serving",
    )  # fmt: skip
    assert visit.draft["medicines"]
    assert papers.document(paper.pk).status == "entered-in-error"
    assert papers.withdrawal(papers.document(paper.pk))["reason"] == "wrong-content"
    assert Prescription.objects.get(encounter=signed.pk).status == "cancelled"
    again = actions.finish_consultation(signed.pk, id=uuid7(), pin=PIN, actor=cast.dr_rao.actor)
    assert papers.current_of_encounter(signed.pk) == again
    assert [row.test_code for row in labs.of_encounter(signed.pk)] == ["T-CBC"]


@pytest.mark.parametrize("case", ["dispensed", "reason", "other", "signed"])
def test_it_is_not_taken_back(cast, signed, case):
    by, reason = cast.dr_rao, "twice"
    if case == "dispensed":
        MedicationRequest.objects.update(dispensed=1)
        code = "prescription.dispensed"
    elif case == "reason":
        reason, code = "because", "consult.reason"
    elif case == "other":
        by, code = cast.member("dr_two", Role.MO, cast.green), "visit.not_yours"
        accounts.set_pin(by.user.pk, PIN, actor=by.actor)
    else:
        actions.take_back(signed.pk, pin=PIN, reason=reason, actor=by.actor)
        code = "visit.not_signed"
    with pytest.raises(Refused) as no:
        actions.take_back(signed.pk, pin=PIN, reason=reason, actor=by.actor)
    assert no.value.code == code


def test_the_page_carries_what_was_chosen(cast, signed):
    client = cast.dr_rao.client()
    url = f"/opd/{signed.number}/addendum"
    assert client.get(url).status_code == 200
    found = client.post(url, {"op": "find", "q": "enal"}, headers={"hx-request": "true"})
    assert b"add:T-ENAL" in found.content
    form = {"id": str(uuid7()), "text": "note", "op": "add:T-ENAL"}
    assert b'value="T-ENAL"' in client.post(url, form).content
    row = {"med": "T-ENAL", "dose": "101", "when": "after", "days": "5", "note": "", "reason": ""}
    wrong = client.post(url, form | row | {"op": "sign", "pin": "0000"})
    assert wrong.status_code == 422
    assert b'value="T-ENAL"' in wrong.content
    assert b"note</textarea>" in wrong.content
    assert client.post(url, form | row | {"op": "sign", "pin": PIN}).status_code == 302
    page = client.get(f"/opd/{signed.number}/")
    assert b"Enalapril" in page.content
    connection.set_tenant(cast.green)
    assert Prescription.objects.order_by("signed_at").last().lines.get().display == "Enalapril 5 mg"
