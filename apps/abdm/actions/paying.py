"""Scan & Pay: the fee of today's slip, for somebody who stands on the window's list.

Treatment is free, so at most hospitals the true answer is an empty list. Where the slip costs and a
payment service is set, one order is offered: the slip. What was paid stands on the list, so that
the clerk takes nothing more. A talk's memory is the outbox (`send(memo=…)`).
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.abdm import payments, shared
from apps.abdm.actions import sharing
from apps.abdm.counters import counters
from apps.abdm.handlers import Letter, handles
from apps.abdm.wire import number, part, text
from apps.core.tenancy import current_facility
from apps.encounters import fees
from apps.facilities import queries as facilities
from apps.gateway import actions as gateway
from apps.gateway import queries as mail
from apps.patients import queries as patients
from apps.persons import actions as persons
from apps.persons import queries as waiting

ORDER, BUNDLE, DONE = "pay.order", "pay.bundle", "pay.done"
BASE = "scan-gateway/v3/patient/"
LIVES = timedelta(minutes=30)
SLIP = {"serviceId": "OPD-REG", "name": "OPD registration", "description": "OPD slip"}
CATEGORY = "OPD consultation"
SENIOR = 60
NO_ORDER = shared.Wrong("9001", "No open order")
NOBODY = shared.Wrong("9002", "No registration found: share the profile at the counter first")
BANK_DOWN = shared.Wrong("9005", "The payment service does not answer")
OTHER_SERVICE = shared.Wrong("9006", "Selected services are not those of the order")
OFF = shared.Wrong("9007", "Payment is taken at the counter")


@handles("patient/share/open-order")
def order_asked(letter: Letter) -> None:
    """What this person owes here now: the slip, or nothing."""
    if mail.count_sent(ORDER, letter.request_id):
        return
    try:
        address = _asker(letter)
        row, rupees = _due(address, letter.facility_id)
    except shared.Wrong as wrong:
        _refuse(letter, "on-share/open-order", wrong)
        return
    body = {
        "intent": "OPEN_PAYMENT_ORDER",
        "abhaAddress": address,
        "patientUid": _uid(address, row),
        "procedures": _procedures(rupees),
    }
    memo = {"address": address, "arrival": str(row.id), "rupees": rupees} if row else None
    _send(letter, "on-share/open-order", body, ORDER, letter.request_id, memo)


def _asker(letter: Letter) -> str:
    if letter.body.get("intent") != "OPEN_PAYMENT_ORDER":
        raise shared.Wrong("1149", "Intent is not supported")
    if text(part(letter.body.get("metaData")).get("hipId")) != letter.service_id:
        raise shared.Wrong("1035", "Invalid HIP id")
    told = part(part(letter.body.get("profile")).get("patient"))
    address = text(told.get("abhaAddress")).lower()
    if len(address) > 80 or not shared.ADDRESS.fullmatch(address):
        raise shared.Wrong("1170", "Invalid ABHA address")
    return address


def _due(address: str, facility_id: UUID) -> tuple[Any, int]:
    """(the row on today's list, rupees); (None or a row, 0) when nothing is owed. Raises Wrong."""
    config = facilities.config_of(facility_id)
    if config.fee_rupees == 0:
        return None, 0
    if payments.payments() is None:
        raise OFF
    today = timezone.localdate()
    ids = [one for counter in counters(config)
           for one in sharing.ids_of(address, counter.code, facility_id, today)]  # fmt: skip
    rows = waiting.arrivals_of(ids)
    if not rows:
        raise NOBODY
    row = next((one for one in rows if one.status == "waiting"), None)
    if row is None or row.profile.paid:
        return None, 0
    age = row.profile.age if row.profile.age_unit == "years" else 0
    by_age = "senior" if (age or 0) >= SENIOR else "infant" if age == 0 else ""
    reason = row.profile.priority or by_age
    rupees, _why = fees.fee_of(config, priority_reason=reason)
    if config.slip_valid_days and patients.of_abha(numbers=(), address=address):
        rupees = 0  # an earlier slip may still hold: the window knows for which department
    return (row, rupees) if rupees else (None, 0)


def _uid(address: str, row: Any) -> str:
    """How the person is called here: the record's number, or the place on today's list."""
    known = patients.of_abha(numbers=(), address=address)
    if len(known) == 1:
        return str(known[0].mrn)
    return f"LIST-{row.number}" if row else ""


def _procedures(rupees: int) -> list[dict[str, Any]]:
    if not rupees:
        return []
    return [{"category": CATEGORY, "services": [{**SLIP, "amount": float(rupees)}]}]


@handles("patient/selection")
def order_chosen(letter: Letter) -> None:
    """Where the chosen order is paid. The page is the payment service's; money never comes here."""
    order = number(letter.body.get("openOrderRequestId"))
    known = _memo(ORDER, order, letter.facility_id)
    try:
        if order is None or known is None:
            raise NO_ORDER
        body = _bundle(letter, order, known)
    except shared.Wrong as wrong:
        _refuse(letter, "on-selection", wrong)
        return
    told = {**known, "number": body["paymentBundle"]["orderNumber"]}
    _send(letter, "on-selection", body, BUNDLE, order, told)


def _memo(purpose: str, order: UUID | None, facility_id: UUID) -> dict[str, Any] | None:
    if order is None:
        return None
    return mail.memo(purpose, order, facility_id, within=timedelta(hours=24))


def _bundle(letter: Letter, order: UUID, known: dict[str, Any]) -> dict[str, Any]:
    address = text(letter.body.get("abhaAddress")).lower()
    if letter.body.get("intent") != "PAYMENT_ORDER":
        raise shared.Wrong("1149", "Intent is not supported")
    row, rupees = _due(known["address"], letter.facility_id)
    if address != known["address"] or row is None or rupees != known["rupees"]:
        raise NO_ORDER
    if _chosen(letter.body) != [(SLIP["serviceId"], float(rupees))]:
        raise OTHER_SERVICE
    service, facility = payments.payments(), current_facility()
    assert service is not None and facility is not None
    name = f"{facility.prefix}-{order.hex[:10].upper()}"
    try:
        url = service.begin(name, rupees, SLIP["name"])
    except payments.Unreachable:
        raise BANK_DOWN from None
    return {
        "intent": "PAYMENT_ORDER",
        "openOrderRequestId": str(order),
        "abhaAddress": address,
        "procedures": _procedures(rupees),
        "paymentBundle": {
            "paymentMode": "GATEWAY",
            "paymentUrl": url,
            "orderNumber": name,
            "amount": float(rupees),
            "merchantId": service.merchant,
            "description": SLIP["name"],
        },
    }


def _chosen(body: dict[str, Any]) -> list[tuple[str, float]]:
    """(service, amount) of what the app chose; anything odd is another choice."""
    procedures = body.get("procedures")
    found = []
    for one in procedures if isinstance(procedures, list) else []:
        services = part(one).get("services")
        for service in services if isinstance(services, list) else []:
            amount = part(service).get("amount")
            if isinstance(amount, bool) or not isinstance(amount, int | float):
                amount = -1
            found.append((text(part(service).get("serviceId")), float(amount)))
    return found


def _refuse(letter: Letter, at: str, wrong: shared.Wrong) -> None:
    told = {"error": {"code": f"ABDM-{wrong.code}", "message": wrong.message}}
    _send(letter, at, told, "pay.refused", letter.request_id, None)


def _send(
    letter: Letter, at: str, body: dict[str, Any], purpose: str, subject_id: UUID,
    memo: dict[str, Any] | None,
) -> None:  # fmt: skip
    gateway.send(
        f"{BASE}{at}",
        body=body,
        purpose=purpose,
        subject_id=subject_id,
        facility_id=letter.facility_id,
        in_reply_to=letter.request_id,
        memo=memo,
    )


def sweep() -> None:
    """Orders that were begun: paid, failed, or over. No query where nobody takes payments, 1 while
    there are none."""
    service, facility = payments.payments(), current_facility()
    if service is None or facility is None:
        return
    for order in dict.fromkeys(mail.unsettled(BUNDLE, facility.pk)):
        known = _memo(BUNDLE, order, facility.pk)
        if known is None:
            gateway.settled(BUNDLE, order)
            continue
        try:
            _look(service, order, known, facility.pk)
        except payments.Unreachable:
            return  # the next sweep asks again


def _look(
    service: payments.Payments, order: UUID, known: dict[str, Any], facility_id: UUID
) -> None:
    state = service.state(known["number"])
    if state.status == payments.PAID:
        if persons.note_paid(
            UUID(known["arrival"]), rupees=known["rupees"], order=known["number"],
            actor=sharing.SYSTEM,
        ):  # fmt: skip
            _tell(order, known, "SUCCESS", state, facility_id)
            return
        service.refund(known["number"])  # the window was faster and took the fee
        _tell(order, known, "REFUND_INITIATED", state, facility_id)
    elif state.status == payments.FAILED:
        _tell(order, known, "FAIL", state, facility_id)
    elif mail.memo(BUNDLE, order, facility_id, within=LIVES) is None:
        _tell(order, known, "CANCELED", state, facility_id)


@transaction.atomic
def _tell(
    order: UUID, known: dict[str, Any], status: str, state: payments.State, facility_id: UUID
) -> None:
    """The app hears how it ended, once."""
    gateway.settled(BUNDLE, order)
    told = {
        "status": status,
        "abhaAddress": known["address"],
        "transactionId": state.transaction,
        "orderNumber": known["number"],
        "openOrderRequestId": str(order),
        "paymentDate": state.at or mail.stamp(),
        "paymentReceiptLink": state.receipt,
    }
    gateway.send(f"{BASE}scan-pay/notify", body={"acknowledgement": told}, purpose=DONE,
                 subject_id=order, facility_id=facility_id)  # fmt: skip


@handles("patient/scan-pay/on-notify", "scan-pay/on-notify")
def told_back(letter: Letter) -> None:
    """The gateway has heard how it ended; nothing follows."""
