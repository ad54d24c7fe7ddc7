"""The consent manager and one asker of records: grants, ends, asks, receives and reads.

People and tests act at `/sandbox/consents…`; hospitals answer at the gateway's own addresses and
push to `/sandbox/data/…`.
"""

import json
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apps.abdm_sandbox import fidelius, tokens
from apps.abdm_sandbox.courier import stamp
from apps.abdm_sandbox.door import accepted, courier_of, refused, world_of
from apps.abdm_sandbox.world import Asking, Consent, Transfer, World, new_id

HI_TYPES = ["OPConsultation", "Prescription", "DiagnosticReport", "HealthDocumentRecord"]
YEAR, MONTH = timedelta(days=365), timedelta(days=30)
NOTIFY = "consent/request/hip/notify"
CARE = {"text": "Care Management", "code": "CAREMGT", "refUri": "www.abdm.gov.in"}
OWN = {"text": "Self Requested", "code": "PATRQT", "refUri": "www.abdm.gov.in"}
CLINIC = {"id": "DEMO-HIU", "name": "Demo Clinic Patna"}
PHONE = {"id": "DEMO-PHR-APP", "name": "Demo Phone"}


def grant(request: Request, told: dict[str, Any]) -> Consent:
    """A patient says yes in the app: the signed artefact goes to the holder of the records.

    `told`: address, serviceId; references, hiTypes, from, to, eraseAt where the test wants others;
    own: for the person's own phone, which asks as soon as the holder has acknowledged.
    """
    world: World = world_of(request)
    address, service_id = str(told["address"]), str(told["serviceId"])
    linked = world.linked(address, service_id)
    names = told.get("references") or [context.reference for context in linked]
    owner = {context.reference: context.patient_reference for context in linked}
    made = Consent(new_id(), address, service_id, own=bool(told.get("own")))
    made.detail = {
        "schemaVersion": "v3",
        "consentId": made.id,
        "createdAt": stamp(),
        "patient": {"id": address},
        "careContexts": [
            {"patientReference": owner.get(name, "unknown"), "careContextReference": name}
            for name in names
        ],
        "purpose": OWN if made.own else CARE,
        "hip": {"id": told.get("hipId", service_id), "name": "Demo"},
        "hiu": PHONE if made.own else CLINIC,
        "consentManager": {"id": "sbx"},
        "requester": {
            "name": "Dr Demo Kumari",
            "identifier": {
                "type": "REGNO",
                "value": "BR-00000",
                "system": "https://www.nmc.org.in",
            },
        },
        "hiTypes": told.get("hiTypes") or HI_TYPES,
        "permission": {
            "accessMode": "VIEW",
            "dateRange": {
                "from": told.get("from") or stamp(-YEAR),
                "to": told.get("to") or stamp(),
            },
            "dataEraseAt": told.get("eraseAt") or stamp(MONTH),
            "frequency": {"unit": "HOUR", "value": 1, "repeats": 0},
        },
    }
    world.consents[made.id] = made
    tell_holder(request, made, "GRANTED")
    return made


def tell_holder(request: Request, consent: Consent, status: str) -> None:
    granted = status == "GRANTED"
    signature = tokens.signature(json.dumps(consent.detail, sort_keys=True)) if granted else None
    consent.status = status
    consent.asked_request = new_id()
    told = {
        "status": status,
        "consentId": consent.id,
        "consentDetail": consent.detail if granted else None,
        "signature": signature,
        "grantAcknowledgement": False,
    }
    courier_of(request).post(
        NOTIFY,
        {"notification": told},
        service_id=consent.service_id,
        request_id=consent.asked_request,
    )


def revoke(request: Request, consent_id: str) -> Consent | None:
    """The patient takes a consent back: its holder hears of it, and who asked by a request."""
    consent = world_of(request).consents.get(consent_id)
    if consent is not None:
        end_of(request, consent, "REVOKED")
    return consent


