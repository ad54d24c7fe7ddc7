"""Scan & Share with records: on the list, asked for by our keys, on the record of its owner."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.abdm import actions, crypto, received
from apps.abdm.models import ConsentArtefact, HealthInformationTransfer, ReceivedRecord
from apps.audit.models import AuditEvent
from apps.encounters.models import Encounter
from apps.gateway.models import InboundMessage, OutboundMessage
from apps.persons import queries as waiting
from tests.abdm.askers import MEDICINE, document
from tests.abdm.consents import GREEN_ID, LONG_AGO, SAMPLES, shape
from tests.abdm.stand_in import settle

SUNITA = "sunita.devi87@sbx"
REFERENCE = "GAYA-OPD-20260910"


class Giving:
    """Sunita's app gives papers at a counter of Green."""

    def __init__(self, cast, stand_in, capture):
        self.cast, self.stand_in, self.capture, self.world = cast, stand_in, capture, stand_in.world

    def in_green(self):
        connection.set_tenant(self.cast.green)

    def give(self, *bundles, counter="OPD1", wrong=None, times=1):
        records = [{"reference": REFERENCE, "bundle": one} for one in bundles]
        body = {"metaData": {"hiuId": GREEN_ID, "counterId": counter}, "records": records}
        made = self.stand_in.gate(
            "POST", "patient-record/v3/share", body, **{"X-AUTH-TOKEN": SUNITA}
        )
        assert made.status_code == 202, made.text
        (self.letter,) = self.stand_in.held()
        if wrong:
            wrong(self.letter["body"])
        for _ in range(times):
            with self.capture(execute=True):
                assert self.stand_in.carry(self.letter).status_code == 202
        self.in_green()
        return self.world.given[made.json()["requestId"]]

    def settle(self):
        settle(self.stand_in, self.capture)
        self.in_green()

    def take(self):
        """The clerk takes the first of the list; then the sweep comes by."""
        self.in_green()
        answer = self.cast.ravi.client().post(f"/reg/arrivals/{waiting.arrivals()[0].id}/token")
        assert answer.status_code in (200, 302), answer.content
        self.in_green()
        with self.capture(execute=True):
            actions.sweep()
        self.settle()
        return Encounter.objects.select_related("patient").get().patient


@pytest.fixture
def giving(cast, stand_in, django_capture_on_commit_callbacks, settings):
    settings.ABDM_RECORD_SHARE = True
    return Giving(cast, stand_in, django_capture_on_commit_callbacks)


def test_it_works(giving, caplog):
    made = giving.give(document(MEDICINE), document(MEDICINE))
    (row,) = waiting.arrivals()
    assert (row.number, row.profile.name_en, row.profile.counter) == (1, "Sunita Devi", "OPD1")
    giving.settle()
    flow = HealthInformationTransfer.objects.get()
    assert (flow.status, flow.sent, flow.failed, flow.sealed) == ("sent", 2, 0, "")
    assert ReceivedRecord.objects.filter(status="shown").count() == 2
    (told,) = made.told
    assert told["statusNotification"]["sessionStatus"] == "RECEIVED"
    patient = giving.take()
    (shown,) = received.asked(patient.pk)
    assert (shown["given"], shown["requester"], shown["came"]) == (True, SUNITA, 2)
    record_id = shown["sources"][0]["records"][0]["id"]
    assert received.record(patient.pk, record_id) is not None
    assert "unita" not in caplog.text
    assert OutboundMessage.objects.filter(status="answered").count() == 1  # heard of the end


def test_the_messages_are_those_of_the_samples(giving):
    """record-share: what comes, what we answer, what we tell of the end."""
    made = giving.give(document(MEDICINE))
    wanted = SAMPLES["record-share.share-callback"]
    assert shape(giving.letter["body"]) == shape(wanted)
    assert giving.letter["headers"]["X-HIU-ID"] == GREEN_ID
    answer = giving.stand_in.asked("patient-record/v3/on-share")
    sample = SAMPLES["record-share.on-share-request"]
    assert shape(answer["body"]) == shape(sample)
    assert answer["body"]["response"] == {"requestId": made.request_id}
    key = answer["body"]["hiRequest"]["keyMaterial"]
    assert key["dhPublicKey"]["parameters"] == "Curve25519/32byte random key"
    crypto.check_peer(key["dhPublicKey"]["keyValue"], key["nonce"])
    giving.settle()
    notice = giving.stand_in.asked("patient-record/v3/notify")["body"]
    assert shape(notice) == shape(SAMPLES["record-share.notify-request"])
    (one,) = notice["notification"]["statusNotification"]["statusResponses"]
    assert one == {"careContextReference": REFERENCE, "hiStatus": "VALID",
                   "description": "Record decrypted"}  # fmt: skip
    assert notice["notification"]["transactionId"] == made.talk


