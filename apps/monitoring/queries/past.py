"""Days that are over change only when they are recounted: what was added up of them is kept.

The State's thirty days are half a million rows; the board is drawn anew every five seconds.
"""

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from typing import TypeVar
from uuid import UUID, uuid4

from django.core.cache import cache
from redis.exceptions import RedisError

from apps.monitoring.period import Period

KEPT_S = 600
VERSION = "boards:past"
Read = TypeVar("Read")


def kept(what: str, ids: set[UUID] | None, days: Period, read: Callable[[], Read]) -> Read:
    """What `read` says of these hospitals and days; for ten minutes the same without asking."""
    places = "all" if ids is None else sha256("".join(sorted(map(str, ids))).encode()).hexdigest()
    try:
        version = cache.get(VERSION, "")
        key = f"{VERSION}:{version}:{what}:{places}:{days.first}:{days.last}"
        found: Read | None = cache.get(key)
    except RedisError:
        return read()
    if found is None:
        found = read()
        with suppress(RedisError):
            cache.set(key, found, KEPT_S)
    return found


def forget_past() -> None:
    """After past days were counted anew."""
    with suppress(RedisError):
        cache.set(VERSION, uuid4().hex, None)
