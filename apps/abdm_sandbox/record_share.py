"""Sharing with records: the app gives papers at a counter, and pushes them to the hospital itself.

The phone lives here, so the papers come with the app's own call (`records`), and leave encrypted
for the keys that the hospital answered with.
"""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apps.abdm_sandbox import fidelius
from apps.abdm_sandbox.courier import stamp
from apps.abdm_sandbox.door import accepted, courier_of, refused, world_of
from apps.abdm_sandbox.hiu_data import page, spoiled
from apps.abdm_sandbox.sharing import profile_of
from apps.abdm_sandbox.world import SHARE_WAITS, Account, Given, new_id, now

ERASE = timedelta(days=1)


def give(
    request: Request,
    account: Account,
    service_id: str,
    counter: str,
    records: list[dict[str, Any]],
    *,
    erase: timedelta = ERASE,
) -> Given:
    """The patient presses "share with my papers". `records`: {"reference", "bundle" (or "text")}.

    Plain function.
    """
    made = Given(new_id(), account.address, service_id, counter, records, now())
    world_of(request).given[made.request_id] = made
    contexts = [
        {"patientReference": "APP-1", "careContextReference": reference}
        for reference in dict.fromkeys(one["reference"] for one in records)
    ]
    body = {
        "metaData": {"hiuId": service_id, "counterId": counter},
        "profile": {"patient": profile_of(account)},
        "sharedRecordCount": len(records),
        "consent": {
            "careContexts": contexts,
            "permission": {"accessMode": "VIEW"},
            "dataEraseAt": stamp(erase),
        },
    }
    courier_of(request).post(
        "patient-record/share", body, service_id=service_id, role="HIU", request_id=made.request_id
    )
    return made


async def phr_give(request: Request, body: dict[str, Any]) -> Response:
    """The app's own call. `X-AUTH-TOKEN` names its address here."""
    world = world_of(request)
    account = world.accounts.get(request.headers.get("X-AUTH-TOKEN", ""))
    told, records = body.get("metaData") or {}, body.get("records") or []
    if account is None:
        return refused("1065", "Invalid X Auth token", 401)
    if told.get("hiuId") not in world.services or not records:
        return refused("1040", "Invalid HIU ID")
    made = give(request, account, told["hiuId"], str(told.get("counterId", "")), records)
    return JSONResponse({"requestId": made.request_id}, status_code=202)


async def on_give(request: Request, body: dict[str, Any]) -> Response:
    """Where the hospital wants them; the app encrypts and pushes at once."""
    world = world_of(request)
    made = world.given.get((body.get("response") or {}).get("requestId", ""))
    if made is None:
        return refused("1001", "No data found", 404)
    if made.talk or made.error:
        return refused("1087", "Duplicate patient share")
    if now() - made.at > SHARE_WAITS:
        made.error = "late"
        return refused("1007", "Request timed out")
    if body.get("error"):
        made.error = str(body["error"].get("code", ""))
        return accepted()
    asked = body.get("hiRequest") or {}
    material = asked.get("keyMaterial") or {}
    if not asked.get("transactionId") or not asked.get("dataPushUrl") or not material:
        made.error = "shape"
        return refused("1015", "Invalid response")
    made.talk = asked["transactionId"]
    for n, record in enumerate(made.records, 1):
        keys = fidelius.new_keys()
        told = page(made.talk, n, len(made.records), record, material, keys)
        for one in spoiled(told, world.faults.spoil_push):
            courier_of(request).push(asked["dataPushUrl"], one, bearer="app")
    return accepted()


async def on_notify(request: Request, body: dict[str, Any]) -> Response:
    """What came of it, told by the hospital; the gateway says that it heard."""
    told = body.get("notification") or {}
    state = told.get("statusNotification") or {}
    rows = world_of(request).given.values()
    made = next((one for one in rows if one.talk and one.talk == told.get("transactionId")), None)
    if made is None:
        return refused("1017", "Invalid transactionId")
    answers = state.get("statusResponses") or []
    if not answers or not all(one.get("description") for one in answers):
        return refused("9999", "statusResponses is mandatory")
    made.told.append(told)
    courier_of(request).post(
        "patient-record/on-notify",
        {"acknowledgement": {"status": "SUCCESS"},
         "response": {"requestId": request.headers["REQUEST-ID"]}},
        service_id=made.service_id, role="HIU",
    )  # fmt: skip
    return accepted()


BASE = "/api/hiecm/patient-record/v3"
GATE = (
    ("POST", f"{BASE}/share", phr_give),
    ("POST", f"{BASE}/on-share", on_give),
    ("POST", f"{BASE}/notify", on_notify),
)
