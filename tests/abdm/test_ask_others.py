"""A doctor asks for records of other hospitals: leave, answer, artefact, records, the end."""

import copy
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.abdm import actions
from apps.abdm.actions import asking
from apps.abdm.models import ConsentArtefact, HealthInformationTransfer, ReceivedRecord
from apps.abdm_sandbox.courier import stamp
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.gateway.models import InboundMessage, OutboundMessage
from tests.abdm.askers import FOREIGN, MEDICINE, REFERENCE, document
from tests.abdm.consents import BLUE_ID, GREEN_ID, LONG_AGO, SAMPLES, shape


def events(asker):
    mine = AuditEvent.objects.filter(patient_id=asker.visit.patient_id).order_by("at")
    return list(mine.values_list("event", flat=True))


def test_it_works(asker, caplog):
    """Two hospitals hold records: one of ours, which pushes by itself, and one outside."""
    asker.ours()
    asker.foreign(document(MEDICINE))
    request = asker.ask()
    assert request.status == "asked" and request.request_id
    assert (request.requester, request.hiu_id) == ("Dr Rao", GREEN_ID)
    asker.decide()
    assert asker.request().status == "granted"
    ours, outside = asker.artefacts()
    assert (ours.hip_id, outside.hip_id) == (BLUE_ID, FOREIGN)
    assert ours.status == outside.status == "granted" and len(ours.proof) == 64
    assert outside.hip_name == "Demo Gaya" and outside.references == [REFERENCE]
    flows = asker.flows()
    assert [(one.status, one.sent, one.failed, one.sealed) for one in flows] == [
        ("sent", 3, 0, ""),  # one paper of ours: prescription, note of the visit, measurements
        ("sent", 1, 0, ""),
    ]
    kept = asker.records()
    assert {one.status for one in kept} == {"shown"}
    assert sorted(one.kind for one in kept) == [
        "OPConsultation", "Prescription", "Prescription", "WellnessRecord",
    ]  # fmt: skip
    for one in kept:
        assert "Metformin" not in one.content + one.head and "Gaya" not in one.head
    told = [made.told[-1] for made in asker.world.transfers.values()]
    assert {one["notifier"]["type"] for one in told} == {"HIU"}
    assert {one["statusNotification"]["sessionStatus"] for one in told} == {"RECEIVED"}
    (asking,) = asker.world.askings.values()
    assert len(asking.heard) == 1 and len(asking.heard[0]) == 2
    assert {
        "consent.requested", "consent.received", "records.fetched", "record.received",
        "transfer.ended",
    } <= set(events(asker))  # fmt: skip
    ended = AuditEvent.objects.filter(
        event="transfer.ended", detail__has_key="received", detail__code="sent"
    )
    person = str(asker.visit.patient.person_id)
    assert [(one.detail["person"], one.detail["kyc"]) for one in ended] == [(person, True)] * 2
    assert "Asha" not in caplog.text and "Metformin" not in caplog.text
    assert InboundMessage.objects.exclude(body="").count() == 0


def sample(name, **ids):
    """A sample's body with our numbers in the places of its own."""
    body = copy.deepcopy(SAMPLES[name])
    if "response" in body:
        body["response"]["requestId"] = ids.get("answers")
    return body


def test_every_message_of_consent_is_the_samples_shape(asker):
    """Written: init, status, acknowledgement, fetch, data request. Read: the callbacks to them."""
    sent = asker.owed(asker.ask_only)["hiu.ask"]
    assert shape(sent) == shape(SAMPLES["hiu-consent.init-request"])
    told = sent["consent"]
    assert told["permission"]["dateRange"]["to"] < stamp() < told["permission"]["dataEraseAt"]
    assert told["patient"] == {"id": asker.account.address} and len(told["hiTypes"]) == 8
    (letter,) = asker.until("hiu/consent/request/on-init")
    body = sample("hiu-consent.on-init-callback", answers=letter["body"]["response"]["requestId"])
    assert asker.handle(letter, body) == {}
    number = body["consentRequest"]["id"]
    assert str(asker.request().request_id) == number
    ConsentArtefact.objects.update(next_check_at=LONG_AGO)
    assert asker.owed(asking.ask_after) == {"hiu.status": {"consentRequestId": number}}
    assert shape(SAMPLES["hiu-consent.status-request"]) == {"consentRequestId": "str"}
    waiting = sample("hiu-consent.on-status-callback", answers=str(uuid7()))
    asker.handle(letter, waiting)
    assert asker.request().status == "asked"
    granted = sample("hiu-consent.notify-granted-callback")
    written = asker.handle({**letter, "path": "hiu/consent/request/notify"}, granted)
    assert shape(written["hiu.ack"]) == shape(SAMPLES["hiu-consent.on-notify-request"])
    assert shape(written["hiu.fetch"]) == shape(SAMPLES["hiu-consent.fetch-request"])
    assert {one.status for one in asker.artefacts()} == {"asked"}
    _artefact_and_data(asker, letter)


