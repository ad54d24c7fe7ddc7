"""What every call goes through: faults, headers, session; and the two kinds of no."""

import asyncio
import random
import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from apps.abdm_sandbox import tokens
from apps.abdm_sandbox.courier import Courier
from apps.abdm_sandbox.world import World

TIMESTAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
CM_ID = "sbx"
Handler = Callable[[Request, dict[str, Any]], Awaitable[Response]]


def world_of(request: Request) -> World:
    return request.app.state.world


def courier_of(request: Request) -> Courier:
    return request.app.state.courier


def accepted() -> Response:
    """202 and nothing else: the answer comes as a callback."""
    return Response(status_code=202)


def refused(code: str, message: str, status: int = 400, *, colon: bool = False) -> JSONResponse:
    """The usual error; some codes carry a colon and a blank."""
    told = {"code": f"ABDM-{code}{': ' if colon else ''}", "message": message}
    return JSONResponse({"error": told}, status_code=status)


def gateway(handler: Handler, *, needs_session: bool = True) -> Callable[[Request], Any]:
    """The door of one call."""

    async def enter(request: Request) -> Response:
        no = await _trouble(world_of(request)) or _headers(request)
        if no is None and needs_session and not _has_session(request):
            told = {"code": "900901", "message": "Invalid Credentials"}
            no = JSONResponse(told, status_code=401)
        if no is None and not world_of(request).fresh(request.headers["REQUEST-ID"]):
            no = refused("1064", "Request id already exists")
        if no is not None:
            return no
        try:
            body = await request.json() if await request.body() else {}
        except ValueError:
            return refused("1006", "Bad request")
        if world_of(request).hold:
            world_of(request).heard.append((request.url.path, body))
        return await handler(request, body)

    return enter


def _has_session(request: Request) -> bool:
    """A living one, and the switch does not say that it is over before its time."""
    if random.random() < world_of(request).faults.session_over:
        world_of(request).counts["session over"] += 1
        return False
    return tokens.is_session(request.headers.get("Authorization", ""))


async def _trouble(world: World) -> Response | None:
    """What the switches do to this call."""
    faults, counts = world.faults, world.counts
    if faults.down:
        counts["down"] += 1
        return JSONResponse({"code": "303001", "message": "Endpoint suspended"}, status_code=500)
    if faults.latency_s:
        await asyncio.sleep(random.uniform(0.5, 1.5) * faults.latency_s)
    if random.random() < faults.error:
        counts["error"] += 1
        return refused("1024", "Dependent service unavailable", 503)
    if random.random() < faults.throttle:
        counts["throttled"] += 1
        return refused("1022", "Too many requests", 429)
    return None


def _headers(request: Request) -> Response | None:
    told = {name: request.headers.get(name, "") for name in ("REQUEST-ID", "TIMESTAMP", "X-CM-ID")}
    if not all(told.values()) or told["X-CM-ID"] != CM_ID:
        return PlainTextResponse("Access Denied", status_code=403)
    try:
        uuid.UUID(told["REQUEST-ID"])
    except ValueError:
        return refused("1030", "Invalid request ID", colon=True)
    if not TIMESTAMP.match(told["TIMESTAMP"]):
        return refused("1016", "Invalid timestamp", colon=True)
    return None
