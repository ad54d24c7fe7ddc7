"""What waits, what is late and who is alive, as Prometheus reads it. Counts only: no hospital, no
person is named."""

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from apps.audit.actions import missing_partitions
from apps.core import health, poison
from apps.core.exposition import Metric
from apps.facilities import queries as facilities
from apps.gateway import queries as gateway
from apps.monitoring.models import Watermark
from apps.notices import queries as notices

BROKEN = (DatabaseError, RedisError, OperationalError, OSError)
PING_S = 0.5


def metrics() -> list[Metric]:
    """Each part by itself: one that cannot be asked is `bhavya_up 0`, the others still tell."""
    up = Metric("bhavya_up", "gauge", "Whether this part could be asked.")
    took = Metric("bhavya_measure_seconds", "gauge", "How long asking took.")
    found: list[Metric] = []
    for part, ask in PARTS.items():
        begun = time.monotonic()
        try:
            found += ask()
            up.add(1, part=part)
        except BROKEN:
            up.add(0, part=part)
        took.add(time.monotonic() - begun, part=part)
    return [up, took, *found]


def gauge(name: str, help: str, value: float | None, **labels: str) -> Metric:
    """One with at most one sample; None: nothing is known."""
    metric = Metric(f"bhavya_{name}", "gauge", help)
    if value is not None:
        metric.add(value, **labels)
    return metric


def _age(since: datetime | None) -> float:
    return 0.0 if since is None else max(0.0, (timezone.now() - since).total_seconds())


def _jobs() -> Iterator[Metric]:
    waiting = Metric("bhavya_jobs_waiting", "gauge", "Jobs that wait for a worker, by queue.")
    for queue, n in health.queue_depths().items():
        waiting.add(n, queue=queue)
    yield waiting
    alive = current_app.control.ping(timeout=PING_S)
    yield gauge("workers", "Workers that answered within half a second.", len(alive or []))


def _beats() -> Iterator[Metric]:
    seen = Metric("bhavya_seen_seconds", "gauge", "Seconds since worker and clock were heard.")
    for part in ("worker", "beat"):
        if (age := health.seen(part)) is not None:
            seen.add(age, part=part)
    yield seen
    parked = len(poison.parked())
    yield gauge("jobs_parked", "Jobs set aside in seven days: they ended their worker.", parked)


def _mail() -> Iterator[Metric]:
    waiting = Metric("bhavya_mail_waiting", "gauge", "Messages that wait, by box.")
    oldest = Metric("bhavya_mail_oldest_seconds", "gauge", "Age of the oldest that waits.")
    parked = Metric("bhavya_mail_parked", "gauge", "Messages that need a person.")
    for box, held in gateway.backlog().items():
        waiting.add(held.waiting, box=box)
        oldest.add(_age(held.oldest), box=box)
        parked.add(held.parked, box=box)
    n, since = notices.backlog()
    waiting.add(n, box="sms")
    oldest.add(_age(since), box="sms")
    yield from (waiting, oldest, parked)


def _hospitals() -> Iterator[Metric]:
    counts = facilities.release_counts()
    hospitals = Metric("bhavya_hospitals", "gauge", "Hospitals by the state of their tables.")
    told = {
        "current": counts.current,
        "behind": counts.open - counts.current,
        "parked": counts.parked,
        "setting_up": counts.waiting,
        "not_set_up": counts.failed,
    }
    for state, n in told.items():
        hospitals.add(n, state=state)
    yield hospitals
    missing = len(missing_partitions())
    yield gauge("audit_weeks_missing", "Weeks ahead for which the trail has no table.", missing)


def _counting() -> Iterator[Metric]:
    mark = Watermark.objects.filter(name="audit").first()
    if mark is not None:
        lag = None if mark.data_to is None else _age(mark.data_to)
        yield gauge("counting_lag_seconds", "How far the dashboards are behind the trail.", lag)
        behind = mark.behind
        yield gauge("counting_open_transactions", "Transactions that hold counting up.", behind)


def _database() -> Iterator[Metric]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend'), current_setting('max_connections')::int,"
            " pg_database_size(current_database())"
        )
        used, most, size = cursor.fetchone()
    yield gauge("database_connections", "Connections to PostgreSQL in use.", used)
    yield gauge("database_connections_max", "Connections that PostgreSQL allows.", most)
    yield gauge("database_bytes", "Size of the database.", size)


def _cache() -> Iterator[Metric]:
    begun = time.monotonic()
    cache.set("health:probe", 1, 10)
    took = time.monotonic() - begun
    yield gauge("cache_seconds", "How long the cache took to keep a word.", took)


def _disk() -> Iterator[Metric]:
    folder = Path(settings.MEDIA_ROOT)
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    yield gauge("papers_disk_free_bytes", "Free where papers are kept.", usage.free)
    yield gauge("papers_disk_bytes", "Size of the disk where papers are kept.", usage.total)


PARTS: dict[str, Callable[[], Iterator[Metric]]] = {
    "database": _database,
    "cache": _cache,
    "broker": _jobs,
    "beats": _beats,
    "mail": _mail,
    "hospitals": _hospitals,
    "counting": _counting,
    "disk": _disk,
}