def end_of(request: Request, consent: Consent, status: str) -> None:
    """REVOKED or EXPIRED, told to both sides."""
    if consent.service_id in world_of(request).services:
        tell_holder(request, consent, status)
    consent.status = status
    asking = world_of(request).askings.get(consent.asking_id)
    if asking is not None:
        tell_asker(request, asking, status, [consent.id])


def tell_asker(request: Request, asking: Asking, status: str, artefacts: list[str]) -> None:
    """A decision on what a hospital asked, or the end of a consent of it."""
    notice = new_id()
    asking.notices.add(notice)
    told = {
        "consentRequestId": asking.id,
        "status": status,
        "reason": asking.reason or None,
        "consentArtefacts": [{"id": one} for one in artefacts],
    }
    courier_of(request).post(
        "hiu/consent/request/notify",
        {"notification": told},
        service_id=asking.hiu_id,
        role="HIU",
        request_id=notice,
    )


async def make(request: Request) -> Response:
    made = grant(request, await request.json())
    return JSONResponse({"id": made.id}, status_code=201)


async def end(request: Request) -> Response:
    """`/sandbox/consents/<id>/revoke` or `/expire`."""
    consent = world_of(request).consents.get(request.path_params["id"])
    if consent is None:
        return JSONResponse({}, status_code=404)
    end_of(request, consent, "REVOKED" if request.path_params["how"] == "revoke" else "EXPIRED")
    return JSONResponse({"id": consent.id})


async def ask(request: Request) -> Response:
    """The asker wants the records. 409 while the holder has not acknowledged the consent."""
    world, told = world_of(request), await request.json()
    consent = world.consents.get(request.path_params["id"])
    if consent is None:
        return JSONResponse({}, status_code=404)
    if "GRANTED" not in consent.acknowledged:
        why = "HIP did not acknowledge the HIP consent notify"
        return JSONResponse({"error": why}, status_code=409)
    made = begin(request, consent, told)
    return JSONResponse({"transactionId": made.id}, status_code=202)


def begin(request: Request, consent: Consent, told: dict[str, Any]) -> Transfer:
    """Keys of this asking, and the request on its way to the holder."""
    made = Transfer(new_id(), consent.id, fidelius.new_keys())
    world_of(request).transfers[made.id] = made
    made.request = new_id()
    base = request.app.state.issuer.split("/auth/")[0]
    body = {
        "transactionId": made.id,
        "hiRequest": {
            "consent": {"id": told.get("consentId") or consent.id},
            "dateRange": told.get("dateRange") or dict(consent.detail["permission"]["dateRange"]),
            "dataPushUrl": told.get("dataPushUrl") or f"{base}/sandbox/data/{made.id}",
            "keyMaterial": {
                "cryptoAlg": "ECDH",
                "curve": "Curve25519",
                "dhPublicKey": {
                    "expiry": stamp(timedelta(days=1)),
                    "parameters": "Curve25519/32byte random key",
                    "keyValue": made.keys.public,
                },
                "nonce": made.keys.nonce,
            },
        },
    }
    courier_of(request).post(
        "hip/health-information/request",
        body,
        service_id=consent.service_id,
        request_id=made.request,
    )
    return made


async def receive(request: Request) -> Response:
    """One page of records, straight from the hospital."""
    world = world_of(request)
    made = world.transfers.get(request.path_params["id"])
    if made is None:
        return JSONResponse({}, status_code=404)
    made.calls += 1
    if world.faults.push_refusals:
        world.faults.push_refusals -= 1
        return refused("1024", "Dependent service unavailable", world.faults.push_status)
    if not tokens.is_session(request.headers.get("Authorization", "")):
        return JSONResponse({}, status_code=401)
    body = await request.json()
    consent = world.consents[made.consent_id]
    allowed = {one["careContextReference"] for one in consent.detail["careContexts"]}
    if body["transactionId"] != made.id or not body["entries"]:
        return refused("1017", "Invalid transactionId")
    for entry in body["entries"]:
        if entry["careContextReference"] not in allowed:
            return refused("7727", "Mismatch of careContextReference(s) with consent")
        if not read_entry(made, body, entry):
            return refused("1006", "Content cannot be decrypted")
    return accepted()


