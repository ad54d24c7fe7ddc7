"""Consents that name us: kept, acknowledged, ended; foreign ones answered alike and never kept."""

import copy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.abdm import actions, queries
from apps.abdm.models import ConsentArtefact
from apps.audit.models import AuditEvent
from apps.gateway.models import InboundMessage, OutboundMessage
from apps.gateway.sealed import opened
from tests.abdm.consents import BLUE_ID, GREEN_ID, LONG_AGO, SAMPLES, shape

ON_NOTIFY = "consent/v3/request/hip/on-notify"


def acknowledged(flow, consent_id):
    return flow.world.consents[consent_id].acknowledged


def test_it_works(flow):
    made = flow.grant(hiTypes=["PRESCRIPTION", "OPConsultation", "Nonsense"])
    row = flow.consent()
    assert (row.status, str(row.artefact_id), row.side) == ("granted", made, "hip")
    assert row.patient_id == flow.visit.patient_id and row.references == [flow.visit.number]
    assert row.hi_types == ["OPConsultation", "Prescription"]
    assert (row.purpose, row.requester) == ("CAREMGT", "Dr Demo Kumari")
    assert row.date_from < row.date_to < row.erase_at
    assert acknowledged(flow, made) == ["GRANTED"]
    event = AuditEvent.objects.get(event="consent.received")
    assert event.patient_id == flow.visit.patient_id
    assert event.detail == {"visits": 1, "purpose": "CAREMGT"}
    assert InboundMessage.objects.exclude(body="").count() == 0


def test_the_sample_is_read_and_the_answer_is_the_sample(flow):
    letter = _sample(flow, "hip-consent.notify-granted-callback")
    detail = letter["body"]["notification"]["consentDetail"]
    detail["patient"]["id"] = flow.account.address.upper()
    detail["careContexts"][0]["careContextReference"] = flow.visit.number
    with flow.capture(execute=False):
        flow.stand_in.carry(letter)
    with flow.capture(execute=False):
        actions.handle_inbound(InboundMessage.objects.latest("received_at").pk)
    sent = OutboundMessage.objects.get(path=ON_NOTIFY)
    body = opened(sent.body, sent.facility_id)["body"]
    assert shape(body) == shape(SAMPLES["hip-consent.on-notify-request"])
    assert body["response"]["requestId"] == letter["headers"]["REQUEST-ID"]
    row = flow.consent()
    assert (row.purpose, len(row.hi_types)) == ("PATRQT", 4)
    for name in ("hip-consent.notify-revoked-callback", "hip-consent.notify-expired-callback"):
        flow.send(_sample(flow, name))  # the artefact is null there
    assert flow.consent().status == "revoked"  # the first end counts


def _sample(flow, name):
    """A sample in an envelope of the stand-in's own."""
    made = flow.stand_in.consent(flow.account, GREEN_ID)
    (letter,) = flow.stand_in.held()
    flow.world.consents.pop(made)
    return {**letter, "body": copy.deepcopy(SAMPLES[name])}


@pytest.mark.parametrize("how", ["revoke", "expire"])
def test_its_end_is_kept_and_acknowledged(flow, how):
    made = flow.grant()
    flow.stand_in.end(made, how)
    flow.settle()
    row = flow.consent()
    assert row.status == {"revoke": "revoked", "expire": "expired"}[how] and row.ended_at
    assert acknowledged(flow, made) == ["GRANTED", row.status.upper()]
    assert AuditEvent.objects.get(event="consent.ended").detail == {"code": row.status}


def test_sent_twice_it_is_one(flow):
    made = flow.stand_in.consent(flow.account, GREEN_ID)
    (letter,) = flow.stand_in.held()
    flow.send(letter, times=3)
    again = copy.deepcopy(letter)
    again["headers"]["REQUEST-ID"] = "5f0a3a52-8a0f-4a76-93a9-3d2c7d6c0b11"  # a redelivery
    flow.send(again)
    assert flow.consent().status == "granted"
    assert acknowledged(flow, made) == ["GRANTED"]  # the second answers another request
    assert AuditEvent.objects.filter(event="consent.received").count() == 1


