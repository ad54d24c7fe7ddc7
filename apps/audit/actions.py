"""Writing the trail. Nothing here changes or removes a row."""

import logging
import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from apps.audit.events import Event
from apps.audit.models import AuditEvent
from apps.core.actor import Actor
from apps.core.tenancy import current_facility_id, in_training

log = logging.getLogger(__name__)
WEEKS_AHEAD = 4
WEEK = re.compile(r"^audit_event_(\d{4})_(\d{2})_(\d{2})$")


def record(
    event: Event,
    *,
    actor: Actor,
    subject: Any = None,
    patient_id: UUID | None = None,
    facility_id: UUID | None = None,
    **detail: Any,
) -> None:
    """One row in the caller's transaction. `detail`: codes and numbers, never names or words."""
    if actor.key_id:
        detail["key"] = str(actor.key_id)
    if in_training():
        detail["training"] = 1  # kept, and never counted
    AuditEvent.objects.create(
        event=event,
        facility_id=facility_id or current_facility_id() or actor.facility_id,
        user_id=actor.user_id,
        system=actor.system,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        patient_id=patient_id,
        detail=detail,
    )


def make_partitions(today: date | None = None) -> list[str]:
    """Weekly partitions from this Monday for five weeks; safe to run at any time, many times.

    The default partition keeps what falls outside, so an event is never lost for want of one.
    """
    return [name for week in _weeks(today) if (name := _make_partition(week))]


def retire_partitions(today: date | None = None) -> list[str]:
    """Weeks older than settings.AUDIT_KEEP_WEEKS leave the trail: each stays as a table of its own
    for the administrator to export and drop. Nothing is deleted. Safe to run at any time.

    Waits three seconds for its lock and leaves the rest to the next day. In production the table
    belongs to another role, whose timer runs this.
    """
    oldest = _weeks(today)[0] - timedelta(weeks=settings.AUDIT_KEEP_WEEKS)
    return [name for name in _attached() if _week_of(name) < oldest and _detach(name)]


def _attached() -> list[str]:
    """The weekly partitions of the trail, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = 'public.audit_event'::regclass"
        )
        names = [str(name) for (name,) in cursor.fetchall()]
    return sorted(name for name in names if WEEK.match(name))


def _week_of(name: str) -> date:
    return date(*(int(part) for part in WEEK.match(name).groups()))  # type: ignore[union-attr]


def _detach(name: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '3s'")
            cursor.execute(f"ALTER TABLE public.audit_event DETACH PARTITION public.{name}")
    except DatabaseError as error:
        log.warning("%s stays in the trail: %s", name, type(error.__cause__).__name__)
        return False
    return True


def missing_partitions(today: date | None = None) -> list[str]:
    """Those of this week and the four ahead that are not there. 1 query."""
    names = [f"audit_event_{week:%Y_%m_%d}" for week in _weeks(today)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n FROM unnest(%s::text[]) n WHERE to_regclass('public.' || n) IS NULL", [names]
        )
        return [name for (name,) in cursor.fetchall()]


def _weeks(today: date | None) -> list[date]:
    day = today or timezone.localdate()
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(weeks=n) for n in range(WEEKS_AHEAD + 1)]


@transaction.atomic
def _make_partition(monday: date) -> str | None:
    name = f"audit_event_{monday:%Y_%m_%d}"
    with connection.cursor() as cursor:
        # Two workers may come at once: the lock lets the second one see the first one's table.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('audit.partition'))")
        cursor.execute("SELECT to_regclass(%s)", [f"public.{name}"])
        if cursor.fetchone()[0]:
            return None
        cursor.execute(
            "SELECT 1 FROM public.audit_event_rest WHERE at >= %s AND at < %s LIMIT 1",
            [monday, monday + timedelta(weeks=1)],
        )
        if cursor.fetchone():
            return None  # rows of this week already live in the default partition: leave them
        cursor.execute(
            f"CREATE TABLE public.{name} PARTITION OF public.audit_event "
            f"FOR VALUES FROM ('{monday}') TO ('{monday + timedelta(weeks=1)}')"
        )
        cursor.execute(
            f"REVOKE UPDATE, DELETE, TRUNCATE ON public.{name} FROM PUBLIC, CURRENT_USER"
        )
    return name
