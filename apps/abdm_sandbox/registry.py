"""The national registers: hospitals (HFR), professionals (HPR), and which hospital is tied to us.

Everything here is invented and of the demonstration range: hospitals IN10100099…, people
71-0000-0000-…; an id outside of it is simply not there.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apps.abdm_sandbox import tokens
from apps.abdm_sandbox.courier import stamp
from apps.abdm_sandbox.door import accepted, refused, world_of
from apps.abdm_sandbox.world import Service

GATE = "/api/hiecm/gateway/v3"
NHPR = "/registry"


def gateway_id(request: Request) -> str:
    """The client id whose session it is."""
    return tokens.client_of(request.headers.get("Authorization", ""))


async def bridge_url(request: Request, body: dict[str, Any]) -> Response:
    """One address for all hospitals; whoever writes last gets all callbacks."""
    world_of(request).bridge_url = str(body.get("url", "")).rstrip("/")
    return accepted()


async def bridge_services(request: Request, body: dict[str, Any]) -> Response:
    world, client_id = world_of(request), gateway_id(request)
    if not world.services and not world.bridge_url:
        return Response(status_code=204)
    services = [
        {"id": s.id, "name": s.name, "types": list(s.types), "endpoints": {}, "active": True}
        for s in world.services.values()
    ]
    bridge = {"id": client_id, "name": client_id, "url": world.bridge_url, "active": True,
              "blocklisted": False}  # fmt: skip
    return JSONResponse({"bridge": bridge, "services": services})


async def service_by_id(request: Request, body: dict[str, Any]) -> Response:
    found = world_of(request).services.get(request.path_params["id"])
    if found is None:
        return refused("1001", "No data found", 404)
    return JSONResponse({
        "id": f"row-{found.id}", "bridgeId": gateway_id(request), "serviceId": found.id,
        "name": found.name, "isHip": "HIP" in found.types, "isHiu": "HIU" in found.types,
        "isPhr": False, "endpoints": {}, "active": True,
        "registerTime": "2026-11-20T05:10:00.000Z", "dateCreated": "2026-11-20T05:10:00.000Z",
        "dateModified": "2026-11-20T05:10:00.000Z",
    })  # fmt: skip


async def capabilities(request: Request, body: dict[str, Any]) -> Response:
    services, asked = world_of(request).services, body.get("serviceId") or []
    if not asked or any(one not in services for one in asked):
        return refused("1025", "Invalid service id")
    return accepted()


async def link_software(request: Request, body: dict[str, Any]) -> Response:
    """The linkage of a hospital with our bridge. A no comes as HTTP 200, in a list."""
    world, client_id = world_of(request), gateway_id(request)
    hfr_id, parts = str(body.get("facilityId", "")), body.get("HRP") or []
    hospital = world.hospitals.get(hfr_id)
    if hospital is None or hospital["name"] != body.get("facilityName"):
        return _no("Facility name does not match")
    if not parts or any(one.get("bridgeId") != client_id for one in parts):
        return _no("Bridge is not known")
    if any(len(str(one.get("hipName"))) > 15 for one in parts):
        return _no("hipName must be at most 15 characters")
    service_id = hospital["service"]
    if service_id in world.services:
        return _no(f"Bridge {client_id} is already associated with the facility, "
                   f"service id: {service_id}")  # fmt: skip
    types = tuple(str(one.get("type")) for one in parts)
    world.services[service_id] = Service(service_id, str(parts[0].get("hipName")), types)
    return JSONResponse([{"servicesLinked": {"id": service_id}}])


def _no(message: str) -> Response:
    return JSONResponse([{"error": {"code": "2500", "message": message}}])


async def search_facility(request: Request, body: dict[str, Any]) -> Response:
    size = body.get("resultsPerPage")
    if not isinstance(size, int) or not 10 <= size <= 15:
        return _unfit(
            "HIS-4047", "resultsPerPage must be between 10 and 15", "resultsPerPage", size
        )
    name, wanted = str(body.get("facilityName", "")).lower(), body.get("facilityId")
    if not wanted and not (name and body.get("stateLGDCode") and body.get("ownershipCode")):
        return _unfit("HIS-1070", "state and ownership are required", "stateLGDCode", "")
    rows = [
        {"facilityId": hfr_id, "facilityName": one["name"], "ownership": "Government",
         "ownershipCode": "G", "stateName": "BIHAR", "stateLGDCode": "10",
         "districtName": one["district"], "facilityStatus": one["status"],
         "facilityType": "Hospital", "address": "Demo Road", "pincode": "800001"}
        for hfr_id, one in world_of(request).hospitals.items()
        if (hfr_id == wanted if wanted else name in one["name"].lower())
    ]  # fmt: skip
    return JSONResponse({"facilities": rows[:size], "message": "Facilities fetched",
                         "totalFacilities": len(rows), "numberOfPages": 1})  # fmt: skip


def _unfit(code: str, message: str, key: str, value: Any) -> Response:
    """How the register says that a question is malformed."""
    detail = {"code": code, "message": message, "attribute": {"key": key, "value": str(value)}}
    told = {"code": "HIS-422", "details": [detail],
            "message": "Unable to process the current request due to incorrect data."}  # fmt: skip
    return JSONResponse(told, status_code=422)


async def search_professional(request: Request, body: dict[str, Any]) -> Response:
    asked = request.path_params["id"]
    people = world_of(request).professionals
    number = next((n for n, one in people.items() if asked in (n, one["handle"])), None)
    if number is None:
        return JSONResponse({"code": "404", "message": "HPR id not found"}, status_code=404)
    one = people[number]
    return JSONResponse({"hprIdNumber": number, "hprId": one["handle"], "name": one["name"],
                         "status": one["status"], "categoryId": 1})  # fmt: skip


async def account_status(request: Request) -> Response:
    """POST {"address", "status"}: its owner switches an ABHA off or on, and we are told. Outside of
    what ABDM has; the letter names no hospital, as the real one."""
    world, told = world_of(request), await request.json()
    account = world.accounts.get(str(told.get("address")))
    status = str(told.get("status", "")).upper()
    if account is None or status not in ("ACTIVE", "DEACTIVATED", "DELETED"):
        return JSONResponse({"error": "address or status"}, status_code=422)
    account.status = status
    body = {"abhaAddress": account.address, "status": status, "deactivationReason": "user request",
            "deactivationDate": stamp()}  # fmt: skip
    courier = request.app.state.courier
    courier.post("patients/status/notify", {"notification": body}, service_id="")
    return JSONResponse({"status": status})


async def openid(request: Request, body: dict[str, Any]) -> Response:
    base = request.app.state.issuer.split("/auth/")[0]
    return JSONResponse({"jwks_uri": f"{base}{GATE}/certs"})


ROUTES = (
    ("GET", f"{GATE}/.well-known/openid-configuration", openid),
    ("PATCH", f"{GATE}/bridge/url", bridge_url),
    ("GET", f"{GATE}/bridge-services", bridge_services),
    ("GET", GATE + "/bridge-service/serviceId/{id}", service_by_id),
    ("PATCH", f"{GATE}/scanPay/updateVersion", capabilities),
    ("POST", f"{NHPR}/v1/bridges/MutipleHRPAddUpdateServices", link_software),
    ("POST", f"{NHPR}/FacilityManagement/v1.5/facility/search", search_facility),
    ("GET", NHPR + "/v1/search/searchByHprId/{id}", search_professional),
)
