"""The signature of a result. Before it nothing leaves; after it nothing is edited."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts import actions as accounts
from apps.accounts import queries as people
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Level, Permission
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.core.queue import enqueue
from apps.core.tenancy import current_facility
from apps.documents import actions as documents
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.facilities import live
from apps.facilities import queries as facilities
from apps.labs import grid, paper, queries
from apps.labs.actions.enter import Typed, _locked, fill
from apps.labs.models import DiagnosticReport, ServiceRequest, Specimen
from apps.notices import actions as notices
from apps.patients import queries as patients

Status = DiagnosticReport.Status
RETURNING = Actor.of_system("labs.results", Permission.TOKEN_CALL, Permission.LAB_VERIFY)


def verify(
    accession: str, *, id: UUID, pin: str, version: int | None = None, actor: Actor
) -> list[DiagnosticReport]:
    """Release what was entered on one sample, with one paper. `id` is the paper's: sent twice,
    the reports are the same.

    Refused: pin.*, result.conflict, result.not_sent, report.own_entry. Forbidden for a doctor
    whose patient it is not.
    """
    actor.require(Permission.LAB_VERIFY)
    assert actor.user_id is not None  # a right of people
    # Outside the transaction: a wrong PIN must be counted although nothing else is written.
    accounts.check_signature(actor.user_id, pin, actor=actor)
    return _verify(accession, id=id, version=version, actor=actor)


@transaction.atomic
def _verify(
    accession: str, *, id: UUID, version: int | None, actor: Actor
) -> list[DiagnosticReport]:
    sample = _locked(accession)
    orders = queries.orders_on(sample)
    own_patients_only(orders, sample.encounter, actor)
    reports = queries.reports_of(orders)
    done = [r for r in reports.values() if r.document_id == id]
    if done:
        return done
    if version is not None and version != queries.version_of(reports.values()):
        raise Refused("result.conflict")
    entered = [reports[o.pk] for o in orders if o.detail.get("sent_at") and o.pk in reports]
    waiting = [report for report in entered if report.status == Status.PRELIMINARY]
    if not waiting:
        raise Refused("result.not_sent")
    alone = any(report.entered_by_id == actor.user_id for report in waiting)
    if alone and not queries.may_verify_alone(current_facility()):
        raise Refused("report.own_entry")
    release(waiting, sample.encounter, sample=sample, id=id, alone=alone, actor=actor)
    return waiting


def own_patients_only(orders: Iterable[ServiceRequest], visit: Any, actor: Actor) -> None:
    """A doctor who verifies does so for the own patients; the laboratory in charge for all."""
    if actor.level(Permission.LAB_VERIFY) is not Level.OWN or visit.doctor_id == actor.user_id:
        return
    if any(order.ordered_by_id != actor.user_id for order in orders):
        raise Forbidden(Permission.LAB_VERIFY)


def release(
    reports: list[DiagnosticReport],
    visit: Any,
    *,
    sample: Specimen | None,
    id: UUID,
    alone: bool = False,
    actor: Actor,
) -> None:
    """Make preliminary reports final, issue their paper and tell whoever waits for them."""
    now = timezone.now()
    for report in reports:
        report.status, report.verified_at = Status.FINAL, now
        report.verified_by_id, report.document_id = actor.user_id, id
        codes = [line["code"] for line in report.results if line["flag"] in grid.CRITICAL]
        if codes:
            report.critical = {**report.critical, "codes": codes}
        report.version += 1
        report.save()
    requests = [report.request_id for report in reports]
    ServiceRequest.objects.filter(pk__in=requests).update(status=ServiceRequest.Status.COMPLETED)
    issue(reports, visit, sample=sample, id=id, actor=actor)
    record(
        Event.REPORT_VERIFIED,
        subject=reports[0],
        patient_id=visit.patient_id,
        actor=actor,
        reports=len(reports),
        alone=alone,
        critical=sum(bool(r.critical.get("codes")) for r in reports),
        **_taken(sample, now),
    )
    for report in reports:
        enqueue("workflows.use_reagents", report_id=report.pk)
    tell(reports, visit, actor)
    back_to_doctor(visit, reports)


def _taken(sample: Specimen | None, now: datetime) -> dict[str, Any]:
    """Minutes from collection to release, for the boards; nothing without a sample."""
    minutes = int((now - sample.collected_at).total_seconds() // 60) if sample else -1
    return {"minutes": minutes} if minutes >= 0 else {}


def issue(
    reports: list[DiagnosticReport],
    visit: Any,
    *,
    sample: Specimen | None,
    id: UUID,
    actor: Actor,
) -> Any:
    """The paper of these reports, in the patient's language."""
    frozen = _content(reports, visit, sample, actor)
    return documents.issue_document(
        "DiagnosticReport",
        id=id,
        patient_id=visit.patient_id,
        encounter_id=visit.pk,
        content=frozen,
        language=frozen["language"],
        form="lab-report" if sample else "imaging-report",
        visit=visit,
        actor=actor,
    )


