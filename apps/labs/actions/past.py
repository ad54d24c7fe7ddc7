"""Labelled demo test reports of past days. A real hospital refuses."""

from typing import Any
from uuid import uuid5

from django.db import transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.core.tenancy import current_facility
from apps.labs.models import DiagnosticReport, ServiceRequest


@transaction.atomic
def invent_reports(told: list[dict[str, Any]], *, by: Any, actor: Actor) -> int:
    """Invented released reports of a demo hospital: {id, encounter_id, patient_id, code, hi, en,
    value, unit, at}; what is there already stays. `by`: who ordered. Refused: demo.only."""
    actor.require(Permission.LAB_VERIFY)
    if not getattr(current_facility(), "is_demo", False):
        raise Refused("demo.only")
    ids = [one["id"] for one in told]
    known = set(ServiceRequest.objects.filter(pk__in=ids).values_list("pk", flat=True))
    fresh = [one for one in told if one["id"] not in known]
    ServiceRequest.objects.bulk_create([
        ServiceRequest(
            id=one["id"], encounter_id=one["encounter_id"], test_code=one["code"],
            display_hi=one["hi"], display_en=one["en"], status=ServiceRequest.Status.COMPLETED,
            ordered_at=one["at"], ordered_by_id=by,
        )
        for one in fresh
    ])  # fmt: skip
    DiagnosticReport.objects.bulk_create([_report(one) for one in fresh])
    if fresh:
        record(Event.DEMO_INVENTED, actor=actor, what="reports", n=len(fresh))
    return len(fresh)


def _report(told: dict[str, Any]) -> DiagnosticReport:
    result = {
        "code": told["code"], "name_hi": told["hi"], "name_en": told["en"],
        "value": told["value"], "unit": told["unit"], "flag": "", "loinc": "",
    }  # fmt: skip
    return DiagnosticReport(
        id=uuid5(told["id"], "report"), request_id=told["id"], patient_id=told["patient_id"],
        status=DiagnosticReport.Status.FINAL, results=[result], entered_at=told["at"],
        verified_at=told["at"],
    )  # fmt: skip
