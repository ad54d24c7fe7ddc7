"""Moving a token: called, served, missed, brought back, passed on. No state outside the rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts import queries as accounts
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Level
from apps.core.errors import Forbidden, Refused
from apps.core.permission import Permission
from apps.encounters.models import Encounter, QueueToken
from apps.encounters.queries.queues import called_streak, tokens_here
from apps.encounters.queue_order import EMERGENCY, PRIORITY_OF, group_order

Status = QueueToken.Status
Station = QueueToken.Station


@transaction.atomic
def call_next(
    station: str, *, queue: str | None, room: str = "", actor: Actor
) -> QueueToken | None:
    """The patient whose turn it is, now called to `room`; None when nobody waits.

    Rows another caller holds are passed over (SKIP LOCKED): two doctors never call one patient.
    """
    _may_call(station, queue, actor)
    waiting = (
        tokens_here(station, queue)
        .filter(status=Status.WAITING)
        .order_by("number" if queue else "waiting_since", "session", "pk")
    )
    for kind in group_order(called_streak(station, queue)):
        token = waiting.filter(priority=kind).select_for_update(skip_locked=True).first()
        if token is not None:
            return _called(token, room=room, actor=actor)
    return None


@transaction.atomic
def call(token_id: UUID, *, room: str = "", actor: Actor) -> QueueToken:
    """This very patient, again or out of turn. Refused when another room was faster."""
    return _call_out(_locked(token_id), room, actor)


@transaction.atomic
def call_visit(encounter_id: UUID, *, room: str = "", actor: Actor) -> QueueToken:
    """The same, found by the visit. A visit still at the nursing desk goes to the doctor first."""
    token = _locked_of(encounter_id)
    if token.station == Station.VITALS and actor.may(Permission.CONSULT_SIGN):
        _may_call(Station.DOCTOR, token.queue, actor)
        token = hand_over(token, Station.DOCTOR, actor)
    return _call_out(token, room, actor)


def _call_out(token: QueueToken, room: str, actor: Actor) -> QueueToken:
    _may_call(token.station, token.queue, actor)
    if token.status not in (Status.WAITING, Status.CALLED, Status.NO_SHOW):
        raise Refused("token.not_waiting")
    if token.status == Status.CALLED and token.called_by_id != actor.user_id:
        raise Refused("token.taken")
    return _called(token, room=room, actor=actor)


@transaction.atomic
def serve(encounter_id: UUID, *, actor: Actor) -> QueueToken:
    """The patient sits in front of the doctor; who writes is whose visit it is."""
    actor.require(Permission.CONSULT_DRAFT)
    token = _locked_of(encounter_id)
    if token.status in (Status.WAITING, Status.CALLED, Status.NO_SHOW):
        if token.status != Status.CALLED:
            token = _called(token, room=token.room, actor=actor)
        token.status = Status.SERVING
        token.save(update_fields=["status"])
    return token


@transaction.atomic
def skip(token_id: UUID, *, actor: Actor) -> QueueToken:
    """Not there when called: kept aside with its number, can come back all day."""
    token = _locked(token_id)
    _may_move(actor)
    if token.status == Status.NO_SHOW:
        return token
    if token.status not in (Status.WAITING, Status.CALLED):
        raise Refused("token.not_waiting")
    return _moved(token, Status.NO_SHOW, Event.TOKEN_SKIPPED, actor)


@transaction.atomic
def bring_back(token_id: UUID, *, actor: Actor) -> QueueToken:
    """A missed patient is back, with the old number and therefore among the next."""
    token = _locked(token_id)
    _may_move(actor)
    if token.status == Status.WAITING:
        return token
    if token.status != Status.NO_SHOW:
        raise Refused("token.not_missed")
    return _moved(token, Status.WAITING, Event.TOKEN_RETURNED, actor)


@transaction.atomic
def pass_on(encounter_id: UUID, *, to_station: str, actor: Actor) -> QueueToken:
    """To the next desk with the same number; "none" ends its way. Safe to repeat."""
    if not actor.may(Permission.VITALS_WRITE):
        actor.require(Permission.TOKEN_CALL)
    return hand_over(_locked_of(encounter_id), to_station, actor)


@transaction.atomic
def come_back(encounter_id: UUID, *, returning: str = "report", actor: Actor) -> QueueToken:
    """Back to the doctor with the same number, because results are there. Safe to repeat.

    The visit stays as signed; the doctor looks and adds to it. A system's actor may, too.
    """
    if not actor.may(Permission.LAB_VERIFY):
        actor.require(Permission.TOKEN_CALL)
    token = _locked_of(encounter_id)
    if token.returning == returning and token.station == Station.DOCTOR:
        return token
    token.returning = returning
    return hand_over(token, Station.DOCTOR, actor)


@transaction.atomic
def raise_alarm(encounter_id: UUID, *, actor: Actor) -> QueueToken:
    """A dangerous measurement: this patient is next at the doctor's, whatever the number."""
    actor.require(Permission.VITALS_WRITE)
    token = _locked_of(encounter_id)
    if token.priority != EMERGENCY:
        token.priority, token.priority_reason = PRIORITY_OF["alarm"], "alarm"
        token.save(update_fields=["priority", "priority_reason"])
        _record(Event.TOKEN_RAISED, token, actor)
    return token


