"""Named reads over results: the grid of a sample, what a doctor sees, what is critical."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from apps.accounts import queries as accounts
from apps.encounters import queries as encounters
from apps.facilities import queries as facilities
from apps.labs import grid, masters
from apps.labs.models import DiagnosticReport, ServiceRequest, Specimen
from apps.patients import queries as patients

Row = dict[str, Any]
SHOWN = 30
LINE_KEYS = ("code", "name_hi", "name_en", "unit", "flag", "range", "shown_hi", "shown_en")
SMALL = ("HSC", "HWC", "APHC", "PHC")  # where one person may have to enter and verify


def reports_of(requests: Iterable[ServiceRequest]) -> dict[UUID, DiagnosticReport]:
    """The report that counts of each order, by order. 1 query."""
    dead = (DiagnosticReport.Status.SUPERSEDED, DiagnosticReport.Status.ENTERED_IN_ERROR)
    rows = DiagnosticReport.objects.filter(request__in=list(requests)).exclude(status__in=dead)
    return {row.request_id: row for row in rows.order_by("entered_at")}


def orders_on(specimen: Specimen) -> list[ServiceRequest]:
    """What a sample is for, cancelled orders left out. 1 query."""
    rows = ServiceRequest.objects.filter(specimen=specimen)
    return list(rows.exclude(status=ServiceRequest.Status.REVOKED).order_by("ordered_at", "id"))


def parts_of(orders: Iterable[ServiceRequest]) -> dict[UUID, set[str]]:
    """Which values each order is made of. 3 queries."""
    rows = list(orders)
    known = masters.load({row.test_code for row in rows})
    return {row.pk: {test.code for test in known.parts(row.test_code)} for row in rows}


def version_of(reports: Iterable[DiagnosticReport]) -> int:
    """One number for the whole sample: every saving moves it."""
    return sum(report.version for report in reports)


def last_values(patient_id: UUID, *, but: Iterable[UUID] = ()) -> dict[str, Row]:
    """The newest released value of each test of a patient: {"value", "at", "flag"}. 1 query."""
    rows = (
        DiagnosticReport.objects.released()
        .filter(patient_id=patient_id)
        .exclude(request__in=list(but))
        .order_by("-entered_at")[:SHOWN]
    )
    found: dict[str, Row] = {}
    for report in rows:
        for line in report.results:
            found.setdefault(
                line["code"],
                {"value": line["value"], "at": timezone.localtime(report.entered_at)},
            )
    return found


def sheet_of(
    specimen: Specimen,
    orders: list[ServiceRequest],
    reports: dict[UUID, DiagnosticReport],
) -> grid.Sheet:
    """The rows of a sample. 4 queries."""
    visit = specimen.encounter
    known = masters.load({order.test_code for order in orders})
    whose = whose_of(visit)
    return grid.sheet(
        orders,
        known,
        whose,
        stored={key: report.results for key, report in reports.items()},
        last=last_values(visit.patient_id, but=[order.pk for order in orders]),
    )


def whose_of(visit: Any) -> grid.Whose:
    patient = {"birth_date": visit.patient.birth_date, "sex": visit.patient.sex}
    return grid.Whose.of(patient, pregnant=bool(visit.pregnant), on=timezone.localdate())


def result_page(specimen: Specimen) -> Row:
    """Everything the result and the verifying page show of one sample. 9 queries."""
    orders = orders_on(specimen)
    reports = reports_of(orders)
    people = {o.ordered_by_id for o in orders} | {r.entered_by_id for r in reports.values()}
    cards = accounts.cards(filter(None, people))
    sources = sorted({r.source for r in reports.values() if r.source})
    told = [r.critical for r in reports.values() if r.critical.get("told_at")]
    return {
        "specimen": specimen,
        "patient": patients.banner(specimen.encounter.patient_id, known=specimen.encounter.patient),
        "visit": encounters.visit_brief(specimen.encounter),
        "orders": orders,
        "reports": reports,
        "sheet": sheet_of(specimen, orders, reports),
        "version": version_of(reports.values()),
        "ordered_by": cards.get(orders[0].ordered_by_id) if orders else None,
        "entered_by": next((cards.get(r.entered_by_id) for r in reports.values()), None),
        "saved_at": max((timezone.localtime(r.entered_at) for r in reports.values()), default=None),
        "sources": sources,
        "told": told[0] if told else None,
        "sent": bool(orders) and all(o.detail.get("sent_at") for o in orders),
        "returned": next((o.detail["returned"] for o in orders if o.detail.get("returned")), ""),
        "released": bool(reports)
        and all(r.status != DiagnosticReport.Status.PRELIMINARY for r in reports.values()),
        "document_id": next((r.document_id for r in reports.values() if r.document_id), None),
        "amended": any(r.status == DiagnosticReport.Status.AMENDED for r in reports.values()),
    }


def patient_results(patient_id: UUID, *, limit: int = 12) -> list[Row]:
    """Released values, newest first: {name, unit, now, flag, at, today, before, before_at}. 1 q."""
    rows = (
        DiagnosticReport.objects.released()
        .filter(patient_id=patient_id)
        .order_by("-verified_at")[:SHOWN]
    )
    today = timezone.localdate()
    found: dict[str, Row] = {}
    for report in rows:
        at = timezone.localtime(report.verified_at)
        for line in report.results:
            row = found.get(line["code"])
            if row is None:
                found[line["code"]] = {
                    **{key: line.get(key, "") for key in LINE_KEYS},
                    "at": at, "today": at.date() == today, "before": None,
                    "amended": report.status == DiagnosticReport.Status.AMENDED,
                    "unverified": bool(line.get("range")) and not line.get("range_verified"),
                }  # fmt: skip
            elif row["before"] is None:
                was = line["value"]
                row["before"] = {
                    "shown_hi": line.get("shown_hi", was),
                    "shown_en": line.get("shown_en", was),
                    "at": at,
                }
    return list(found.values())[:limit]


def papers_of(patient_id: UUID) -> list[Row]:
    """Released reports with a paper: {document_id, names, at, amended}. 1 query."""
    rows = (
        DiagnosticReport.objects.released()
        .filter(patient_id=patient_id)
        .select_related("request")
        .order_by("-verified_at")[:SHOWN]
    )
    found: dict[Any, Row] = {}
    for report in rows:
        key = report.document_id or report.pk
        row = found.setdefault(
            key,
            {
                "document_id": report.document_id,
                "at": timezone.localtime(report.verified_at),
                "names": [],
                "conclusion": report.conclusion,
                "amended": False,
            },
        )
        row["names"].append({"hi": report.request.display_hi, "en": report.request.display_en})
        row["amended"] = row["amended"] or report.status == DiagnosticReport.Status.AMENDED
    return list(found.values())


def pending_of(patient_id: UUID) -> list[Row]:
    """What was ordered in the last week and is not here yet: {hi, en, state}. 1 query."""
    since = timezone.now() - timedelta(days=7)
    rows = ServiceRequest.objects.active().filter(
        encounter__patient_id=patient_id, ordered_at__gte=since
    )
    return [
        {
            "hi": row.display_hi,
            "en": row.display_en,
            "state": "collected" if row.specimen_id else "ordered",
            "performer": row.performer,
        }
        for row in rows.order_by("ordered_at")
    ]


def critical(*, doctor_id: UUID | None = None) -> list[Row]:
    """Critical results that nobody has acknowledged, oldest first; of one doctor or all. 2 q."""
    rows = DiagnosticReport.objects.critical_unseen().select_related(
        "request__encounter__patient", "request__encounter__token"
    )
    if doctor_id:
        rows = rows.filter(request__ordered_by_id=doctor_id)
    found = list(rows.order_by("verified_at"))
    cards = accounts.cards({row.request.ordered_by_id for row in found}) if found else {}
    return [_critical_row(row, cards.get(row.request.ordered_by_id)) for row in found]


def _critical_row(report: DiagnosticReport, doctor: Any) -> Row:
    visit = report.request.encounter
    who = patients.brief(visit.patient)
    codes = report.critical.get("codes", [])
    since = timezone.now() - report.verified_at if report.verified_at else timedelta()
    return {
        "id": report.pk,
        "slip": visit.number,
        "patient_id": visit.patient_id,
        "name": who["name"],
        "age_sex": f"{who['age']} · {who['sex_short']}",
        "token": encounters.token_label(visit.token),
        "values": [line for line in report.results if line["code"] in codes],
        "doctor": doctor,
        "at": timezone.localtime(report.verified_at),
        "minutes": int(since.total_seconds() // 60),
        "told_to": report.critical.get("told_to", ""),
        "told_at": _moment(report.critical.get("told_at")),
    }


def _moment(text: str | None) -> Any:
    found = parse_datetime(text) if text else None
    return timezone.localtime(found) if found else None


def inbox(doctor_id: UUID) -> list[Row]:
    """Reports of the last three days on a doctor's own orders, newest first. 1 query."""
    since = timezone.now() - timedelta(days=3)
    rows = (
        DiagnosticReport.objects.released()
        .filter(request__ordered_by_id=doctor_id, verified_at__gte=since)
        .select_related("request__encounter__patient", "request__encounter__token")
        .order_by("-verified_at")[:60]
    )
    return [
        {
            **_critical_row(row, None),
            "test": {"hi": row.request.display_hi, "en": row.request.display_en},
            "flagged": [line for line in row.results if line["flag"]],
            "document_id": row.document_id,
            "amended": row.status == DiagnosticReport.Status.AMENDED,
            "critical": bool(row.critical.get("codes")),
            "seen": bool(row.critical.get("seen_at")),
            "back": visit_is_back(row.request.encounter),
        }
        for row in rows
    ]


