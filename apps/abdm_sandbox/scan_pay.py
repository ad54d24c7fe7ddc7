"""Scan & Pay: what a hospital asks for, the choice, a pretended payment, and how it ended."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apps.abdm_sandbox.courier import stamp
from apps.abdm_sandbox.door import accepted, courier_of, refused, world_of
from apps.abdm_sandbox.sharing import profile_of
from apps.abdm_sandbox.world import Account, Pay, new_id, now

CATEGORIES = ("OPD consultation", "Laboratory and Diagnostics", "Pharmacy", "Miscellaneous/Other")
ENDS = ("SUCCESS", "CANCELED", "PENDING", "FAIL", "REFUND_INITIATED", "REFUND_SUCCESS")
BUNDLE = {"paymentMode", "paymentUrl", "orderNumber", "amount", "merchantId", "description"}
ENDED = {"status", "abhaAddress", "transactionId", "orderNumber", "openOrderRequestId",
         "paymentDate", "paymentReceiptLink"}  # fmt: skip


def ask(request: Request, account: Account, service_id: str, counter: str) -> Pay:
    """The patient asks what there is to pay. Plain function."""
    made = Pay(new_id(), account.address, service_id, counter, now())
    world_of(request).pays[made.request_id] = made
    body = {
        "intent": "OPEN_PAYMENT_ORDER",
        "metaData": {"hipId": service_id, "context": counter},
        "profile": {"patient": profile_of(account)},
    }
    courier_of(request).post(
        "patient/share/open-order", body, service_id=service_id, request_id=made.request_id
    )
    return made


def choose(request: Request, made: Pay) -> None:
    """The patient wants to pay what was offered. Plain function."""
    made.selection = new_id()
    body = {
        "intent": "PAYMENT_ORDER",
        "openOrderRequestId": made.request_id,
        "abhaAddress": made.address,
        "procedures": made.procedures,
    }
    courier_of(request).post(
        "patient/selection", body, service_id=made.service_id, request_id=made.selection
    )


async def phr_ask(request: Request, body: dict[str, Any]) -> Response:
    world, told = world_of(request), body.get("metaData") or {}
    account = world.accounts.get(request.headers.get("X-AUTH-TOKEN", ""))
    if account is None:
        return refused("1065", "Invalid X Auth token", 401)
    if told.get("hipId") not in world.services:
        return refused("1035", "Invalid HIP ID")
    made = ask(request, account, told["hipId"], str(told.get("context", "")))
    return JSONResponse({"requestId": made.request_id}, status_code=202)


async def phr_choose(request: Request, body: dict[str, Any]) -> Response:
    made = world_of(request).pays.get(str(body.get("openOrderRequestId")))
    if made is None or made.address != request.headers.get("X-AUTH-TOKEN") or not made.procedures:
        return refused("9001", "No open order")
    choose(request, made)
    return accepted()


def _answered(request: Request, body: dict[str, Any], key: str) -> Pay | None:
    asked = (body.get("response") or {}).get("requestId", "")
    rows = world_of(request).pays.values()
    return next((one for one in rows if asked and getattr(one, key) == asked), None)


async def on_order(request: Request, body: dict[str, Any]) -> Response:
    made = _answered(request, body, "request_id")
    if made is None:
        return refused("1001", "No data found", 404)
    if made.answered or made.error:
        return refused("1087", "Duplicate response")
    if body.get("error"):
        made.error = str(body["error"].get("code", ""))
        return accepted()
    rows = body.get("procedures")
    if body.get("intent") != "OPEN_PAYMENT_ORDER" or not isinstance(rows, list):
        return refused("1015", "Invalid response")
    if any(one.get("category") not in CATEGORIES or not one.get("services") for one in rows):
        return refused("1015", "Invalid response")
    made.answered, made.procedures, made.uid = True, rows, str(body.get("patientUid", ""))
    return accepted()


async def on_choice(request: Request, body: dict[str, Any]) -> Response:
    made = _answered(request, body, "selection")
    if made is None:
        return refused("1001", "No data found", 404)
    if body.get("error"):
        made.error = str(body["error"].get("code", ""))
        return accepted()
    bundle = body.get("paymentBundle") or {}
    if set(bundle) != BUNDLE or body.get("openOrderRequestId") != made.request_id:
        return refused("1015", "Invalid response")
    made.bundle = bundle
    return accepted()


async def on_end(request: Request, body: dict[str, Any]) -> Response:
    told, world = body.get("acknowledgement") or {}, world_of(request)
    made = world.pays.get(str(told.get("openOrderRequestId")))
    if made is None or set(told) != ENDED or told["status"] not in ENDS:
        return refused("1015", "Invalid response")
    made.ended.append(told)
    courier_of(request).post(
        "patient/scan-pay/on-notify",
        {"acknowledgement": {"status": "SUCCESS"},
         "response": {"requestId": request.headers["REQUEST-ID"]}},
        service_id=made.service_id,
    )  # fmt: skip
    return accepted()


# --- the payment service, which a hospital's adapter speaks to ----------------------------


async def open_order(request: Request) -> Response:
    """The same number again is the same order."""
    told, orders = await request.json(), world_of(request).orders
    order = orders.setdefault(
        told["number"], {"number": told["number"], "rupees": told["rupees"], "status": "waiting"}
    )
    base = str(request.app.state.issuer).split("/auth/")[0]
    return JSONResponse({**order, "paymentUrl": f"{base}/phr/pay/{order['number']}"})


async def order(request: Request) -> Response:
    found = world_of(request).orders.get(request.path_params["number"])
    return JSONResponse(found or {}, status_code=200 if found else 404)


async def end_order(request: Request) -> Response:
    """`/pay`, `/fail` or `/refund`."""
    number, how = request.path_params["number"], request.path_params["how"]
    done = settle(request, number, how)
    return JSONResponse({}, status_code=200 if done else 404)


def settle(request: Request, number: str, how: str) -> bool:
    """A pretended payment. Plain function."""
    found = world_of(request).orders.get(number)
    if found is None or how not in ("pay", "fail", "refund"):
        return False
    found["status"] = {"pay": "paid", "fail": "failed", "refund": "refunded"}[how]
    if how == "pay":
        base = str(request.app.state.issuer).split("/auth/")[0]
        found |= {"transaction": f"DEMO-{number}", "at": stamp(),
                  "receipt": f"{base}/phr/pay/{number}"}  # fmt: skip
    return True


BASE = "/api/hiecm/scan-gateway/v3/patient"
GATE = (
    ("POST", f"{BASE}/share/open-order", phr_ask),
    ("POST", f"{BASE}/on-share/open-order", on_order),
    ("POST", f"{BASE}/selection", phr_choose),
    ("POST", f"{BASE}/on-selection", on_choice),
    ("POST", f"{BASE}/scan-pay/notify", on_end),
)
SWITCHES = (
    ("POST", "/sandbox/orders", open_order),
    ("GET", "/sandbox/orders/{number}", order),
    ("POST", "/sandbox/orders/{number}/{how:str}", end_order),
)
