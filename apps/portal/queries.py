"""What patients see: the place in the queue, the family, its papers, who opened them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_date

from apps.abdm import queries as abdm
from apps.abdm import received
from apps.accounts import queries as accounts
from apps.audit import queries as audit
from apps.audit.events import Event
from apps.core.fold import fold
from apps.core.tenancy import facility_context
from apps.documents import queries as documents
from apps.encounters import queries as encounters
from apps.facilities import live
from apps.patients import queries as patients
from apps.persons import queries as persons

Row = dict[str, Any]
OPENINGS = {
    Event.CHART_VIEWED,
    Event.GLASS_BROKEN,
    Event.DOCUMENT_OPENED,
    Event.RECORD_SHARED,
}


@dataclass
class Member:
    """One person of the family, as the hospitals of this mobile know them (perhaps several)."""

    key: str
    name_hi: str
    name_en: str
    places: list[tuple[live.Place, UUID]] = field(default_factory=list)


@dataclass(frozen=True)
class Paper:
    """One document in a patient's list. `doc` is its frozen content."""

    id: UUID
    place: live.Place
    patient_id: UUID
    doc: Row
    issued_at: datetime
    files: dict[str, documents.Rendition]
    title: str = ""
    form: str = ""

    @property
    def is_prescription(self) -> bool:
        """Doses as pictures; every other paper is its file."""
        return "medicines" in self.doc


def _same_human(row: Row) -> tuple[str, str, int]:
    """People of one mobile whose folded name, sex and birth year agree are shown as one."""
    name = fold(row["name_en"] or row["name_hi"])
    return name, row["sex"], row["birth_date"].year


def family(hashed: str) -> list[Member]:
    """Everybody whose record holds this mobile (its hash), over all open hospitals.

    2 queries, and 3 more for each hospital and 1 for each record.
    """
    links = persons.links_of_hash(hashed)
    places = {place.id: place for place in live.hospitals(ids={link.facility_id for link in links})}
    members: dict[tuple[str, str, int], Member] = {}
    for facility_id, place in places.items():
        if not place.is_open:
            continue
        with facility_context(facility_id):
            for link in links:
                if link.facility_id == facility_id:
                    _add(members, place, link.patient_id)
    return list(members.values())


def _add(members: dict[tuple[str, str, int], Member], place: live.Place, patient_id: UUID) -> None:
    patient = patients.patient(patient_id)
    if patient is None or patient.replaced_by_id is not None:
        return
    row = patients.brief(patient)
    member = members.setdefault(
        _same_human(row), Member(str(patient_id), row["name_hi"], row["name_en"])
    )
    member.places.append((place, patient_id))


def papers(member: Member) -> list[Paper]:
    """One person's valid papers of every hospital, newest first. 4 queries a hospital."""
    found = []
    for place, patient_id in member.places:
        with facility_context(place.id):
            found += [_paper(row, place) for row in documents.of_patient(patient_id)]
    return sorted(found, key=lambda paper: paper.issued_at, reverse=True)


def _paper(document: Any, place: live.Place) -> Paper:
    files = {file.name.replace("-", "_"): file for file in documents.renditions(document)}
    return Paper(document.pk, place, document.patient_id, document.content,
                 document.issued_at, files, document.title, document.form)  # fmt: skip


def own_document(hashed: str, facility_id: UUID, document_id: UUID) -> Any | None:
    """The document when its patient gave this mobile in this hospital, else None.

    Stand inside the hospital (facility_context) to ask. 2 queries.
    """
    document = documents.document(document_id)
    mine = {
        link.patient_id for link in persons.links_of_hash(hashed) if link.facility_id == facility_id
    }
    return document if document is not None and document.patient_id in mine else None


def next_visit(found: list[Paper]) -> Row | None:
    """The nearest day on which one of these papers asks the patient to come back."""
    today = timezone.localdate()
    days: list[Row] = []
    for paper in found:
        follow_up = paper.doc.get("follow_up")
        day = parse_date(follow_up["date"]) if follow_up else None
        if day and day >= today:
            days.append({"day": day, "follow_up": follow_up, "place": paper.place})
    return min(days, key=lambda row: row["day"]) if days else None


def openings(member: Member, *, limit: int = 60) -> list[Row]:
    """Who opened this person's record: post, day, hospital; no names. Newest first."""
    rows: dict[tuple[Any, ...], Row] = {}
    for place, patient_id in member.places:
        titles: dict[UUID, str] = {}
        for event in audit.of_patient(patient_id, facility_id=place.id)[:400]:
            if event.event not in OPENINGS:
                continue
            row = _opening(event, place, titles)
            key = (place.id, row["day"], row["who"], row["by"], row["glass"])
            rows.setdefault(key, row)
    names = _hospitals({row["by"] for row in rows.values() if row["by"]})
    for row in rows.values():
        row["by"] = names.get(row["by"])
    return sorted(rows.values(), key=lambda row: row["at"], reverse=True)[:limit]


def consents(member: Member) -> list[Row]:
    """To whom this person let each hospital show records through ABDM. 1 query a hospital."""
    rows: list[Row] = []
    for place, patient_id in member.places:
        with facility_context(place.id):
            rows += [{**row, "place": place} for row in abdm.consents_of(patient_id)]
    return rows


def asked_elsewhere(member: Member) -> list[Row]:
    """What each hospital asked this person's leave for, to see papers of others: who, why, when,
    until. 4 queries a hospital."""
    rows: list[Row] = []
    for place, patient_id in member.places:
        with facility_context(place.id):
            told = received.asked(patient_id, records=False)
            rows += [{**row, "place": place} for row in told]
    return sorted(rows, key=lambda row: row["at"], reverse=True)


def _opening(event: Any, place: live.Place, titles: dict[UUID, str]) -> Row:
    """One look; `by` is the other hospital whose doctor looked, when it was one."""
    shared = event.event == Event.RECORD_SHARED
    return {
        "at": event.at,
        "day": timezone.localdate(event.at),
        "who": _post(event, place.id, titles),
        "place": place,
        "by": UUID(event.detail["to"]) if shared and "to" in event.detail else None,
        "glass": event.event == Event.GLASS_BROKEN or event.detail.get("by") == "glass",
        "own": event.user_id is None,
    }


def _hospitals(ids: set[UUID]) -> dict[UUID, live.Place]:
    return {place.id: place for place in live.hospitals(ids=ids, retired=True)} if ids else {}


def _post(event: Any, facility_id: UUID, titles: dict[UUID, str]) -> str:
    """The post of whoever did it; empty for the patient and for somebody posted elsewhere now."""
    if event.user_id is None:
        return ""
    if event.user_id not in titles:
        duty = accounts.duty(event.user_id, facility_id=facility_id)
        roles = sorted(duty.roles) if duty else []
        titles[event.user_id] = ", ".join(accounts.role_title(role) for role in roles)
    return titles[event.user_id]


def visit_of_code(code: str) -> Any | None:
    """The visit whose slip carries this secret code, in the hospital we stand in. 1 query."""
    return encounters.by_number(f"/s/{code}") if len(code) == 12 else None


def place_in_queue(visit: Any) -> Row:
    """The token and what to expect: see encounters.place_of; with the link of a video visit."""
    return {**encounters.place_of(visit), "tele": encounters.tele_link(visit)}


def place_mark(facility_id: UUID) -> str:
    """What changes when any queue of the hospital changes; "" when unknown. No query."""
    return encounters.mark(facility_id)