def _artefact_and_data(asker, letter):
    row = asker.artefacts()[0]
    body = sample("hiu-consent.on-fetch-callback", answers=fetch_id(row))
    detail = body["consent"]["consentDetail"]
    detail["consentId"] = str(row.artefact_id)
    detail["patient"]["id"] = asker.account.address.upper()
    detail["permission"]["dataEraseAt"] = stamp(timedelta(days=2))
    written = asker.handle({**letter, "path": "hiu/consent/on-fetch"}, body)["hiu.data"]
    assert shape(written) == shape(SAMPLES["hiu-data.request-request"])
    told = written["hiRequest"]
    assert told["dateRange"] == detail["permission"]["dateRange"]
    key = told["keyMaterial"]["dhPublicKey"]["keyValue"]
    assert len(key) == 88  # a raw point
    row.refresh_from_db()
    assert row.status == "granted" and row.hip_name == "Demo Medical College Gaya"
    assert row.hi_types == ["DiagnosticReport", "DischargeSummary", "OPConsultation",
                            "Prescription"]  # fmt: skip
    answered = sample("hiu-data.on-request-callback", answers=data_id())
    asker.handle({**letter, "path": "hiu/health-information/on-request"}, answered)
    (flow,) = asker.flows()
    assert (flow.status, str(flow.transaction_id)) == (
        "acknowledged", answered["hiRequest"]["transactionId"],
    )  # fmt: skip


def fetch_id(row):
    return tried(OutboundMessage.objects.get(purpose="hiu.fetch", subject_id=row.pk))


def data_id():
    return tried(OutboundMessage.objects.get(purpose="hiu.data"))


def tried(message):
    """As after a first try whose answer is awaited: its request id."""
    message.request_ids = [uuid7()]
    message.save()
    return str(message.request_ids[0])


def test_the_gateway_says_no(asker):
    """On-init with an error, and a call that is refused at once."""
    asker.owed(asker.ask_only)
    (letter,) = asker.until("hiu/consent/request/on-init")
    body = sample(
        "hiu-consent.on-init-error-callback", answers=letter["body"]["response"]["requestId"]
    )
    asker.handle(letter, body)
    assert (asker.request().status, asker.request().error_code) == ("failed", "1031")
    ConsentArtefact.objects.all().delete()
    asker.world.accounts.pop(asker.account.address)
    row = asker.ask()
    assert (row.status, row.error_code) == ("failed", "9999")
    assert "ABDM" in asker.text() and "9999" in asker.text()


@pytest.mark.parametrize("how, status", [("deny", "denied"), ("expire", "expired")])
def test_no_and_no_answer(asker, how, status):
    asker.ask()
    asker.decide(how)
    row = asker.request()
    assert row.status == status and row.ended_at and not asker.artefacts()
    (asking_,) = asker.world.askings.values()
    assert asking_.heard == [[]]
    assert AuditEvent.objects.get(event="consent.ended").detail["code"] == status
    asker.ask()  # the doctor may ask again
    assert ConsentArtefact.objects.filter(side="hiu").count() == 2


def test_the_samples_of_every_end_are_read(asker):
    asker.foreign(document(MEDICINE))
    (row,) = asker.granted()
    (letter,) = asker.stand_in.held() or [any_letter(asker)]
    for name in (
        "hiu-consent.notify-revoked-callback",
        "hiu-consent.notify-expired-callback",
        "hiu-consent.notify-denied-callback",
    ):
        body = sample(name)
        body["notification"]["consentRequestId"] = str(row.request_id)
        for one in body["notification"]["consentArtefacts"][:1]:
            one["id"] = str(row.artefact_id)
        asker.handle({**letter, "path": "hiu/consent/request/notify"}, body)
        row.refresh_from_db()
        assert row.status == "revoked"  # the first end counts
    assert {one.status for one in asker.records()} == {"erased"}


def any_letter(asker):
    """An envelope that the stand-in signed."""
    asker.stand_in.consent(asker.account, BLUE_ID)
    (letter,) = asker.stand_in.held()
    letter["headers"].pop("X-HIP-ID")
    return {**letter, "headers": {**letter["headers"], "X-HIU-ID": GREEN_ID}}


def test_an_answer_before_its_question_waits(asker):
    asker.foreign(document(MEDICINE))
    asker.owed(asker.ask_only)
    (early,) = asker.until("hiu/consent/request/on-init")
    asker.approve()
    (notice,) = asker.until("hiu/consent/request/notify")
    with asker.capture(execute=True):
        asker.stand_in.carry(notice)
    assert InboundMessage.objects.get(status="early").kind == "hiu/consent/request/notify"
    with asker.capture(execute=True):
        asker.stand_in.carry(early)
    asker.settle()
    assert [one.status for one in asker.artefacts()] == ["granted"]
    assert [one.status for one in asker.records()] == ["shown"]


