"""Callbacks leave from here: late, twice, never or in the wrong order, as the switches say."""

import asyncio
import json
import random
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import httpx

from apps.abdm_sandbox import tokens
from apps.abdm_sandbox.world import World, new_id, now

TIMEOUT = httpx.Timeout(10, connect=3)
AGAIN_AFTER_S = 5.0  # the real one waits about sixteen minutes
REORDER_S = 1.5
DOWN_LOOK_S = 0.5


class Courier:
    """Sends to the bridge's address, which has one writer: the last."""

    def __init__(self, world: World, issuer: str) -> None:
        self.world, self.issuer = world, issuer
        self._tasks: set[asyncio.Task[None]] = set()
        self._client: httpx.AsyncClient | None = None

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
        self.start(self._carry(letter))

    def push(self, url: str, body: dict[str, Any], *, bearer: str) -> None:
        """One page of records, straight to who asked; held like a callback while `hold` is on."""
        letter = {"url": url, "body": body, "headers": {"Authorization": f"Bearer {bearer}"}}
        if self.world.hold:
            self.world.held.append(letter)
            return
        self.start(self._post(url, letter))

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Goes on beside the request that began it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _signed(self, letter: dict[str, Any]) -> dict[str, Any]:
        faults = self.world.faults
        token = tokens.callback(self.issuer, wrong_key=faults.wrong_key, expired=faults.expired)
        return {**letter, "headers": {**letter["headers"], "Authorization": f"Bearer {token}"}}

    async def _carry(self, letter: dict[str, Any]) -> None:
        faults, counts = self.world.faults, self.world.counts
        wait = random.uniform(0.5, 1.5) * faults.latency_s
        if random.random() < faults.reorder:
            wait += REORDER_S
            counts["reordered"] += 1
        await asyncio.sleep(wait)
        while faults.down:
            await asyncio.sleep(DOWN_LOOK_S)
        if random.random() < faults.lose:
            self.world.log.append(f"lost {letter['path']}")
            counts["lost"] += 1
            return
        signed = self._signed(letter)
        copies = 2 if random.random() < faults.repeat else 1
        counts["repeated"] += copies - 1
        for _ in range(copies):
            if not await self._hand_over(signed):
                await asyncio.sleep(AGAIN_AFTER_S)
                await self._hand_over(signed)  # once more, with the same token

    async def _hand_over(self, letter: dict[str, Any]) -> bool:
        return await self._post(f"{self.world.bridge_url}/api/v3/{letter['path']}", letter)

    async def _post(self, url: str, letter: dict[str, Any]) -> bool:
        content, named = json.dumps(letter["body"]).encode(), letter.get("path", "push")
        headers = {"Content-Type": "application/json", **letter["headers"]}
        at = httpx.URL(url)
        if at.host.endswith(".localhost"):  # this machine, which not every resolver knows
            headers["Host"] = at.netloc.decode()
            at = at.copy_with(host="127.0.0.1")
        if self._client is None:  # one: each would read the machine's certificates anew
            limits = httpx.Limits(max_connections=200, keepalive_expiry=1)
            self._client = httpx.AsyncClient(timeout=TIMEOUT, limits=limits)
        try:
            answer = await self._client.post(at, content=content, headers=headers)
        except httpx.HTTPError as error:
            self.world.log.append(f"{type(error).__name__} {named}")
            return False
        self.world.log.append(f"{answer.status_code} {named}")
        return answer.is_success


def stamp(later: timedelta = timedelta()) -> str:
    """UTC with three decimals and Z."""
    at = now() + later
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
