"""The stand-in as the consent manager of a hospital that asks, and as the patient's app."""

import base64
import copy
import json

from apps.abdm_sandbox import fidelius
from apps.abdm_sandbox.consent import YEAR
from apps.abdm_sandbox.courier import stamp
from apps.abdm_sandbox.world import Context
from tests.abdm.consents import BLUE_ID, GREEN_ID, SAMPLES, shape

ADDRESS = "sunita.devi87@sbx"
FOREIGN = "IN1010009993"
HIU = {"X-HIU-ID": BLUE_ID}
APP = {"X-AUTH-TOKEN": ADDRESS}


def asked(stand_in, **changes):
    body = copy.deepcopy(SAMPLES["hiu-consent.init-request"])
    told = body["consent"]
    told["hiu"]["id"] = BLUE_ID
    told["permission"]["dateRange"] = {"from": stamp(-YEAR), "to": stamp()}
    told["permission"]["dataEraseAt"] = stamp(YEAR)
    told |= changes
    return stand_in.gate("POST", "consent/v3/request/init", body, **HIU)


def only(stand_in, path):
    (letter,) = [one for one in stand_in.held() if one.get("path") == path]
    assert letter["headers"]["X-HIU-ID"] == BLUE_ID
    return letter["body"]


def request_id(stand_in):
    taken = asked(stand_in)
    assert (taken.status_code, taken.content) == (202, b"")
    assert SAMPLES["hiu-consent.init-response"] is None  # the answer is the callback
    told = only(stand_in, "hiu/consent/request/on-init")
    assert shape(told) == shape(SAMPLES["hiu-consent.on-init-callback"])
    return told["consentRequest"]["id"]


def hold_records(stand_in):
    """Somebody else holds a visit of hers, and so does a hospital that the stand-in plays."""
    where = (ADDRESS, GREEN_ID, "GRN-1")
    stand_in.world.contexts[where] = Context(*where[:2], "P-1", "GRN-1", "Visit")
    record = {"reference": "F-1", "hiType": "Prescription", "bundle": {"resourceType": "Bundle"}}
    told = {"id": FOREIGN, "name": "Demo Gaya", "address": ADDRESS, "records": [record]}
    assert stand_in.call("POST", "/sandbox/foreign-hips", told).status_code == 201


def test_the_app_lists_approves_and_takes_back(stand_in):
    hold_records(stand_in)
    asking = request_id(stand_in)
    path = "consent/v3/request"
    found = f"{path}?status=REQUESTED&limit=10&offset=0"
    rows = stand_in.gate("GET", found, SAMPLES["cm.list-request"], **APP).json()
    assert [one["id"] for one in rows["requests"]] == [asking]
    assert not stand_in.gate("GET", path, **{"X-AUTH-TOKEN": "pooja.k22@sbx"}).json()["requests"]
    body = copy.deepcopy(SAMPLES["cm.approve-request"])
    body["consents"][0]["hip"]["id"] = FOREIGN
    body["consents"][0]["permission"]["dataEraseAt"] = stamp(YEAR)
    assert stand_in.gate("POST", f"{path}/{asking}/approve", body, **APP).status_code == 202
    told = only(stand_in, "hiu/consent/request/notify")["notification"]
    assert shape(told) | {"reason": ""} == shape(
        SAMPLES["hiu-consent.notify-granted-callback"]["notification"]
    ) | {"reason": ""}
    (artefact,) = told["consentArtefacts"]  # the app chose one hospital of two
    back = copy.deepcopy(SAMPLES["cm.revoke-request"])
    back["consents"] = [artefact["id"]]
    assert stand_in.gate("POST", "consent/v3/revoke", back, **APP).status_code == 202
    told = only(stand_in, "hiu/consent/request/notify")["notification"]
    assert told["status"] == "REVOKED" and told["consentArtefacts"] == [artefact]
    back["consents"] = ["95bf1004-e764-4c42-823c-a39fd13bb56b"]
    assert stand_in.gate("POST", "consent/v3/revoke", back, **APP).status_code == 400


