"""Linking that begins in the patient's app: discover, choose, confirm; the gateway's side and the
app's. `X-AUTH-TOKEN` names the address of whoever asks."""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apps.abdm_sandbox.door import accepted, courier_of, refused, world_of
from apps.abdm_sandbox.linking import DISPLAY, HI_TYPES, REFERENCE, hip_of, keep
from apps.abdm_sandbox.world import FIND_LIVES, Account, Find, new_id, now


def _account(request: Request) -> Account | None:
    return world_of(request).accounts.get(request.headers.get("X-AUTH-TOKEN", ""))


async def phr_discover(request: Request, body: dict[str, Any]) -> Response:
    """The app asks one hospital."""
    account = _account(request)
    if account is None:
        return refused("1065", "Invalid X Auth token", 401)
    service_id = str((body.get("hip") or {}).get("id", ""))
    if service_id not in world_of(request).services:
        return refused("9999", "HIP ID is mandatory")
    find = discover(request, account, service_id, body.get("unverifiedIdentifiers") or [])
    return JSONResponse({"transactionId": find.transaction_id}, status_code=202)


def discover(
    request: Request, account: Account, service_id: str, hints: list[dict[str, Any]]
) -> Find:
    """The search goes out. The gateway adds what it has verified itself."""
    find = Find(new_id(), account.address, service_id, now())
    verified = [{"type": "MOBILE", "value": account.mobile}]
    if account.kyc:
        verified.append({"type": "ABHA_NUMBER", "value": account.abha_number})
    patient = {
        "id": account.address,
        "verifiedIdentifiers": verified,
        "unverifiedIdentifiers": [*hints, {"type": "ABHA_ADDRESS", "value": account.address}],
        "name": account.name,
        "gender": account.gender,
        "yearOfBirth": account.year,
    }
    world_of(request).finds[find.transaction_id] = find
    told = {"transactionId": find.transaction_id, "patient": patient}
    _tell(request, find, "discover", "hip/patient/care-context/discover", told)
    return find


async def phr_init(request: Request, body: dict[str, Any]) -> Response:
    find, account = _find(request, body), _account(request)
    if account is None:
        return refused("1065", "Invalid X Auth token", 401)
    if find is None or find.address != account.address:
        return refused("1086", "Invalid Transaction ID / Transaction expired.")
    choose(request, find, list(body.get("patient") or []))
    return accepted()


def choose(request: Request, find: Find, chosen: list[dict[str, Any]]) -> None:
    """These visits are to be linked: the hospital sends its code now."""
    find.chosen = chosen
    told = {"transactionId": find.transaction_id, "abhaAddress": find.address, "patient": chosen}
    _tell(request, find, "init", "hip/link/care-context/init", told)


async def phr_confirm(request: Request, body: dict[str, Any]) -> Response:
    told = body.get("confirmation") or {}
    find = next((one for one in world_of(request).finds.values()
                 if one.link and one.link == told.get("linkRefNumber")), None)  # fmt: skip
    if find is None or _account(request) is None:
        return refused("1010", "Invalid link reference")
    confirm(request, find, str(told.get("token", "")))
    return accepted()


def confirm(request: Request, find: Find, code: str) -> None:
    """The code as the patient typed it."""
    find.answered.discard("confirm")
    told = {"confirmation": {"token": code, "linkRefNumber": find.link}}
    _tell(request, find, "confirm", "hip/link/care-context/confirm", told)


def _tell(request: Request, find: Find, step: str, path: str, body: dict[str, Any]) -> None:
    find.requests[step], find.asked_at[step] = new_id(), now()
    courier_of(request).post(path, body, service_id=find.service_id, request_id=find.requests[step])


def _find(request: Request, body: dict[str, Any]) -> Find | None:
    """By transaction, while it lives and belongs to whoever answers."""
    find = world_of(request).finds.get(str(body.get("transactionId")))
    service_id = hip_of(request)
    if find is None or now() - find.at > FIND_LIVES or service_id not in ("", find.service_id):
        return None
    return find


def _answers(find: Find | None, step: str, body: dict[str, Any], twice: str) -> Response | None:
    """What the gateway refuses of any answer."""
    asked = (body.get("response") or {}).get("requestId")
    if find is None or not asked or find.requests.get(step) != asked:
        return refused("9999", "Invalid Transaction ID / Transaction expired.")
    if step in find.answered:
        return refused(twice, f"Duplicate on-{step} request")
    if body.get("error"):
        find.error = str(body["error"].get("message", ""))
        find.answered.add(step)
        return accepted()
    return None


def _wrong_blocks(blocks: Any) -> Response | None:
    if not isinstance(blocks, list) or not blocks:
        return refused("1015", "Invalid Response")
    for block in blocks:
        if block.get("hiType") not in HI_TYPES:
            return refused("9999", "Invalid HIType")
        those = block.get("careContexts") or []
        if not 1 <= len(those) <= 20 or block.get("count") != len(those):
            return refused("1059", "Invalid Care Contexts count")
        shown = [block["display"], *(one["display"] for one in those)]
        named = [block["referenceNumber"], *(one["referenceNumber"] for one in those)]
        if not all(map(DISPLAY.match, shown)) or not all(map(REFERENCE.match, named)):
            return refused("9999", "Invalid display")
    return None


async def on_discover(request: Request, body: dict[str, Any]) -> Response:
    find = _find(request, body)
    no = _answers(find, "discover", body, "1106")
    if no is not None or find is None:
        return no or accepted()
    if (no := _wrong_blocks(body.get("patient"))) is not None:
        return no
    find.blocks, find.matched_by = body["patient"], list(body.get("matchedBy") or [])
    find.answered.add("discover")
    return accepted()


async def on_init(request: Request, body: dict[str, Any]) -> Response:
    find = _find(request, body)
    no = _answers(find, "init", body, "1107")
    if no is not None or find is None:
        return no or accepted()
    link = body.get("link") or {}
    try:
        ends = datetime.fromisoformat(link["meta"]["communicationExpiry"])
    except (KeyError, TypeError, ValueError):
        return refused("9999", "Invalid communication expiry date.")
    if ends <= now():
        return refused("9999", "Invalid communication expiry date.")
    if not link.get("referenceNumber"):
        return refused("9999", "Invalid reference number.")
    find.link = str(link["referenceNumber"])
    find.answered.add("init")
    return accepted()


async def on_confirm(request: Request, body: dict[str, Any]) -> Response:
    """Carries neither transaction nor link: only the request that it answers."""
    asked = (body.get("response") or {}).get("requestId")
    world = world_of(request)
    find = next((one for one in world.finds.values()
                 if one.requests.get("confirm") == asked), None)  # fmt: skip
    no = _answers(find, "confirm", body, "1108")
    if no is not None or find is None:
        return no or accepted()
    if (no := _wrong_blocks(body.get("patient"))) is not None:
        return no
    find.answered.add("confirm")
    find.linked, find.error = True, ""
    keep(world, {"abhaAddress": find.address, "patient": body["patient"]}, find.service_id)
    return accepted()


ROUTES = (
    ("patient/care-context/discover", phr_discover),
    ("link/care-context/init", phr_init),
    ("link/care-context/confirm", phr_confirm),
    ("patient/care-context/on-discover", on_discover),
    ("link/care-context/on-init", on_init),
    ("link/care-context/on-confirm", on_confirm),
)
