"""Starting a visit: the slip, its secret code and its place in the queue."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.ids import short_code
from apps.core.permission import Permission
from apps.core.tenancy import current_facility
from apps.encounters import fees, pulse
from apps.encounters.models import Encounter, QueueToken
from apps.encounters.queries.visits import (
    OPEN,
    session_now,
    settings_here,
    slip_is_valid,
    token_label,
)
from apps.encounters.queue_order import EMERGENCY_DEPARTMENT, PRIORITY_OF
from apps.facilities.config import FacilityConfig
from apps.facilities.numbers import next_number
from apps.patients import actions as patients
from apps.patients import queries as patient_queries
from apps.persons import actions as persons
from apps.persons import queries as person_queries

SENIOR_YEARS = 60
CHOICES = frozenset(PRIORITY_OF) - {"alarm"}


@transaction.atomic
def start_visit(
    patient_id: UUID,
    *,
    id: UUID,
    department: str,
    priority_reason: str = "",
    source: str = "walk-in",
    fee_exempt: str = "",
    actor: Actor,
) -> Encounter:
    """An open visit with its token; the same `id` again returns the first one.

    The fee, or why none is taken (`fee_exempt`: "bpl" as told), is frozen on the visit. Age gives
    a priority by itself (60 and over, under one year). Numbers are taken last and in one order
    (slip, token), because they hold their row until the end of the transaction.
    Raises Refused("visit.…", "patient.not_found"), Forbidden.
    """
    actor.require(Permission.TOKEN_ISSUE)
    if done := _found(id):
        return done
    config = settings_here()
    chosen = config.department(department)
    if chosen is None or not chosen.active:
        raise Refused("visit.department")
    if priority_reason not in CHOICES:
        raise Refused("visit.priority")
    if fee_exempt not in fees.TOLD:
        raise Refused("visit.fee")
    patient = patient_queries.patient(patient_id, lock=True)
    if patient is None:
        raise Refused("patient.not_found")
    if patient.replaced_by_id is not None:
        raise Refused("patient.merged")
    if done := _found(id):  # the same form, sent twice at once, waited for the lock
        return done
    _refuse_second_token(patient_id, department, timezone.localdate())
    reason = priority_reason or _by_age(patient_queries.brief(patient)["age_years"])
    fee = fees.fee_of(
        config,
        priority_reason=reason,
        told=fee_exempt,
        slip_valid=slip_is_valid(patient_id, department, config),
    )
    encounter = _open_visit(id, patient_id, department, reason, fee)
    token = _issue_token(encounter, config, reason, source)
    _tell_started(encounter, token, patient, source, actor)
    pulse.beat()
    return encounter


def _tell_started(
    encounter: Encounter, token: QueueToken, patient: Any, source: str, actor: Actor
) -> None:
    """The trail, with what the boards count."""
    who: Any = {"patient_id": patient.pk, "actor": actor}
    abha = bool(patient.abha_number or patient.abha_address)
    record(Event.ENCOUNTER_STARTED, subject=encounter, department=token.queue, abha=abha, **who)
    told: Any = {"number": token.number, "reason": token.priority_reason, "source": source}
    record(Event.TOKEN_ISSUED, subject=token, **told, **who)


def _open_visit(
    id: UUID, patient_id: UUID, department: str, reason: str, fee: tuple[int, str]
) -> Encounter:
    facility: Any = current_facility()
    today = timezone.localdate()
    slip = next_number(facility.pk, "slip", str(today.year))
    return Encounter.objects.create(
        id=id,
        patient_id=patient_id,
        number=f"{facility.prefix}-{today:%y}-{slip:06d}",
        code=short_code(),
        department=department,
        pregnant=True if reason == "pregnant" else None,
        fee_rupees=fee[0],
        fee_exempt=fee[1],
    )


def _issue_token(
    encounter: Encounter, config: FacilityConfig, reason: str, source: str
) -> QueueToken:
    facility: Any = current_facility()
    today, session = timezone.localdate(), session_now(config)
    station = QueueToken.Station.VITALS if config.vitals_first else QueueToken.Station.DOCTOR
    queue = encounter.department
    return QueueToken.objects.create(
        encounter=encounter,
        queue=queue,
        day=today,
        session=session,
        number=next_number(facility.pk, f"token:{queue}", f"{today}/{session}"),
        station=station,
        source=source,
        priority=PRIORITY_OF[reason],
        priority_reason=reason,
        waiting_since=encounter.started_at,
        times={str(station): [encounter.started_at.isoformat()]},
    )


@transaction.atomic
def register_visit(
    *,
    patient: dict[str, Any],
    visit: dict[str, Any],
    arrival_id: UUID | None = None,
    actor: Actor,
) -> Encounter:
    """A new patient and the first token at once: both or nothing.

    `patient` as for patients.register, `visit` as for start_visit, each with its `id`;
    `arrival_id` is the row of the arrivals' list that this person stood in.
    """
    made = patients.register(**patient, actor=actor)
    waiting = person_queries.arrival(arrival_id) if arrival_id else None
    if waiting is not None:
        attach_shared(waiting, made.pk, actor=actor)
    encounter = start_visit(made.pk, **visit, actor=actor)
    if arrival_id is not None:
        persons.take_arrival(arrival_id, encounter_id=encounter.pk, actor=actor)
    return encounter


def attach_shared(waiting: person_queries.Waiting, patient_id: UUID, *, actor: Actor) -> None:
    """The ABHA of a profile that its owner shared (Scan & Share) goes on the record. When it does
    not fit there, the visit goes on without it."""
    told = waiting.profile
    if waiting.source == "scan" and told.abha_address:
        patients.attach_abha(
            patient_id, number=told.abha_number, address=told.abha_address, via="scan", actor=actor
        )


@transaction.atomic
def receive_unknown(
    *, patient_id: UUID, id: UUID, sex: str = "unknown", age: int | None = None, actor: Actor
) -> Encounter:
    """Somebody brought without a name: temporary identity and an emergency token, in one press."""
    made = patients.register_unknown(id=patient_id, sex=sex, age=age, actor=actor)
    open_ = [row.code for row in settings_here().departments if row.active]
    where = EMERGENCY_DEPARTMENT if EMERGENCY_DEPARTMENT in open_ else open_[0]
    return start_visit(made.pk, id=id, department=where, priority_reason="emergency", actor=actor)


@transaction.atomic
def reassign_patient(
    patient_id: UUID, *, into: UUID, rows: list[str] | None = None, actor: Actor
) -> list[str]:
    """The visits of one record now belong to another; the ids that moved. `rows`: only those."""
    actor.require(Permission.PATIENT_MERGE)
    own = Encounter.objects.select_for_update().filter(patient_id=patient_id)
    own = own if rows is None else own.filter(pk__in=rows)
    moved = [str(pk) for pk in own.values_list("pk", flat=True)]
    Encounter.objects.filter(pk__in=moved).update(patient_id=into)
    return moved


@transaction.atomic
def cancel(encounter_id: UUID, *, actor: Actor) -> Encounter:
    """Take back a slip that was cut by mistake; the number is not used again."""
    actor.require(Permission.TOKEN_ISSUE)
    encounter = (
        Encounter.objects.select_for_update(of=("self",))
        .select_related("token")
        .filter(pk=encounter_id)
        .first()
    )
    if encounter is None:
        raise Refused("visit.not_found")
    if encounter.status == Encounter.Status.CANCELLED:
        return encounter
    if encounter.status != Encounter.Status.PLANNED:
        raise Refused("visit.closed")
    encounter.status = Encounter.Status.CANCELLED
    encounter.save(update_fields=["status"])
    QueueToken.objects.filter(encounter=encounter).update(status=QueueToken.Status.CANCELLED)
    record(
        Event.TOKEN_CANCELLED,
        subject=encounter.token,
        patient_id=encounter.patient_id,
        actor=actor,
    )
    pulse.beat()
    return encounter


def record_slip_printed(encounter_id: UUID, *, paper: str, actor: Actor) -> None:
    """Each print leaves a row, so that a slip sold twice can be found."""
    if not actor.may(Permission.TOKEN_ISSUE):
        actor.require(Permission.DOC_PRINT)
    encounter = Encounter.objects.get(pk=encounter_id)
    record(
        Event.SLIP_PRINTED,
        subject=encounter,
        patient_id=encounter.patient_id,
        actor=actor,
        paper=paper,
    )


def _found(encounter_id: UUID) -> Encounter | None:
    return Encounter.objects.select_related("token").filter(pk=encounter_id).first()


def _refuse_second_token(patient_id: UUID, department: str, today: Any) -> None:
    """One patient stands once in one queue; two clerks or an impatient relative make no second."""
    standing = QueueToken.objects.filter(
        encounter__patient_id=patient_id,
        encounter__status__in=OPEN,
        queue=department,
        day=today,
    ).exclude(status__in=(QueueToken.Status.CANCELLED, QueueToken.Status.DONE))
    if token := standing.first():
        raise Refused("visit.already_open", token=token_label(token))


def _by_age(years: int) -> str:
    if years >= SENIOR_YEARS:
        return "senior"
    return "infant" if years < 1 else ""
