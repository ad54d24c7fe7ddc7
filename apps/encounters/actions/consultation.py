"""What the doctor writes: the draft as it grows, what was found, and the end of the visit."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.encounters.actions.token import hand_over
from apps.encounters.models import Condition, Encounter, QueueToken
from apps.encounters.queries.visits import OPEN


@transaction.atomic
def save_draft(encounter_id: UUID, *, draft: dict[str, Any], version: int, actor: Actor) -> int:
    """Keep the consultation as typed; answers the new version.

    `version` is the one the screen started from: an older one is refused ("draft.conflict"),
    and the typed text stays on that screen. One guarded update, no lock held while typing.
    """
    actor.require(Permission.CONSULT_DRAFT)
    open_here = Encounter.objects.filter(pk=encounter_id, status__in=OPEN)
    written = open_here.filter(draft_version=version).update(
        draft=draft, draft_version=F("draft_version") + 1
    )
    if written:
        encounter = Encounter.objects.only("pk", "patient_id").get(pk=encounter_id)
        if version == 0:  # the first save says who began; each further one would only be noise
            record(
                Event.CONSULTATION_DRAFTED,
                subject=encounter,
                patient_id=encounter.patient_id,
                actor=actor,
            )
        return version + 1
    if open_here.exists():
        raise Refused("draft.conflict")
    known = Encounter.objects.filter(pk=encounter_id).exists()
    raise Refused("visit.closed" if known else "visit.not_found")


@transaction.atomic
def record_conditions(
    encounter_id: UUID,
    *,
    complaints: list[dict[str, Any]],
    diagnoses: list[dict[str, Any]],
    actor: Actor,
) -> list[Condition]:
    """Complaints {code, hi, en, days} and diagnoses {code, icd, hi, en} of one visit.

    What was written before and is not said again becomes entered-in-error; repeating is safe.
    """
    actor.require(Permission.CONSULT_SIGN)
    encounter = Encounter.objects.select_for_update().filter(pk=encounter_id).first()
    if encounter is None:
        raise Refused("visit.not_found")
    told = [(Condition.Category.COMPLAINT, row) for row in complaints]
    told += [(Condition.Category.DIAGNOSIS, row) for row in diagnoses]
    active = Condition.objects.filter(encounter=encounter, status=Condition.Status.ACTIVE)
    before = {(row.category, row.code, row.display_en): row for row in active}
    kept = []
    for category, row in told:
        known = before.pop((category, row.get("code", ""), row["en"]), None)
        kept.append(known or _condition(encounter, category, row))
    Condition.objects.bulk_create(row for row in kept if row._state.adding)
    Condition.objects.filter(pk__in=[row.pk for row in before.values()]).update(
        status=Condition.Status.ENTERED_IN_ERROR
    )
    return kept


def _condition(encounter: Encounter, category: str, row: dict[str, Any]) -> Condition:
    return Condition(
        encounter=encounter,
        category=category,
        code=row.get("code", "")[:20],
        standard_code=(row.get("icd") or "")[:20],
        display_en=row["en"][:200],
        display_hi=(row.get("hi") or "")[:200],
        days=row.get("days") or None,
    )


@transaction.atomic
def finish(
    encounter_id: UUID,
    *,
    then: str = QueueToken.Station.NONE,
    follow_up: date | None = None,
    actor: Actor,
) -> Encounter:
    """The doctor is done: the visit is closed and the same token goes on to the desk `then`.

    `follow_up`: the day on which the patient was asked to come again.
    """
    actor.require(Permission.CONSULT_SIGN)
    both = QueueToken.objects.select_for_update().select_related("encounter")
    token = both.filter(encounter_id=encounter_id).first()
    if token is None:
        raise Refused("visit.not_found")
    encounter = token.encounter
    if encounter.status == Encounter.Status.FINISHED:
        return encounter
    if encounter.status == Encounter.Status.CANCELLED:
        raise Refused("visit.closed")
    encounter.status, encounter.finished_at = Encounter.Status.FINISHED, timezone.now()
    encounter.doctor_id = actor.user_id or encounter.doctor_id
    encounter.follow_up = follow_up
    encounter.save(update_fields=["status", "finished_at", "doctor", "follow_up"])
    if token.station in (QueueToken.Station.VITALS, QueueToken.Station.DOCTOR):
        hand_over(token, then, actor)
    record(
        Event.ENCOUNTER_FINISHED,
        subject=encounter,
        patient_id=encounter.patient_id,
        actor=actor,
    )
    return encounter