def _content(
    reports: list[DiagnosticReport],
    visit: Any,
    sample: Specimen | None,
    actor: Actor,
    amended: str = "",
) -> dict[str, Any]:
    first = reports[0]
    doctor, typist = first.request.ordered_by_id, first.entered_by_id
    cards = people.cards(filter(None, [doctor, typist, actor.user_id]))
    assert actor.user_id is not None
    here: Any = current_facility()
    config = facilities.config(here)
    place = {
        "name_hi": config.letterhead_hi or here.name_hi,
        "name_en": config.letterhead_en or here.name_en,
        "help_line": config.help_line,
    }
    return paper.content(
        reports=reports,
        patient=patients.banner(visit.patient_id, known=visit.patient),
        place=place,
        visit=visits.visit_brief(visit),
        sample=sample,
        ordered_by=cards.get(doctor),
        entered_by=cards.get(typist) if typist else None,
        signer=cards[actor.user_id],
        signed_at=timezone.now(),
        amended=amended,
    )


def tell(reports: list[DiagnosticReport], visit: Any, actor: Actor) -> None:
    """The patient hears that a report is there; the doctor's telephone rings for a critical one.
    No value and no name goes out."""
    here: Any = current_facility()
    if visit.patient.mobile:
        notices.queue_notice(
            "report-ready",
            mobile=visit.patient.mobile,
            language=visit.patient.language or "hi",
            values={
                "facility": here.name_hi if visit.patient.language != "en" else here.name_en,
                "date": f"{timezone.localdate():%d-%m-%Y}",
                "url": live.address() + "/p/",
            },
            facility_id=actor.facility_id,
            actor=actor,
        )
    if not any(report.critical.get("codes") for report in reports):
        return
    doctor = people.user(reports[0].request.ordered_by_id)
    if doctor.mobile:
        notices.queue_notice(
            "critical-result",
            mobile=doctor.mobile,
            language=doctor.language or "hi",
            values={"facility": here.name_en, "slip": visit.number,
                    "token": visits.token_label(visit.token)},
            facility_id=actor.facility_id,
            actor=actor,
        )  # fmt: skip


def back_to_doctor(visit: Any, reports: list[DiagnosticReport]) -> None:
    """With the last result of today's visit, or at once with a critical one, the same token goes
    back to the doctor."""
    token = visit.token
    critical = any(report.critical.get("codes") for report in reports)
    if not token.is_of_now or token.status == token.Status.CANCELLED:
        return
    if token.station not in ("lab", "pharmacy", "none"):
        return  # still on the way to the doctor: the results are there when the turn comes
    if critical or not queries.open_in_visit(visit.pk):
        encounters.come_back(visit.pk, returning="report", actor=RETURNING)


@transaction.atomic
def give_back(accession: str, *, reason: str, actor: Actor) -> Specimen:
    """The verifier does not believe it: back to the technician with a reason.

    Refused: result.return_reason, result.not_sent.
    """
    actor.require(Permission.LAB_VERIFY)
    if not reason.strip():
        raise Refused("result.return_reason")
    sample = _locked(accession)
    orders = [o for o in queries.orders_on(sample) if o.detail.get("sent_at")]
    own_patients_only(orders, sample.encounter, actor)
    orders = [o for o in orders if o.status == ServiceRequest.Status.ACTIVE]
    if not orders:
        raise Refused("result.not_sent")
    for order in orders:
        order.detail = {"returned": reason.strip()[:100]}
        order.save(update_fields=["detail"])
    record(
        Event.RESULT_RETURNED, subject=sample, patient_id=sample.encounter.patient_id, actor=actor
    )
    return sample


