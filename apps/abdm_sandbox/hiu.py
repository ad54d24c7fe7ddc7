"""The consent manager as a hospital that asks meets it: requests, decisions, artefacts.

A phone page calls `waiting`, `approve` and `deny` (plain functions inside a request of this
process; `consent.revoke` takes back what was granted); a test does the same over HTTP at
`/sandbox/consent-requests…`. Records come from the hospitals that hold care contexts, or from one
that the stand-in plays itself (`POST /sandbox/foreign-hips`).
"""

import json
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apps.abdm_sandbox import consent as grants
from apps.abdm_sandbox import tokens
from apps.abdm_sandbox.courier import stamp
from apps.abdm_sandbox.door import accepted, courier_of, refused, world_of
from apps.abdm_sandbox.linking import HI_TYPES
from apps.abdm_sandbox.world import Asking, Consent, World, new_id, now

PURPOSES = {
    "CAREMGT": "Care Management",
    "BTG": "Break the Glass",
    "PUBHLTH": "Public Health",
    "HPAYMT": "Healthcare Payment",
    "DSRCH": "Disease Specific Healthcare Research",
    "PATRQT": "Self Requested",
}


def waiting(world: World, address: str) -> list[dict[str, Any]]:
    """What waits for this person's yes, newest first: {"id", "hiu", "requester", "purpose",
    "hiTypes", "from", "to", "eraseAt", "at"}. Plain function."""
    mine = [
        one for one in world.askings.values()
        if one.address == address and one.status == "REQUESTED"
    ]  # fmt: skip
    return [_told(one) for one in sorted(mine, key=lambda one: one.at, reverse=True)]


def _told(one: Asking) -> dict[str, Any]:
    detail, permission = one.detail, one.detail["permission"]
    return {
        "id": one.id,
        "hiu": detail["hiu"].get("name") or one.hiu_id,
        "requester": detail["requester"]["name"],
        "purpose": detail["purpose"]["text"],
        "hiTypes": detail["hiTypes"],
        "from": permission["dateRange"]["from"],
        "to": permission["dateRange"]["to"],
        "eraseAt": permission["dataEraseAt"],
        "at": stamp(one.at - now()),
        "status": one.status,
    }


def approve(
    request: Request, consent_request_id: str, told: dict[str, Any] | None = None
) -> list[Consent]:
    """The person says yes: one artefact for each hospital that holds records, told to both sides.

    Plain function. `told` narrows: hiTypes, from, to, eraseAt, hips. Empty: nobody holds anything
    (the request stays open), or it does not wait any more.
    """
    world, narrow = world_of(request), told or {}
    asking = world.askings.get(consent_request_id)
    if asking is None or asking.status != "REQUESTED":
        return []
    held = _holders(world, asking)
    wanted = narrow.get("hips") or list(held)
    made = [_artefact(asking, hip, held[hip], narrow) for hip in wanted if hip in held]
    if not made:
        return []
    asking.status = "GRANTED"
    for one in made:
        world.consents[one.id] = one
        asking.artefacts.append(one.id)
        if one.service_id in world.services:
            grants.tell_holder(request, one, "GRANTED")
        else:
            one.acknowledged.append("GRANTED")  # a hospital that is played here
    grants.tell_asker(request, asking, "GRANTED", asking.artefacts)
    return made


def deny(request: Request, consent_request_id: str, reason: str = "Patient declined") -> bool:
    """The person says no; True when it did wait. Plain function."""
    return _close(request, consent_request_id, "DENIED", reason)


def _close(request: Request, asking_id: str, status: str, reason: str = "") -> bool:
    asking = world_of(request).askings.get(asking_id)
    if asking is None or asking.status != "REQUESTED":
        return False
    asking.status, asking.reason = status, reason
    grants.tell_asker(request, asking, status, [])
    return True


def _holders(world: World, asking: Asking) -> dict[str, dict[str, Any]]:
    """Service id → {"name", "contexts"}: who holds records of this person, but for the asker."""
    found: dict[str, dict[str, Any]] = {}
    for context in world.linked(asking.address):
        if context.service_id != asking.hiu_id and context.service_id in world.services:
            name = world.services[context.service_id].name
            row = found.setdefault(context.service_id, {"name": name, "contexts": []})
            row["contexts"].append((context.patient_reference, context.reference))
    for one in world.foreign.values():
        if one.address == asking.address:
            pairs = [("FOREIGN-1", record["reference"]) for record in one.records]
            found[one.id] = {"name": one.name, "contexts": list(dict.fromkeys(pairs))}
    only = (asking.detail.get("hip") or {}).get("id")
    return {hip: row for hip, row in found.items() if only in (None, hip)}


