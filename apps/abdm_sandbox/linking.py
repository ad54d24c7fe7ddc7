"""Link tokens, care contexts and their news: the gateway's side of milestone 2."""

import re
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from apps.abdm_sandbox import tokens
from apps.abdm_sandbox.courier import Courier
from apps.abdm_sandbox.door import accepted, courier_of, refused, world_of
from apps.abdm_sandbox.world import (
    ASKS_A_DAY,
    LINK_TOKEN_LIVES,
    REMEMBERS_REFUSAL,
    Account,
    Asked,
    Context,
    World,
    new_id,
    now,
)

NAME = re.compile(r"^[a-zA-Z]+(([',. -][a-zA-Z ])?[a-zA-Z]*)*$")
DISPLAY = re.compile(r"^[a-zA-Z0-9_\-@,. \"':|()/]{0,255}$")
REFERENCE = re.compile(r"^[a-zA-Z0-9_\-@,. ()/:\\]{0,255}$")
HI_TYPES = {
    "Prescription",
    "DiagnosticReport",
    "OPConsultation",
    "DischargeSummary",
    "ImmunizationRecord",
    "HealthDocumentRecord",
    "WellnessRecord",
    "Invoice",
}
YEARS = 2


def hip_of(request: Request) -> str:
    return request.headers.get("X-HIP-ID", "")


async def generate_token(request: Request, body: dict[str, Any]) -> Response:
    world, service_id = world_of(request), hip_of(request)
    if service_id not in world.services:
        return refused("1035", "Invalid HIP ID")
    if body.get("gender") not in ("M", "F", "O", "D"):
        return refused("9999", "Invalid Gender, It must be M, F, O, D")
    if not NAME.match(str(body.get("name", ""))):
        return refused("9999", "Invalid name")
    account = world.accounts.get(str(body.get("abhaAddress")))
    if account is None:
        return refused("9999", "User not found")
    asked = world.asked.setdefault((account.address, service_id), Asked())
    if asked.refused_at and now() - asked.refused_at < REMEMBERS_REFUSAL:
        return refused("1092", "Duplicate Link token request", colon=True)
    answer = _token_answer(account, service_id, body, asked)
    told = {**answer, "response": {"requestId": request.headers["REQUEST-ID"]}}
    courier_of(request).post("hip/token/on-generate-token", told, service_id=service_id)
    return accepted()


def _token_answer(
    account: Account, service_id: str, body: dict[str, Any], asked: Asked
) -> dict[str, Any]:
    today = [at for at in asked.times if now() - at < timedelta(days=1)]
    asked.times = [*today, now()]
    if len(today) >= ASKS_A_DAY:
        asked.blocked_until = now() + timedelta(days=1)
        return _error("1027", "You are blocked, please try after 24 hours")
    number = body.get("abhaNumber")
    wrong_type = number is not None and not isinstance(number, int)
    if wrong_type or not same_person(account, body):
        asked.refused_at = now()
        return _error("1207", "Demographic details was invalid or doesn't exists")
    claims = {"hipId": service_id, "sub": account.address, "abhaAddress": account.address,
              "abhaNumber": number, "transactionId": new_id()}  # fmt: skip
    token = tokens.link(claims, LINK_TOKEN_LIVES.total_seconds())
    return {"abhaAddress": account.address, "linkToken": token}


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": f"ABDM-{code}: ", "message": message}}


def same_person(account: Account, told: dict[str, Any]) -> bool:
    """Name by its first word, gender, year of birth within two."""
    first = str(told.get("name", "")).lower().split()[:1]
    year = int(told.get("yearOfBirth") or 0)
    return (
        first == account.name.lower().split()[:1]
        and told.get("gender") == account.gender
        and abs(year - account.year) <= YEARS
    )