def test_the_samples_own_share_is_taken(giving):
    def as_in_the_sample(body):
        told = SAMPLES["record-share.share-callback"]
        soon = (timezone.now() + timedelta(hours=5)).isoformat()
        body.clear()
        body.update({**told, "metaData": {"hiuId": GREEN_ID, "counterId": "OPD1"}})
        body["consent"] = {**told["consent"], "dataEraseAt": soon}

    giving.give(document(MEDICINE), wrong=as_in_the_sample)
    consent = ConsentArtefact.objects.exclude(artefact_id=None).get()
    assert consent.references == [REFERENCE]
    assert consent.erase_at < timezone.now() + timedelta(hours=6)


def test_the_same_callback_twice_is_one(giving):
    giving.give(document(MEDICINE), times=3)
    assert InboundMessage.objects.count() == 1
    assert ConsentArtefact.objects.count() == 2
    assert HealthInformationTransfer.objects.count() == 1
    assert len(waiting.arrivals()) == 1


def test_nobody_opens_them_before_the_window_has_the_person(giving):
    giving.give(document(MEDICINE))
    giving.settle()
    with giving.capture(execute=True):
        actions.sweep()
    giving.in_green()
    assert set(ConsentArtefact.objects.values_list("patient_id", flat=True)) == {None}
    patient = giving.take()
    assert set(ConsentArtefact.objects.values_list("patient_id", flat=True)) == {patient.pk}


def test_who_is_known_has_them_at_once(giving):
    giving.give(document(MEDICINE))
    giving.settle()
    patient = giving.take()
    giving.give(document(MEDICINE))
    giving.settle()
    assert len(received.asked(patient.pk)) == 2
    event = AuditEvent.objects.filter(event="consent.received", patient_id=patient.pk)
    assert event.get().detail == {"visits": 1, "purpose": "PATRQT"}


def test_they_are_erased_when_the_patient_said(giving):
    giving.give(document(MEDICINE))
    giving.settle()
    giving.take()
    ConsentArtefact.objects.update(erase_at=LONG_AGO)
    with giving.capture(execute=True):
        actions.sweep()
    giving.in_green()
    record = ReceivedRecord.objects.get()
    assert (record.status, record.content, record.head) == ("erased", "", "")


def test_a_paper_that_cannot_be_read_is_told(giving):
    giving.world.faults.spoil_push = "tag"
    made = giving.give(document(MEDICINE))
    giving.settle()
    (told,) = made.told
    (one,) = told["statusNotification"]["statusResponses"]
    assert (told["statusNotification"]["sessionStatus"], one["hiStatus"]) == ("FAILED", "ERRORED")


def test_what_never_comes_is_given_up_and_not_asked_for(giving):
    giving.give(document(MEDICINE))
    giving.stand_in.held()  # the pushes are lost
    HealthInformationTransfer.objects.update(
        next_attempt_at=LONG_AGO, asked_at=timezone.now() - timedelta(hours=1)
    )
    with giving.capture(execute=True):
        actions.sweep()
    giving.settle()
    flow = HealthInformationTransfer.objects.get()
    assert (flow.status, flow.error_code, flow.sealed) == ("failed", "late", "")


def put(*way, value):
    def wrong(body):
        for step in way[:-1]:
            body = body[step]
        body[way[-1]] = value

    return wrong


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (put("metaData", "counterId", value="OPD9"), "1050"),
        (put("metaData", "hiuId", value="IN1010009992"), "1035"),
        (put("metaData", value=None), "1050"),
        (put("profile", value={}), "1102"),
        (put("consent", value=None), "1006"),
        (put("consent", "careContexts", value=[]), "1006"),
        (put("consent", "dataEraseAt", value="yesterday"), "1006"),
        (put("consent", "dataEraseAt", value="2020-01-01T00:00:00.000Z"), "1006"),
        (put("consent", "permission", value={"accessMode": "STORE"}), "1006"),
    ],
)
def test_a_share_that_is_wrong(giving, wrong, code):
    made = giving.give(document(MEDICINE), wrong=wrong)
    assert made.error == f"ABDM-{code}"
    assert not waiting.arrivals()
    assert not ConsentArtefact.objects.exists()


def test_switched_off_it_is_refused(giving, settings):
    settings.ABDM_RECORD_SHARE = False
    assert giving.give(document(MEDICINE)).error == "ABDM-1149"
    assert not waiting.arrivals()
