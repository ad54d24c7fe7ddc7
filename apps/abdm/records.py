"""A patient's record for a program with an API key: single resources, pages, everything.

What is specially protected is left out as if it were not there, unless the key says otherwise:
visits with a diagnosis of `encounters.is_sensitive` whole, and reports of `SENSITIVE_TESTS`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.abdm import codes, queries
from apps.abdm.fhir import rest
from apps.accounts import queries as people
from apps.core.actor import Actor, Permission
from apps.core.slices import Slice
from apps.core.tenancy import current_facility
from apps.documents import queries as documents
from apps.encounters import queries as visits
from apps.facilities import live
from apps.labs import queries as labs
from apps.labs.queries import SENSITIVE_TESTS
from apps.patients import queries as patients
from apps.prescriptions import queries as prescriptions

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """How one resource is read. `at` is the moment by which its pages are ordered."""

    page: Callable[..., list[Any]]
    one: Callable[[UUID], Any]
    inside: Callable[[list[UUID]], list[Any]]
    told: Callable[[list[Any]], list[Row]]
    visit: Callable[[Any], UUID]
    patient: Callable[[Any], UUID]
    at: Callable[[Any], Any]
    hides: Callable[[Any], bool] = lambda row: False


@dataclass(frozen=True, slots=True)
class Found:
    """Resources of one patient; `after` is where the next page begins."""

    rows: list[Row]
    patient_id: UUID | None = None
    after: tuple[Any, UUID] | None = None


def base() -> str:
    """The address of this hospital's API."""
    return f"{_home()}/fhir/R4"


def _home() -> str:
    facility: Any = current_facility()
    return live.address(facility.slug)


def hidden(patient_id: UUID, actor: Actor) -> Collection[UUID]:
    """The visits of a patient that this reader is not told of. 1 query, none with the right."""
    if actor.sees(Permission.SENSITIVE_VIEW):
        return ()
    return visits.sensitive_visits(patient_id)


def patient(patient_id: UUID) -> Found:
    """1 query."""
    row = patients.patient(patient_id)
    return Found([_patient(row)] if row else [], patient_id if row else None)


def with_identifier(system: str, value: str) -> Found:
    """By the hospital's own number, by ABHA number or by ABHA address; a record that was joined
    to another only by its own number. 1 query."""
    if system == f"{_home()}/id/mrn":
        row = patients.of_mrn(value.strip())
        found = [row] if row else []
    elif system == rest.ABHA:
        number = codes.digits14(value)
        found = patients.of_abha(numbers=[number] if number else [], address=value.strip())
    else:
        found = []
    return Found([_patient(row) for row in found], found[0].pk if len(found) == 1 else None)


def _patient(row: Any) -> Row:
    return rest.patient(row, queries.patient_facts(row), home=_home())


def one(name: str, id: UUID, *, actor: Actor) -> Found:
    """One resource, or nothing. 3-4 queries."""
    kind = KINDS[name]
    row = kind.one(id)
    if row is None:
        return Found([])
    patient_id = kind.patient(row)
    if kind.visit(row) in hidden(patient_id, actor) or _hides(kind, row, actor):
        return Found([])
    return Found(kind.told([row]), patient_id)


def page(name: str, patient_id: UUID, *, part: Slice, actor: Actor) -> Found:
    """A page of one kind of resource of a patient, newest first. 3-4 queries."""
    kind = KINDS[name]
    found = kind.page(patient_id, part=part, but=hidden(patient_id, actor))
    rows = found[: part.limit]
    more = (kind.at(rows[-1]), rows[-1].pk) if len(found) > part.limit else None
    shown = [row for row in rows if not _hides(kind, row, actor)]
    return Found(kind.told(shown), patient_id, more)


def everything(patient_id: UUID, names: Collection[str], *, part: Slice, actor: Actor) -> Found:
    """The patient (on the first page) and a page of visits with all that hangs on them, as far as
    `names` go. 4-10 queries."""
    row = patients.patient(patient_id)
    if row is None:
        return Found([])
    found = visits.visits_of(patient_id, part=part, but=hidden(patient_id, actor))
    shown = found[: part.limit]
    more = (shown[-1].started_at, shown[-1].pk) if len(found) > part.limit else None
    told = [] if part.after else [_patient(row)]
    told += KINDS["Encounter"].told(shown)
    ids = [visit.pk for visit in shown]
    for name in names:
        kind = KINDS[name]
        if name != "Encounter" and ids:
            inside = [row for row in kind.inside(ids) if not _hides(kind, row, actor)]
            told += kind.told(inside)
    return Found(told, patient_id, more)


