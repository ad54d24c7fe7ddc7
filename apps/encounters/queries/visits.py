"""One visit: by id, by slip, by patient; and the words of its token."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.core.fold import digits
from apps.core.tenancy import current_facility
from apps.encounters.fees import fee_of
from apps.encounters.models import Encounter, QueueToken, days_open
from apps.encounters.queries.words import SOURCES, department_names, room_names
from apps.encounters.queue_order import EMERGENCY
from apps.facilities import queries as facilities
from apps.facilities.config import FacilityConfig
from apps.patients import queries as patients

Row = dict[str, Any]
OPEN = (Encounter.Status.PLANNED, Encounter.Status.IN_PROGRESS)


def settings_here() -> FacilityConfig:
    """How the hospital we stand in works. No query."""
    facility: Any = current_facility()
    return facilities.config(facility)


def visit(encounter_id: UUID) -> Encounter:
    """The visit with its patient and token. 1 query. Raises Encounter.DoesNotExist."""
    return Encounter.objects.select_related("patient", "token").get(pk=encounter_id)


def exists(encounter_id: UUID) -> bool:
    """Whether this visit was started. 1 query."""
    return Encounter.objects.filter(pk=encounter_id).exists()


def draft(encounter_id: UUID) -> tuple[dict[str, Any], int]:
    """The consultation as typed so far, and its version. 1 query."""
    row = Encounter.objects.values_list("draft", "draft_version").get(pk=encounter_id)
    return row[0], row[1]


def past_visits(patient_id: UUID, limit: int = 10) -> list[Row]:
    """A patient's visits here, newest first, with what was found. 2 queries."""
    found = (
        Encounter.objects.filter(patient_id=patient_id)
        .exclude(status=Encounter.Status.CANCELLED)
        .select_related("token")
        .prefetch_related("condition_set")
        .order_by("-started_at")[:limit]
    )
    return [_past(encounter) for encounter in found]


def _past(encounter: Encounter) -> Row:
    conditions = [c for c in encounter.condition_set.all() if c.status == c.Status.ACTIVE]
    named = [
        {"category": c.category, "hi": c.display_hi or c.display_en, "en": c.display_en,
         "code": c.code, "icd": c.standard_code, "days": c.days}
        for c in conditions
    ]  # fmt: skip
    return {
        "id": encounter.pk,
        "number": encounter.number,
        "date": timezone.localtime(encounter.started_at).date(),
        "department": encounter.department,
        **department_names(settings_here(), encounter.department),
        "status": encounter.status,
        "token": token_label(encounter.token),
        "doctor_id": encounter.doctor_id,
        "complaints": [c for c in named if c["category"] == "complaint"],
        "diagnoses": [c for c in named if c["category"] == "diagnosis"],
    }


def by_number(text: str) -> Encounter | None:
    """From what was scanned or typed: slip number, today's token ("M-48", "m048") or the
    address in the slip's QR. None for what is not of this hospital. 1 or 2 queries.
    """
    told = digits(text).strip().upper()
    visits = Encounter.objects.select_related("patient", "token")
    if "/S/" in told:
        code = told.split("/S/", 1)[1].split("?")[0].strip("/ ")
        return visits.filter(code=code).first()
    if found := visits.filter(number=told).first():
        return found
    facility: Any = current_facility()
    if told.isdecimal() and len(told) <= 6:  # the running part of this year's slips
        year = timezone.localdate().year % 100
        return visits.filter(number=f"{facility.prefix}-{year:02d}-{int(told):06d}").first()
    letter, number = told[:1], told[1:].strip("- ")
    if not number.isdecimal() or len(number) > 4:
        return None
    queues = [d.code for d in settings_here().departments if d.letter == letter]
    today = visits.filter(
        token__queue__in=queues, token__day__in=days_open(), token__number=int(number)
    )
    return today.order_by("-token__day", "-token__session").first()


def token_label(token: QueueToken, config: FacilityConfig | None = None) -> str:
    """ "M-048": the department's letter and three digits. No query."""
    department = (config or settings_here()).department(token.queue)
    letter = department.letter if department else token.queue[:1]
    return f"{letter}-{token.number:03d}"


def session_now(config: FacilityConfig, at: datetime | None = None) -> str:
    """The OPD session a token of this minute belongs to: the first that has not ended."""
    clock = f"{timezone.localtime(at or timezone.now()):%H:%M}"
    for session in config.sessions:
        if clock < session.ends:
            return session.code
    return config.sessions[-1].code if config.sessions else "1"


def visit_brief(encounter: Encounter) -> Row:
    """What the slip and the desk show of a visit. No query beyond the patient and token given."""
    config = settings_here()
    token = encounter.token
    at = timezone.localtime(encounter.started_at)
    facility: Any = current_facility()
    return {
        "id": encounter.pk,
        "number": encounter.number,
        "code": encounter.code,
        "status": encounter.status,
        "token": token_label(token, config),
        "token_id": token.pk,
        "token_status": token.status,
        "station": token.station,
        "emergency": token.priority == EMERGENCY,
        "department": encounter.department,
        **department_names(config, encounter.department),
        "room": encounter.room or _usual_room(config, encounter.department),
        **room_names(config, encounter.room or _usual_room(config, encounter.department)),
        "at": at,
        "day": token.day,
        "session": token.session,
        "priority_reason": token.priority_reason,
        "source": SOURCES[token.source],
        "fee": encounter.fee_rupees
        if encounter.fee_rupees is not None
        else fee_of(config, priority_reason=token.priority_reason)[0],
        "fee_exempt": encounter.fee_exempt,
        "pregnant": encounter.pregnant,
        "lmp": encounter.lmp,
        "facility": {"hi": facility.name_hi, "en": facility.name_en},
        "patient": patients.brief(encounter.patient),
    }


def slip_is_valid(patient_id: UUID, department: str, config: FacilityConfig) -> bool:
    """Whether a slip that was paid for this department still counts. 1 query, none when free."""
    if not (config.fee_rupees and config.slip_valid_days):
        return False
    since = timezone.now() - timedelta(days=config.slip_valid_days)
    paid = Encounter.objects.filter(
        patient_id=patient_id, department=department, started_at__gte=since, fee_rupees__gt=0
    )
    return paid.exclude(status=Encounter.Status.CANCELLED).exists()


def open_today(patient_id: UUID) -> list[Encounter]:
    """Today's visits of a patient that are not over, newest first, with their tokens. 1 query."""
    found = Encounter.objects.filter(patient_id=patient_id, token__day__in=days_open())
    going_on = found.filter(status__in=OPEN).exclude(token__status=QueueToken.Status.CANCELLED)
    return list(going_on.select_related("token").order_by("-started_at"))


def _usual_room(config: FacilityConfig, department: str) -> str:
    rooms = config.rooms_of(department)
    return rooms[0].code if rooms else ""


def doctors_relation(patient_id: UUID) -> list[Encounter]:
    """Today's visits of a patient, to see whose queue they stand in. 1 query."""
    return list(
        Encounter.objects.filter(patient_id=patient_id, token__day__in=days_open())
        .exclude(status=Encounter.Status.CANCELLED)
        .select_related("token", "patient")
        .order_by("-started_at")
    )
