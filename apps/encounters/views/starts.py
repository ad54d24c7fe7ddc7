"""With what the empty form of the window begins: nothing, somebody who arrived, a newborn."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.core.fold import tidy
from apps.core.http import Request
from apps.encounters.forms import fresh_ids
from apps.patients import queries as patients
from apps.persons import queries as persons

GATE_PATH = "/here/"


def _asked(request: Request, name: str) -> UUID | None:
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def begin(request: Request) -> dict[str, Any]:
    """The initial values of RegistrationForm."""
    block = request.facility.block_code
    start: dict[str, Any] = {**fresh_ids(), "age_unit": "years", "block_code": block}
    arrival_id, mother_id = _asked(request, "arrival"), _asked(request, "mother")
    if arrival_id and (waiting := persons.arrival(arrival_id)):
        start |= arrived(waiting)
    elif mother_id and (found := mother(mother_id)):
        start |= newborn(found)
    return start


def arrived(waiting: persons.Waiting) -> dict[str, Any]:
    """What somebody told at the gate."""
    told = waiting.profile
    names = ("name_hi", "name_en", "sex", "age", "age_unit", "mobile", "guardian_name",
             "guardian_relation", "village")  # fmt: skip
    return {
        "arrival": waiting.id,
        "department": waiting.department,
        "priority": [told.priority] if told.priority else [],
        **{name: getattr(told, name) for name in names if getattr(told, name)},
        **({"age": f"{date.fromisoformat(told.born):%d-%m-%Y}"} if told.born else {}),
    }


def carded(card: Any) -> dict[str, Any]:
    """What an ABHA card says of its owner (`patients.read_card`)."""
    script = "name_hi" if patients.is_devanagari(card.name) else "name_en"
    told = {script: card.name, "sex": card.sex, "mobile": card.mobile, "village": card.village}
    if card.born:
        told["age"] = f"{card.born:%d-%m-%Y}"
    elif card.year:
        told["age"] = timezone.localdate().year - card.year
    return {name: value for name, value in told.items() if value}


def newborn(mother: dict[str, Any]) -> dict[str, Any]:
    """A child without a name: called after the mother, living with her, zero days old."""
    return {
        "mother": mother["id"],
        "name_hi": tidy(f"{mother['name_hi']} का शिशु"),
        "name_en": tidy(f"Baby of {mother['name_en']}"),
        "age": 0,
        "age_unit": "days",
        "mobile": mother["mobile"],
        "guardian_relation": "mother",
        "guardian_name": mother["name_hi"] or mother["name_en"],
        "village": mother["village"],
        "panchayat": mother["panchayat"],
        "block_code": mother["block_code"],
        "district_code": mother["district_code"],
    }


def mother(mother_id: UUID | str | None) -> dict[str, Any] | None:
    """Whose child is being registered; None for nobody. 1 query with an id."""
    try:
        found = patients.patient(UUID(str(mother_id))) if mother_id else None
    except ValueError:
        return None
    return patients.brief(found) if found else None
