"""What every verb of a token is made of: lock it, stamp it, hand it on, write the trail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.accounts import queries as accounts
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Level
from apps.core.errors import Forbidden, Refused
from apps.core.permission import Permission
from apps.encounters import pulse
from apps.encounters.models import Encounter, QueueToken
from apps.encounters.queries.queues import line_now

Status = QueueToken.Status
Station = QueueToken.Station
KEPT = ("place", "missed")  # what a desk knows of a token, gone when the token leaves the desk


def locked(token_id: UUID) -> QueueToken:
    return _one(QueueToken.objects.select_for_update().filter(pk=token_id).first())


def locked_of(encounter_id: UUID) -> QueueToken:
    found = QueueToken.objects.select_for_update().filter(encounter_id=encounter_id)
    return _one(found.first())


def _one(token: QueueToken | None) -> QueueToken:
    if token is None:
        raise Refused("visit.not_found")
    if token.status == Status.CANCELLED:
        raise Refused("token.not_waiting")
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
    stamp(token, "left", now)
    token.station = to_station
    token.status = Status.DONE if to_station == Station.NONE else Status.WAITING
    token.room, token.waiting_since, token.called_at, token.called_by_id = "", now, None, None
    token.held_until = None
    token.times = {key: value for key, value in token.times.items() if key not in KEPT}
    if to_station != Station.NONE:
        _arrive(token, to_station, now)
    token.save()
    note(Event.TOKEN_PASSED, token, actor, station=to_station)
    return token


def _arrive(token: QueueToken, station: str, now: datetime) -> None:
    """A desk that is visited again keeps the times of before, under "before"."""
    if earlier := token.times.get(station):
        before = [*token.times.get("before", []), [station, *earlier]]
        token.times = {**token.times, "before": before}
    token.times = {**token.times, station: [now.isoformat()]}
    if station == Station.DOCTOR and token.moved_to and not token.returning:
        # The number is of another series and says nothing here: behind those who wait now.
        last = max((row.rank for row in line_now(station, token.moved_to)), default=0.0)
        token.times = {**token.times, "place": last + 0.01}


def stamp(token: QueueToken, what: str, at: datetime) -> None:
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


def may_call(station: str, queue: str | None, actor: Actor, room: str = "") -> None:
    """Who calls where. A doctor calls the own department's line, and whoever is bound to the own
    room; a manager any."""
    if station == Station.VITALS and actor.may(Permission.VITALS_WRITE):
        return
    actor.require(Permission.TOKEN_CALL)
    if station != Station.DOCTOR or actor.level(Permission.TOKEN_CALL) is not Level.OWN:
        return
    duty = actor.user_id and accounts.duty(actor.user_id, facility_id=actor.facility_id)
    if not duty or not duty.department or duty.department == queue:
        return
    if not (room and room == duty.room):
        raise Forbidden(Permission.TOKEN_CALL)


def may_set_aside(actor: Actor) -> None:
    if not actor.may(Permission.TOKEN_CALL):
        actor.require(Permission.TOKEN_MOVE)


def note(event: Event, token: QueueToken, actor: Actor, **detail: Any) -> None:
    """The trail, and the mark by which screens see that something changed."""
    if QueueToken.encounter.is_cached(token):  # read together: no need to ask
        patient_id = token.encounter.patient_id
    else:
        visits = Encounter.objects.filter(pk=token.encounter_id)
        patient_id = visits.values_list("patient_id", flat=True).get()
    record(event, subject=token, patient_id=patient_id, actor=actor, number=token.number, **detail)
    pulse.beat()
