"""Pages are pushed to us: taken, read or refused as the specification says; nobody learns more."""

import copy
import json

import pytest
from django.test import Client

from apps.abdm import actions, incoming, push
from apps.abdm.actions import fetching
from apps.abdm.models import ConsentArtefact, HealthInformationTransfer, ReceivedRecord
from apps.audit.models import AuditEvent
from apps.core.ids import uuid7
from apps.gateway.models import OutboundMessage
from apps.gateway.sealed import opened, seal
from tests.abdm.askers import MEDICINE, REFERENCE, document
from tests.abdm.consents import LONG_AGO, SAMPLES, shape
from tests.abdm.test_ask_others import data_id, sample

# Private key and nonce of the asker in abdm.md, appendix A: what the samples are encrypted for.
VECTOR = {"private": "B9cWJAdH5PTaWmBh011XvaQOBy2QuhSHPElkq1KFZj8=",
          "nonce": "W6lpn5sp/YqI/VNpLoTLZ8OKJjE86BJ3/AV0Tu3xKcc="}  # fmt: skip
UNKNOWN = {"error": {"code": "ABDM-1017", "message": "Invalid transactionId"}}


def told_states(asker):
    (made,) = asker.world.transfers.values()
    (told,) = made.told
    status = told["statusNotification"]
    return status["sessionStatus"], [one["hiStatus"] for one in status["statusResponses"]]


def test_pages_come_in_any_order_and_twice(asker):
    """From a foreign hospital that counts from 0; the first page is also the last."""
    asker.foreign(document(MEDICINE), document(MEDICINE), document(MEDICINE))
    letters = asker.pushes()
    assert [one["body"]["pageNumber"] for one in letters] == [0, 1, 2]
    for letter in [letters[2], letters[0], letters[2]]:
        assert asker.push(letter).status_code == 202
    (flow,) = asker.flows()
    assert flow.status == "sending" and flow.sealed
    assert asker.push(letters[1]).status_code == 202
    asker.settle()
    (flow,) = asker.flows()
    assert (flow.status, flow.sent, flow.pages, flow.sealed) == ("sent", 3, 3, "")
    assert told_states(asker) == ("RECEIVED", ["OK"])
    assert len(asker.records()) == 3
    again = asker.push(letters[1])  # the flow is over
    assert (again.status_code, again.json()) == (400, UNKNOWN)


def test_pages_before_the_number_of_the_flow(asker):
    asker.foreign(document(MEDICINE))
    asker.ask()
    asker.approve()
    letters = asker.until("push", "hiu/health-information/on-request")
    (push,) = [one for one in letters if "url" in one]
    (answer,) = [one for one in letters if "url" not in one]
    assert asker.push(push).status_code == 202
    (flow,) = asker.flows()
    assert flow.status == "sending" and [one.status for one in asker.records()] == ["shown"]
    with asker.capture(execute=True):
        asker.stand_in.carry(answer)
    asker.settle()
    assert asker.flows()[0].status == "sent" and told_states(asker)[0] == "RECEIVED"


def test_the_samples_pages_are_taken_and_opened(asker):
    """Both pages and the single one of the samples, with the key that they were made for. What is
    inside has no cover sheet, so it is said to be unreadable, and why."""
    asker.foreign(document(MEDICINE))
    (letter,) = asker.pushes()
    for names in (
        ("hiu-data.push-page1of2", "hiu-data.push-page2of2"),
        ("hiu-data.push-received",),
    ):
        asker.in_green()
        ReceivedRecord.objects.all().delete()
        body = sample("hiu-data.push-received")
        HealthInformationTransfer.objects.update(
            transaction_id=body["transactionId"], status="acknowledged", pages=0,
            sealed=seal(VECTOR, asker.cast.green.pk),
        )  # fmt: skip
        ConsentArtefact.objects.exclude(artefact_id=None).update(references=["GAYA-OPD-20260910"])
        for name in names:
            assert asker.push({**letter, "body": sample(name)}).status_code == 202
        assert {(one.status, one.why) for one in asker.records()} == {("failed", "composition")}
        assert len(asker.records()) == len(names)
        (flow,) = asker.flows()
        assert (flow.status, flow.sealed) == ("failed", "")


