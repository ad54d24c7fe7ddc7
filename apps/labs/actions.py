"""Ordering tests."""

from typing import Any
from uuid import UUID

from django.db import transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.labs import queries
from apps.labs.models import DiagnosticReport, ServiceRequest
from apps.terminology.queries import codes


@transaction.atomic
def order(
    encounter_id: UUID, *, tests: list[dict[str, Any]], patient_id: UUID | None = None, actor: Actor
) -> list[ServiceRequest]:
    """One ServiceRequest for each {"code", "hi", "en"}; a test ordered already is not doubled.

    Refused: order.unknown_test.
    """
    actor.require(Permission.ORDER_TEST)
    doctor_id = actor.user_id
    assert doctor_id is not None  # a right of people, never of a job
    there = {row.test_code: row for row in queries.of_encounter(encounter_id)}
    wanted = [test["code"] for test in tests if test["code"] not in there]
    if not wanted:
        return list(there.values())
    known = codes("test", wanted)
    if missing := next((code for code in wanted if code not in known), None):
        raise Refused("order.unknown_test", item=missing)
    new = ServiceRequest.objects.bulk_create(
        ServiceRequest(
            id=uuid7(),
            encounter_id=encounter_id,
            test_code=code,
            display_en=known[code].name_en,
            display_hi=known[code].name_hi,
            ordered_by_id=doctor_id,
        )
        for code in dict.fromkeys(wanted)
    )
    record(
        Event.TEST_ORDERED,
        subject=new[0],
        patient_id=patient_id,
        actor=actor,
        codes=[row.test_code for row in new],
    )
    return [*there.values(), *new]


@transaction.atomic
def reassign_patient(
    patient_id: UUID, *, into: UUID, rows: list[str] | None = None, actor: Actor
) -> list[str]:
    """The reports of one record now belong to another; the ids that moved. `rows`: only those."""
    actor.require(Permission.PATIENT_MERGE)
    own = DiagnosticReport.objects.select_for_update().filter(patient_id=patient_id)
    own = own if rows is None else own.filter(pk__in=rows)
    moved = [str(pk) for pk in own.values_list("pk", flat=True)]
    DiagnosticReport.objects.filter(pk__in=moved).update(patient_id=into)
    return moved