def _artefact(asking: Asking, hip: str, held: dict[str, Any], narrow: dict[str, Any]) -> Consent:
    asked, permission = asking.detail, asking.detail["permission"]
    span = permission["dateRange"]
    made = Consent(new_id(), asking.address, hip, asking_id=asking.id)
    made.detail = {
        "schemaVersion": "v3",
        "consentId": made.id,
        "createdAt": stamp(),
        "lastUpdated": stamp(),
        "patient": {"id": asking.address},
        "careContexts": [
            {"patientReference": owner, "careContextReference": reference}
            for owner, reference in held["contexts"]
        ],
        "purpose": asked["purpose"],
        "hip": {"id": hip, "name": held["name"]},
        "hiu": {"id": asking.hiu_id, "name": asked["hiu"].get("name", "")},
        "consentManager": {"id": "sbx"},
        "requester": asked["requester"],
        "hiTypes": narrow.get("hiTypes") or asked["hiTypes"],
        "permission": {
            "accessMode": permission["accessMode"],
            "dateRange": {"from": narrow.get("from") or span["from"],
                          "to": narrow.get("to") or span["to"]},
            "dataEraseAt": narrow.get("eraseAt") or permission["dataEraseAt"],
            "frequency": permission["frequency"],
        },
    }  # fmt: skip
    return made


# --- what the asking hospital calls -------------------------------------------------------


def hiu_of(request: Request) -> str:
    return request.headers.get("X-HIU-ID", "")


def answer(request: Request, path: str, body: dict[str, Any], *, hiu_id: str) -> None:
    told = {"error": None, **body, "response": {"requestId": request.headers["REQUEST-ID"]}}
    courier_of(request).post(path, told, service_id=hiu_id, role="HIU")


def no(code: str, message: str) -> dict[str, str]:
    return {"code": f"ABDM-{code}", "message": message}


async def init(request: Request, body: dict[str, Any]) -> Response:
    asked = body.get("consent") or {}
    refusal = _unfit(asked, request)
    if refusal is not None:
        return refusal
    hiu_id, world = asked["hiu"]["id"], world_of(request)
    told: dict[str, Any]
    if (asked.get("hip") or {}).get("id") == hiu_id:
        told = {"consentRequest": None, "error": no("1031", "HIP and HIU cannot be same")}
    else:
        made = Asking(new_id(), hiu_id, asked["patient"]["id"], asked, now())
        world.askings[made.id] = made
        told = {"consentRequest": {"id": made.id}}
    answer(request, "hiu/consent/request/on-init", told, hiu_id=hiu_id)
    return accepted()


def _unfit(asked: dict[str, Any], request: Request) -> Response | None:
    purpose, permission = asked.get("purpose") or {}, asked.get("permission") or {}
    world = world_of(request)
    if (asked.get("hiu") or {}).get("id") not in world.services or (
        hiu_of(request) not in ("", asked["hiu"]["id"])
    ):
        return refused("1040", "Invalid HIU ID")
    if (asked.get("patient") or {}).get("id") not in world.accounts:
        return refused("9999", "User not found")
    if not purpose.get("text") or not purpose.get("code"):
        return refused("9999", "Consent purpose text/code cannot be null")
    if PURPOSES.get(purpose["code"]) != purpose["text"]:
        return refused("9999", f"Invalid purpose text, it must be in {list(PURPOSES.values())}")
    kinds = asked.get("hiTypes") or []
    if not kinds or not set(kinds) <= HI_TYPES:
        return refused("9999", "Invalid HIType")
    if asked.get("careContexts") and not asked.get("hip"):
        return refused("1031", "HIP is mandatory with care contexts")
    if not (asked.get("requester") or {}).get("name"):
        return refused("9999", "Invalid requester")
    return _unfit_times(permission)


def _unfit_times(permission: dict[str, Any]) -> Response | None:
    span = permission.get("dateRange") or {}
    try:
        first, last = moment(span["from"]), moment(span["to"])
        erase = moment(permission["dataEraseAt"])
        mode = permission["accessMode"], permission["frequency"]["unit"]
    except (KeyError, TypeError, ValueError):
        return refused("9999", "Invalid permission")
    if not first <= last <= now():
        return refused("9999", "Invalid from/to date. Date must be a present/before date")
    if erase <= now() or mode[0] not in ("VIEW", "STORE", "QUERY", "STREAM"):
        return refused("9999", "Invalid dataEraseAt or access mode")
    return None


def moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


async def status(request: Request, body: dict[str, Any]) -> Response:
    asking = world_of(request).askings.get(str(body.get("consentRequestId")))
    if asking is None or asking.hiu_id != hiu_of(request):
        return refused("1039", "Invalid Consent request id")
    told = {
        "id": asking.id,
        "status": asking.status,
        "consentArtefacts": [{"id": one} for one in asking.artefacts],
    }
    answer(request, "hiu/consent/request/on-status", {"consentRequest": told}, hiu_id=asking.hiu_id)
    return accepted()


async def on_notify(request: Request, body: dict[str, Any]) -> Response:
    """The asker heard of a decision: a list here, where a holder sends an object."""
    told, world = body.get("acknowledgement"), world_of(request)
    notice = (body.get("response") or {}).get("requestId")
    asking = next((one for one in world.askings.values() if notice in one.notices), None)
    if asking is None or not isinstance(told, list):
        return refused("1015", "Invalid response")
    asking.heard.append(told)
    return accepted()