def test_the_checksum_is_noted_and_never_decides(asker):
    asker.foreign(document(MEDICINE))
    (letter,) = asker.pushes()
    body = copy.deepcopy(letter["body"])
    body["entries"][0]["checksum"] = "0" * 32
    asker.push(letter, entries=body["entries"])
    assert [one.status for one in asker.records()] == ["shown"]
    detail = AuditEvent.objects.get(event="record.received").detail
    assert detail["checksum"] == "differs" and len(detail["sha256"]) == 64


@pytest.mark.parametrize("spoil", ["tag", "nonce"])
def test_a_wrong_tag_or_nonce_is_taken_and_said_to_be_unreadable(asker, spoil):
    """Nobody can tell before it is opened: 202, then an entry that says why, and the report."""
    asker.world.faults.spoil_push = spoil
    asker.foreign(document(MEDICINE))
    asker.granted()
    (record,) = asker.records()
    assert (record.status, record.why, record.content, record.head) == ("failed", "key", "", "")
    assert told_states(asker) == ("FAILED", ["ERRORED"])
    assert AuditEvent.objects.get(event="record.unreadable").detail == {"why": "key", "page": 0}
    assert "कूटलेखन" in asker.text()


CONTENT = {
    "json": "no JSON at all",
    "deep": "[" * 100_000,
    "bundle": json.dumps({"resourceType": "Patient"}),
    "document": json.dumps({"resourceType": "Bundle", "type": "collection"}),
    "composition": json.dumps({"resourceType": "Bundle", "type": "document", "entry": []}),
}


@pytest.mark.parametrize("why", CONTENT)
def test_what_is_no_document_is_kept_as_a_failed_entry(asker, why):
    asker.foreign(CONTENT[why], document(MEDICINE))
    asker.granted()
    wrong, good = asker.records()
    assert (wrong.status, wrong.why, wrong.content) == ("failed", why, "")
    assert good.status == "shown"
    assert told_states(asker)[0] == "RECEIVED"
    assert asker.flows()[0].status == "failed"  # not all could be read
    shown = asker.text()
    assert str(good.pk) in shown and str(wrong.pk) not in shown


def post(url, content, **headers):
    return Client(headers={"host": "bhavya.localhost", **headers}).post(
        url, content, content_type="application/json"
    )


def test_addresses_of_nobody_and_of_an_ended_flow_answer_alike(asker):
    asker.foreign(document(MEDICINE))
    (letter,) = asker.pushes()
    (row,) = asker.artefacts()
    (flow,) = asker.flows()
    path = letter["url"].removeprefix("http://bhavya.localhost:8000")
    body = json.dumps(letter["body"])
    nobody = [
        "/abdm/push/nobody",
        path[:-2] + ("AA" if path[-2:] != "AA" else "BB"),
        address(asker.cast.green.pk, uuid7()),
        address(asker.cast.blue.pk, flow.pk),  # another hospital
        address(uuid7(), flow.pk),
    ]
    answers = [post(one, body) for one in nobody]
    answers.append(post(path, json.dumps({**letter["body"], "transactionId": str(uuid7())})))
    asker.in_green()
    fetching.forget(row)  # as when the consent ends
    answers.append(post(path, body))
    assert {(one.status_code, one.content) for one in answers} == {
        (400, json.dumps(UNKNOWN).encode())
    }
    asker.in_green()
    assert not ReceivedRecord.objects.exists()


def address(facility_id, transfer_id):
    return "/abdm/push/" + incoming.address(facility_id, transfer_id).rpartition("/")[2]


def test_the_address_tells_nothing_and_is_new_each_time(asker):
    facility, flow = asker.cast.green.pk, uuid7()
    first, second = (incoming.address(facility, flow) for _ in range(2))
    assert first != second and len(first) < 300
    for text in (facility.hex, flow.hex, str(facility), str(flow)):
        assert text not in first
    assert incoming.place_of(first.rpartition("/")[2]) == incoming.Where(facility, flow)


def test_only_a_demonstration_pushes_to_itself(asker, settings):
    """Two hospitals of one stand-in: our own push address, and nothing else of our own."""
    url = incoming.address(asker.cast.green.pk, uuid7())
    assert push.host_of(url) == "bhavya.localhost"
    with pytest.raises(push.Unfit):
        push.host_of("http://bhavya.localhost:8000/abdm/api/v3/x")
    settings.ABDM_ENVIRONMENT = "production"
    with pytest.raises(push.Unfit):
        push.host_of(url)


