"""Calling a token and sending it on. No state outside the rows."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.encounters import pulse
from apps.encounters.actions.token import (
    Station,
    Status,
    hand_over,
    locked,
    locked_of,
    may_call,
    note,
    stamp,
)
from apps.encounters.models import Encounter, QueueToken
from apps.encounters.queries.queues import line_now
from apps.encounters.queue_order import EMERGENCY, PRIORITY_OF

CALLABLE = (Status.WAITING, Status.CALLED, Status.NO_SHOW, Status.HELD)


@transaction.atomic
def call_next(
    station: str, *, queue: str | None, room: str = "", actor: Actor
) -> QueueToken | None:
    """The patient whose turn it is, now called to `room`; None when nobody waits.

    The order is the list's own. Rows another caller holds are passed over (SKIP LOCKED), rows
    called meanwhile do not match any more: two doctors never call one patient.
    """
    may_call(station, queue, actor)
    for waiting in line_now(station, queue, room):
        here = QueueToken.objects.waiting_now().filter(pk=waiting.pk, station=station)
        token = here.select_for_update(skip_locked=True).first()
        if token is not None:
            return _called(token, room=room, actor=actor)
    return None


@transaction.atomic
def call(token_id: UUID, *, room: str = "", actor: Actor) -> QueueToken:
    """This very patient, again or out of turn. Refused when another room was faster."""
    return _call_out(locked(token_id), room, actor)


@transaction.atomic
def call_visit(encounter_id: UUID, *, room: str = "", actor: Actor) -> QueueToken:
    """The same, found by the visit. A visit still at the nursing desk goes to the doctor first."""
    token = locked_of(encounter_id)
    if token.station == Station.VITALS and actor.may(Permission.CONSULT_SIGN):
        may_call(Station.DOCTOR, token.line, actor, token.for_room)
        token = hand_over(token, Station.DOCTOR, actor)
    return _call_out(token, room, actor)


def _call_out(token: QueueToken, room: str, actor: Actor) -> QueueToken:
    may_call(token.station, token.line, actor, token.for_room)
    refuse_taken(token, actor)
    if token.status not in CALLABLE:
        raise Refused("token.not_waiting")
    return _called(token, room=room, actor=actor)


def refuse_taken(token: QueueToken, actor: Actor) -> None:
    """Somebody else was faster: say where the patient is, so that nobody searches."""
    if token.called_by_id in (None, actor.user_id):
        return
    code = {Status.SERVING: "token.inside", Status.CALLED: "token.taken"}.get(Status(token.status))
    if code and token.room:
        raise Refused(f"{code}_room", room=token.room)
    if code:
        raise Refused(code)


@transaction.atomic
def serve(encounter_id: UUID, *, actor: Actor) -> QueueToken:
    """The patient sits in front of the doctor; who writes is whose visit it is."""
    actor.require(Permission.CONSULT_DRAFT)
    token = locked_of(encounter_id)
    if token.station in (Station.VITALS, Station.DOCTOR) and token.status in CALLABLE:
        if token.status != Status.CALLED:
            token = _called(token, room=token.room or token.for_room, actor=actor)
        token.status = Status.SERVING
        token.save(update_fields=["status"])
        pulse.beat()
    return token


@transaction.atomic
def pass_on(encounter_id: UUID, *, to_station: str, actor: Actor) -> QueueToken:
    """To the next desk with the same number; "none" ends its way. Safe to repeat."""
    if not actor.may(Permission.VITALS_WRITE):
        actor.require(Permission.TOKEN_CALL)
    return hand_over(locked_of(encounter_id), to_station, actor)


@transaction.atomic
def come_back(encounter_id: UUID, *, returning: str = "report", actor: Actor) -> QueueToken:
    """Back to the doctor with the same number, because results are there. Safe to repeat.

    The visit stays as signed; the doctor looks and adds to it. A system's actor may, too.
    """
    if not actor.may(Permission.LAB_VERIFY):
        actor.require(Permission.TOKEN_CALL)
    token = locked_of(encounter_id)
    if token.station == Station.DOCTOR:  # back already, or still there
        return token
    token.returning = returning
    return hand_over(token, Station.DOCTOR, actor)


@transaction.atomic
def raise_alarm(encounter_id: UUID, *, actor: Actor) -> QueueToken:
    """A dangerous measurement: this patient is next at the doctor's, whatever the number."""
    actor.require(Permission.VITALS_WRITE)
    token = locked_of(encounter_id)
    if token.priority != EMERGENCY:
        token.priority, token.priority_reason = PRIORITY_OF["alarm"], "alarm"
        token.save(update_fields=["priority", "priority_reason"])
        note(Event.TOKEN_RAISED, token, actor)
    return token


def _called(token: QueueToken, *, room: str, actor: Actor) -> QueueToken:
    now = timezone.now()
    waited = _waited(token, now)
    stamp(token, "called", now)
    as_group = {**token.times.get("as", {}), token.station: token.group}
    token.times = {**token.times, "as": as_group}
    token.status, token.room, token.called_at = Status.CALLED, room, now
    token.called_by_id, token.held_until = actor.user_id, None
    token.save()
    # A visit that is signed stays signed, also when the patient comes back with a report.
    seen = Encounter.objects.filter(pk=token.encounter_id).exclude(status=Encounter.Status.FINISHED)
    if token.station == Station.DOCTOR:
        seen.update(
            status=Encounter.Status.IN_PROGRESS, doctor_id=actor.user_id, room=room or token.room
        )
    else:
        seen.filter(status=Encounter.Status.PLANNED).update(status=Encounter.Status.IN_PROGRESS)
    note(Event.TOKEN_CALLED, token, actor, station=token.station, room=room, **waited)
    return token


def _waited(token: QueueToken, now: datetime) -> dict[str, int]:
    """Whole minutes before the doctor's first call, for the trail; a second call waited for
    nothing."""
    stamps = token.times.get(token.station) or [token.waiting_since.isoformat()]
    if token.station != Station.DOCTOR or len(stamps) > 1:
        return {}
    return {"wait": max(0, int((now - datetime.fromisoformat(stamps[0])).total_seconds() // 60))}
