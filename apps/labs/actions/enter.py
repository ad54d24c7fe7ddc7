"""Values typed by a technician, and handed on to whoever verifies."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Level, Permission
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.labs import grid, queries, values
from apps.labs.models import DiagnosticReport, ServiceRequest, Specimen

Typed = dict[tuple[UUID, str], str]


@dataclass
class Saved:
    """The sample after a save. `problems`: what could not be kept, by (order, test)."""

    version: int
    sheet: grid.Sheet
    problems: dict[tuple[UUID, str], Refused] = field(default_factory=dict)


@transaction.atomic
def enter(
    accession: str, *, typed: Typed, version: int | None = None, source: str = "", actor: Actor
) -> Saved:
    """Keep what can be understood; the rest is answered in `problems` and left on the screen.

    `version` is what the screen showed: Refused("result.conflict") when somebody saved since.
    Refused: specimen.not_found, specimen.rejected, result.released.
    """
    actor.require(Permission.LAB_ENTER)
    sample = _locked(accession)
    orders = queries.orders_on(sample)
    _own_only(orders, actor)
    reports = queries.reports_of(orders)
    before = queries.version_of(reports.values())
    if version is not None and version != before:
        raise Refused("result.conflict")
    if any(o.status == ServiceRequest.Status.COMPLETED for o in orders):
        raise Refused("result.released")
    sheet = queries.sheet_of(sample, orders, reports)
    problems = fill(sheet, typed)
    grid.work_out(sheet, queries.whose_of(sample.encounter))
    changed = False
    for order in orders:
        changed |= _store(order, sample, sheet.of(order.pk), reports.get(order.pk), source, actor)
    if changed:
        record(
            Event.RESULT_ENTERED,
            subject=sample,
            patient_id=sample.encounter.patient_id,
            actor=actor,
            source=source or "typed",
        )
    after = queries.version_of(queries.reports_of(orders).values()) if changed else before
    return Saved(after, sheet, problems)


def fill(sheet: grid.Sheet, typed: Typed) -> dict[tuple[UUID, str], Refused]:
    """Put what was typed into the rows; answers what nobody can understand."""
    problems: dict[tuple[UUID, str], Refused] = {}
    for row in sheet.rows:
        key = (row.request_id, row.test.code)
        text = typed.get(key)
        if text is None or not row.typed or (row.worked_out and text == row.value):
            continue
        if not text.strip():
            row.value, row.number, row.flag, row.worked_out = "", None, "", False
            continue
        try:
            reading = values.read(row.test, text, row.normal)
        except Refused as no:
            problems[key] = no
            row.problem, row.guess = no, no.values.get("guess", "")
            continue
        row.value, row.number, row.flag = reading.value, reading.number, reading.flag
        row.worked_out = False
    return problems


def _own_only(orders: list[ServiceRequest], actor: Actor) -> None:
    """A post whose reach is its own work enters only what it ordered itself."""
    if actor.level(Permission.LAB_ENTER) is not Level.OWN:
        return
    if any(order.ordered_by_id != actor.user_id for order in orders):
        raise Forbidden(Permission.LAB_ENTER)


def _locked(accession: str) -> Specimen:
    """The sample, held for one writer."""
    found = queries.specimen(accession)
    if found is None:
        raise Refused("specimen.not_found")
    Specimen.objects.select_for_update().get(pk=found.pk)
    if found.status != Specimen.Status.AVAILABLE:
        raise Refused("specimen.rejected")
    return found


def _store(
    order: ServiceRequest,
    sample: Specimen,
    rows: list[grid.Row],
    report: DiagnosticReport | None,
    source: str,
    actor: Actor,
) -> bool:
    """Write one report when its values changed; False when there was nothing to write."""
    results = grid.as_results(rows)
    seen = [(line["code"], line["value"]) for line in report.results] if report else []
    if seen == [(line["code"], line["value"]) for line in results]:
        return False
    report = report or DiagnosticReport(
        id=uuid7(), request=order, patient_id=sample.encounter.patient_id
    )
    report.results, report.version = results, report.version + 1
    report.entered_at, report.entered_by_id = timezone.now(), actor.user_id
    report.source = source or report.source
    report.save()
    return True


@transaction.atomic
def send(accession: str, *, version: int | None = None, actor: Actor) -> Specimen:
    """Hand the entered values on to the verifier. Safe to repeat.

    Refused: result.conflict, result.empty (an order without a value), result.sum.
    """
    actor.require(Permission.LAB_ENTER)
    sample = _locked(accession)
    orders = [o for o in queries.orders_on(sample) if o.status == ServiceRequest.Status.ACTIVE]
    reports = queries.reports_of(orders)
    if version is not None and version != queries.version_of(reports.values()):
        raise Refused("result.conflict")
    empty = [o for o in orders if not (reports.get(o.pk) and reports[o.pk].results)]
    if empty or not orders:
        raise Refused("result.empty", test=empty[0].test_code if empty else "")
    for report in reports.values():
        _check_sum(report.results)
    now = timezone.now().isoformat(timespec="seconds")
    for order in orders:
        detail = {key: order.detail[key] for key in ("out_at",) if key in order.detail}
        order.detail = {**detail, "sent_at": now, "sent_by": str(actor.user_id)}
        order.save(update_fields=["detail"])
    record(Event.RESULT_SENT, subject=sample, patient_id=sample.encounter.patient_id, actor=actor)
    return sample


def _check_sum(results: list[dict[str, Any]]) -> None:
    """The parts of a differential count are parts of a hundred."""
    parts = {line["code"]: line["value"] for line in results}
    if not {"NEUT", "LYMP", "MONO", "EOSI"} <= set(parts):
        return
    total = sum(
        values.figure(parts[code]) or 0
        for code in ("NEUT", "LYMP", "MONO", "EOSI", "BASO")
        if code in parts
    )
    if not 98 <= total <= 102:
        raise Refused("result.sum", total=values.plain(total))  # type: ignore[arg-type]


@transaction.atomic
def record_told(accession: str, *, told_to: str, actor: Actor) -> None:
    """Who was told of a critical value by telephone, and when. Refused: result.told."""
    actor.require(Permission.LAB_ENTER)
    if not told_to.strip():
        raise Refused("result.told")
    sample = _locked(accession)
    for report in queries.reports_of(queries.orders_on(sample)).values():
        if not any(line["flag"] in grid.CRITICAL for line in report.results):
            continue
        report.critical = {
            **report.critical,
            "told_to": told_to.strip()[:80],
            "told_at": timezone.now().isoformat(timespec="seconds"),
            "told_by": str(actor.user_id),
        }
        report.save(update_fields=["critical"])
    record(Event.CRITICAL_TOLD, subject=sample, patient_id=sample.encounter.patient_id, actor=actor)
