"""When the gateway is down we stop asking for a while, and staff are told. In the cache: a lost
cache only means that we ask once more."""

import time
from dataclasses import dataclass

from django.core.cache import cache

FAILURES, OPEN, DOWN_SINCE = "gateway:failures", "gateway:open", "gateway:down-since"
IN_A_ROW, WINDOW_S, REST_S = 5, 120, 30


@dataclass(frozen=True, slots=True)
class State:
    """`down_since`: epoch seconds, None while the gateway answers."""

    down_since: float | None


def is_open() -> bool:
    """True while the gateway is left alone; after half a minute one call tries again."""
    return bool(cache.get(OPEN))


def note(*, reached: bool) -> None:
    """One call came back, or did not."""
    if reached:
        cache.delete_many([FAILURES, OPEN, DOWN_SINCE])
        return
    cache.add(FAILURES, 0, WINDOW_S)
    try:
        failures = cache.incr(FAILURES)
    except ValueError:  # the window closed between the two calls
        failures = 1
    if failures >= IN_A_ROW:
        cache.set(OPEN, 1, REST_S)
        cache.add(DOWN_SINCE, time.time(), 24 * 3600)


def state() -> State:
    return State(cache.get(DOWN_SINCE))
