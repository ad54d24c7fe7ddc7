"""When a service is down we stop asking for a while, and staff are told. In the cache: a lost cache
only means that we ask once more. The gateway and the ABHA service fail apart from each other, so
each has a breaker of its own: who cannot make an ABHA can still be linked."""

import time
from dataclasses import dataclass

from django.core.cache import cache

GATEWAY, ABHA = "gateway", "abha"
IN_A_ROW, WINDOW_S, REST_S = 5, 120, 30


@dataclass(frozen=True, slots=True)
class State:
    """`down_since`: epoch seconds, None while the service answers."""

    down_since: float | None


def is_open(of: str = GATEWAY) -> bool:
    """True while a service is left alone; after half a minute one call tries again."""
    return bool(cache.get(f"{of}:open"))


def note(*, reached: bool, of: str = GATEWAY) -> None:
    """One call came back, or did not."""
    failures, open_, down_since = f"{of}:failures", f"{of}:open", f"{of}:down-since"
    if reached:
        cache.delete_many([failures, open_, down_since])
        return
    cache.add(failures, 0, WINDOW_S)
    try:
        count = cache.incr(failures)
    except ValueError:  # the window closed between the two calls
        count = 1
    if count >= IN_A_ROW:
        cache.set(open_, 1, REST_S)
        cache.add(down_since, time.time(), 24 * 3600)


def state(of: str = GATEWAY) -> State:
    return State(cache.get(f"{of}:down-since"))
