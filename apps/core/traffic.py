"""Requests counted by app: how many, how they ended, how long they took. No path, no person.

Each process adds up by itself and gives its sums to the cache every few seconds, for a process is
recycled and a counter must not go back.
"""

import time
from collections import Counter
from threading import Lock

from django.apps import apps
from django.core.cache import cache
from redis.exceptions import RedisError

from apps.core.exposition import Metric

EDGES_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
STATUSES = ("2xx", "3xx", "4xx", "5xx")
FLUSH_S, SILENT_S = 5.0, 60.0
STATIC, OTHER = "static", "other"

_sums: Counter[str] = Counter()
_next = {"at": 0.0}
_lock = Lock()


def app_of(module: str) -> str:
    """ "pharmacy" for a view of apps.pharmacy; "other" for what is not ours."""
    parts = module.split(".")
    return parts[1] if parts[0] == "apps" and len(parts) > 1 else OTHER


def note(app: str, status: int, seconds: float) -> None:
    """One request more."""
    under = next((n for n, edge in enumerate(EDGES_S) if seconds <= edge), len(EDGES_S))
    with _lock:
        _sums[f"{app}:{status // 100}xx"] += 1
        _sums[f"{app}:le{under}"] += 1
        _sums[f"{app}:ms"] += round(seconds * 1000)
    if time.monotonic() >= _next["at"]:
        flush()


def flush() -> None:
    """Give this process's sums to the cache; without a cache they are kept for a minute."""
    with _lock:
        _next["at"] = time.monotonic() + FLUSH_S
        sums, left = dict(_sums), Counter(_sums)
        _sums.clear()
    try:
        for name, n in sums.items():
            cache.add(_key(name), 0, None)
            cache.incr(_key(name), n)
            del left[name]
    except (RedisError, ValueError):
        with _lock:
            _sums.update(left)
            _next["at"] = time.monotonic() + SILENT_S


def _key(name: str) -> str:
    return f"traffic:{name}"


def names() -> list[str]:
    ours = [config.label for config in apps.get_app_configs() if config.name[:5] == "apps."]
    return [*ours, STATIC, OTHER]


def metrics() -> list[Metric]:
    """What all processes have counted. 1 question to the cache."""
    flush()
    parts = [*STATUSES, *(f"le{n}" for n in range(len(EDGES_S) + 1)), "ms"]
    found = cache.get_many([_key(f"{app}:{part}") for app in names() for part in parts])
    requests = Metric("bhavya_http_requests_total", "counter", "Requests by app and outcome.")
    took = Metric("bhavya_http_request_seconds", "histogram", "How long a request took.")
    for app in names():
        n = {part: int(found.get(_key(f"{app}:{part}"), 0)) for part in parts}
        if not any(n.values()):
            continue
        for status in STATUSES:
            requests.add(n[status], app=app, status=status)
        below = 0
        for place, edge in enumerate([*map(str, EDGES_S), "+Inf"]):
            below += n[f"le{place}"]
            took.add(below, "_bucket", app=app, le=edge)
        took.add(n["ms"] / 1000, "_sum", app=app)
        took.add(below, "_count", app=app)
    return [requests, took]
