"""Database, broker, cache, workers, clock."""

import time
from typing import Any

from celery import current_app
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from apps.audit.actions import WEEKS_AHEAD, missing_partitions
from apps.core import health, poison, trouble
from apps.core.ids import short_code
from apps.workflows.doctor.finding import Finding, bad, ok, warn

OLDEST = 15
BUSY, FULL = 0.7, 0.9
LONG, TOO_LONG = 500, 5000


def ask(sql: str) -> tuple[Any, ...]:
    """The first row, or a failure within five seconds."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '5s'")
        cursor.execute(sql)
        return tuple(cursor.fetchone() or ())


def database() -> Finding:
    number, name = ask("SELECT current_setting('server_version_num')::int / 10000, version()")
    says = " ".join(str(name).split()[:2])
    if number < OLDEST:
        return bad(f"{says} is too old", f"Move to PostgreSQL {OLDEST} or newer (pg_upgrade).")
    return ok(says)


def writes() -> Finding:
    """A megabyte is written and taken back: the only look from here at the database's own disk."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '5s'")
            cursor.execute(
                "CREATE TEMP TABLE doctor_probe ON COMMIT DROP AS"
                " SELECT repeat(md5(n::text), 32) FROM generate_series(1, 1000) n"
            )
    except DatabaseError as error:
        if trouble.trouble_of(error) != trouble.FULL:
            raise
        mend = (
            "Make room on the database server's disk now (old logs, other files; never in pg_wal)."
            " It goes on by itself."
        )
        return bad("the database's disk is full: nothing can be saved", mend)
    return ok("can be written to")


def connections() -> Finding:
    used, most = ask(
        "SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
        " current_setting('max_connections')::int"
    )
    says = f"{used} of {most} connections in use"
    if used > most * FULL:
        return bad(says, "Raise max_connections or lower web threads and Celery processes.")
    if used > most * BUSY:
        return warn(says, "Raise max_connections before the next hospitals come on board.")
    return ok(says)


def locks() -> Finding:
    (most,) = ask("SELECT current_setting('max_locks_per_transaction')::int")
    if most < 512:
        mend = "Set max_locks_per_transaction = 512 and restart PostgreSQL."
        return warn(f"max_locks_per_transaction is {most}", mend)
    return ok(f"max_locks_per_transaction is {most}")


def clock() -> Finding:
    (theirs,) = ask("SELECT clock_timestamp()")
    apart = abs((theirs - timezone.now()).total_seconds())
    says = f"{apart:.1f} s between this machine and the database"
    if apart > 30:
        return bad(says, "Set both clocks by NTP (timedatectl set-ntp true).")
    return warn(says, "Look at NTP on both machines (timedatectl).") if apart > 2 else ok(says)


def broker() -> Finding:
    with current_app.connection_for_write() as link:
        link.ensure_connection(max_retries=1, timeout=3)
        return ok(f"answers ({link.transport.driver_type})")


def cache_() -> Finding:
    key, value = f"doctor:{short_code(6)}", str(time.time())
    cache.set(key, value, 10)
    if cache.get(key) != value:
        return bad("forgets at once", "Look at the cache server's memory and its policy.")
    cache.delete(key)
    return ok("keeps and gives back")


def worker() -> Finding:
    return _alive("worker", "systemctl status bhavya-worker")


def beat() -> Finding:
    return _alive("beat", "systemctl status bhavya-beat (it runs on exactly one machine)")


def _alive(part: str, look: str) -> Finding:
    seen = health.seen(part)
    if seen is None:
        return bad("silent for an hour or more", f"Start it: {look}.")
    says = f"heard {seen:.0f} s ago"
    return ok(says) if seen < health.STALE_AFTER_S else bad(says, f"Look: {look}.")


def queue() -> Finding:
    depths = health.queue_depths()
    waiting = sum(depths.values())
    parts = ", ".join(f"{name} {n}" for name, n in depths.items() if n)
    says = f"{waiting} jobs wait" + (f" ({parts})" if parts else "")
    if waiting > TOO_LONG:
        return bad(says, "Start more workers; papers and messages are late.")
    return warn(says, "Watch it; start more workers if it grows.") if waiting > LONG else ok(says)


def listeners() -> Finding:
    """Every queue has a worker: one that was started with -Q may leave some to nobody."""
    told = current_app.control.inspect(timeout=2.0).active_queues() or {}
    heard = {queue["name"] for queues in told.values() for queue in queues}
    if not told:
        return bad("no worker answers", "Start one: systemctl status bhavya-worker.")
    deaf = [name for name in current_app.amqp.queues if name not in heard]
    if deaf:
        mend = "Start a worker for it (celery worker -Q …), or one without -Q for all."
        return bad(f"nobody works on: {', '.join(deaf)}", mend)
    return ok(f"{len(told)} workers, every queue is worked on")


def parked_jobs() -> Finding:
    rows = poison.parked()
    if not rows:
        return ok("none in seven days")
    names = ", ".join(sorted({row["name"] for row in rows}))
    return bad(
        f"{len(rows)} set aside since they ended their worker: {names}",
        "Look into the worker's log at that time; the sweep asks again for what is to be done.",
    )


def migrations() -> Finding:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        first = f"{plan[0][0].app_label}.{plan[0][0].name}"
        return bad(f"{len(plan)} are not applied ({first}, …)", "Run manage.py migrate.")
    return ok("all are applied to the shared tables")


def partitions() -> Finding:
    missing = missing_partitions()
    if len(missing) > WEEKS_AHEAD:
        mend = "Run the weekly timer bhavya-partitions, see docs/production.md."
        return bad("this week's and all later ones are missing", mend)
    if missing:
        mend = "The daily job or the weekly timer makes them; look whether it runs."
        return warn(f"{len(missing)} of {WEEKS_AHEAD + 1} weeks are missing", mend)
    return ok(f"{WEEKS_AHEAD} weeks ahead are there")