def test_an_end_before_its_beginning_wins(asker):
    asker.foreign(document(MEDICINE))
    asker.ask()
    asker.approve()
    (asking_,) = asker.world.askings.values()
    (granted,) = asker.until("hiu/consent/request/notify")
    asker.stand_in.end(asking_.artefacts[0])
    asker.settle()
    with asker.capture(execute=True):
        asker.stand_in.carry(granted)
    asker.settle()
    (row,) = asker.artefacts()
    assert row.status == "revoked" and not asker.flows()


def test_what_is_sent_twice_counts_once(asker):
    asker.foreign(document(MEDICINE))
    number = uuid7()
    first, again = asker.ask(id=number), asker.ask(id=number)
    assert first.pk == again.pk and len(asker.world.askings) == 1
    asker.world.faults.repeat = 1.0
    asker.approve()
    letters = asker.stand_in.held()
    for letter in letters * 2:
        with asker.capture(execute=True):
            asker.stand_in.carry(letter)
    asker.settle()
    (asking_,) = asker.world.askings.values()
    assert len(asking_.heard) == 1 and len(asker.artefacts()) == len(asker.records()) == 1


def test_taken_back_it_is_erased_and_the_other_hospital_stays(asker):
    asker.ours()
    asker.foreign(document(MEDICINE))
    _ours, outside = asker.granted()
    (there,) = [one for one in asker.records() if one.reference == REFERENCE]
    assert "Metformin" in asker.text(f"{there.pk}/")
    asker.sandbox_end(outside)
    there.refresh_from_db()
    assert (there.status, there.content, there.head, there.kind, there.reference) == (
        "erased", "", "", "", "",
    )  # fmt: skip
    assert there.written_at is None
    outside.refresh_from_db()
    assert outside.references == [] and outside.ended_at
    assert AuditEvent.objects.get(event="records.erased").detail == {"count": 1}
    assert asker.request().status == "granted"
    asker.page(f"{there.pk}/", status=404)
    assert str(there.pk) not in asker.text()
    asker.sandbox_end(asker.artefacts()[0], "expire")
    assert asker.request().status == "expired"
    assert {one.status for one in asker.records()} == {"erased"}


def test_over_by_our_own_clock(asker, settings):
    """Hidden at that moment; erased by the next sweep, even where ABDM is off by then."""
    asker.foreign(document(MEDICINE))
    asker.granted()
    (record,) = asker.records()
    ConsentArtefact.objects.update(erase_at=timezone.now() - timedelta(seconds=1))
    asker.page(f"{record.pk}/", status=404)
    settings.ABDM_CLIENT_ID = ""
    with asker.capture(execute=True):
        actions.sweep_everywhere()
    record = asker.records()[0]
    assert (record.status, record.content, record.head) == ("erased", "", "")
    assert {one.status for one in ConsentArtefact.objects.all()} == {"expired"}
    assert AuditEvent.objects.get(event="records.erased").detail == {"count": 1}


def test_a_lost_notice_is_asked_for(asker):
    asker.foreign(document(MEDICINE))
    asker.ask()
    asker.approve()
    asker.stand_in.held()  # lost
    asker.sweep()
    assert [one.status for one in asker.records()] == ["shown"]
    assert asker.request().status == "granted"


def test_a_request_without_a_number_is_given_up(asker):
    asker.owed(asker.ask_only)
    asker.until("hiu/consent/request/on-init")  # lost
    ConsentArtefact.objects.update(received_at=timezone.now() - timedelta(days=2))
    asker.sweep()
    assert (asker.request().status, asker.request().error_code) == ("failed", "no_answer")


def refused(asker, code, **told):
    with pytest.raises(Refused) as no:
        asker.ask_only(**told)
    assert no.value.code == code
    assert str(no.value.sentence) != code


def test_it_refuses(asker, settings):
    today = timezone.localdate()
    refused(asker, "asking.dates", last=today + timedelta(days=1))
    refused(asker, "asking.dates", first=today, last=today - timedelta(days=1))
    refused(asker, "asking.dates", first=None)
    refused(asker, "asking.kinds", kinds=[])
    refused(asker, "asking.kinds", kinds=["Gossip"])
    refused(asker, "form.incomplete", keep="999")
    refused(asker, "form.incomplete", purpose="DSRCH")
    for _ in range(5):
        asker.ask()
        refused(asker, "asking.waiting")
        asker.decide("deny")
    refused(asker, "asking.too_many")
    ConsentArtefact.objects.update(received_at=timezone.now() - timedelta(days=2))
    asker.visit.patient.refresh_from_db()
    asker.visit.patient.abha_address = ""
    asker.visit.patient.save()
    refused(asker, "asking.no_abha")
    settings.ABDM_CLIENT_ID = ""
    refused(asker, "asking.off")
    assert len(asker.world.askings) == 5


def test_a_clerk_may_not(asker):
    for member in (asker.cast.ravi, asker.cast.rita):
        with pytest.raises(Forbidden):
            asker.ask_only(actor=member.actor)
    assert not ConsentArtefact.objects.exists()
    assert not HealthInformationTransfer.objects.exists() and not ReceivedRecord.objects.exists()