def test_an_end_before_its_beginning_wins(flow):
    made = flow.stand_in.consent(flow.account, GREEN_ID)
    (granted,) = flow.stand_in.held()
    flow.stand_in.end(made)
    (revoked,) = flow.stand_in.held()
    flow.send(revoked)
    flow.send(granted)
    row = flow.consent()
    assert (row.status, row.patient_id) == ("revoked", None)


def test_a_consent_that_is_not_ours_is_answered_alike_and_not_kept(flow):
    for wrong in ("hip", "address", "reference", "no range", "no detail"):
        made = flow.stand_in.consent(flow.account, GREEN_ID)
        (letter,) = flow.stand_in.held()
        told = letter["body"]["notification"]
        detail = told["consentDetail"]
        if wrong == "hip":
            detail["hip"]["id"] = BLUE_ID
        if wrong == "address":
            detail["patient"]["id"] = "irfan45@sbx"
        if wrong == "reference":
            detail["careContexts"][0]["careContextReference"] = "GRN-26-999999"
        if wrong == "no range":
            detail["permission"]["dateRange"]["to"] = "soon"
        if wrong == "no detail":
            told["consentDetail"] = ["odd"]
        flow.send(letter)
        assert not ConsentArtefact.objects.exists(), wrong
        assert acknowledged(flow, made) == ["GRANTED"]
    assert set(AuditEvent.objects.filter(event="consent.ignored").values_list("patient_id")) == {
        (None,)
    }


def test_another_hospital_told_of_greens_consent_keeps_nothing(flow, cast):
    made = flow.stand_in.consent(flow.account, GREEN_ID)
    (letter,) = flow.stand_in.held()
    letter["headers"]["X-HIP-ID"] = BLUE_ID
    letter["body"]["notification"]["consentDetail"]["hip"]["id"] = BLUE_ID
    flow.send(letter)
    assert not ConsentArtefact.objects.exists()
    connection.set_tenant(cast.blue)
    assert not ConsentArtefact.objects.exists()
    assert acknowledged(flow, made) == ["GRANTED"]


def test_what_cannot_be_understood_waits_for_a_person(flow):
    for odd in ({"status": "GRANTED"}, {"consentId": "7"}, {"status": "MAYBE"}, None):
        flow.stand_in.consent(flow.account, GREEN_ID)
        (letter,) = flow.stand_in.held()
        told = letter["body"]["notification"]
        if odd == {"status": "GRANTED"}:
            told.pop("consentId")
        letter["body"]["notification"] = {**told, **odd} if odd else ["odd"]
        flow.send(letter)
    assert InboundMessage.objects.filter(status="parked").count() == 4
    assert not ConsentArtefact.objects.exists()


def test_our_own_clock_ends_it_too(flow):
    flow.grant()
    ConsentArtefact.objects.update(erase_at=LONG_AGO)
    with flow.capture(execute=True):
        actions.sweep()
    row = flow.consent()
    assert row.status == "expired" and row.ended_at <= timezone.now()


def test_patient_and_doctor_see_to_whom_records_were_shown(flow):
    made = flow.ask(flow.grant(hiTypes=["Prescription"]))
    assert made.pages
    flow.stand_in.end(made.consent_id)
    flow.settle()
    queries.context_of(flow.visit.pk)  # so that the schema is chosen
    with CaptureQueriesContext(connection) as asked:
        (row,) = queries.consents_of(flow.visit.patient_id)
    assert len(asked) == 1
    assert (row["requester"], row["where"]) == ("Dr Demo Kumari", "Demo Clinic Patna")
    assert (row["status"], row["sent"]) == ("revoked", 1) and row["last"]
    page = flow.cast.dr_rao.client().get(f"/opd/{flow.visit.number}/history").content.decode()
    assert "Dr Demo Kumari" in page and "Demo Clinic Patna" in page


def test_nobody_is_said_when_there_is_no_consent(flow):
    page = flow.cast.dr_rao.client().get(f"/opd/{flow.visit.number}/history").content.decode()
    assert "ये रिकॉर्ड देखने की सहमति किसी को नहीं दी गई।" in page
