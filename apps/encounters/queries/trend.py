"""Vital signs of the last visits, for the small curves beside the consultation."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.encounters.models import Condition, Encounter, Observation
from apps.encounters.vital_signs import VITALS

Row = dict[str, Any]
MOST_VISITS = 6
GROWTH = ("WT", "HT", "MUAC")


def readings(patient_id: UUID, codes: tuple[str, ...], *, visits: int = MOST_VISITS) -> list[Row]:
    """[{"date", "encounter_id", code: value…}] of the last visits in which one of `codes` was
    measured, oldest first; of one visit the newest values. 1 query.
    """
    found = (
        Observation.objects.filter(
            encounter__patient_id=patient_id, code__in=codes, status=Observation.Status.FINAL
        )
        .exclude(encounter__status=Encounter.Status.CANCELLED)
        .order_by("-taken_at")
        .values_list("encounter_id", "taken_at", "code", "value")[: visits * len(codes) * 3]
    )
    rows: dict[UUID, Row] = {}
    for encounter_id, at, code, value in found:
        if encounter_id not in rows and len(rows) == visits:
            continue
        row = rows.setdefault(
            encounter_id, {"encounter_id": encounter_id, "date": timezone.localdate(at)}
        )
        row.setdefault(code, value)
    return list(rows.values())[::-1]


def pressures(patient_id: UUID) -> list[tuple[date, Decimal, Decimal]]:
    """(day, upper, lower) of the last visits, oldest first. 1 query."""
    rows = readings(patient_id, ("SBP", "DBP"))
    return [(row["date"], row["SBP"], row["DBP"]) for row in rows if {"SBP", "DBP"} <= row.keys()]


def growth(patient_id: UUID) -> list[Row]:
    """Weight, length or height and arm of a child over all visits (40 at most). 1 query."""
    assert set(GROWTH) <= VITALS.keys()
    return readings(patient_id, GROWTH, visits=40)


def past_icd(patient_id: UUID, *, but: UUID) -> frozenset[str]:
    """ICD-10 codes of the diagnoses of all earlier visits here. 1 query."""
    found = Condition.objects.filter(
        encounter__patient_id=patient_id,
        category=Condition.Category.DIAGNOSIS,
        status=Condition.Status.ACTIVE,
    ).exclude(encounter_id=but)
    return frozenset(found.exclude(standard_code="").values_list("standard_code", flat=True))
