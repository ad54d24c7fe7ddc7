"""Records on their way to a hospital that asked: from the hospitals that hold care contexts, or
from one that the stand-in plays itself (`POST /sandbox/foreign-hips`), whose bundles a test brings.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apps.abdm_sandbox import fidelius
from apps.abdm_sandbox.courier import stamp
from apps.abdm_sandbox.door import accepted, courier_of, refused, world_of
from apps.abdm_sandbox.hiu import answer, consent_of, hiu_of, moment, no
from apps.abdm_sandbox.world import Consent, Foreign, Transfer, new_id

ON_REQUEST = "hiu/health-information/on-request"


async def ask_data(request: Request, body: dict[str, Any]) -> Response:
    """Records are asked for: the asker is told the number, the holder gets the request."""
    told = body.get("hiRequest") or {}
    consent = consent_of(request, (told.get("consent") or {}).get("id"))
    why = _data_refusal(consent, told)
    if why is not None or consent is None:
        refusal = {"hiRequest": None, "error": why}
        answer(request, ON_REQUEST, refusal, hiu_id=hiu_of(request))
        return accepted()
    made = Transfer(new_id(), consent.id, fidelius.new_keys(), request=new_id())
    world = world_of(request)
    world.transfers[made.id] = made
    taken = {"hiRequest": {"transactionId": made.id, "sessionStatus": "REQUESTED"}}
    answer(request, ON_REQUEST, taken, hiu_id=hiu_of(request))
    if consent.service_id in world.foreign:
        _push_foreign(request, made, consent, told)
    else:
        _pass_on(request, made, consent, told)
    return accepted()


def _data_refusal(consent: Consent | None, told: dict[str, Any]) -> dict[str, str] | None:
    if consent is None or consent.status != "GRANTED":
        return no("1092", "Invalid or already expired consent artefact id")
    allowed, span = consent.detail["permission"]["dateRange"], told.get("dateRange") or {}
    try:
        inside = (
            moment(allowed["from"])
            <= moment(span["from"])
            <= moment(span["to"])
            <= moment(allowed["to"])
        )
    except (KeyError, TypeError, ValueError):
        inside = False
    if not inside:
        return no("1063", "Date Range given is invalid")
    if "GRANTED" not in consent.acknowledged:
        return no("1402", "HIP did not acknowledge the HIP consent notify")
    return None


def _pass_on(request: Request, made: Transfer, consent: Consent, told: dict[str, Any]) -> None:
    """To the holder. While `hold` is on, its pushes are kept here for the test to carry."""
    world, url = world_of(request), told["dataPushUrl"]
    if world.hold:
        world.relays[made.id] = url
        url = f"{request.app.state.issuer.split('/auth/')[0]}/sandbox/relay/{made.id}"
    courier_of(request).post(
        "hip/health-information/request",
        {"transactionId": made.id, "hiRequest": {**told, "dataPushUrl": url}},
        service_id=consent.service_id,
        request_id=made.request,
    )


async def relay(request: Request) -> Response:
    """A push that was held back: it goes on when the test carries it."""
    world = world_of(request)
    url = world.relays.get(request.path_params["id"])
    if url is None:
        return JSONResponse({}, status_code=404)
    courier_of(request).push(url, await request.json(), bearer="held")
    return accepted()


def _push_foreign(request: Request, made: Transfer, consent: Consent, told: dict[str, Any]) -> None:
    """One page a record, as a foreign hospital would: a raw point as key, pages from 0."""
    world = world_of(request)
    records = world.foreign[consent.service_id].records
    chosen = [one for one in records if one["hiType"] in consent.detail["hiTypes"]]
    for n, record in enumerate(chosen):
        keys = fidelius.new_keys()
        body = page(made.id, n, len(chosen), record, told["keyMaterial"], keys)
        for one in spoiled(body, world.faults.spoil_push):
            courier_of(request).push(told["dataPushUrl"], one, bearer="foreign")


def page(
    transaction_id: str, n: int, count: int, record: dict[str, Any],
    peer: dict[str, Any], keys: fidelius.Keys,
) -> dict[str, Any]:  # fmt: skip
    """One record as it is pushed, encrypted for who asked."""
    text = record.get("text")
    plain = (json.dumps(record["bundle"], ensure_ascii=False) if text is None else text).encode()
    entry = {
        "content": fidelius.write(plain, peer, keys),
        "media": "application/fhir+json",
        "checksum": hashlib.md5(plain, usedforsecurity=False).hexdigest(),
        "careContextReference": record["reference"],
    }
    material = {
        "cryptoAlg": "ECDH",
        "curve": "curve25519",
        "dhPublicKey": {
            "expiry": stamp(timedelta(days=1)),
            "parameters": "Curve25519/32byte random key",
            "keyValue": keys.public,
        },
        "nonce": keys.nonce,
    }
    return {"pageNumber": n, "pageCount": count, "transactionId": transaction_id,
            "entries": [entry], "keyMaterial": material}  # fmt: skip


def spoiled(body: dict[str, Any], how: str) -> list[dict[str, Any]]:
    """The page as it leaves: "twice", or with a wrong "tag", "nonce", "context" or
    "transaction"; as it is for anything else."""
    entry, material = body["entries"][0], body["keyMaterial"]
    if how == "twice":
        return [body, body]
    if how == "tag":
        entry["content"] = ("A" if entry["content"][0] != "A" else "B") + entry["content"][1:]
    elif how == "nonce":
        material["nonce"] = fidelius.new_keys().nonce
    elif how == "context":
        entry["careContextReference"] = "SOMEBODY-ELSE"
    elif how == "transaction":
        body["transactionId"] = new_id()
    return [body]


async def data_status(request: Request, body: dict[str, Any]) -> Response:
    made = world_of(request).transfers.get(request.path_params["id"])
    if made is None:
        return refused("1017", "Invalid transactionId")
    ends = [told["statusNotification"]["sessionStatus"] for told in made.told]
    state = ends[-1] if ends else ("ACKNOWLEDGED" if made.acknowledged else "REQUESTED")
    return JSONResponse({"transactionId": made.id, "status": state})


async def add_foreign(request: Request) -> Response:
    """A hospital of this process: {"id", "name", "address", "records": [{"reference", "hiType",
    "bundle" (or "text", to be sent as it is)}]}."""
    told = await request.json()
    made = Foreign(told["id"], told["name"], told["address"], told["records"])
    world_of(request).foreign[made.id] = made
    return JSONResponse({"id": made.id}, status_code=201)


DATA = "/api/hiecm/data-flow/v3/health-information"
GATE = (
    ("POST", f"{DATA}/request", ask_data),
    ("GET", f"{DATA}/request/status/{{id}}", data_status),
)
SWITCHES = (
    ("POST", "/sandbox/foreign-hips", add_foreign),
    ("POST", "/sandbox/relay/{id}", relay),
)
