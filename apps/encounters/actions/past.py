"""Labelled demo visits of past days. A real hospital refuses."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.ids import short_code
from apps.core.permission import Permission
from apps.core.tenancy import current_facility
from apps.encounters.models import Condition, Encounter, QueueToken


@transaction.atomic
def invent_visits(told: list[dict[str, Any]], *, actor: Actor) -> int:
    """Invented visits of a demo hospital: {id, patient_id, number, department, token, at,
    diagnoses: [{code, icd, hi, en}]}; what is there already stays. Refused: demo.only."""
    actor.require(Permission.TOKEN_ISSUE)
    if not getattr(current_facility(), "is_demo", False):
        raise Refused("demo.only")
    known = set(
        Encounter.objects.filter(pk__in=[x["id"] for x in told]).values_list("pk", flat=True)
    )
    fresh = [one for one in told if one["id"] not in known]
    Encounter.objects.bulk_create([_visit(one) for one in fresh])
    QueueToken.objects.bulk_create([_token(one) for one in fresh])
    Condition.objects.bulk_create([
        Condition(
            id=uuid5(one["id"], dx["code"]), encounter_id=one["id"], category="diagnosis",
            code=dx["code"], standard_code=dx["icd"], display_hi=dx["hi"], display_en=dx["en"],
        )
        for one in fresh for dx in one["diagnoses"]
    ])  # fmt: skip
    if fresh:
        record(Event.DEMO_INVENTED, actor=actor, what="visits", n=len(fresh))
    return len(fresh)


def _visit(told: dict[str, Any]) -> Encounter:
    at: datetime = told["at"]
    visit_id: UUID = told["id"]
    return Encounter(
        id=visit_id, patient_id=told["patient_id"], number=told["number"], code=short_code(),
        department=told["department"], status=Encounter.Status.FINISHED, started_at=at,
        finished_at=at,
    )  # fmt: skip


def _token(told: dict[str, Any]) -> QueueToken:
    return QueueToken(
        id=uuid5(told["id"], "token"), encounter_id=told["id"], queue=told["department"],
        day=timezone.localtime(told["at"]).date(), session="D", number=told["token"],
        station=QueueToken.Station.NONE, status=QueueToken.Status.DONE,
        waiting_since=told["at"],
    )  # fmt: skip
