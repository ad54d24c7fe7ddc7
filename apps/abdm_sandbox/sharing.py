"""Scan & Share: a patient's app shares the profile at a counter and waits for the token."""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apps.abdm_sandbox.door import accepted, courier_of, refused, world_of
from apps.abdm_sandbox.world import SHARE_WAITS, Account, Share, World, new_id, now

TROUBLE = "HIP ID is currently experiencing some issue"


def profile_of(account: Account) -> dict[str, Any]:
    """The profile as the app shares it; parts of the birth date are text."""
    return {
        "abhaNumber": account.abha_number,
        "abhaAddress": account.address,
        "name": account.name,
        "gender": account.gender,
        "dayOfBirth": str(account.day),
        "monthOfBirth": str(account.month),
        "yearOfBirth": str(account.year),
        "address": {
            "line": "Demo Tola",
            "district": "PURNIA",
            "state": "BIHAR",
            "pincode": "854301",
        },
        "phoneNumber": account.mobile,
    }


def share(
    request: Request, account: Account, service_id: str, counter: str, *, request_id: str = ""
) -> Share:
    """What happens after the patient presses "Share"."""
    world: World = world_of(request)
    body = {
        "intent": "PROFILE_SHARE",
        "metaData": {"hipId": service_id, "context": counter, "hprId": None,
                     "latitude": "", "longitude": ""},
        "profile": {"patient": profile_of(account)},
    }  # fmt: skip
    made = Share(request_id or new_id(), account.address, service_id, counter, now())
    world.shares[made.request_id] = made
    courier = courier_of(request)
    courier.post("hip/patient/share", body, service_id=service_id, request_id=made.request_id)
    return made


async def phr_share(request: Request, body: dict[str, Any]) -> Response:
    """The call that a patient's app makes. `X-AUTH-TOKEN` names its address here."""
    world = world_of(request)
    account = world.accounts.get(request.headers.get("X-AUTH-TOKEN", ""))
    told = body.get("metaData") or {}
    if account is None:
        return refused("1065", "Invalid X Auth token", 401)
    if told.get("hipId") not in world.services:
        return refused("1035", "Invalid HIP ID")
    made = share(request, account, told["hipId"], str(told.get("context", "")))
    return JSONResponse({"requestId": made.request_id}, status_code=202)


ASK_EVERY = timedelta(seconds=20)


def ask_running(request: Request, made: Share) -> None:
    """The app wants to know how far the window is; not more often than the spacing allows."""
    if made.asked_at and now() - made.asked_at < ASK_EVERY:
        return
    made.question, made.asked_at = new_id(), now()
    body = {"hipId": made.service_id, "context": made.counter}
    courier_of(request).post(
        "hip/patient/running-token/status",
        body,
        service_id=made.service_id,
        request_id=made.question,
    )


async def phr_running(request: Request, body: dict[str, Any]) -> Response:
    """The app's own call; only who has a token of that counter may ask."""
    address = request.headers.get("X-AUTH-TOKEN", "")
    place = (body.get("hipId"), body.get("context"))
    mine = [
        one
        for one in world_of(request).shares.values()
        if one.address == address and one.token and (one.service_id, one.counter) == place
    ]
    if not mine:
        return refused("1031", "No tokens found today", 404)
    ask_running(request, mine[-1])
    return accepted()


async def on_running(request: Request, body: dict[str, Any]) -> Response:
    asked = (body.get("response") or {}).get("requestId", "")
    shares = world_of(request).shares.values()
    made = next((one for one in shares if asked and one.question == asked), None)
    if made is None:
        return refused("1001", "No data found", 404)
    told = body.get("token") or {}
    number, minutes = told.get("runningTokenNumber"), told.get("averageTokenServiceTimeInMinutes")
    if body.get("error"):
        made.running = ""
        return accepted()
    if not isinstance(number, str) or not isinstance(minutes, int):
        return refused("1015", "Invalid response")
    made.running, made.minutes = number, minutes
    return accepted()


async def on_share(request: Request, body: dict[str, Any]) -> Response:
    world = world_of(request)
    made = world.shares.get((body.get("response") or {}).get("requestId", ""))
    if made is None:
        return refused("1001", "No data found", 404)
    if made.token or made.error:
        return refused("1087", "Duplicate patient share")
    made.answered_at = now()
    if made.answered_at - made.at > SHARE_WAITS:
        made.error = TROUBLE
        return refused("1007", "Request timed out")
    if body.get("error"):
        app_hears(made, {"error": body["error"]})
        return accepted()
    told = body.get("acknowledgement") or {}
    profile = told.get("profile") or {}
    if not all(isinstance(profile.get(name), str) for name in ("tokenNumber", "expiry")):
        made.error = TROUBLE
        return refused("1015", "Invalid response")
    named = ("context", "tokenNumber", "expiry")
    acknowledgement = {
        "status": str(told.get("status", "")),
        "abhaAddress": str(told.get("abhaAddress", "")),
        "profile": {name: str(profile.get(name, "")) for name in named},
    }
    app_hears(made, {"acknowledgement": acknowledgement})
    return accepted()


def app_hears(made: Share, told: dict[str, Any]) -> None:
    """The app's own callback (/hiu/patient/on-share): all that the phone knows of its token."""
    made.heard = {**told, "response": {"requestId": made.request_id}}
    if "error" in told:
        made.error = str(told["error"].get("message", "")) or TROUBLE
        return
    if told["acknowledgement"]["abhaAddress"] != made.address:
        made.error = TROUBLE
        return
    profile = told["acknowledgement"]["profile"]
    made.token, made.expiry = profile["tokenNumber"], profile["expiry"]
