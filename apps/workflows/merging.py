"""What the page of two records shows: both sides, line by line, and who else may be meant."""

from typing import Any
from uuid import UUID

from apps.encounters import queries as visits
from apps.facilities import queries as facilities
from apps.patients import queries as patients

Row = dict[str, Any]


def side(patient_id: UUID) -> Row | None:
    """One record as the page shows it. 4 queries."""
    patient = patients.patient(patient_id)
    if patient is None:
        return None
    shown = patients.banner(patient_id, known=patient)
    past = visits.past_visits(patient_id, 5)
    place = facilities.place_name(patient.block_code, patient.district_code)
    return {**shown, "visits": past, "place": place, "estimated": patient.birth_estimated}


LINES = ("name_hi", "name_en", "sex", "birth_date", "mobile", "guardian_name", "village")


def differences(one: Row, two: Row) -> set[str]:
    """The lines in which two records say something else; what is empty on a side differs not."""
    return {name for name in LINES if one[name] and two[name] and one[name] != two[name]}


def perhaps_same(one: Row) -> list[Row]:
    """Who sounds alike, is as old, or has the same mobile. 2 queries."""
    name = one["name_hi"] or one["name_en"]
    alike = patients.look_alikes(
        name, born=one["birth_date"], sex=one["sex"], village=one["village"], limit=8
    )
    family = [
        row
        for row in patients.of_mobile(one["mobile"])
        if row["sex"] == one["sex"] and abs(row["age_years"] - one["age_years"]) <= 5
    ]
    rows = {row["id"]: row for row in [*alike, *family] if row["id"] != one["id"]}
    return list(rows.values())
