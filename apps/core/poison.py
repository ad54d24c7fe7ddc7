"""Jobs that kill their worker: after some starts without an end they are set aside.

A job is acknowledged when it is done, so one that ends its process (memory, time limit, a broken
library) comes back at once, for ever, and takes every worker with it. A sweep asks again for what
is still to be done, under a new id: five more tries, once a sweep.
"""

import json
import logging
from datetime import datetime

from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
STARTS = 5
DAY_S, WEEK_S = 86400, 7 * 86400
LISTED = 50
PARKED = "jobs:parked"


def _key(task_id: str) -> str:
    return f"job:starts:{task_id}"


def is_poison(task_id: str, name: str) -> bool:
    """Count one more start of this message; True when it started too often without an end."""
    try:
        cache.add(_key(task_id), 0, DAY_S)
        if int(cache.incr(_key(task_id))) <= STARTS:
            return False
        kept = [row for row in parked() if row["id"] != task_id]
        row = {"id": task_id, "name": name, "at": timezone.now().isoformat(timespec="seconds")}
        cache.set(PARKED, json.dumps([*kept, row][-LISTED:]), WEEK_S)
    except (RedisError, ValueError):  # no count is no reason to leave work undone
        return False
    log.error("job set aside after %s starts without an end: %s", STARTS, name)
    return True


def ended(task_id: str) -> None:
    """It came to an end, well or not."""
    try:
        cache.delete(_key(task_id))
    except RedisError:
        log.warning("the end of a job could not be noted")


def parked() -> list[dict[str, str]]:
    """What was set aside in the last seven days, the newest last: {"id", "name", "at"}."""
    week = timezone.now().timestamp() - WEEK_S
    rows: list[dict[str, str]] = json.loads(cache.get(PARKED) or "[]")
    return [row for row in rows if datetime.fromisoformat(row["at"]).timestamp() > week]
