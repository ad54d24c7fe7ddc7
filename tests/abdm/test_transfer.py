"""Records flow by a consent: what was consented arrives, readable, and nothing else ever does."""

import base64
import copy
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.abdm import actions, crypto, pages, push
from apps.abdm.actions import transfer
from apps.abdm.models import ConsentArtefact, HealthInformationTransfer
from apps.abdm_sandbox import fidelius
from apps.audit.models import AuditEvent
from apps.documents.models import DocumentReference
from apps.gateway.models import InboundMessage, OutboundMessage
from apps.gateway.sealed import opened
from tests.abdm.consents import BLUE_ID, LONG_AGO, SAMPLES, shape
from tests.abdm.papers import PRESCRIPTION

ON_REQUEST = "data-flow/v3/health-information/hip/on-request"
ONE = {"hiTypes": ["Prescription"]}  # of the paper; it is told as other records, too
NOTIFY = "data-flow/v3/health-information/notify"


def told_of(made):
    (told,) = made.told
    return told["statusNotification"]


def test_it_works(flow, caplog):
    made = flow.ask(flow.grant(**ONE))
    row = flow.transfer()
    assert (row.status, row.sent, row.failed, row.sealed) == ("sent", 1, 0, "")
    assert row.push_host == "127.0.0.1" and row.done_at
    assert made.acknowledged == made.calls == 1
    (page,) = made.pages.values()
    assert page["context"] == flow.visit.number and page["bundle"]["type"] == "document"
    assert "Paracetamol" in str(page["bundle"]) and "Asha" in str(page["bundle"])
    told = told_of(made)
    assert told["sessionStatus"] == "TRANSFERRED"
    assert told["statusResponses"] == [
        {"careContextReference": flow.visit.number, "hiStatus": "DELIVERED",
         "description": "Delivered"}
    ]  # fmt: skip
    trail = list(AuditEvent.objects.filter(patient_id=flow.visit.patient_id).values_list("event"))
    assert {("records.asked",), ("record.sent",), ("transfer.ended",)} <= set(trail)
    assert AuditEvent.objects.get(event="record.sent").detail == {
        "paper": str(flow.paper.pk), "kind": "Prescription", "page": 1,
    }  # fmt: skip
    assert "Asha" not in caplog.text and "Paracetamol" not in caplog.text


def test_every_paper_is_a_page_with_keys_of_its_own(flow):
    flow.more_papers("Prescription", "Prescription")
    made = flow.ask(flow.grant(**ONE))
    assert sorted(made.pages) == [1, 2, 3] and made.calls == 3
    assert len({page["key"] for page in made.pages.values()}) == 3
    assert {page["count"] for page in made.pages.values()} == {3}


def test_only_consented_kinds_time_and_valid_papers_go(flow):
    long_ago = timezone.now() - timedelta(days=800)
    flow.more_papers("OPConsultation", "Prescription")
    flow.more_papers("Prescription", issued_at=long_ago)
    flow.more_papers("Prescription", status="entered-in-error")
    flow.more_papers("Prescription", status="superseded")
    made = flow.ask(flow.grant(hiTypes=["Prescription"]))
    assert len(made.pages) == 2
    assert {p["bundle"]["entry"][0]["resource"]["title"] for p in made.pages.values()} == {
        "Prescription"
    }


TITLES = {"Prescription": "Prescription", "OPConsultation": "OP consultation",
          "WellnessRecord": "Wellness record"}  # fmt: skip


@pytest.mark.parametrize("kind", TITLES)
def test_a_consent_for_one_kind_gets_that_record(flow, kind):
    """Out of the doctor's one paper: the note, the prescription, what was measured."""
    made = flow.ask(flow.grant(hiTypes=[kind]))
    (page,) = made.pages.values()
    assert page["bundle"]["entry"][0]["resource"]["title"] == TITLES[kind]
    assert page["context"] == flow.visit.number
    assert AuditEvent.objects.get(event="record.sent").detail["kind"] == kind


def test_a_consent_for_all_kinds_gets_each_record_once(flow):
    made = flow.ask(flow.grant(hiTypes=[*TITLES, "Invoice"]))
    bundles = [page["bundle"] for page in made.pages.values()]
    shown = [one["entry"][0]["resource"]["title"] for one in bundles]
    assert sorted(shown) == sorted(TITLES.values())
    assert len({one["identifier"]["value"] for one in bundles}) == 3  # ids of their own
    row = flow.transfer()
    assert (row.status, row.sent, row.failed) == ("sent", 3, 0)
    assert len(told_of(made)["statusResponses"]) == 1  # by visit