def amend(
    accession: str, *, id: UUID, typed: Typed, reason: str, pin: str, actor: Actor
) -> list[DiagnosticReport]:
    """A corrected report in the place of a released one; the old one is kept, marked superseded.

    Refused: pin.*, report.amend_reason, report.unchanged, result.* for a value.
    """
    actor.require(Permission.LAB_VERIFY)
    assert actor.user_id is not None
    accounts.check_signature(actor.user_id, pin, actor=actor)
    return _amend(accession, id=id, typed=typed, reason=reason, actor=actor)


@transaction.atomic
def _amend(
    accession: str, *, id: UUID, typed: Typed, reason: str, actor: Actor
) -> list[DiagnosticReport]:
    if not reason.strip():
        raise Refused("report.amend_reason")
    sample = _locked(accession)
    orders = queries.orders_on(sample)
    own_patients_only(orders, sample.encounter, actor)
    reports = queries.reports_of(orders)
    if any(report.document_id == id for report in reports.values()):
        return list(reports.values())
    sheet = queries.sheet_of(sample, orders, reports)
    for no in fill(sheet, typed).values():
        raise no
    grid.work_out(sheet, queries.whose_of(sample.encounter))
    changed = [r for o, r in reports.items() if _differs(r, grid.as_results(sheet.of(o)))]
    if not changed:
        raise Refused("report.unchanged")
    old_paper = changed[0].document_id
    new = [_replaced(r, sheet, id, actor) if r in changed else r for r in reports.values()]
    for report in new:
        if report.document_id != id:
            report.document_id = id
            report.save(update_fields=["document_id"])
    frozen = _content(new, sample.encounter, sample, actor, amended=reason.strip()[:120])
    documents.amend_document(old_paper, id=id, content=frozen, actor=actor)  # type: ignore[arg-type]
    record(
        Event.REPORT_AMENDED,
        subject=new[0],
        patient_id=sample.encounter.patient_id,
        actor=actor,
        reports=len(changed),
    )
    tell(new, sample.encounter, actor)
    return new


def _differs(report: DiagnosticReport, results: list[dict[str, Any]]) -> bool:
    if report.status not in (Status.FINAL, Status.AMENDED):
        return False
    return [(x["code"], x["value"]) for x in results] != [
        (x["code"], x["value"]) for x in report.results
    ]


def _replaced(old: DiagnosticReport, sheet: grid.Sheet, id: UUID, actor: Actor) -> DiagnosticReport:
    old.status = Status.SUPERSEDED
    old.save(update_fields=["status"])
    results = grid.as_results(sheet.of(old.request_id))
    codes = [line["code"] for line in results if line["flag"] in grid.CRITICAL]
    now = timezone.now()
    return DiagnosticReport.objects.create(
        id=uuid7(),
        request=old.request,
        patient_id=old.patient_id,
        status=Status.AMENDED,
        results=results,
        conclusion=old.conclusion,
        version=old.version + 1,
        source=old.source,
        entered_by_id=actor.user_id,
        verified_at=now,
        verified_by_id=actor.user_id,
        replaces=old,
        document_id=id,
        critical={"codes": codes} if codes else {},
    )


@transaction.atomic
def acknowledge(report_id: UUID, *, actor: Actor) -> DiagnosticReport:
    """The doctor has seen a critical result; when and by whom is kept. Safe to repeat.

    Refused: report.not_found.
    """
    if not actor.sees(Permission.RESULT_VIEW):
        raise Forbidden(Permission.RESULT_VIEW)
    actor.require(Permission.CONSULT_SIGN)
    row = (
        DiagnosticReport.objects.released().select_for_update(of=("self",))
        .select_related("request__encounter").filter(pk=report_id).first()
    )  # fmt: skip
    if row is None:
        raise Refused("report.not_found")
    if row.critical.get("seen_at"):
        return row
    row.critical = {
        **row.critical,
        "seen_at": timezone.now().isoformat(timespec="seconds"),
        "seen_by": str(actor.user_id),
    }
    row.save(update_fields=["critical"])
    record(Event.CRITICAL_SEEN, subject=row, patient_id=row.patient_id, actor=actor)
    return row


def send_on(encounter_id: UUID, *, to_station: str, actor: Actor) -> None:
    """The doctor has looked at the reports: the token goes on to the medicines or home."""
    actor.require(Permission.CONSULT_SIGN)
    encounters.pass_on(encounter_id, to_station=to_station, actor=actor)
