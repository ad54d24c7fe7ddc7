"""The nursing desk: measured or not, the patient goes on to the doctor."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.encounters.actions.queue import raise_alarm
from apps.encounters.actions.token import hand_over
from apps.encounters.alarm import Alarm, judge, rule_now
from apps.encounters.asked import NOTHING_ASKED, Asked
from apps.encounters.models import Encounter, Observation, QueueToken
from apps.encounters.pregnancy import checked_lmp
from apps.encounters.queries.visits import OPEN
from apps.encounters.queries.vitals import latest_values
from apps.encounters.vital_signs import MEASURES, plausible, shown, usual

SKIP_REASONS = ("refused", "device", "crying", "urgent", "other")


@transaction.atomic
def record_vitals(
    encounter_id: UUID,
    *,
    id: UUID,
    values: Mapping[str, Decimal],
    pregnant: bool | None = None,
    lmp: date | None = None,
    asked: Asked = NOTHING_ASKED,
    actor: Actor,
) -> list[Observation]:
    """What was measured, in stored units (temperature in °C); the token goes on to the doctor.

    Whoever is in danger by the rule goes first (`raise_alarm`). Safe to send twice: each row's id
    comes from `id` and its code. Measuring again later adds newer rows. Raises
    Refused("vitals.…", "visit.…"), Forbidden.
    """
    actor.require(Permission.VITALS_WRITE)
    token, encounter = _open(encounter_id)
    wanted = [uuid5(id, code) for code in values]
    if done := list(Observation.objects.filter(pk__in=wanted)):
        return done
    _refuse_implausible(values)
    _note(encounter, token, pregnant, lmp, asked)
    rows = _observations(encounter, id, values, actor)
    Observation.objects.bulk_create(rows)
    alarm = _judged(encounter, token)
    encounter.early_warning = alarm.score.total if alarm.score else None
    encounter.save(update_fields=["pregnant", "lmp", "early_warning"])
    record(
        Event.VITALS_RECORDED,
        subject=encounter,
        patient_id=encounter.patient_id,
        actor=actor,
        codes=sorted(values),
        score=encounter.early_warning,
    )
    _to_the_doctor(token, actor)
    if alarm.raised:
        raise_alarm(encounter.pk, actor=actor)
    return rows


def _observations(
    encounter: Encounter, id: UUID, values: Mapping[str, Decimal], actor: Actor
) -> list[Observation]:
    taken_at = timezone.now()
    return [
        Observation(
            id=uuid5(id, code),
            encounter=encounter,
            code=code,
            loinc=MEASURES[code].loinc,
            value=value,
            unit=MEASURES[code].unit,
            flag=_flag(encounter, code, value),
            taken_at=taken_at,
            taken_by_id=actor.user_id,
        )
        for code, value in values.items()
    ]


def _note(
    encounter: Encounter,
    token: QueueToken,
    pregnant: bool | None,
    lmp: date | None,
    asked: Asked,
) -> None:
    """What the nurse asked, on the two rows; the visit is saved by the caller."""
    if lmp is not None and pregnant is not False:
        encounter.lmp = checked_lmp(lmp, today=timezone.localdate())
    if pregnant is not None:
        encounter.pregnant = pregnant
        encounter.lmp = encounter.lmp if pregnant else None
    if asked != NOTHING_ASKED:
        token.times = {**token.times, "asked": asked.as_json()}
        token.save(update_fields=["times"])


def _judged(encounter: Encounter, token: QueueToken) -> Alarm:
    """The alarm of all that was measured in this visit, the newest of each kind."""
    latest = latest_values(encounter.pk)
    return judge(
        latest,
        born=encounter.patient.birth_date,
        on=timezone.localdate(),
        pregnant=bool(encounter.pregnant),
        flags=token.times.get("asked", {}).get("flags", ()),
        rule=rule_now(),
    )


@transaction.atomic
def skip_vitals(
    encounter_id: UUID,
    *,
    reason: str,
    pregnant: bool | None = None,
    lmp: date | None = None,
    asked: Asked = NOTHING_ASKED,
    actor: Actor,
) -> QueueToken:
    """Nothing could be measured; the reason is a code of SKIP_REASONS and goes along."""
    actor.require(Permission.VITALS_WRITE)
    if reason not in SKIP_REASONS:
        raise Refused("vitals.reason")
    token, encounter = _open(encounter_id)
    _note(encounter, token, pregnant, lmp, asked)
    encounter.save(update_fields=["pregnant", "lmp"])
    token.times = {**token.times, "vitals_skipped": reason}
    token.save(update_fields=["times"])
    record(
        Event.VITALS_SKIPPED,
        subject=encounter,
        patient_id=encounter.patient_id,
        actor=actor,
        reason=reason,
    )
    token = _to_the_doctor(token, actor)
    if _judged(encounter, token).raised:
        token = raise_alarm(encounter.pk, actor=actor)
    return token


@transaction.atomic
def note_times(
    encounter_id: UUID, *, change: Callable[[dict[str, Any]], dict[str, Any]], actor: Actor
) -> Encounter:
    """What the app above keeps on the token of an open visit (`times`), under its lock."""
    actor.require(Permission.VITALS_WRITE)
    token, encounter = _open(encounter_id)
    token.times = change(token.times)
    token.save(update_fields=["times"])
    return encounter


def _open(encounter_id: UUID) -> tuple[QueueToken, Encounter]:
    """Both rows of a visit that still goes on, the token locked."""
    token = QueueToken.objects.select_for_update().filter(encounter_id=encounter_id).first()
    if token is None:
        raise Refused("visit.not_found")
    encounter = Encounter.objects.select_related("patient").get(pk=encounter_id)
    if encounter.status not in OPEN:
        raise Refused("visit.closed")
    token.encounter = encounter  # who it is needs no further look
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
        if code not in MEASURES:
            raise Refused("vitals.unknown")
        if not plausible(code, value):
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
