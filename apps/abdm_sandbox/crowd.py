"""Many people at once, for measuring: who they are, shares at a pace, a day that passes."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apps.abdm_sandbox import sharing
from apps.abdm_sandbox.door import courier_of, world_of


async def people(request: Request) -> Response:
    """POST [{stem, name, gender, year}]: they have an ABHA from now on; who they are comes back."""
    world, made = world_of(request), []
    for one in await request.json():
        account = world.add_account(one["stem"], one["name"], one["gender"], one["year"], 1, 1)
        made.append({"address": account.address, "number": account.abha_number})
    return JSONResponse(made, status_code=201)


async def shares(request: Request) -> Response:
    """POST {serviceId, counter, addresses, perSecond}: each shares once, one after the other."""
    told: dict[str, Any] = await request.json()
    courier_of(request).start(_share(request, told))
    return JSONResponse({}, status_code=202)


async def _share(request: Request, told: dict[str, Any]) -> None:
    """By the clock: what is late is caught up with, so that the pace holds."""
    world, loop = world_of(request), asyncio.get_running_loop()
    began = loop.time()
    for n, address in enumerate(told["addresses"]):
        await asyncio.sleep(max(0.0, began + n / told["perSecond"] - loop.time()))
        sharing.share(request, world.accounts[address], told["serviceId"], told["counter"])


async def next_day(request: Request) -> Response:
    """Limits that hold for a day begin again."""
    world_of(request).asked.clear()
    return JSONResponse({})
