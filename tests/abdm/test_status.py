"""An owner switches an ABHA off and on: linking stops and begins again, the record stays."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from apps.abdm.models import CareContext
from apps.audit.models import AuditEvent
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.gateway.models import InboundMessage
from apps.patients import actions as patients
from apps.patients.models import Patient
from apps.workflows import actions as workflows
from tests.abdm.conftest import verified
from tests.abdm.consents import shape
from tests.abdm.samples import IDENTITY
from tests.abdm.stand_in import settle
from tests.encounters import people
from tests.workflows.visits import PIN


def switch(stand_in, capture, account, status):
    told = {"address": account.address, "status": status}
    assert stand_in.call("POST", "/sandbox/status", told).status_code == 200
    (letter,) = stand_in.held()
    assert "X-HIP-ID" not in letter["headers"]
    with capture(execute=True):
        assert stand_in.carry(letter).status_code == 202
    return letter


def row(cast, visit):
    connection.set_tenant(cast.green)
    return Patient.objects.get(pk=visit.patient_id)


def sign(cast, visit, capture):
    connection.set_tenant(cast.green)
    with capture(execute=True):
        return workflows.finish_consultation(visit.pk, id=uuid7(), pin=PIN, actor=cast.dr_rao.actor)


@pytest.mark.parametrize("status", ["DEACTIVATED", "DELETED"])
def test_it_works(cast, asha, stand_in, capture, status):
    before = row(cast, asha)
    switch(stand_in, capture, asha.account, status)
    after = row(cast, asha)
    assert after.person_id is None
    assert (after.abha_number, after.abha_address) == (before.abha_number, before.abha_address)
    sign(cast, asha, capture)
    settle(stand_in, capture)
    connection.set_tenant(cast.green)
    assert not CareContext.objects.exists()
    event = AuditEvent.objects.get(event="abha.closed")
    assert (event.patient_id, event.detail) == (asha.patient_id, {"code": status.lower()})
    at = reverse("patients:identity", args=[asha.patient_id], urlconf="bhavya.urls")
    page = cast.ravi.client().get(at).content.decode()
    desk = cast.ravi.client().get(f"/patients/{asha.patient_id}/abha/")
    assert desk.context["closed_at"] == event.at and not desk.context["linked"]
    assert f"{timezone.localtime(event.at):%d-%m-%Y}" in page


def test_a_visit_that_waits_is_stopped_and_goes_on_when_it_is_on_again(
    cast, asha, stand_in, capture
):
    stand_in.world.faults.down = True
    sign(cast, asha, capture)
    stand_in.world.faults.down = False
    switch(stand_in, capture, asha.account, "DEACTIVATED")
    connection.set_tenant(cast.green)
    context = CareContext.objects.get()
    assert (context.status, context.error_code) == ("rejected", "closed")
    switch(stand_in, capture, asha.account, "ACTIVE")
    assert row(cast, asha).person_id is not None
    settle(stand_in, capture)
    connection.set_tenant(cast.green)
    assert CareContext.objects.get().status == "linked"
    assert AuditEvent.objects.filter(event="abha.reopened").count() == 1


def test_told_twice_is_once(cast, asha, stand_in, capture):
    letter = switch(stand_in, capture, asha.account, "DEACTIVATED")
    with capture(execute=True):
        stand_in.carry(letter)
    switch(stand_in, capture, asha.account, "DEACTIVATED")
    assert AuditEvent.objects.filter(event="abha.closed").count() == 1


def test_every_hospital_is_told(cast, asha, stand_in, capture):
    with facility_context(cast.blue.pk):
        other = patients.register(
            id=uuid7(), name_hi="आशा देवी", sex="female", age=34, mobile="",
            actor=cast.member("rina", "REG", cast.blue).actor,
        )  # fmt: skip
        verified(other.pk, asha.account)
    switch(stand_in, capture, asha.account, "DEACTIVATED")
    with facility_context(cast.blue.pk):
        assert Patient.objects.get(pk=other.pk).person_id is None
    assert AuditEvent.objects.filter(event="abha.closed").count() == 2


def test_nobody_gets_a_person_back_who_never_proved_one(cast, stand_in, capture):
    account = stand_in.world.add_account("asha34", "Asha Devi", "F", 1992, 1, 1)
    typed = people.asha(cast)
    Patient.objects.filter(pk=typed.pk).update(
        abha_address=account.address, search_key=f"{typed.search_key} #{account.address}"
    )
    switch(stand_in, capture, account, "ACTIVE")
    connection.set_tenant(cast.green)
    assert Patient.objects.get(pk=typed.pk).person_id is None


def test_the_sample_is_read(cast, asha, stand_in, capture):
    """account-status.notify-callback"""
    sample = IDENTITY["account-status.notify-callback"]
    letter = switch(stand_in, capture, asha.account, "DEACTIVATED")
    assert sample["at"] == f"/api/v3/{letter['path']}"
    assert shape(letter["body"]) == shape(sample["body"])
    letter["body"] = sample["body"]  # an address that nobody here has
    letter["headers"]["REQUEST-ID"] = str(uuid7())
    with capture(execute=True):
        assert stand_in.carry(letter).status_code == 202
    assert set(InboundMessage.objects.values_list("status", "body")) == {("handled", "")}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"notification": {"abhaAddress": "x", "status": "ACTIVE"}},
        {"notification": {"abhaAddress": "a@sbx", "status": "?"}},
    ],
)
def test_what_says_nothing_is_put_aside(cast, asha, stand_in, capture, body):
    letter = switch(stand_in, capture, asha.account, "ACTIVE")
    letter |= {"body": body, "headers": {**letter["headers"], "REQUEST-ID": str(uuid7())}}
    with capture(execute=True):
        assert stand_in.carry(letter).status_code == 202
    parked = InboundMessage.objects.get(status="parked")
    assert parked.error == "no ABHA address or status"
