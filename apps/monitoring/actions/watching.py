"""Alarms as rows: opened once for each cause, closed when it is over, acknowledged by a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.aadhaar import refuse_aadhaar
from apps.core.actor import Actor
from apps.core.errors import Forbidden, Refused, Unseen
from apps.core.permission import Permission
from apps.core.queue import enqueue
from apps.core.tenancy import facility_context, here
from apps.facilities import live, scope
from apps.facilities import queries as facilities
from apps.monitoring.models import Alarm, HospitalNow
from apps.monitoring.queries.board import Clock, heard_of_late, last_signs, session_began
from apps.monitoring.queries.live import alarms_here, counts, rooms

WATCHER = Actor.of_system("monitoring")
INSIDE = (Alarm.Rule.WAIT, Alarm.Rule.SEAT, Alarm.Rule.EXPIRED)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an alarm stands: in which room, how bad, since when."""

    rule: str
    subject: str = ""
    n: int = 0
    since: datetime | None = None


def watch() -> int:
    """Silence of every hospital, from the counters; and a job for each that looks inside it.

    A hospital outside its hours is looked at, too, while something of it stands open or somebody
    worked there in the last hours: an emergency waits at any hour.
    """
    moment = timezone.localtime()
    places = [place for place in live.hospitals() if place.is_open]
    at_work = {place.id for place in places if session_began(place, moment)}
    open_still = set(Alarm.objects.filter(closed_at=None).values_list("facility_id", flat=True))
    _silence(places)
    due = at_work | open_still | heard_of_late()
    asked = [place.id for place in places if place.id in due]
    for facility_id in asked:
        with facility_context(facility_id):
            enqueue("monitoring.look")
    return len(asked)


def look() -> None:
    """The hospital we stand in: its alarms, and its counts for pages outside it. 16 queries."""
    place = live.hospital(here())
    if place is None or not place.is_open:
        return
    rows = [row for row in rooms() if row["works"] or row["bound"]]
    began = session_began(place, timezone.localtime())
    _keep_now(place.id, rows)
    found = alarms_here(rows, in_hours=began is not None)
    causes = [
        Cause(alarm["kind"], alarm["room"]["code"] if alarm["room"] else "", alarm["n"])
        for alarm in found
    ]
    settle({place.id: causes}, INSIDE)


def _silence(places: Iterable[live.Place]) -> None:
    """Nothing is said of silence while the counting itself is late: all would seem silent."""
    signs = last_signs()
    if signs is None:
        return
    causes: dict[UUID, list[Cause]] = {}
    clock = Clock()
    for place in places:
        since = clock.silent_since(clock.began(place), signs.get(place.id))
        minutes = int((timezone.now() - since).total_seconds() // 60) if since else 0
        causes[place.id] = [Cause(Alarm.Rule.SILENT, "", minutes, since)] if since else []
    settle(causes, (Alarm.Rule.SILENT,))


@transaction.atomic
def settle(causes: Mapping[UUID, list[Cause]], rules: Iterable[str]) -> int:
    """Bring the open alarms of `rules` at these hospitals to `causes`; how many were opened.

    Two workers take turns: the lock stands in a statement of its own, so the second one reads what
    the first one wrote. The constraint `alarm_open_once` holds even without it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('monitoring.settle'))")
    rows = Alarm.objects.filter(closed_at=None, rule__in=list(rules), facility_id__in=list(causes))
    standing = {(row.facility_id, row.rule, row.subject): row for row in rows}
    wanted = {(place, c.rule, c.subject): c for place, own in causes.items() for c in own}
    for key, row in standing.items():
        if key not in wanted:
            _close(row)
        elif wanted[key].n > row.n:
            Alarm.objects.filter(pk=row.pk).update(n=wanted[key].n)
    fresh = [_alarm(key[0], cause) for key, cause in wanted.items() if key not in standing]
    Alarm.objects.bulk_create(fresh)
    for row in fresh:
        _note(Event.ALARM_OPENED, row, WATCHER, n=row.n)
    return len(fresh)


def _alarm(facility_id: UUID, cause: Cause) -> Alarm:
    return Alarm(
        facility_id=facility_id, rule=cause.rule, subject=cause.subject, n=cause.n,
        since=cause.since,
    )  # fmt: skip


def _close(row: Alarm) -> None:
    if Alarm.objects.filter(pk=row.pk, closed_at=None).update(closed_at=timezone.now()):
        _note(Event.ALARM_CLOSED, row, WATCHER)


def _note(event: Event, row: Alarm, actor: Actor, **detail: Any) -> None:
    told = {"rule": str(row.rule), "room": row.subject, **detail}
    record(event, subject=row, actor=actor, facility_id=row.facility_id, **told)


def _keep_now(facility_id: UUID, rows: list[dict[str, Any]]) -> None:
    told = {"at": timezone.now(), **counts(rows)}
    HospitalNow.objects.update_or_create(facility_id=facility_id, defaults=told)


@transaction.atomic
def acknowledge(alarm_id: UUID, *, note: str, actor: Actor) -> Alarm:
    """Somebody has it in hand and says what is done. Refused: alarm.note, alarm.acked.

    Who watches a hospital's board may say so, in the hospital and in the offices above it.
    """
    if not actor.sees(Permission.DASH_FACILITY):
        raise Forbidden(Permission.DASH_FACILITY)
    row = Alarm.objects.select_for_update().filter(pk=alarm_id).first()
    if row is None or not within(actor, row.facility_id):
        raise Unseen(Permission.DASH_FACILITY)
    words = " ".join(note.split())
    if not 3 <= len(words) <= 200:
        raise Refused("alarm.note", most=200)
    refuse_aadhaar(words)
    if row.acked_at is not None:
        if row.acked_by == actor.user_id and row.ack_note == words:
            return row  # sent twice
        raise Refused("alarm.acked")
    row.acked_at, row.acked_by, row.ack_note = timezone.now(), actor.user_id, words
    row.save(update_fields=["acked_at", "acked_by", "ack_note"])
    _note(Event.ALARM_ACKNOWLEDGED, row, actor)
    return row


def within(actor: Actor, facility_id: UUID) -> bool:
    """Does the actor's office or hospital reach this one? 1 query."""
    place = facilities.by_ids([facility_id]).get(facility_id)
    return place is not None and scope.reaches(actor, place)