def test_a_paper_without_vitals_is_no_wellness_record(flow):
    content = {key: value for key, value in PRESCRIPTION.items() if key != "vitals"}
    DocumentReference.objects.update(content=content)
    made = flow.ask(flow.grant(hiTypes=["WellnessRecord"]))
    assert made.calls == 0 and told_of(made)["sessionStatus"] == "FAILED"


def test_a_transfer_begun_before_goes_on(flow):
    """Its entries name no kind: the paper's own."""
    made = waiting_after_one_page(flow, flow.grant(hiTypes=["OPConsultation"]))
    row = flow.transfer()
    old = {name: value for name, value in row.entries[0].items() if name != "kind"}
    row.entries, row.next_attempt_at = [row.entries[0], {**old, "state": "waiting"}], LONG_AGO
    row.save()
    flow.sweep()
    titles = [p["bundle"]["entry"][0]["resource"]["title"] for p in made.pages.values()]
    assert titles == ["OP consultation", "Prescription"]


def test_nothing_found_is_told_and_nothing_is_pushed(flow):
    made = flow.ask(flow.grant(hiTypes=["Invoice"]))
    assert made.calls == 0 and flow.transfer().status == "failed"
    told = told_of(made)
    assert told["sessionStatus"] == "FAILED"
    assert told["statusResponses"][0]["hiStatus"] == "ERRORED"
    assert "No record" in told["statusResponses"][0]["description"]


def test_asked_twice_it_goes_once(flow):
    made = flow.stand_in.ask(flow.grant(**ONE))
    (letter,) = flow.stand_in.held()
    flow.send(letter, times=2)
    again = copy.deepcopy(letter)
    again["headers"]["REQUEST-ID"] = "5f0a3a52-8a0f-4a76-93a9-3d2c7d6c0b12"
    flow.send(again)
    flow.settle()
    with flow.capture(execute=True):
        actions.carry_on(flow.transfer().pk)
    assert made.calls == made.acknowledged == len(made.told) == 1
    assert OutboundMessage.objects.filter(path=ON_REQUEST).count() == 1


REFUSED = {
    "unknown": "1112", "wider": "1063", "disjoint": "1063", "no range": "1063", "http": "1006",
    "inside": "1006", "x25519": "1006", "off curve": "1006", "nonce": "1006", "old key": "1006",
    "curve": "1006", "over": "1061", "expired": "1061", "revoked": "1062",
}  # fmt: skip


def test_it_refuses(flow):
    """Each for its reason, with the specification's code; nothing is pushed or kept for a push."""
    consent = flow.grant()
    for wrong, code in REFUSED.items():
        HealthInformationTransfer.objects.all().delete()
        made = flow.stand_in.ask(consent)
        (letter,) = flow.stand_in.held()
        spoil(letter["body"]["hiRequest"], wrong)
        flow.send(letter, times=2)
        flow.settle()
        assert made.error == f"ABDM-{code}" and not made.told and not made.calls, wrong
        rows = HealthInformationTransfer.objects.values_list("status", "sealed", "error_code")
        assert list(rows) == ([] if wrong == "unknown" else [("refused", "", code)])
        assert AuditEvent.objects.filter(event="records.refused").last().detail == {"code": code}
    assert OutboundMessage.objects.filter(path=ON_REQUEST).count() == len(REFUSED)


def spoil(told, wrong):
    key = told["keyMaterial"]
    span, long_ago = told["dateRange"], "2001-01-01T00:00:00.000Z"
    states = {"revoked": {"status": "revoked"}, "expired": {"status": "expired"},
              "over": {"erase_at": LONG_AGO}}  # fmt: skip
    if wrong in states:
        ConsentArtefact.objects.update(**states[wrong])
    changes = {
        "unknown": (told["consent"], "id", "82f96886-032e-498d-a90b-ea8c638e2d96"),
        "wider": (span, "from", long_ago),
        "disjoint": (told, "dateRange", {"from": long_ago, "to": long_ago}),
        "no range": (told, "dateRange", None),
        "http": (told, "dataPushUrl", "http://phr.example.in/push/8d2e"),
        "inside": (told, "dataPushUrl", "https://169.254.169.254/latest"),
        "x25519": (key["dhPublicKey"], "keyValue", base64.b64encode(b"9" * 32).decode()),
        "off curve": (key["dhPublicKey"], "keyValue", base64.b64encode(b"\4" + b"9" * 64).decode()),
        "nonce": (key, "nonce", base64.b64encode(b"9" * 31).decode()),
        "old key": (key["dhPublicKey"], "expiry", long_ago),
        "curve": (key, "curve", "P-256"),
    }
    if wrong in changes:
        where, name, value = changes[wrong]
        where[name] = value


