"""The stand-in as one ASGI application: gateway, linking, sharing, and the switches."""

import dataclasses
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from apps.abdm_sandbox import (
    abha,
    consent,
    crowd,
    discovery,
    enrol,
    hiu,
    hiu_data,
    linking,
    memory,
    phr,
    record_share,
    registry,
    scan_pay,
    sharing,
    tokens,
    upkeep,
    ways,
)
from apps.abdm_sandbox.courier import Courier
from apps.abdm_sandbox.door import gateway, world_of
from apps.abdm_sandbox.world import World

BASE = "/api/hiecm"
ISSUER_PATH = "/auth/realms/central-registry"


async def create_session(request: Request, body: dict[str, Any]) -> Response:
    if not body.get("clientId") or body.get("grantType") != "client_credentials":
        return JSONResponse({"code": "900901", "message": "Invalid Credentials"}, status_code=401)
    token = tokens.session(request.app.state.issuer, body["clientId"])
    told = {"accessToken": token, "expiresIn": tokens.SESSION_LIVES_S, "tokenType": "bearer",
            "refreshToken": "unused", "refreshExpiresIn": 1800}  # fmt: skip
    return JSONResponse(told, status_code=202)


async def certs(request: Request, body: dict[str, Any]) -> Response:
    return JSONResponse(tokens.jwks())


# --- for people and tests: outside of what ABDM has ---------------------------------------


async def faults(request: Request) -> Response:
    """GET shows the switches; POST {name: value} turns them; `hold` and `reset` too."""
    world = world_of(request)
    if request.method == "POST":
        told = await request.json()
        world.hold = bool(told.pop("hold", world.hold))
        known = {field.name for field in dataclasses.fields(world.faults)}
        if set(told) - known:
            return JSONResponse({"unknown": sorted(set(told) - known)}, status_code=422)
        for name, value in told.items():
            setattr(world.faults, name, value)
    return JSONResponse({**dataclasses.asdict(world.faults), "hold": world.hold})


async def held(request: Request) -> Response:
    """Callbacks kept back for a test, handed out once."""
    world = world_of(request)
    with world.lock:
        letters, world.held = world.held, []
    return JSONResponse(letters)


async def state(request: Request) -> Response:
    """What is linked and shared, for tests and the demo's page."""
    world = world_of(request)
    contexts = [
        {**dataclasses.asdict(c), "hi_types": sorted(c.hi_types)} for c in world.contexts.values()
    ]
    shares = [{"address": s.address, "token": s.token, "error": s.error,
               "seconds": (s.answered_at - s.at).total_seconds() if s.answered_at else None}
              for s in world.shares.values()]  # fmt: skip
    people = [dataclasses.asdict(account) for account in world.accounts.values()]
    return JSONResponse(
        {
            "contexts": contexts,
            "shares": shares,
            "accounts": people,
            "log": world.log[-200:],
            "counts": world.counts,
        }
    )


def application(address: str, *, keep: Path | None = None) -> Starlette:
    """The whole stand-in, reachable at `address` (its issuer is made of it); `keep`: its memory."""
    gate = f"{BASE}/gateway/v3"
    routes = [
        Route(f"{gate}/sessions", gateway(create_session, needs_session=False), methods=["POST"]),
        Route(f"{gate}/certs", gateway(certs), methods=["GET"]),
        *(Route(at, gateway(do), methods=[method]) for method, at, do in registry.ROUTES),
        _post(f"{BASE}/v3/token/generate-token", linking.generate_token),
        _post(f"{BASE}/hip/v3/link/carecontext", linking.link_contexts),
        _post(f"{BASE}/hip/v3/link/context/notify", linking.notify_context),
        _post(f"{BASE}/hip/v3/link/patient/links/sms/notify2", linking.sms_notify),
        *(_post(f"{BASE}/user-initiated-linking/v3/{at}", do) for at, do in discovery.ROUTES),
        _post(f"{BASE}/patient-share/v3/share", sharing.phr_share),
        _post(f"{BASE}/patient-share/v3/on-share", sharing.on_share),
        _post(f"{BASE}/patient-share/v3/running-token/status", sharing.phr_running),
        _post(f"{BASE}/patient-share/v3/running-token/on-status", sharing.on_running),
        *(
            Route(f"/abha/api{at}", gateway(do), methods=[method])
            for method, at, do in (*abha.ROUTES, *upkeep.ROUTES, *enrol.ROUTES, *ways.ROUTES)
        ),
        Route("/sandbox/faults", faults, methods=["GET", "POST"]),
        Route("/sandbox/status", registry.account_status, methods=["POST"]),
        Route("/sandbox/held", held, methods=["GET"]),
        Route("/sandbox/state", state, methods=["GET"]),
        Route("/sandbox/people", crowd.people, methods=["POST"]),
        Route("/sandbox/shares", crowd.shares, methods=["POST"]),
        Route("/sandbox/next-day", crowd.next_day, methods=["POST"]),
        _post(f"{BASE}/consent/v3/request/hip/on-notify", consent.on_notify),
        _post(f"{BASE}/data-flow/v3/health-information/hip/on-request", consent.on_request),
        _post(f"{BASE}/data-flow/v3/health-information/notify", consent.on_transfer),
        Route("/sandbox/consents", consent.listing, methods=["GET"]),
        Route("/sandbox/consents", consent.make, methods=["POST"]),
        Route("/sandbox/consents/{id}/ask", consent.ask, methods=["POST"]),
        Route("/sandbox/consents/{id}/{how:str}", consent.end, methods=["POST"]),
        Route("/sandbox/data/{id}", consent.receive, methods=["POST"]),
        *phr.ROUTES,
        *_of_hospitals(),
    ]
    app = Starlette(routes=routes, lifespan=memory.kept_in(keep) if keep else None)
    app.state.world = World()
    app.state.issuer = address.rstrip("/") + ISSUER_PATH
    app.state.courier = Courier(app.state.world, app.state.issuer)
    return app


def _of_hospitals() -> list[Route]:
    """What hospitals call when they ask or are given, and the switches beside it."""
    told = (*hiu.GATE, *hiu_data.GATE, *record_share.GATE, *scan_pay.GATE)
    turned = (*hiu.SWITCHES, *hiu_data.SWITCHES, *scan_pay.SWITCHES)
    return [
        *(Route(at, gateway(do), methods=[method]) for method, at, do in told),
        *(Route(at, do, methods=[method]) for method, at, do in turned),
    ]


def _post(path: str, handler: Any) -> Route:
    return Route(path, gateway(handler), methods=["POST"])
