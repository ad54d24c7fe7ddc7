"""ABDM's own SMS to a patient without ABHA: once a visit, when the hospital wants it."""

import pytest
from django.db import connection

from apps.abdm import actions
from apps.audit.models import AuditEvent
from apps.core.ids import uuid7
from apps.documents.models import DocumentReference
from apps.encounters.models import Condition
from apps.facilities.config import FacilityConfig
from apps.facilities.models import Facility
from apps.gateway import actions as gateway
from apps.gateway.models import OutboundMessage
from apps.gateway.sealed import opened
from apps.patients.models import Patient
from apps.workflows import actions as workflows
from tests.abdm.conftest import GREEN_ID, verified
from tests.abdm.consents import shape
from tests.abdm.samples import IDENTITY
from tests.abdm.stand_in import settle
from tests.workflows.visits import PIN, asha_at_the_doctor, call, write

SMS = "sms.invite"


def wants(cast, **told):
    config = FacilityConfig.read({**cast.green.config, "abha_sms": True, **told})
    Facility.objects.filter(pk=cast.green.pk).update(config=config.as_json())
    cast.green.refresh_from_db()
    connection.set_tenant(cast.green)


@pytest.fixture
def visit(cast, stand_in):
    """Asha at the doctor with a draft; she has a mobile and no ABHA."""
    wants(cast)
    return write(cast, call(cast, asha_at_the_doctor(cast)))


def sign(cast, visit, capture):
    connection.set_tenant(cast.green)
    with capture(execute=True):
        return workflows.finish_consultation(visit.pk, id=uuid7(), pin=PIN, actor=cast.dr_rao.actor)


def owed():
    return OutboundMessage.objects.filter(purpose=SMS)


def test_it_works(cast, visit, stand_in, capture):
    sign(cast, visit, capture)
    settle(stand_in, capture)
    connection.set_tenant(cast.green)
    (mobile,) = stand_in.world.invited
    assert mobile == Patient.objects.get(pk=visit.patient_id).mobile
    assert owed().get().status == "answered"
    assert owed().get().body == ""
    events = AuditEvent.objects.filter(patient_id=visit.patient_id)
    assert events.get(event="invitation.sent").detail == {}
    assert events.get(event="invitation.answered").detail == {"code": ""}


def test_the_message_is_the_sample(cast, visit, stand_in, capture):
    """sms-notify.request and sms-notify.result-callback. Its own request id and time stand in the
    header; in the body they may be missing."""
    sign(cast, visit, capture)
    row = owed().get()
    sample = IDENTITY["sms-notify.request"]
    assert f"/api/hiecm/{row.path}" == sample["at"]
    told = opened(row.body, row.facility_id)["body"]
    assert shape(told["notification"]) == shape(sample["body"]["notification"])
    assert told["notification"]["hip"] == {"id": GREEN_ID, "name": cast.green.name_en}
    with capture(execute=True):
        gateway.sweep()
    (letter,) = stand_in.held()
    answer = IDENTITY["sms-notify.result-callback"]
    assert answer["at"] == f"/api/v3/{letter['path']}"
    assert shape(letter["body"]) == shape(answer["body"])
    letter["body"] = {**answer["body"], "resp": letter["body"]["resp"]}
    with capture(execute=True):
        assert stand_in.carry(letter).status_code == 202
    assert owed().get().status == "answered"


def test_once_a_visit(cast, visit, stand_in, capture):
    paper = sign(cast, visit, capture)
    settle(stand_in, capture)
    connection.set_tenant(cast.green)
    for _ in range(2):
        actions.share_document(paper.pk)
    settle(stand_in, capture)
    assert len(stand_in.world.invited) == 1


@pytest.mark.parametrize("why", ["off", "limit", "sensitive", "no mobile", "abha", "old"])
def test_who_gets_none(cast, visit, stand_in, capture, why):
    patients = Patient.objects.filter(pk=visit.patient_id)
    if why == "off":
        wants(cast, abha_sms=False)
    elif why == "limit":
        wants(cast, abha_sms_daily=0)
    elif why == "no mobile":
        patients.update(mobile="")
    elif why == "abha":
        verified(
            visit.patient_id, stand_in.world.add_account("asha34", "Asha Devi", "F", 1992, 1, 1)
        )
    paper = sign(cast, visit, capture)
    if why in ("sensitive", "old"):
        owed().delete()
        connection.set_tenant(cast.green)
        if why == "sensitive":
            Condition.objects.create(
                encounter_id=visit.pk, category="diagnosis", standard_code="B20.1", display_en="x"
            )
        else:
            DocumentReference.objects.filter(pk=paper.pk).update(issued_at="2026-01-01T00:00Z")
        actions.share_document(paper.pk)
    assert not owed().exists()


def test_an_sms_that_failed_is_noted(cast, visit, stand_in, capture):
    Patient.objects.filter(pk=visit.patient_id).update(mobile="9835022404")
    sign(cast, visit, capture)
    settle(stand_in, capture)
    assert AuditEvent.objects.get(event="invitation.answered").detail == {"code": "1003"}
    assert owed().get().status == "answered"


def test_a_refused_call_is_noted(cast, visit, stand_in, capture):
    stand_in.world.services.clear()
    sign(cast, visit, capture)
    settle(stand_in, capture)
    assert AuditEvent.objects.get(event="invitation.answered").detail == {"code": "1035"}