def test_the_app_says_no_once(stand_in):
    asking = request_id(stand_in)
    path = f"consent/v3/request/{asking}/deny"
    assert stand_in.gate("POST", path, SAMPLES["cm.deny-request"], **APP).status_code == 202
    told = only(stand_in, "hiu/consent/request/notify")["notification"]
    assert (told["status"], told["reason"]) == ("DENIED", "Not needed")
    assert stand_in.gate("POST", path, SAMPLES["cm.deny-request"], **APP).status_code == 400
    assert stand_in.call("POST", f"/sandbox/consent-requests/{asking}/approve").status_code == 409


def test_a_request_must_be_right(stand_in):
    wrong = {
        "hiu": {"id": "IN0000000000"},
        "patient": {"id": "nobody@sbx"},
        "purpose": {"code": "CAREMGT", "text": "Curiosity"},
        "hiTypes": ["Everything"],
        "careContexts": [{"patientReference": "1", "careContextReference": "2"}],
        "requester": {},
    }
    for name, value in wrong.items():
        assert asked(stand_in, **{name: value}).status_code == 400, name
    later = {"accessMode": "VIEW", "frequency": {"unit": "HOUR"}, "dataEraseAt": stamp(YEAR),
             "dateRange": {"from": stamp(-YEAR), "to": stamp(YEAR)}}  # fmt: skip
    answer = asked(stand_in, permission=later)
    assert answer.json() == SAMPLES["hiu-consent.init-error-date"]
    assert asked(stand_in, hip={"id": BLUE_ID}).status_code == 202
    told = only(stand_in, "hiu/consent/request/on-init")
    assert told["error"] == SAMPLES["hiu-consent.on-init-error-callback"]["error"]


def test_a_foreign_hospital_pushes_what_can_be_read(stand_in):
    hold_records(stand_in)
    asking = request_id(stand_in)
    done = stand_in.call("POST", f"/sandbox/consent-requests/{asking}/approve", {"hips": [FOREIGN]})
    assert done.status_code == 200
    (artefact,) = stand_in.call("GET", "/sandbox/consent-requests").json()[0]["artefacts"]
    stand_in.held()
    keys = fidelius.new_keys()
    body = copy.deepcopy(SAMPLES["hiu-data.request-request"])
    body["hiRequest"]["consent"]["id"] = artefact
    body["hiRequest"]["keyMaterial"]["dhPublicKey"]["keyValue"] = keys.public
    body["hiRequest"]["keyMaterial"]["nonce"] = keys.nonce
    span = stand_in.world.consents[artefact].detail["permission"]["dateRange"]
    path = "data-flow/v3/health-information/request"
    assert stand_in.gate("POST", path, body, **HIU).status_code == 202  # the sample's old range
    told = only(stand_in, "hiu/health-information/on-request")
    assert told["error"] == SAMPLES["hiu-data.on-request-error-callback"]["error"]
    body["hiRequest"]["dateRange"] = span
    assert stand_in.gate("POST", path, body, **HIU).status_code == 202
    answer, push = stand_in.held()
    assert shape(answer["body"]) == shape(SAMPLES["hiu-data.on-request-callback"])
    assert push["url"] == body["hiRequest"]["dataPushUrl"]
    assert shape(push["body"]) == shape(SAMPLES["hiu-data.push-received"])
    plain = fidelius.read(push["body"]["entries"][0]["content"], push["body"]["keyMaterial"], keys)
    assert json.loads(plain) == {"resourceType": "Bundle"}
    assert len(base64.b64decode(push["body"]["keyMaterial"]["nonce"])) == 32
    number = answer["body"]["hiRequest"]["transactionId"]
    state = stand_in.gate("GET", f"{path}/status/{number}", **HIU).json()
    assert shape(state) == shape(SAMPLES["hiu-data.status-response"])
