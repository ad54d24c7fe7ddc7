"""The one door to a patient's record: a relation, or breaking the glass. Both are recorded."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts import queries as accounts
from apps.audit import queries as audit
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Level
from apps.core.errors import Forbidden, Refused
from apps.core.fold import tidy
from apps.core.permission import Permission
from apps.encounters.models import Encounter, QueueToken
from apps.encounters.queries.visits import doctors_relation
from apps.patients import queries as patients

GLASS_LASTS = timedelta(minutes=30)
SHORTEST_REASON = 5
WHOLE_HOUSE = (Level.SEE, Level.DO, Level.APPROVE)


@dataclass(frozen=True, slots=True)
class Chart:
    """An opened record. `patient` is the banner; `visit` today's visit that gave the right.

    `relation`: "mine" (I am its doctor), "queue" (my department or room), "desk" (nursing desk),
    "scribe" (types for the doctor in this room), "role" (the post sees every record), "glass"
    (opened with a reason).
    """

    patient: dict[str, Any]
    visit: Encounter | None
    relation: str


@transaction.atomic
def open_chart(
    patient_id: UUID, *, actor: Actor, reason: str | None = None, known: Encounter | None = None
) -> Chart:
    """The record of a patient of this hospital, or a no. `known`: the visit (with its patient)
    when the caller has read it; the doctor's own visit then costs no look-up.

    Forbidden: the post never sees records. Refused("chart.no_relation"): say why first (30
    minutes hold). Refused("chart.reason"): too short. Refused("patient.not_found").
    """
    level = actor.level(Permission.HISTORY_VIEW)
    if level is None and actor.may(Permission.CONSULT_DRAFT):
        return _open_as_scribe(patient_id, actor)
    if level is None or level is Level.MASKED:
        raise Forbidden(Permission.HISTORY_VIEW)
    patient = known.patient if known else patients.patient(patient_id)
    if patient is None:
        raise Refused("patient.not_found")
    visit: Encounter | None
    if known and actor.user_id and known.doctor_id == actor.user_id and _of_today(known):
        visit, relation = known, "mine"
    else:
        visit, relation = _relation(patient_id, level, actor)
    if not relation:
        _break_glass(patient_id, reason, actor)
        relation = "glass"
    record(Event.CHART_VIEWED, patient_id=patient_id, actor=actor, relation=relation)
    return Chart(patients.banner(patient_id, known=patient), visit, relation)


def _of_today(visit: Encounter) -> bool:
    """What gives a right: a visit of today, or of this night, that was not taken back."""
    return visit.token.is_of_now and visit.status != Encounter.Status.CANCELLED


def _open_as_scribe(patient_id: UUID, actor: Actor) -> Chart:
    """An operator posted to a room types for its doctor while the patient is in that room, and
    for nobody else."""
    duty = accounts.duty(actor.user_id, facility_id=actor.facility_id) if actor.user_id else None
    room = duty.room if duty else ""
    for visit in doctors_relation(patient_id):
        token = visit.token
        inside = token.status in (QueueToken.Status.CALLED, QueueToken.Status.SERVING)
        if room and token.station == QueueToken.Station.DOCTOR and inside and token.room == room:
            record(Event.CHART_VIEWED, patient_id=patient_id, actor=actor, relation="scribe")
            return Chart(patients.banner(patient_id, known=visit.patient), visit, "scribe")
    raise Forbidden(Permission.HISTORY_VIEW)


def _relation(patient_id: UUID, level: Level, actor: Actor) -> tuple[Encounter | None, str]:
    """Why this actor may see this patient today: (visit, relation), or (None, "")."""
    visits = doctors_relation(patient_id)
    mine = next((v for v in visits if actor.user_id and v.doctor_id == actor.user_id), None)
    if mine:
        return mine, "mine"
    if level in WHOLE_HOUSE:
        return (visits[0] if visits else None), "role"
    if level is not Level.OWN:
        return None, ""
    waiting = [v for v in visits if _goes_on(v)]
    if not waiting or actor.user_id is None:
        return None, ""
    desk = actor.may(Permission.VITALS_WRITE) and actor.may(Permission.TOKEN_ISSUE)
    if desk and not actor.may(Permission.CONSULT_SIGN):
        return waiting[0], "desk"
    duty = accounts.duty(actor.user_id, facility_id=actor.facility_id)
    for visit in waiting:
        if duty and _in_my_queue(visit, duty.department, duty.room):
            return visit, "queue"
    return None, ""


def _goes_on(visit: Encounter) -> bool:
    """Not signed yet, or back at the doctor's with a report."""
    token, gone = visit.token, (QueueToken.Status.DONE, QueueToken.Status.CANCELLED)
    back = token.station == QueueToken.Station.DOCTOR and token.status not in gone
    return visit.status != Encounter.Status.FINISHED or back


def _in_my_queue(visit: Encounter, department: str, room: str) -> bool:
    """The own department, or the own room: seen there, or sent there. A posting without a
    department is a small centre: every queue is mine."""
    token = visit.token
    rooms = (visit.room, token.for_room)
    return not department or department == token.line or bool(room and room in rooms)


def _break_glass(patient_id: UUID, reason: str | None, actor: Actor) -> None:
    if not actor.may(Permission.BREAKGLASS_USE):
        raise Forbidden(Permission.HISTORY_VIEW)
    if reason is None:
        if _broken_lately(patient_id, actor):
            return
        raise Refused("chart.no_relation")
    words = tidy(reason)
    if sum(ch.isalpha() for ch in words) < SHORTEST_REASON:
        raise Refused("chart.reason")
    # The one free text in the trail: without it there is nothing to review within seven days.
    record(Event.GLASS_BROKEN, patient_id=patient_id, actor=actor, reason=words[:200])


def _broken_lately(patient_id: UUID, actor: Actor) -> bool:
    if actor.facility_id is None:
        return False
    return (
        audit.of_patient(patient_id, facility_id=actor.facility_id)
        .filter(
            event=Event.GLASS_BROKEN,
            user_id=actor.user_id,
            at__gte=timezone.now() - GLASS_LASTS,
        )
        .exists()
    )
