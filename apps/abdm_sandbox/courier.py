"""Callbacks leave from here: late, twice, never or in the wrong order, as the switches say."""

import asyncio
import json
import random
from datetime import timedelta
from typing import Any

import httpx

from apps.abdm_sandbox import tokens
from apps.abdm_sandbox.world import World, new_id, now

TIMEOUT = httpx.Timeout(10, connect=3)
AGAIN_AFTER_S = 5.0  # the real one waits about sixteen minutes
REORDER_S = 1.5


class Courier:
    """Sends to the bridge's address, which has one writer: the last."""

    def __init__(self, world: World, issuer: str) -> None:
        self.world, self.issuer = world, issuer
        self._tasks: set[asyncio.Task[None]] = set()

    def post(
        self,
        path: str,
        body: dict[str, Any],
        *,
        service_id: str,
        role: str = "HIP",
        request_id: str = "",
    ) -> None:
        """One callback to `/api/v3/<path>` of the bridge."""
        letter = {
            "path": path,
            "body": body,
            "headers": {
                "REQUEST-ID": request_id or new_id(),
                "TIMESTAMP": stamp(),
                **({f"X-{role}-ID": service_id} if service_id else {}),
                "Content-Type": "application/json",
                "User-Agent": "ReactorNetty/1.1.0",
            },
        }
        if self.world.hold:
            self.world.held.append(self._signed(letter))
            return
        task = asyncio.get_running_loop().create_task(self._carry(letter))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _signed(self, letter: dict[str, Any]) -> dict[str, Any]:
        faults = self.world.faults
        token = tokens.callback(self.issuer, wrong_key=faults.wrong_key, expired=faults.expired)
        return {**letter, "headers": {**letter["headers"], "Authorization": f"Bearer {token}"}}

    async def _carry(self, letter: dict[str, Any]) -> None:
        faults = self.world.faults
        wait = random.uniform(0.5, 1.5) * faults.latency_s
        if random.random() < faults.reorder:
            wait += REORDER_S
        await asyncio.sleep(wait)
        if random.random() < faults.lose:
            self.world.log.append(f"lost {letter['path']}")
            return
        signed = self._signed(letter)
        copies = 2 if random.random() < faults.repeat else 1
        for _ in range(copies):
            if not await self._hand_over(signed):
                await asyncio.sleep(AGAIN_AFTER_S)
                await self._hand_over(signed)  # once more, with the same token

    async def _hand_over(self, letter: dict[str, Any]) -> bool:
        url = f"{self.world.bridge_url}/api/v3/{letter['path']}"
        content = json.dumps(letter["body"]).encode()
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT) as client:
                answer = await client.post(url, content=content, headers=letter["headers"])
        except httpx.HTTPError as error:
            self.world.log.append(f"{type(error).__name__} {letter['path']}")
            return False
        self.world.log.append(f"{answer.status_code} {letter['path']}")
        return answer.is_success


def stamp(later: timedelta = timedelta()) -> str:
    """UTC with three decimals and Z."""
    at = now() + later
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
