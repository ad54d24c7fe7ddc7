"""Asking the national registers: our bridge at the gateway, hospitals (HFR), professionals (HPR).

Only jobs call these. Each raises Unanswered when there is no answer, Denied when it is a no.
"""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.conf import settings

from apps.gateway import client
from apps.gateway.client import Answer, Class
from apps.gateway.environment import current

BIHAR, GOVERNMENT = "10", "G"  # LGD code of the State; ownership in the register
ROWS = 10  # the register takes 10 to 15
ALREADY = re.compile(r"already associated.*?service id:?\s*([A-Z0-9_]+)", re.I | re.S)
NOT_THERE = ("1001", "404")


class Unanswered(Exception):
    """The register does not answer now."""


class Denied(Exception):
    """It said no; `code` and `message` are its own, and speak of hospitals only."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code[:20], message[:160]


@dataclass(frozen=True, slots=True)
class Bridge:
    """Our software as the gateway knows it. `services`: {id: {"name", "types", "active"}}."""

    url: str = ""
    active: bool = False
    services: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hospital:
    """One hospital of the HFR."""

    hfr_id: str
    name: str
    district: str
    status: str
    kind: str


def bridge() -> Bridge:
    """The one address of all callbacks, and which hospitals are tied to us."""
    told = _body(client.call("GET", f"{current().gateway}/api/hiecm/gateway/v3/bridge-services"))
    if not isinstance(told, dict):
        return Bridge()  # 204: nothing is registered yet
    mine = _part(told.get("bridge"))
    rows = told.get("services")
    services = [_part(one) for one in rows] if isinstance(rows, list) else []
    return Bridge(
        url=_text(mine.get("url"), 200),
        active=mine.get("active") is True and mine.get("blocklisted") is not True,
        services={_text(one.get("id"), 24): _service(one) for one in services if one.get("id")},
    )


def service(service_id: str) -> dict[str, Any] | None:
    """One hospital's entry at the gateway; None when it knows no such service id."""
    at = f"{current().gateway}/api/hiecm/gateway/v3/bridge-service/serviceId/{quote(service_id)}"
    told = _body(client.call("GET", at))
    if not isinstance(told, dict) or not told.get("serviceId"):
        return None
    types = [name for name, key in (("HIP", "isHip"), ("HIU", "isHiu")) if told.get(key) is True]
    return {
        "name": _text(told.get("name"), 40),
        "types": types,
        "active": told.get("active") is True,
        "ours": _text(told.get("bridgeId"), 40) in ("", settings.ABDM_CLIENT_ID),
    }


def set_bridge_url(url: str) -> None:
    """From now on callbacks come to this address, of all hospitals: whoever writes last wins."""
    at = f"{current().gateway}/api/hiecm/gateway/v3/bridge/url"
    _body(client.call("PATCH", at, body={"url": url}))


def set_capabilities(service_id: str) -> None:
    """Say whether this hospital takes payments and records from the patient's app."""
    at = f"{current().gateway}/api/hiecm/gateway/v3/scanPay/updateVersion"
    body = {
        "recordShareEnabled": settings.ABDM_RECORD_SHARE,
        "scanPayEnabled": settings.ABDM_PAYMENT_ADAPTER != "none",
        "scanPayVersion": "V2",
        "serviceId": [service_id],
    }
    _body(client.call("PATCH", at, body=body))


def hospitals(name: str = "", *, district_lgd: str = "", hfr_id: str = "") -> list[Hospital]:
    """Government hospitals of Bihar by name or by id, at most ten."""
    body = {
        "ownershipCode": GOVERNMENT,
        "stateLGDCode": BIHAR,
        "districtLGDCode": district_lgd,
        "subDistrictLGDCode": "",
        "pincode": "",
        "facilityName": name,
        "facilityId": hfr_id,
        "page": 1,
        "resultsPerPage": ROWS,
    }
    told = _body(_registry("POST", "/FacilityManagement/v1.5/facility/search", body))
    rows = told.get("facilities") if isinstance(told, dict) else None
    found = [_part(row) for row in rows] if isinstance(rows, list) else []
    return [
        Hospital(
            hfr_id=_text(row.get("facilityId"), 20),
            name=_text(row.get("facilityName"), 160),
            district=_text(row.get("districtName"), 60),
            status=_text(row.get("facilityStatus"), 20),
            kind=_text(row.get("facilityType"), 60),
        )
        for row in found[:ROWS]
        if row.get("facilityId")
    ]


def professional(hpr_id: str) -> dict[str, str] | None:
    """{"name", "status"} of one HPR id; None when the register knows nobody by it."""
    told = _body(_registry("GET", f"/v1/search/searchByHprId/{quote(hpr_id)}"))
    if not isinstance(told, dict) or not (told.get("hprIdNumber") or told.get("hprId")):
        return None
    return {"name": _text(told.get("name"), 80), "status": _text(told.get("status"), 20)}


def link_software(hfr_id: str, *, hospital_name: str, shown_name: str) -> str:
    """Tie a hospital to our software in both roles: its service id, also when it was tied before.

    `hospital_name` must be exactly the register's own; a no comes as HTTP 200.
    """
    one = {"bridgeId": settings.ABDM_CLIENT_ID, "hipName": shown_name, "active": True}
    body = {
        "facilityId": hfr_id,
        "facilityName": hospital_name,
        "HRP": [{**one, "type": "HIP"}, {**one, "type": "HIU"}],
    }
    answer = _registry("POST", "/v1/bridges/MutipleHRPAddUpdateServices", body)
    if found := ALREADY.search(answer.message):
        return found[1]
    told = _body(answer)
    first = _part(told[0]) if isinstance(told, list) and told else {}
    service_id = _text(_part(first.get("servicesLinked")).get("id"), 24)
    if not service_id:
        raise Denied("", "no service id")
    return service_id


def _registry(method: str, at: str, body: Any = None) -> Answer:
    if not current().registry:  # production's address is told at onboarding
        raise Denied("no-address", "")
    return client.call(method, f"{current().registry}{at}", body=body)


def _body(answer: Answer) -> Any:
    """What it says; None for "there is none"."""
    if answer.kind is Class.DONE:
        return answer.body
    if answer.code in NOT_THERE or answer.status == 404:
        return None
    if answer.kind in (Class.TRANSPORT, Class.THROTTLED, Class.AUTH):
        raise Unanswered
    code, message = answer.code, answer.message
    details = answer.body.get("details") if isinstance(answer.body, dict) else None
    if isinstance(details, list) and details:  # the register's own: what is wrong stands below
        first = _part(details[0])
        code, message = _text(first.get("code"), 20), _text(first.get("message"), 160)
    raise Denied(code or str(answer.status or ""), message)


def _service(one: dict[str, Any]) -> dict[str, Any]:
    types = one.get("types")
    return {
        "name": _text(one.get("name"), 40),
        "types": [_text(kind, 12) for kind in types] if isinstance(types, list) else [],
        "active": one.get("active") is True,
    }


def _part(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any, most: int) -> str:
    return value.strip()[:most] if isinstance(value, str) else ""
