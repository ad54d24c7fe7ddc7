"""The paper kit: numbers put aside for pre-printed slips, and a slip typed in afterwards."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.core.tenancy import current_facility
from apps.encounters.models import Encounter, QueueToken
from apps.encounters.paper_slips import LIMIT, SERIES, Kit, PaperSlip, read
from apps.encounters.queries.paper_kit import kit_of, kit_with
from apps.encounters.queries.visits import session_now, settings_here
from apps.facilities.config import FacilityConfig
from apps.facilities.numbers import next_number, note_block, take_block
from apps.patients import actions as patients
from apps.patients import queries as patient_queries

BACK_DAYS = 30
PAPER_SESSION = "0"  # a series of its own: a paper slip's token bears the slip's running number


@transaction.atomic
def reserve_slips(count: int, *, id: UUID, actor: Actor) -> Kit:
    """A block of slip numbers that no counter will give; the same `id` names the same block."""
    actor.require(Permission.TOKEN_ISSUE)
    facility: Any = current_facility()
    key = id.hex[-20:]
    if done := kit_with(key):
        return done
    if not 1 <= count <= LIMIT:
        raise Refused("paper.count", limit=LIMIT)
    year = timezone.localdate().year
    last = take_block(facility.pk, "slip", str(year), count)
    note_block(facility.pk, f"{SERIES}{year}:{count}", key, last)
    record(Event.SLIPS_RESERVED, actor=actor, count=count, last=last)
    return kit_of(key, year, count, last)


@transaction.atomic
def type_in(
    slip: str,
    *,
    id: UUID,
    department: str,
    happened_at: datetime,
    patient: dict[str, Any] | None = None,
    patient_id: UUID | None = None,
    still_waiting: bool = False,
    actor: Actor,
) -> Encounter:
    """The visit of a paper slip, with the time as it happened and the time of typing.

    `patient` as for patients.register, or `patient_id` of one who is known. Each slip once: the
    slip's own number is unique, live numbers never meet it. Refused("paper.…", "visit.…").
    """
    actor.require(Permission.TOKEN_ISSUE)
    if done := Encounter.objects.select_related("token").filter(pk=id).first():
        return done
    paper = read(current_facility(), slip)
    if paper is None:
        raise Refused("paper.unknown")
    config = settings_here()
    chosen = config.department(department)
    if chosen is None or not chosen.active:
        raise Refused("visit.department")
    now = timezone.now()
    if not now - timedelta(days=BACK_DAYS) <= happened_at <= now:
        raise Refused("paper.time", days=BACK_DAYS)
    if patient is not None:
        patient_id = patients.register(**patient, actor=actor).pk
    if patient_id is None or patient_queries.patient(patient_id, lock=True) is None:
        raise Refused("patient.not_found")
    encounter = _keep(paper, id, patient_id, department, happened_at, still_waiting)
    _token(encounter, paper, config, still_waiting)
    record(
        Event.ENCOUNTER_TYPED_IN,
        subject=encounter,
        patient_id=patient_id,
        actor=actor,
        department=department,
        minutes_late=int((now - happened_at).total_seconds() // 60),
    )
    return encounter


def _keep(
    paper: PaperSlip,
    id: UUID,
    patient_id: UUID,
    department: str,
    at: datetime,
    still_waiting: bool,
) -> Encounter:
    kept, made = Encounter.objects.get_or_create(  # two clerks with one slip: one of them is told
        number=paper.number,
        defaults={
            "id": id,
            "patient_id": patient_id,
            "code": paper.code,
            "department": department,
            "started_at": at,
            "finished_at": None if still_waiting else at,
            "typed_at": timezone.now(),
            "status": Encounter.Status.PLANNED if still_waiting else Encounter.Status.FINISHED,
        },
    )
    if not made:
        raise Refused("paper.used")
    return kept


def _token(
    encounter: Encounter, paper: PaperSlip, config: FacilityConfig, still_waiting: bool
) -> None:
    """In the queue of now when the patient is still here; else a token that is long done."""
    facility: Any = current_facility()
    queue, begun = encounter.department, encounter.started_at
    if still_waiting:
        today, session = timezone.localdate(), session_now(config)
        station = QueueToken.Station.VITALS if config.vitals_first else QueueToken.Station.DOCTOR
        number = next_number(facility.pk, f"token:{queue}", f"{today}/{session}")
        status, times = QueueToken.Status.WAITING, {str(station): [begun.isoformat()]}
    else:
        today, session = timezone.localtime(begun).date(), PAPER_SESSION
        number, station = int(paper.number[-6:]), QueueToken.Station.NONE
        status, times = QueueToken.Status.DONE, {}
    QueueToken.objects.create(
        encounter=encounter,
        queue=queue,
        day=today,
        session=session,
        number=number,
        station=station,
        status=status,
        waiting_since=begun,
        times=times,
    )
