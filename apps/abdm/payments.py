"""Who takes money for the hospital in the patient's app; a setting, `ABDM_PAYMENT_ADAPTER`.

"none": nobody, the fee is paid at the window. "demo": the stand-in pretends, beside itself only.
Else the dotted path of a class like `Payments`, of the State's own payment service. Its calls are
made in jobs, with a time-out; money and cards never come through here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import httpx
from django.conf import settings
from django.utils.module_loading import import_string

from apps.gateway.environment import stand_in

TIMEOUT = httpx.Timeout(10, connect=4)
WAITING, PAID, FAILED = "waiting", "paid", "failed"


class Unreachable(Exception):
    """The payment service does not answer now."""


@dataclass(frozen=True, slots=True)
class State:
    """How an order stands: waiting, paid or failed. `at` is ISO with a zone."""

    status: str
    transaction: str = ""
    at: str = ""
    receipt: str = ""


class Payments(Protocol):
    """`merchant`: how the hospital's account is called there. Every call may come twice."""

    merchant: str

    def begin(self, number: str, rupees: int, what: str) -> str:
        """The page where this order is paid within half an hour. Raises Unreachable."""
        ...

    def state(self, number: str) -> State:
        """Raises Unreachable."""
        ...

    def refund(self, number: str) -> None:
        """The money goes back: the window had taken the fee already. Raises Unreachable."""
        ...


class Pretended:
    """The stand-in takes it: no money moves."""

    merchant = "DEMO-M1"

    def begin(self, number: str, rupees: int, what: str) -> str:
        told = _asked("POST", "", {"number": number, "rupees": rupees, "what": what})
        return str(told.get("paymentUrl", ""))

    def state(self, number: str) -> State:
        told = _asked("GET", f"/{number}")
        status = str(told.get("status", WAITING))
        return State(
            status if status in (PAID, FAILED) else WAITING,
            str(told.get("transaction", "")), str(told.get("at", "")), str(told.get("receipt", "")),
        )  # fmt: skip

    def refund(self, number: str) -> None:
        _asked("POST", f"/{number}/refund")


def _asked(method: str, at: str, body: Any = None) -> dict[str, Any]:
    if not stand_in():
        raise Unreachable
    try:
        answer = httpx.request(
            method, f"{stand_in()}/sandbox/orders{at}", json=body, timeout=TIMEOUT
        )
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise Unreachable from error
    return told


OURS: dict[str, Callable[[], Payments]] = {"demo": Pretended}


def payments() -> Payments | None:
    """The one that is set; None where the window takes the fee."""
    named = settings.ABDM_PAYMENT_ADAPTER
    if named == "none":
        return None
    made: Payments = (OURS.get(named) or import_string(named))()
    return made