def hand_over(token: QueueToken, to_station: str, actor: Actor) -> QueueToken:
    """The locked `token` leaves its desk for another; the desk's times are closed."""
    if to_station not in Station.values:
        raise Refused("token.not_waiting")
    if token.station == to_station:
        return token
    if to_station != Station.DOCTOR:
        token.returning = ""
    now = timezone.now()
    _stamp(token, "left", now)
    token.station = to_station
    token.status = Status.DONE if to_station == Station.NONE else Status.WAITING
    token.room, token.waiting_since, token.called_at, token.called_by_id = "", now, None, None
    if to_station != Station.NONE:
        token.times = {**token.times, to_station: [now.isoformat()]}
    token.save()
    _record(Event.TOKEN_PASSED, token, actor, station=to_station)
    return token


def _called(token: QueueToken, *, room: str, actor: Actor) -> QueueToken:
    now = timezone.now()
    _stamp(token, "called", now)
    token.status, token.room, token.called_at = Status.CALLED, room, now
    token.called_by_id = actor.user_id
    token.save()
    seen = Encounter.objects.filter(pk=token.encounter_id)
    if token.station == Station.DOCTOR:
        seen.update(
            status=Encounter.Status.IN_PROGRESS, doctor_id=actor.user_id, room=room or token.room
        )
    else:
        seen.filter(status=Encounter.Status.PLANNED).update(status=Encounter.Status.IN_PROGRESS)
    _record(Event.TOKEN_CALLED, token, actor, station=token.station, room=room)
    return token


def _moved(token: QueueToken, status: str, event: Event, actor: Actor) -> QueueToken:
    token.status, token.room, token.called_by_id = status, "", None
    token.save(update_fields=["status", "room", "called_by"])
    _record(event, token, actor, station=token.station)
    return token


def _stamp(token: QueueToken, what: str, at: datetime) -> None:
    """times[station] = [arrived, first called, left]; a second call does not move the first."""
    place = {"called": 1, "left": 2}[what]
    stamps = list(token.times.get(token.station) or [token.waiting_since.isoformat()])
    while len(stamps) < place:
        stamps.append(at.isoformat())  # left without a call: called and left are one moment
    if len(stamps) == place:
        stamps.append(at.isoformat())
    elif what == "left":
        stamps[place] = at.isoformat()
    token.times = {**token.times, token.station: stamps}


def _locked(token_id: UUID) -> QueueToken:
    return _one(QueueToken.objects.select_for_update().filter(pk=token_id).first())


def _locked_of(encounter_id: UUID) -> QueueToken:
    found = QueueToken.objects.select_for_update().filter(encounter_id=encounter_id)
    return _one(found.first())


def _one(token: QueueToken | None) -> QueueToken:
    if token is None:
        raise Refused("visit.not_found")
    if token.status == Status.CANCELLED:
        raise Refused("token.not_waiting")
    return token


def _may_call(station: str, queue: str | None, actor: Actor) -> None:
    """Who calls where. A doctor calls the own department's queue; a manager any."""
    if station == Station.VITALS and actor.may(Permission.VITALS_WRITE):
        return
    actor.require(Permission.TOKEN_CALL)
    if station != Station.DOCTOR or actor.level(Permission.TOKEN_CALL) is not Level.OWN:
        return
    duty = actor.user_id and accounts.duty(actor.user_id, facility_id=actor.facility_id)
    if duty and duty.department and duty.department != queue:
        raise Forbidden(Permission.TOKEN_CALL)


def _may_move(actor: Actor) -> None:
    if not actor.may(Permission.TOKEN_CALL):
        actor.require(Permission.TOKEN_MOVE)


def _record(event: Event, token: QueueToken, actor: Actor, **detail: Any) -> None:
    if QueueToken.encounter.is_cached(token):  # read together: no need to ask
        patient_id = token.encounter.patient_id
    else:
        visits = Encounter.objects.filter(pk=token.encounter_id)
        patient_id = visits.values_list("patient_id", flat=True).get()
    record(event, subject=token, patient_id=patient_id, actor=actor, number=token.number, **detail)