async def link_contexts(request: Request, body: dict[str, Any]) -> Response:
    world, service_id = world_of(request), hip_of(request)
    no = _link_refusal(request, body, service_id)
    if no is not None:
        return no
    address, response = body["abhaAddress"], {"requestId": request.headers["REQUEST-ID"]}
    known = [
        world.contexts.get((address, service_id, one["referenceNumber"]))
        for block in body["patient"]
        for one in block["careContexts"]
    ]
    if known and all(
        context and block["hiType"] in context.hi_types
        for block in body["patient"]
        for context in known
    ):
        told = {**_error("1056", "Care context already linked"), "response": response}
        courier_of(request).post("link/on_carecontext", told, service_id=service_id)
        return accepted()
    keep(world, body, service_id)
    told = {"abhaAddress": address, "status": "Successfully Linked care context",
            "response": response}  # fmt: skip
    courier_of(request).post("link/on_carecontext", told, service_id=service_id)
    return accepted()


def _link_refusal(request: Request, body: dict[str, Any], service_id: str) -> Response | None:
    claims = tokens.read_link(request.headers.get("X-LINK-TOKEN", ""))
    if claims is None:
        return refused("1066", "Invalid JWT token")
    if claims["hipId"] != service_id:
        return refused("1063", "HIP Id mismatch with Link token")
    if claims["abhaAddress"] != body.get("abhaAddress"):
        return refused("1038", "ABHA address and Link token mismatch")
    for block in body.get("patient") or []:
        kind = block.get("hiType", block.get("hiTypes"))
        if not isinstance(kind, str) or "-" in str(body.get("abhaNumber", "")):
            return Response(status_code=400)
        if kind not in HI_TYPES:
            return refused("1006", "Invalid HIType")
        if block.get("count") != len(block.get("careContexts") or []):
            return refused("1037", "Count and Care context count mismatch")
        if not 1 <= block["count"] <= 20:
            return refused("1006", "Invalid Care Contexts count, must range between 1 to 20")
        if not DISPLAY.match(block.get("display", "")):
            return refused("9999", "Invalid display")
        for one in block["careContexts"]:
            if not (REFERENCE.match(one["referenceNumber"]) and DISPLAY.match(one["display"])):
                return refused("9999", "Invalid display")
    if not body.get("patient"):
        return refused("1115", "Invalid patient information.")
    return None


def keep(world: World, body: dict[str, Any], service_id: str) -> None:
    with world.lock:
        for block in body["patient"]:
            for one in block["careContexts"]:
                key = (body["abhaAddress"], service_id, one["referenceNumber"])
                context = world.contexts.setdefault(
                    key,
                    Context(
                        address=body["abhaAddress"],
                        service_id=service_id,
                        patient_reference=block["referenceNumber"],
                        reference=one["referenceNumber"],
                        display=one["display"],
                    ),
                )
                context.hi_types.add(block["hiType"])


async def notify_context(request: Request, body: dict[str, Any]) -> Response:
    world, service_id = world_of(request), hip_of(request)
    told = body.get("notification") or {}
    reference = (told.get("careContext") or {}).get("careContextReference")
    key = (str((told.get("patient") or {}).get("id")), service_id, str(reference))
    response = {"requestId": request.headers["REQUEST-ID"]}
    context = world.contexts.get(key)
    if context is None:
        answer: dict[str, Any] = {
            "acknowledgement": {"status": "ERRORED"},
            "error": {
                "code": "ABDM-1006",
                "message": "No care context linked with given reference number",
            },
        }
    else:
        context.hi_types.update(told.get("hiTypes") or [])
        context.notified += 1
        answer = {"acknowledgement": {"status": "SUCCESS"}}
    courier: Courier = courier_of(request)
    courier.post("links/context/on-notify", {**answer, "response": response}, service_id=service_id)
    return accepted()


async def sms_notify(request: Request, body: dict[str, Any]) -> Response:
    """No message leaves this process: it only says that one would have."""
    response = {"requestId": request.headers["REQUEST-ID"]}
    told = {"status": "SUCCESS", "resp": response}
    service_id = ((body.get("notification") or {}).get("hip") or {}).get("id", "")
    courier_of(request).post("patients/sms/on-notify", told, service_id=service_id)
    return accepted()
