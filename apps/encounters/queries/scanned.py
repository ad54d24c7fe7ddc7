"""What a scanner read, anywhere: a slip, a token, an MRN, an ABHA card, a slip of the paper kit."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.core.fold import digits
from apps.core.tenancy import current_facility
from apps.encounters.models import Encounter, days_open
from apps.encounters.paper_slips import read
from apps.encounters.queries.visits import by_number
from apps.patients import queries as patients


@dataclass(frozen=True, slots=True)
class Scanned:
    """`number` and `encounter_id` are empty for an MRN without a visit today; `paper` is the
    text of a paper slip that nobody typed in yet."""

    patient_id: UUID | None = None
    encounter_id: UUID | None = None
    number: str = ""
    paper: str = ""


def scanned(text: str) -> Scanned | None:
    """None for what is not of this hospital. 1 to 3 queries."""
    if visit := by_number(text):
        return Scanned(visit.patient_id, visit.pk, visit.number)
    facility: Any = current_facility()
    if slip := read(facility, text):
        return Scanned(paper=f"{slip.number}-{slip.check}")
    if card := patients.read_card(text):
        rows = patients.search(card.asked) if card.asked else []
        return _of_patient(rows[0]["id"]) if len(rows) == 1 else None
    told = digits(text).strip().upper()
    if not told.startswith(f"{facility.prefix}-P-"):
        return None
    found = next((row["id"] for row in patients.search(told) if row["mrn"] == told), None)
    return _of_patient(found) if found else None


def _of_patient(found: UUID) -> Scanned:
    """With the visit of today, when there is one."""
    today = Encounter.objects.filter(patient_id=found, token__day__in=days_open())
    last = today.exclude(status=Encounter.Status.CANCELLED).order_by("-started_at").first()
    return Scanned(found, last.pk, last.number) if last else Scanned(found)
