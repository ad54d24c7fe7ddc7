"""The nursing desk: measured or not, the patient goes on to the doctor."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.encounters.actions.token import hand_over
from apps.encounters.models import Encounter, Observation, QueueToken
from apps.encounters.queries.visits import OPEN
from apps.encounters.vital_signs import VITALS, shown, usual

SKIP_REASONS = ("refused", "device", "crying", "urgent", "other")


@transaction.atomic
def record_vitals(
    encounter_id: UUID,
    *,
    id: UUID,
    values: Mapping[str, Decimal],
    pregnant: bool | None = None,
    actor: Actor,
) -> list[Observation]:
    """What was measured, in stored units (temperature in °C); the token goes on to the doctor.

    Safe to send twice: each row's id comes from `id` and its code. Measuring again later adds
    newer rows. Raises Refused("vitals.…", "visit.…"), Forbidden.
    """
    actor.require(Permission.VITALS_WRITE)
    token, encounter = _open(encounter_id)
    wanted = [uuid5(id, code) for code in values]
    if done := list(Observation.objects.filter(pk__in=wanted)):
        return done
    _refuse_implausible(values)
    if pregnant is not None and pregnant != encounter.pregnant:
        encounter.pregnant = pregnant
        encounter.save(update_fields=["pregnant"])
    taken_at = timezone.now()
    rows = [
        Observation(
            id=uuid5(id, code),
            encounter=encounter,
            code=code,
            loinc=VITALS[code].loinc,
            value=value,
            unit=VITALS[code].unit,
            flag=_flag(encounter, code, value),
            taken_at=taken_at,
            taken_by_id=actor.user_id,
        )
        for code, value in values.items()
    ]
    Observation.objects.bulk_create(rows)
    record(
        Event.VITALS_RECORDED,
        subject=encounter,
        patient_id=encounter.patient_id,
        actor=actor,
        codes=sorted(values),
    )
    _to_the_doctor(token, actor)
    return rows


@transaction.atomic
def skip_vitals(encounter_id: UUID, *, reason: str, actor: Actor) -> QueueToken:
    """Nothing could be measured; the reason is a code of SKIP_REASONS and goes along."""
    actor.require(Permission.VITALS_WRITE)
    if reason not in SKIP_REASONS:
        raise Refused("vitals.reason")
    token, encounter = _open(encounter_id)
    token.times = {**token.times, "vitals_skipped": reason}
    token.save(update_fields=["times"])
    record(
        Event.VITALS_SKIPPED,
        subject=encounter,
        patient_id=encounter.patient_id,
        actor=actor,
        reason=reason,
    )
    return _to_the_doctor(token, actor)


def _open(encounter_id: UUID) -> tuple[QueueToken, Encounter]:
    """Both rows of a visit that still goes on, the token locked."""
    token = QueueToken.objects.select_for_update().filter(encounter_id=encounter_id).first()
    if token is None:
        raise Refused("visit.not_found")
    encounter = Encounter.objects.select_related("patient").get(pk=encounter_id)
    if encounter.status not in OPEN:
        raise Refused("visit.closed")
    return token, encounter


def _to_the_doctor(token: QueueToken, actor: Actor) -> QueueToken:
    """Only from the nursing desk: measuring again in the doctor's room moves nobody."""
    if token.station != QueueToken.Station.VITALS:
        return token
    Encounter.objects.filter(pk=token.encounter_id, status=Encounter.Status.PLANNED).update(
        status=Encounter.Status.IN_PROGRESS
    )
    return hand_over(token, QueueToken.Station.DOCTOR, actor)


def _refuse_implausible(values: Mapping[str, Decimal]) -> None:
    if not values:
        raise Refused("vitals.nothing")
    for code, value in values.items():
        if code not in VITALS:
            raise Refused("vitals.unknown")
        if not VITALS[code].low <= value <= VITALS[code].high:
            raise Refused("vitals.implausible", value=shown(code, value))
    if "SBP" in values and "DBP" in values and values["DBP"] >= values["SBP"]:
        raise Refused("vitals.bp_order")


def _flag(encounter: Encounter, code: str, value: Decimal) -> str:
    bounds = usual(
        code,
        born=encounter.patient.birth_date,
        on=timezone.localdate(),
        pregnant=bool(encounter.pregnant),
    )
    return bounds.flag(value) if bounds else ""
