"""Tests at the desk of a small centre: ordered, done and read by one person, in the same record."""

from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.queue import enqueue
from apps.encounters import queries as visits
from apps.labs import grid, masters, queries
from apps.labs.actions.enter import fill
from apps.labs.actions.verify import tell
from apps.labs.models import DiagnosticReport, ServiceRequest


@transaction.atomic
def record_at_desk(
    encounter_id: UUID, *, id: UUID, typed: dict[str, str], actor: Actor
) -> list[DiagnosticReport]:
    """Readings by test code, released at once as point-of-care: tests of the sub-centre's list.

    A point-of-care reading is the reader's own word, like a blood pressure: no second person. It
    is marked so and makes no paper. Refused: poct.unknown, poct.empty, result.* for a value.
    """
    actor.require(Permission.LAB_ENTER)
    doer = actor.user_id
    assert doer is not None
    told = {code: text for code, text in typed.items() if text.strip()}
    if not told:
        raise Refused("poct.empty")
    ids = {code: uuid5(id, code) for code in told}
    if done := list(DiagnosticReport.objects.filter(pk__in=ids.values())):
        return done
    known = masters.load(told)
    if wrong := next((c for c in told if "sub_centre" not in _levels(known, c)), None):
        raise Refused("poct.unknown", item=wrong)
    visit = visits.visit(encounter_id)
    orders = [_order(known.tests[code], visit, ids[code], doer) for code in told]
    sheet = grid.sheet(
        orders, known, queries.whose_of(visit), stored={},
        last=queries.last_values(visit.patient_id),
    )  # fmt: skip
    for no in fill(sheet, {(o.pk, o.test_code): told[o.test_code] for o in orders}).values():
        raise no
    ServiceRequest.objects.bulk_create(orders)
    reports = [_report(order, sheet, visit, ids[order.test_code], doer) for order in orders]
    DiagnosticReport.objects.bulk_create(reports)
    record(
        Event.REPORT_VERIFIED, subject=reports[0], patient_id=visit.patient_id, actor=actor,
        reports=len(reports), alone=True, poct=True,
    )  # fmt: skip
    for report in reports:
        enqueue("workflows.use_reagents", report_id=report.pk)
    if any(report.critical for report in reports):
        tell(reports, visit, actor)
    return reports


def _levels(known: masters.Masters, code: str) -> tuple[str, ...]:
    return known.tests[code].levels if code in known.tests else ()


def _order(test: masters.Test, visit: Any, pk: UUID, doer: UUID) -> ServiceRequest:
    return ServiceRequest(
        id=pk,
        encounter=visit,
        test_code=test.code,
        display_en=test.name_en,
        display_hi=test.name_hi,
        ordered_by_id=doer,
        category=ServiceRequest.Category.POINT_OF_CARE,
        status=ServiceRequest.Status.COMPLETED,
    )


def _report(
    order: ServiceRequest, sheet: grid.Sheet, visit: Any, pk: UUID, doer: UUID
) -> DiagnosticReport:
    results = grid.as_results(sheet.of(order.pk))
    codes = [line["code"] for line in results if line["flag"] in grid.CRITICAL]
    return DiagnosticReport(
        id=pk,
        request=order,
        patient_id=visit.patient_id,
        status=DiagnosticReport.Status.FINAL,
        results=results,
        source="poct",
        entered_by_id=doer,
        verified_by_id=doer,
        verified_at=timezone.now(),
        critical={"codes": codes} if codes else {},
    )
