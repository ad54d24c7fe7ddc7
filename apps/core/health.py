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


def queue_depth(queue: str = "celery") -> int:
    """Jobs that wait for a worker. Asks the broker: for jobs and commands, not for pages."""
    with current_app.connection_for_write() as link:
        link.ensure_connection(max_retries=1, timeout=3)
        channel: Any = link.default_channel
        try:
            return int(channel.queue_declare(queue=queue, passive=True).message_count)
        except ChannelError:  # Redis knows no empty queue
            return 0


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
