"""A patient's record over time: this hospital's visits, and what another hospital may tell.

Another hospital's record is read standing inside it, never joined, and only what the summary
shows: hospital, date, diagnosis, medicines, papers.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.audit import queries as audit
from apps.audit.events import Event
from apps.core.fold import fold
from apps.core.tenancy import current_facility, facility_context
from apps.documents import queries as documents
from apps.encounters import queries as encounters
from apps.encounters.queue_order import EMERGENCY
from apps.facilities import live
from apps.labs import queries as labs
from apps.patients import queries as patients
from apps.persons import queries as persons
from apps.prescriptions import queries as prescriptions

Row = dict[str, Any]
MOST = 40
YEARS_APART = 2


def timeline(patient_id: UUID, limit: int = MOST) -> list[Row]:
    """All visits here, newest first: {…past visit, medicines, tests, papers}. 5 queries."""
    visits = encounters.past_visits(patient_id, limit)
    ids = [visit["id"] for visit in visits]
    lines = _grouped(prescriptions.lines_of(ids), lambda row: row.prescription.encounter_id)
    tests = _grouped(labs.of_encounters(ids), lambda row: row.encounter_id)
    papers = _grouped(documents.all_of_patient(patient_id), lambda row: row.encounter_id)
    return [
        {
            **visit,
            "medicines": lines.get(visit["id"], []),
            "tests": tests.get(visit["id"], []),
            "papers": [
                paper for paper in papers.get(visit["id"], []) if paper.status != "superseded"
            ],
        }
        for visit in visits
    ]


def _grouped(rows: Any, key: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class Match:
    """A record of another hospital that may be this human's; the doctor picks."""

    place: live.Place
    patient_id: UUID
    patient: Row


def consent(visit: Any, *, user_id: UUID | None) -> str:
    """Why this visit's doctor may look elsewhere: "code", "glass", or "" (may not). 1 query.

    Valid for this visit on its day only; the code for every doctor of the visit, the glass only
    for whoever broke it.
    """
    facility: Any = current_facility()
    if visit.token.day != timezone.localdate():
        return ""
    trail = audit.of_patient(visit.patient_id, facility_id=facility.pk).filter(
        event=Event.CONSENT_GIVEN, subject_id=visit.pk
    )
    given = list(trail)
    if any(event.detail["by"] == "code" for event in given):
        return "code"
    own = any(event.detail["by"] == "glass" and event.user_id == user_id for event in given)
    return "glass" if own else ""


def is_emergency(visit: Any) -> bool:
    return bool(visit.token.priority == EMERGENCY)


def matches(visit: Any) -> list[Match]:
    """Records of other open hospitals with the same mobile whose name, sex and age agree.

    2 queries, and 2 for each record that shares the mobile. Ask `consent` first.
    """
    here: Any = current_facility()
    own = patients.brief(visit.patient)
    links = [link for link in persons.links_of_mobile(own["mobile"]) if link.facility_id != here.pk]
    if not own["mobile"] or not links:
        return []
    places = {p.id: p for p in live.hospitals(ids={link.facility_id for link in links})}
    found = []
    for link in links:
        place = places.get(link.facility_id)
        if place is None or not place.is_open:
            continue
        with facility_context(place.id):
            patient = patients.patient(link.patient_id)
            # The link is a hash of another day: the mobile in the record itself decides.
            if patient and patient.replaced_by_id is None and patient.mobile == own["mobile"]:
                row = patients.brief(patient)
                if _same_human(own, row):
                    found.append(Match(place, link.patient_id, row))
    return found


def _same_human(one: Row, other: Row) -> bool:
    """First names sound alike in either script, same sex, born within two years."""
    if one["sex"] != other["sex"]:
        return False
    if abs(one["birth_date"].year - other["birth_date"].year) > YEARS_APART:
        return False
    return bool(_first_names(one) & _first_names(other))


def _first_names(row: Row) -> set[str]:
    names = (fold(row[key]).split() for key in ("name_hi", "name_en") if row[key])
    return {words[0] for words in names if words}


def summary(match: Match) -> list[Row]:
    """The visits of one matched record: date, department, diagnosis, medicines, papers.

    4 queries inside that hospital. A visit with a sensitive diagnosis is left out whole.
    """
    with facility_context(match.place.id):
        rows = timeline(match.patient_id, 20)
        return [
            {
                "date": row["date"],
                "department_hi": row["department_hi"],
                "department_en": row["department_en"],
                "diagnoses": row["diagnoses"],
                "medicines": [
                    {"name": line.display, "shorthand": line.dosage.get("shorthand", ""),
                     "days": line.days, "stopped": line.closed == "stopped"}
                    for line in row["medicines"]
                ],
                "papers": [{"title": p.title, "at": p.issued_at} for p in row["papers"]],
            }
            for row in rows
            if not _is_sensitive(row)
        ]  # fmt: skip


def _is_sensitive(row: Row) -> bool:
    return any(found["icd"].startswith(encounters.SENSITIVE) for found in row["diagnoses"])