def test_another_hospitals_consent_is_unknown(flow):
    made = flow.stand_in.ask(flow.grant())
    (letter,) = flow.stand_in.held()
    letter["headers"]["X-HIP-ID"] = BLUE_ID
    flow.send(letter)
    flow.settle()
    assert made.error == "ABDM-1112" and made.calls == 0
    assert not HealthInformationTransfer.objects.exists()


def test_revoked_between_two_pages_the_rest_stays_here(flow):
    flow.more_papers("Prescription", "Prescription")
    consent = flow.grant(**ONE)
    made = waiting_after_one_page(flow, consent)
    flow.stand_in.end(consent)
    flow.settle()
    flow.sweep()
    row = flow.transfer()
    assert (row.status, row.sent, row.failed, row.sealed) == ("failed", 1, 2, "")
    assert len(made.pages) == made.calls == 1
    told = told_of(made)
    assert told["sessionStatus"] == "FAILED"
    assert told["statusResponses"][0]["description"] == "Consent was revoked"


def waiting_after_one_page(flow, consent):
    """The first page arrived, then the worker died."""
    made = flow.stand_in.ask(consent)
    taken_in(flow)
    row = flow.transfer()
    HealthInformationTransfer.objects.update(status="acknowledged", next_attempt_at=LONG_AGO)
    page = transfer._claim(row.pk)
    transfer._settle(page, transfer._pushed(page))
    HealthInformationTransfer.objects.update(next_attempt_at=timezone.now() + timedelta(minutes=1))
    return made


def taken_in(flow):
    """The request is handled; what we owe for it has not left."""
    (letter,) = flow.stand_in.held()
    with flow.capture(execute=False):
        flow.stand_in.carry(letter)
        actions.handle_inbound(InboundMessage.objects.latest("received_at").pk)
    flow.in_green()
    return letter


def test_revoked_before_our_yes_arrived_nothing_goes(flow):
    consent = flow.grant()
    made = flow.stand_in.ask(consent)
    taken_in(flow)
    flow.stand_in.end(consent)
    flow.send(*flow.stand_in.held())
    flow.settle()
    assert made.calls == 0 and told_of(made)["sessionStatus"] == "FAILED"


def test_its_time_runs_out_between_two_pages(flow):
    flow.more_papers("Prescription")
    made = waiting_after_one_page(flow, flow.grant())
    ConsentArtefact.objects.update(erase_at=LONG_AGO)
    flow.sweep()
    assert (flow.consent().status, flow.transfer().status) == ("expired", "failed")
    assert len(made.pages) == 1
    assert told_of(made)["statusResponses"][0]["description"] == "Consent has expired"


def test_a_paper_taken_back_meanwhile_is_not_shown(flow):
    flow.more_papers("Prescription")
    made = waiting_after_one_page(flow, flow.grant())
    DocumentReference.objects.update(status="entered-in-error")
    flow.sweep()
    assert len(made.pages) == 1 and flow.transfer().status == "failed"
    assert told_of(made)["statusResponses"][0]["description"] == "Record was withdrawn"


def test_a_worker_dies_and_another_goes_on(flow):
    """Killed with the page taken, then killed with the page arrived and nothing written."""
    flow.more_papers("Prescription")
    made = waiting_after_one_page(flow, flow.grant(**ONE))
    for push_it in (False, True):
        HealthInformationTransfer.objects.update(next_attempt_at=LONG_AGO)
        page = transfer._claim(flow.transfer().pk)
        assert page.n == 1 and transfer._claim(page.transfer_id) is None  # one worker a page
        if push_it:
            assert transfer._pushed(page).state == "sent"
    flow.sweep()
    row = flow.transfer()
    assert (row.status, row.sent, row.failed) == ("sent", 2, 0)
    assert sorted(made.pages) == [1, 2] and made.calls == 3  # the same number: one page there
    assert len(made.told) == 1


def test_a_receiver_that_stumbles_is_tried_again(flow):
    flow.world.faults.push_refusals = 2
    made = flow.ask(flow.grant(**ONE))
    assert flow.transfer().status == "sending" and made.calls == 1
    flow.sweep()
    flow.sweep()
    assert (flow.transfer().status, made.calls, len(made.pages)) == ("sent", 3, 1)


def test_a_receiver_that_refuses_is_left_alone(flow):
    flow.more_papers("Prescription")
    flow.world.faults.push_refusals, flow.world.faults.push_status = 1, 400
    made = flow.ask(flow.grant(**ONE))
    row = flow.transfer()
    assert (row.status, row.sent, row.failed, made.calls) == ("failed", 1, 1, 2)
    assert told_of(made)["statusResponses"][0]["hiStatus"] == "ERRORED"