def read_entry(made: Transfer, body: dict[str, Any], entry: dict[str, Any]) -> bool:
    """What the page says, kept under its number: the same page again takes its own place."""
    try:
        plain = fidelius.read(entry["content"], body["keyMaterial"], made.keys)
        bundle = json.loads(plain)
    except Exception:
        return False
    made.pages[body["pageNumber"]] = {
        "count": body["pageCount"],
        "context": entry["careContextReference"],
        "key": body["keyMaterial"]["dhPublicKey"]["keyValue"],
        "bundle": bundle,
    }
    return True


async def on_notify(request: Request, body: dict[str, Any]) -> Response:
    """The holder's word that a consent's state arrived: an object, not a list."""
    told = body.get("acknowledgement")
    asked = (body.get("response") or {}).get("requestId")
    consent = world_of(request).consents.get(
        told.get("consentId", "") if isinstance(told, dict) else ""
    )
    if consent is None or consent.asked_request != asked:
        return refused("1015", "Invalid response")
    first = consent.status not in consent.acknowledged
    consent.acknowledged.append(consent.status)
    if consent.own and first and consent.status == "GRANTED":
        begin(request, consent, {})
    return accepted()


async def on_request(request: Request, body: dict[str, Any]) -> Response:
    asked = (body.get("response") or {}).get("requestId")
    transfers = world_of(request).transfers.values()
    made = next((one for one in transfers if one.request == asked), None)
    if made is None:
        return refused("1015", "Invalid response")
    if body.get("error"):
        made.error = str(body["error"].get("code"))
        return accepted()
    told = body.get("hiRequest") or {}
    if told.get("transactionId") != made.id or told.get("sessionStatus") != "ACKNOWLEDGED":
        return refused("1017", "Invalid transactionId")
    made.acknowledged += 1
    return accepted()


async def on_transfer(request: Request, body: dict[str, Any]) -> Response:
    """How it ended, as the holder says."""
    told = body.get("notification") or {}
    status = told.get("statusNotification") or {}
    answers = status.get("statusResponses")
    if not answers:
        return refused("9999", "statusResponses is mandatory")
    if not all(one.get("description") for one in answers):
        return refused("9999", "description is mandatory")
    made = world_of(request).transfers.get(told.get("transactionId", ""))
    if made is None or told.get("consentId") != made.consent_id:
        return refused("1017", "Invalid transactionId")
    made.told.append(told)
    return JSONResponse({"status": "Notification is Accepted"}, status_code=202)


def titles(bundle: dict[str, Any]) -> list[str]:
    return [
        entry["resource"].get("title", "")
        for entry in bundle.get("entry", [])
        if entry["resource"]["resourceType"] == "Composition"
    ]


async def listing(request: Request) -> Response:
    """What was consented and what the asker could read: for tests and for people at the demo."""
    world = world_of(request)
    consents = [
        {"id": one.id, "address": one.address, "serviceId": one.service_id, "status": one.status,
         "acknowledged": one.acknowledged}
        for one in world.consents.values()
    ]  # fmt: skip
    transfers = [
        {"id": one.id, "consentId": one.consent_id, "error": one.error,
         "ended": [told["statusNotification"] for told in one.told],
         "read": [{"page": n, "context": page["context"], "titles": titles(page["bundle"]),
                   "bundle": page["bundle"]} for n, page in sorted(one.pages.items())]}
        for one in world.transfers.values()
    ]  # fmt: skip
    return JSONResponse({"consents": consents, "transfers": transfers})