MALFORMED = {
    "not an object": "[]",
    "no entries": {"entries": []},
    "no page": {"pageNumber": None},
    "a page of text": {"pageNumber": "1"},
    "no pages": {"pageCount": 0},
    "too many pages": {"pageCount": 100_000},
    "no key": {"keyMaterial": {}},
    "a link": {"entries": [{"link": "https://x.example", "careContextReference": REFERENCE}]},
    "too many entries": {"entries": [{"content": "x"}] * 101},
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_page_that_is_none_is_refused(asker, name):
    asker.foreign(document(MEDICINE))
    (letter,) = asker.pushes()
    wrong = MALFORMED[name]
    body = wrong if isinstance(wrong, str) else json.dumps({**letter["body"], **wrong})
    answer = post(letter["url"].removeprefix("http://bhavya.localhost:8000"), body)
    assert answer.status_code == 400 and answer.json()["error"]["code"] == "ABDM-1006"
    asker.in_green()
    assert not ReceivedRecord.objects.exists()
    assert asker.push(letter).status_code == 202  # the right page still counts


@pytest.mark.parametrize("body", [b"", b"no json", b"\xff\xfe", b"[" * 200_000])
def test_what_is_no_json_is_refused(asker, body):
    answer = post("/abdm/push/nobody", body)
    assert answer.status_code == 400 and answer.json()["error"]["message"] == "Bad request"


def test_a_visit_that_was_not_consented_is_refused(asker):
    asker.world.faults.spoil_push = "context"
    asker.foreign(document(MEDICINE))
    (letter,) = asker.pushes()
    answer = asker.push(letter)
    assert answer.status_code == 400
    assert answer.json()["error"] == SAMPLES["hip-data.push-rejected-response"]["error"]
    assert not asker.records()


def test_another_count_of_pages_is_refused(asker):
    asker.foreign(document(MEDICINE), document(MEDICINE))
    first, second = asker.pushes()
    assert asker.push(first).status_code == 202
    assert asker.push(second, pageCount=9).status_code == 400


def test_fifty_megabytes_are_the_limit(asker, settings):
    asker.foreign(document(MEDICINE))
    (letter,) = asker.pushes()
    path = letter["url"].removeprefix("http://bhavya.localhost:8000")
    answer = post(path, b"x" * (settings.PUSH_MAX_SIZE + 1))
    assert answer.status_code == 413
    assert answer.json()["error"] == {
        "code": "ABDM-1006", "message": "A page may have 50 MB at most; send more pages",
    }  # fmt: skip
    asker.in_green()
    assert not ReceivedRecord.objects.exists()


def test_a_large_record_is_taken_read_and_shown(asker):
    """12 MB: more than any other page of ours may have."""
    paper = {"resourceType": "Binary", "contentType": "application/pdf",
             "data": "JVBERi0x" * (12 * 1024 * 128)}  # fmt: skip
    asker.foreign(document(paper))
    asker.granted()
    (record,) = asker.records()
    assert record.status == "shown" and record.size > 12 * 1024 * 1024
    assert "9216 KB" in asker.text(f"{record.pk}/").replace(",", "").replace("\xa0", "")


def test_one_flow_cannot_fill_the_disk(asker, monkeypatch):
    monkeypatch.setattr(incoming, "MOST_BYTES", 10)
    asker.foreign(document(MEDICINE))
    (letter,) = asker.pushes()
    answer = asker.push(letter)
    assert answer.status_code == 400 and "Too much" in answer.json()["error"]["message"]


def test_no_records_by_the_gateway(asker):
    """On-request with an error of the samples: no second try."""
    asker.foreign(document(MEDICINE))
    asker.ask()
    asker.approve()
    letters = asker.until("push", "hiu/health-information/on-request")
    (letter,) = [one for one in letters if "url" not in one]
    body = sample("hiu-data.on-request-error-callback", answers=data_id())
    asker.handle(letter, body)
    (flow,) = asker.flows()
    assert (flow.status, flow.error_code, flow.sealed) == ("refused", "1063", "")
    assert "1063" in asker.text()


def test_a_hospital_that_is_not_there_is_asked_again_with_new_keys(asker):
    """After an hour, six, and a day; then it is enough."""
    asker.foreign(document(MEDICINE))
    asker.ask()
    asker.approve()
    keys = set()
    for n in range(4):
        assert len(asker.until("push")) == 1  # lost
        flow = asker.flows()[-1]
        assert len(asker.flows()) == n + 1 and flow.status == "acknowledged"
        keys.add(flow.sealed)
        HealthInformationTransfer.objects.filter(pk=flow.pk).update(
            asked_at=LONG_AGO, next_attempt_at=LONG_AGO
        )
        with asker.capture(execute=True):
            actions.sweep()  # its time is over
        if n < 3:
            assert "फिर पूछा जाएगा" in asker.text()
        HealthInformationTransfer.objects.filter(status="asked").update(next_attempt_at=LONG_AGO)
        with asker.capture(execute=True):
            actions.sweep()  # the wait is over
    flows = asker.flows()
    assert len(keys) == len(flows) == 4
    assert {(one.status, one.error_code, one.sealed) for one in flows} == {("failed", "late", "")}
    told = [made.told for made in asker.world.transfers.values()]
    assert all(len(one) == 1 for one in told)
    assert told[0][0]["statusNotification"]["sessionStatus"] == "FAILED"


def test_half_of_it_came(asker):
    asker.foreign(document(MEDICINE), document(MEDICINE))
    first, _lost = asker.pushes()
    asker.push(first)
    HealthInformationTransfer.objects.update(asked_at=LONG_AGO)
    asker.sweep()
    (flow,) = asker.flows()
    assert (flow.status, flow.sent, flow.error_code) == ("failed", 1, "late")
    assert told_states(asker) == ("RECEIVED", ["OK"])
    (record,) = asker.records()
    assert str(record.pk) in asker.text()


def test_a_lost_job_is_found(asker):
    asker.foreign(document(MEDICINE))
    (letter,) = asker.pushes()
    with asker.capture(execute=False):
        assert asker.stand_in.carry(letter).status_code == 202
    (record,) = asker.records()
    assert record.status == "waiting" and "Metformin" not in record.content
    asker.sweep()
    assert [one.status for one in asker.records()] == ["shown"]
    actions.read_record(record.pk)  # twice is once
    assert AuditEvent.objects.filter(event="record.received").count() == 1


def test_taken_back_between_push_and_job(asker):
    asker.foreign(document(MEDICINE))
    (letter,) = asker.pushes()
    with asker.capture(execute=False):
        asker.stand_in.carry(letter)
    (row,) = asker.artefacts()
    asker.sandbox_end(row)
    (record,) = asker.records()
    actions.read_record(record.pk)
    (record,) = asker.records()
    assert (record.status, record.content) == ("erased", "")
    assert [(one.status, one.sealed) for one in asker.flows()] == [("failed", "")]


def test_the_private_key_is_gone_when_it_is_over(asker):
    asker.foreign(document(MEDICINE))
    (letter,) = asker.pushes()
    (flow,) = asker.flows()
    own = opened(flow.sealed, asker.cast.green.pk)
    assert set(own) == {"private", "nonce"}
    asker.push(letter)
    asker.settle()
    assert asker.flows()[0].sealed == ""
    bodies = OutboundMessage.objects.filter(purpose="hiu.data").values_list("body", flat=True)
    assert set(bodies) == {""}


def test_the_report_is_the_samples_shape(asker):
    asker.foreign(document(MEDICINE))
    (letter,) = asker.pushes()
    with asker.capture(execute=False):
        asker.stand_in.carry(letter)
    written = asker.owed(lambda: actions.read_record(asker.records()[0].pk))["hiu.told"]
    assert shape(written) == shape(SAMPLES["hiu-data.notify-request"])
    assert written["notification"]["notifier"] == {"type": "HIU", "id": "IN1010009991_1"}
    empty = copy.deepcopy(written)
    empty["notification"]["statusNotification"]["statusResponses"] = []
    path = "data-flow/v3/health-information/notify"
    answer = asker.stand_in.gate("POST", path, empty, **{"X-HIU-ID": "IN1010009991_1"})
    assert answer.status_code == 400 and answer.json() == SAMPLES["hiu-data.notify-error-empty"]