def test_after_twenty_minutes_it_is_given_up(flow):
    flow.world.faults.push_refusals = 99
    made = flow.ask(flow.grant())
    HealthInformationTransfer.objects.update(asked_at=timezone.now() - timedelta(minutes=21))
    flow.sweep()
    assert flow.transfer().status == "failed"
    assert "20 minutes" in told_of(made)["statusResponses"][0]["description"]


def test_a_wrong_key_reads_nothing(flow):
    made = flow.stand_in.ask(flow.grant())
    made.keys = fidelius.new_keys()  # the asker lost the key that it asked with
    flow.settle()
    assert not made.pages and flow.transfer().status == "failed"


def test_the_messages_are_those_of_the_samples(flow):
    flow.grant(**ONE)
    made = flow.stand_in.ask(str(flow.consent().artefact_id))
    (letter,) = flow.stand_in.held()
    assert shape(letter["body"]) == shape(SAMPLES["hip-data.request-callback"])
    with flow.capture(execute=True):
        flow.stand_in.carry(letter)
    flow.in_green()
    page = pages.Page(made_id := flow.transfer().pk, flow.transfer().transaction_id, 0, 1,
                      flow.paper.pk, "Prescription", flow.visit.number,
                      {"key": made.keys.public, "nonce": made.keys.nonce},
                      timezone.now())  # fmt: skip
    assert made_id and shape(pages.body_of(page)) == shape(SAMPLES["hip-data.push-request"])
    flow.settle()
    assert shape(made.told[0]) == shape(SAMPLES["hip-data.notify-request"]["notification"])


def test_the_refusal_is_that_of_the_sample(flow):
    made = flow.stand_in.ask(flow.grant(), dateRange={"from": LONG_AGO, "to": LONG_AGO})
    taken_in(flow)
    sent = OutboundMessage.objects.get(path=ON_REQUEST)
    body = opened(sent.body, sent.facility_id)["body"]
    assert body["error"] == SAMPLES["hip-data.on-request-refusal-request"]["error"]
    assert made.calls == 0


def test_the_stand_in_reads_the_vector_of_the_specification():
    """Its arithmetic and ours agree on the published sample, each by its own way."""
    body = SAMPLES["hip-data.push-request"]
    entry, material = body["entries"][0], body["keyMaterial"]
    secret = "B9cWJAdH5PTaWmBh011XvaQOBy2QuhSHPElkq1KFZj8="
    nonce = "W6lpn5sp/YqI/VNpLoTLZ8OKJjE86BJ3/AV0Tu3xKcc="
    keys = fidelius.Keys(int.from_bytes(base64.b64decode(secret), "big"), nonce, "")
    plain = fidelius.read(entry["content"], material, keys)
    assert plain == crypto.decrypt(
        entry["content"],
        own=crypto.KeyPair.from_private(secret),
        own_nonce=nonce,
        peer_public=material["dhPublicKey"]["keyValue"],
        peer_nonce=material["nonce"],
    )
    assert b"bhavya-vector" in plain


@pytest.mark.parametrize(
    "url",
    ["", "ftp://phr.example.in/", "http://phr.example.in/", "https://localhost/",
     "https://intranet/x", "https://10.1.2.3/", "https://127.0.0.1/", "https://[::1]/",
     "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://192.168.1.1:8443/",
     "https://100.64.0.1/", "https://user:pw@phr.example.in/", "https://[fe80::1]/",
     "https://0.0.0.0/", "https://224.0.0.1/", "https://phr.example.in:99999/",
     "https://" + "a" * 600 + ".in/"],
)  # fmt: skip
def test_an_address_inside_is_refused(settings, url):
    settings.ABDM_ENVIRONMENT = "abdm-sandbox"
    with pytest.raises(push.Unfit):
        push.host_of(url)


def test_a_name_that_points_inside_is_refused_when_it_is_looked_up():
    """Whatever the name: what it means is looked at, and that very address is called."""
    with pytest.raises(push.Unfit):
        push._resolved("localhost", 443)
    assert push._resolved("8.8.8.8", 443) == "8.8.8.8"


def test_only_the_stand_in_itself_may_be_inside(settings):
    settings.ABDM_ENVIRONMENT = "http://127.0.0.1:8790"
    assert push.host_of("http://127.0.0.1:8790/sandbox/data/1") == "127.0.0.1"
    for other in ("http://127.0.0.1:8791/", "https://127.0.0.1:8790/", "http://10.0.0.1:8790/"):
        with pytest.raises(push.Unfit):
            push.host_of(other)