async def fetch(request: Request, body: dict[str, Any]) -> Response:
    consent, hiu_id = consent_of(request, body.get("consentId")), hiu_of(request)
    if consent is None or consent.status != "GRANTED":
        why = no("1112", "Invalid or already expired consent artefact id")
        told: dict[str, Any] = {"consent": None, "error": why}
    else:
        seal = tokens.signature(json.dumps(consent.detail, sort_keys=True))
        told = {
            "consent": {
                "status": consent.status,
                "consentDetail": consent.detail,
                "signature": seal,
            }
        }
    answer(request, "hiu/consent/on-fetch", {**told, "resp": None}, hiu_id=hiu_id)
    return accepted()


def consent_of(request: Request, consent_id: Any) -> Consent | None:
    """A consent that this asker's request brought about, and nobody else's."""
    world = world_of(request)
    consent = world.consents.get(str(consent_id))
    asking = world.askings.get(consent.asking_id) if consent else None
    return consent if asking is not None and asking.hiu_id == hiu_of(request) else None


# --- what the patient's app calls ---------------------------------------------------------


def _mine(request: Request) -> list[Asking]:
    """Requests of whoever holds the X-AUTH-TOKEN, which is the address here."""
    address = request.headers.get("X-AUTH-TOKEN", "")
    return [one for one in world_of(request).askings.values() if one.address == address]


async def phr_list(request: Request, body: dict[str, Any]) -> Response:
    wanted = request.query_params.get("status")
    rows = [_told(one) for one in _mine(request) if wanted in (None, "", "ALL", one.status)]
    first = int(request.query_params.get("offset") or 0)
    most = int(request.query_params.get("limit") or 10)
    return JSONResponse({"requests": rows[first : first + most], "size": len(rows)})


async def phr_decide(request: Request, body: dict[str, Any]) -> Response:
    """`…/approve` with what is granted to whom, or `…/deny` with a reason."""
    asking_id = request.path_params["id"]
    if asking_id not in {one.id for one in _mine(request)}:
        return refused("1039", "Invalid Consent request id")
    if request.path_params["how"] == "deny":
        done = deny(request, asking_id, str(body.get("reason") or "Patient declined"))
        return accepted() if done else refused("2406", "Invalid status transition")
    granted = body.get("consents") or [{}]
    permission = granted[0].get("permission") or {}
    span = permission.get("dateRange") or {}
    narrow = {
        "hips": [one["hip"]["id"] for one in granted if one.get("hip")],
        "hiTypes": granted[0].get("hiTypes"),
        "from": span.get("from"),
        "to": span.get("to"),
        "eraseAt": permission.get("dataEraseAt"),
    }
    done = bool(approve(request, asking_id, narrow))
    return accepted() if done else refused("2406", "Invalid status transition")


async def phr_revoke(request: Request, body: dict[str, Any]) -> Response:
    mine = {one for asking in _mine(request) for one in asking.artefacts}
    wanted = [str(one) for one in body.get("consents") or []]
    if not wanted or not set(wanted) <= mine:
        return refused("1080", "Invalid Consent artefact id")
    for one in wanted:
        grants.revoke(request, one)
    return accepted()


# --- for people and tests -----------------------------------------------------------------


async def listing(request: Request) -> Response:
    """Everything that hospitals asked and what became of it."""
    return JSONResponse([
        {**_told(one), "address": one.address, "hiuId": one.hiu_id, "reason": one.reason,
         "artefacts": one.artefacts, "heard": one.heard}
        for one in world_of(request).askings.values()
    ])  # fmt: skip


async def decide(request: Request) -> Response:
    """`/sandbox/consent-requests/<id>/approve`, `/deny` or `/expire`; 409 when it does not wait."""
    asking_id, how = request.path_params["id"], request.path_params["how"]
    told = await request.json() if await request.body() else {}
    if how == "approve":
        done = bool(approve(request, asking_id, told))
    else:
        done = _close(request, asking_id, "EXPIRED" if how == "expire" else "DENIED")
    return JSONResponse({"id": asking_id}, status_code=200 if done else 409)


CONSENT = "/api/hiecm/consent/v3"
GATE = (
    ("POST", f"{CONSENT}/request/init", init),
    ("POST", f"{CONSENT}/request/status", status),
    ("POST", f"{CONSENT}/request/hiu/on-notify", on_notify),
    ("POST", f"{CONSENT}/fetch", fetch),
    ("POST", f"{CONSENT}/revoke", phr_revoke),
    ("GET", f"{CONSENT}/request", phr_list),
    ("POST", f"{CONSENT}/request/{{id}}/{{how:str}}", phr_decide),
)
SWITCHES = (
    ("GET", "/sandbox/consent-requests", listing),
    ("POST", "/sandbox/consent-requests/{id}/{how:str}", decide),
)
