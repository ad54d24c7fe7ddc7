"""The bridge's address, the hospitals behind it, their linkage in the registry of facilities."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apps.abdm_sandbox.courier import stamp
from apps.abdm_sandbox.door import accepted, refused, world_of
from apps.abdm_sandbox.world import Service

BRIDGE = "bhavya"


async def set_url(request: Request, body: dict[str, Any]) -> Response:
    """One address for a bridge; the last writer wins."""
    world_of(request).bridge_url = str(body.get("url", "")).rstrip("/")
    return accepted()


async def services(request: Request, body: dict[str, Any]) -> Response:
    world = world_of(request)
    if not world.services:
        return Response(status_code=204)
    found = [
        {"id": s.id, "name": s.name, "types": list(s.types), "endpoints": {}, "active": True}
        for s in world.services.values()
    ]
    bridge = {"id": BRIDGE, "name": BRIDGE, "url": world.bridge_url, "active": True,
              "blocklisted": False}  # fmt: skip
    return JSONResponse({"bridge": bridge, "services": found})


async def service(request: Request, body: dict[str, Any]) -> Response:
    found = world_of(request).services.get(request.path_params["id"])
    if found is None:
        return refused("1001", "No data found", 404)
    at = stamp()
    return JSONResponse(
        {
            "id": f"sbx-{found.id}",
            "bridgeId": BRIDGE,
            "serviceId": found.id,
            "name": found.name,
            "isHip": "HIP" in found.types,
            "isHiu": "HIU" in found.types,
            "isPhr": False,
            "endpoints": {},
            "active": True,
            "registerTime": at,
            "dateCreated": at,
            "dateModified": at,
        }
    )


async def link_software(request: Request, body: dict[str, Any]) -> Response:
    """The registry's linkage of a facility with our bridge; errors come with 200."""
    world, facility_id = world_of(request), str(body.get("facilityId", ""))
    if facility_id in world.services:
        told = (f"Bridge {BRIDGE} is already associated with the facility, "
                f"service id: {facility_id}")  # fmt: skip
        return JSONResponse([{"error": {"code": "2500", "message": told}}])
    name = next((one.get("hipName", "") for one in body.get("HRP") or []), "")
    world.services[facility_id] = Service(facility_id, str(name or body.get("facilityName", "")))
    return JSONResponse([{"servicesLinked": {"id": facility_id}}])


async def openid(request: Request, body: dict[str, Any]) -> Response:
    base = request.app.state.issuer.split("/auth/")[0]
    return JSONResponse({"jwks_uri": f"{base}/api/hiecm/gateway/v3/certs"})


ROUTES = (
    ("PATCH", "{gate}/bridge/url", set_url),
    ("GET", "{gate}/bridge-services", services),
    ("GET", "{gate}/bridge-service/serviceId/{{id}}", service),
    ("GET", "{gate}/.well-known/openid-configuration", openid),
    ("POST", "/registry/v1/bridges/MutipleHRPAddUpdateServices", link_software),
)
