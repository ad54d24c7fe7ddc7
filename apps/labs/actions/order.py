"""Ordering tests, and taking an order back."""

from typing import Any
from uuid import UUID

from django.db import transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.encounters import queries as visits
from apps.labs import queries
from apps.labs.masters import IMAGING
from apps.labs.models import ServiceRequest
from apps.terminology.queries import codes


@transaction.atomic
def order(
    encounter_id: UUID, *, tests: list[dict[str, Any]], patient_id: UUID | None = None, actor: Actor
) -> list[ServiceRequest]:
    """One ServiceRequest for each {"code"}; a test ordered already is not doubled.

    A test may also say {"priority": "urgent"} and {"performer": code of an outside laboratory}.
    Refused: order.unknown_test.
    """
    actor.require(Permission.ORDER_TEST)
    doctor_id = actor.user_id
    assert doctor_id is not None  # a right of people, never of a job
    there = {row.test_code: row for row in queries.of_encounter(encounter_id)}
    wanted = [test["code"] for test in tests if test["code"] not in there]
    if not wanted:
        return list(there.values())
    asked = {test["code"]: test for test in tests}
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
            category=category_of(known[code]),
            priority=_priority(asked[code]),
            performer=_performer(asked[code]),
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


def category_of(test: Any) -> str:
    """Whether the laboratory or the imaging room does it."""
    category = ServiceRequest.Category
    return category.IMAGING if test.group_en == IMAGING else category.LABORATORY


def _priority(test: dict[str, Any]) -> str:
    told = test.get("priority", "")
    return told if told in ServiceRequest.Priority.values else ServiceRequest.Priority.ROUTINE


def _performer(test: dict[str, Any]) -> str:
    told = str(test.get("performer") or "")
    return told if told in queries.outside_laboratories() else ""


@transaction.atomic
def cancel(request_id: UUID, *, reason: str, actor: Actor) -> ServiceRequest:
    """Take one order back; who may order or collect may do it. Safe to repeat.

    Refused: order.not_found, order.done, order.reason.
    """
    if not actor.may(Permission.LAB_COLLECT):
        actor.require(Permission.ORDER_TEST)
    row = ServiceRequest.objects.select_for_update().filter(pk=request_id).first()
    if row is None:
        raise Refused("order.not_found")
    if row.status == ServiceRequest.Status.REVOKED:
        return row
    if row.status == ServiceRequest.Status.COMPLETED:
        raise Refused("order.done")
    if not reason.strip():
        raise Refused("order.reason")
    row.status, row.revoke_reason = ServiceRequest.Status.REVOKED, reason.strip()[:100]
    row.save(update_fields=["status", "revoke_reason"])
    visit = visits.visit(row.encounter_id)
    record(
        Event.TEST_CANCELLED,
        subject=row,
        patient_id=visit.patient_id,
        actor=actor,
        code=row.test_code,
    )
    return row