def visit_is_back(visit: Any) -> bool:
    return visit.token.station == "doctor" and visit.token.returning == "report"


def may_verify_alone(facility: Any) -> bool:
    """Whether the one who entered may verify too: only at a small centre. No query."""
    return facilities.config(facility).level in SMALL


def desk_tests(codes: Iterable[str], visit: Any) -> list[grid.Row]:
    """Empty rows of the tests that a desk may do, in the catalogue's order. 4 queries."""
    known = masters.load(codes)
    orders = [ServiceRequest(test_code=code) for code in codes if code in known.tests]
    last = last_values(visit.patient_id)
    rows = grid.sheet(orders, known, whose_of(visit), stored={}, last=last).rows
    return [row for row in rows if not row.test.imaging and row.test.kind != "text"]


def reagents_of(report_id: UUID | str) -> list[Row]:
    """What one report used: {"item", "quantity"} as the masters say, for the store. 4 queries."""
    report = DiagnosticReport.objects.select_related("request").filter(pk=report_id).first()
    if report is None:
        return []
    known = masters.load({report.request.test_code})
    used = [known.tests.get(report.request.test_code)]
    used += [known.tests.get(line["code"]) for line in report.results]
    used = list({test.code: test for test in used if test is not None}.values())
    return [dict(reagent) for test in used if test for reagent in test.reagents]
