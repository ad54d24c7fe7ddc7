"""Is everything up? One JSON answer for people, supervisors and load balancers."""

import time
from collections.abc import Callable
from typing import Any

from celery import current_app
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import JsonResponse
from kombu.exceptions import ChannelError, OperationalError
from redis.exceptions import RedisError

STALE_AFTER_S = 30


def beat(part: str) -> None:
    """Say that `part` ("worker" or "beat") is alive now."""
    cache.set(f"health:{part}", time.time(), 3600)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _schema() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM public.django_migrations ORDER BY id DESC LIMIT 1")
        row = cursor.fetchone()
    return str(row[0]) if row else "empty"


def _broker() -> str:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
    return "ok"


def seen(part: str) -> float | None:
    """Seconds since `part` was heard; None when it was silent for an hour."""
    last = cache.get(f"health:{part}")
    return None if last is None else time.time() - float(last)


def queue_depths() -> dict[str, int]:
    """Jobs that wait for a worker, by queue. Asks the broker: for jobs, commands and the monitor,
    not for pages."""
    with current_app.connection_for_write() as link:
        link.ensure_connection(max_retries=1, timeout=3)
        return {name: _depth(link, name) for name in current_app.amqp.queues}


def _depth(link: Any, queue: str) -> int:
    with link.channel() as channel:  # one that asked in vain is closed by RabbitMQ
        try:
            return int(channel.queue_declare(queue=queue, passive=True).message_count)
        except ChannelError:  # no worker has made it yet; Redis knows no empty queue
            return 0


def queue_depth() -> int:
    """Jobs that wait for a worker, in all queues."""
    return sum(queue_depths().values())


def note_depths() -> None:
    """Keep what waits for the pages that show it: {"at": seconds, "queues": {name: jobs}}."""
    cache.set("health:queues", {"at": time.time(), "queues": queue_depths()}, 3600)


def noted_depths() -> tuple[dict[str, int], float] | None:
    """What waited in each queue and how many seconds ago; None when nobody looked for an hour."""
    told = cache.get("health:queues")
    return (told["queues"], time.time() - told["at"]) if told else None


def _age(part: str) -> str:
    age = seen(part)
    if age is None:
        return "silent"
    return "ok" if age < STALE_AFTER_S else "late"


def _try(check: Callable[[], str]) -> str:
    try:
        return check()
    except (DatabaseError, RedisError, OperationalError, OSError):
        return "down"


def health() -> JsonResponse:
    """200 with every part "ok", else 503 with the part that is not. No secrets, no counts."""
    parts = {
        "database": _try(_database),
        "broker": _try(_broker),
        "worker": _try(lambda: _age("worker")),
        "beat": _try(lambda: _age("beat")),
    }
    good = all(state == "ok" for state in parts.values())
    body = {"status": "ok" if good else "degraded", **parts, "schema_version": _try(_schema)}
    return JsonResponse(body, status=200 if good else 503)
