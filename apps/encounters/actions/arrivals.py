"""Turning somebody on the arrivals' list into a token."""

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.encounters.actions.visit import attach_shared, start_visit
from apps.encounters.models import Encounter
from apps.encounters.queries.visits import settings_here
from apps.patients import actions as patients
from apps.patients import queries as patient_queries
from apps.persons import actions as persons
from apps.persons import queries as person_queries

SOURCES = {"scan": "scan-and-share"}  # all others told us themselves


@transaction.atomic
def receive_arrival(
    arrival_id: UUID,
    *,
    patient_id: UUID | None = None,
    as_new: bool = False,
    department: str = "",
    actor: Actor,
) -> Encounter:
    """The token of somebody on the list; pressed twice, by two clerks, it is one visit.

    Who is known (same mobile or ABHA, name, age) is found again, else registered. Two who may be
    meant: Refused("arrival.unsure"); then `patient_id` says who, or `as_new`. Also
    Refused("arrival.gone"), and all of start_visit.
    """
    actor.require(Permission.TOKEN_ISSUE)
    waiting = person_queries.arrival(arrival_id)
    if waiting is None:
        raise Refused("arrival.gone")
    if waiting.encounter_id is not None:
        return Encounter.objects.select_related("token").get(pk=waiting.encounter_id)
    if waiting.status != "waiting":
        raise Refused("arrival.gone")
    if patient_id is None and not as_new:
        perhaps = candidates(waiting)
        if len(perhaps) > 1 or (perhaps and not perhaps[0].get("sure")):
            raise Refused("arrival.unsure")
        patient_id = perhaps[0]["id"] if perhaps else None
    if patient_id is None:
        patient_id = patients.register(**_told(waiting), actor=actor).pk
    attach_shared(waiting, patient_id, actor=actor)
    encounter = start_visit(
        patient_id,
        id=uuid5(arrival_id, "visit"),
        department=department or waiting.department or usual_department(),
        priority_reason=waiting.profile.priority,
        source=SOURCES.get(waiting.source, "appointment"),
        actor=actor,
    )
    persons.take_arrival(arrival_id, encounter_id=encounter.pk, actor=actor)
    return encounter


def _told(waiting: person_queries.Waiting) -> dict[str, Any]:
    """Keyword arguments of patients.register."""
    told = waiting.profile
    return {
        "id": uuid5(waiting.id, "patient"),
        "name_hi": told.name_hi,
        "name_en": told.name_en,
        "sex": told.sex,
        "age": told.age,
        "born": _born(told),
        "age_unit": told.age_unit,
        "mobile": told.mobile,
        "guardian_relation": told.guardian_relation if told.guardian_name else "",
        "guardian_name": told.guardian_name,
        "village": told.village,
    }


def candidates(waiting: person_queries.Waiting) -> list[dict[str, Any]]:
    """Who of our patients this may be. One with `sure` needs no question. 1 to 3 queries."""
    told = waiting.profile
    born = patient_queries.told_age(told.age, told.age_unit, _born(told), on=timezone.localdate())
    name = told.name_hi or told.name_en
    same = patient_queries.same_person(
        name,
        born=born,
        sex=told.sex,
        mobile=told.mobile,
        abha=(told.abha_number, told.abha_address),
    )
    if same:
        return [{**row, "sure": len(same) == 1} for row in same]
    alike = patient_queries.look_alikes(name, born=born, sex=told.sex, village=told.village)
    if told.abha_number:  # with another ABHA it is somebody else
        alike = [row for row in alike if not row["abha_masked"]]
    return [row for row in alike if row["same_village"]]


def _born(told: person_queries.Profile) -> date | None:
    return date.fromisoformat(told.born) if told.born else None


def usual_department() -> str:
    """Where somebody goes who did not say: the hospital's first open department."""
    return next(row.code for row in settings_here().departments if row.active)