def document(document_id: UUID, *, actor: Actor) -> Found:
    """The FHIR document of one paper, or nothing. 5 queries."""
    row = documents.document(document_id)
    if row is None or row.encounter_id in hidden(row.patient_id, actor):
        return Found([])
    if _hides(KINDS["DocumentReference"], row, actor):
        return Found([])
    bundle = queries.bundle(document_id, pdf=queries.picture(row) or "")
    return Found([bundle] if bundle else [], row.patient_id)


def _hides(kind: Kind, row: Any, actor: Actor) -> bool:
    return kind.hides(row) and not actor.sees(Permission.SENSITIVE_VIEW)


def _named(ids: Collection[UUID | None]) -> dict[UUID, str]:
    cards = people.cards(id for id in ids if id)
    return {id: card.name_en or card.name_hi for id, card in cards.items()}


def _encounters(rows: list[Any]) -> list[Row]:
    names = _named([row.doctor_id for row in rows])
    return [
        rest.encounter(row, home=_home(), moments=_period(row), doctor=names.get(row.doctor_id, ""))
        for row in rows
    ]


def _period(row: Any) -> dict[str, str]:
    ends = {"end": queries.moment(row.finished_at)} if row.finished_at else {}
    return {"start": queries.moment(row.started_at), **ends}


def _medicines(rows: list[Any]) -> list[Row]:
    names = _named([row.prescription.signed_by_id for row in rows])
    return [
        rest.medication_request(
            row,
            authored=queries.moment(row.prescription.signed_at),
            doctor=names.get(row.prescription.signed_by_id, ""),
        )
        for row in rows
    ]


def _reports(rows: list[Any]) -> list[Row]:
    names = _named([row.verified_by_id for row in rows])
    facility: Any = current_facility()
    return [
        rest.diagnostic_report(
            row,
            issued=queries.moment(row.verified_at),
            verifier=names.get(row.verified_by_id, ""),
            hospital=facility.name_en,
        )
        for row in rows
    ]


def _papers(rows: list[Any]) -> list[Row]:
    return [
        rest.document_reference(
            row, home=_home(), issued=queries.moment(row.issued_at), title=row.title
        )
        for row in rows
    ]


def _sensitive_report(row: Any) -> bool:
    return any(line.get("code") in SENSITIVE_TESTS for line in row.results)


def _sensitive_paper(row: Any) -> bool:
    groups = row.content.get("groups", [])
    return any(line.get("code") in SENSITIVE_TESTS for group in groups for line in group["lines"])


KINDS = {
    "Encounter": Kind(
        page=visits.visits_of, one=visits.visit_record, inside=lambda ids: [], told=_encounters,
        visit=lambda row: row.pk, patient=lambda row: row.patient_id,
        at=lambda row: row.started_at,
    ),
    "MedicationRequest": Kind(
        page=prescriptions.lines_page, one=prescriptions.line, inside=prescriptions.lines_in,
        told=_medicines, visit=lambda row: row.prescription.encounter_id,
        patient=lambda row: row.prescription.encounter.patient_id,
        at=lambda row: row.prescription.signed_at,
    ),
    "DiagnosticReport": Kind(
        page=labs.reports_page, one=labs.report, inside=labs.reports_in, told=_reports,
        visit=lambda row: row.request.encounter_id, patient=lambda row: row.patient_id,
        at=lambda row: row.verified_at, hides=_sensitive_report,
    ),
    "DocumentReference": Kind(
        page=documents.papers_page, one=documents.document, inside=documents.papers_in,
        told=_papers, visit=lambda row: row.encounter_id, patient=lambda row: row.patient_id,
        at=lambda row: row.issued_at, hides=_sensitive_paper,
    ),
}  # fmt: skip
