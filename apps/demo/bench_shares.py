"""Scan & Share under a crowd: from "Share" on the phone to the number on it, through a gateway
that is slow, repeats, reorders and sometimes says no."""

import os
import time
from typing import Any

from apps.core.tenancy import connection, facility_context
from apps.demo.bench_stack import SERVICE_ID, STEM, Stack, stack
from apps.demo.bench_town import FACILITY

A_SECOND = float(os.environ.get("BENCH_SHARES_A_SECOND", "50"))
SECONDS = int(os.environ.get("BENCH_SHARES_SECONDS", "10"))
FAULTS = {"latency_s": 0.2, "repeat": 0.1, "reorder": 0.1, "error": 0.05}
WAITS_S = 30  # so long a phone waits
WARM = 20


def measure_shares() -> dict[str, Any]:
    """{"shares", "in_time", "late", "p50_s", "p95_s", "same_number": 0, …}. Lost callbacks are no
    part of it: a phone that was never told of cannot be answered."""
    count = round(A_SECOND * SECONDS)
    with stack(patients=1) as made:
        told = [
            {"stem": f"{STEM}{n:05d}", "name": "Rina Kumari", "gender": "F", "year": 1992}
            for n in range(WARM + count)
        ]
        addresses = [one["address"] for one in made.tell("people", told)]
        _press(made, addresses[:WARM], 5)
        before = made.worker_cpu()
        made.tell("faults", FAULTS)
        start = time.monotonic()
        _press(made, addresses[WARM:], A_SECOND)
        return _told(made, count, before, time.monotonic() - start)


def _press(made: Stack, addresses: list[str], pace: float) -> None:
    """All share; back when each has an answer or nobody waits any more."""
    known = len(made.state()["shares"])
    made.tell("shares", {"serviceId": SERVICE_ID, "counter": "OPD1", "addresses": addresses,
                         "perSecond": pace})  # fmt: skip
    ends = time.monotonic() + len(addresses) / pace + WAITS_S + 2
    while time.monotonic() < ends:
        mine = made.state()["shares"][known:]
        if len(mine) == len(addresses) and all(one["token"] or one["error"] for one in mine):
            return
        time.sleep(0.5)


def _told(made: Stack, count: int, before: float, seconds: float) -> dict[str, Any]:
    state = made.state()
    mine = state["shares"][-count:]
    took = sorted(one["seconds"] for one in mine if one["token"])
    numbers = [one["token"] for one in mine if one["token"]]
    with facility_context(FACILITY), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM public.persons_arrival WHERE facility_id = %s", [FACILITY]
        )
        waiting = cursor.fetchone()[0]
    return {
        "a_second": A_SECOND,
        "shares": count,
        "in_time": len(took),
        "late": count - len(took),
        "on_the_list": waiting - WARM,
        "same_number": len(numbers) - len(set(numbers)),
        "p50_s": round(took[len(took) // 2], 1) if took else None,
        "p95_s": round(took[int(len(took) * 0.95)], 1) if took else None,
        "gateway": state["counts"],
        "seconds": round(seconds),
        "worker_cpu_ms_a_share": round((made.worker_cpu() - before) * 1000 / count, 1),
    }
