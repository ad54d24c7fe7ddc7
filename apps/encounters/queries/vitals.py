"""What was measured, as people read it."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.accounts import queries as accounts
from apps.encounters.models import Encounter, Observation
from apps.encounters.vital_signs import VITALS, shown

Row = dict[str, Any]
ORDER = ["BP", "HR", "TEMP", "SPO2", "RR", "WT", "HT", "CBG", "MUAC"]
WORD = {"": "", "L": "low", "LL": "low", "H": "high", "HH": "high"}


def vitals(encounter_id: UUID, *, by: bool = True) -> list[Row]:
    """The latest value of each kind, blood pressure as one. 2 queries, 1 without `by`.

    {code, label_hi, label_en, value (text, °F for temperature), unit, flag: high | low | "",
    severe, taken_at, by_id, by (name of who measured, "" when not asked for)}.
    """
    latest = _latest(encounter_id)
    rows = [_row(latest[code]) for code in latest if code not in ("SBP", "DBP")]
    if "SBP" in latest and "DBP" in latest:
        rows.append(_blood_pressure(latest["SBP"], latest["DBP"]))
    by_id = next((row["by_id"] for row in rows if row["by_id"]), None)
    name = accounts.display_name(accounts.user(by_id)) if by and by_id else ""
    for row in rows:
        row["by"] = name
    return sorted(rows, key=lambda row: ORDER.index(row["code"]))


def _latest(encounter_id: UUID) -> dict[str, Observation]:
    found = Observation.objects.filter(
        encounter_id=encounter_id, code__in=VITALS, status=Observation.Status.FINAL
    )
    return {row.code: row for row in found.order_by("taken_at")}


def _row(measured: Observation) -> Row:
    vital = VITALS[measured.code]
    return {
        "code": measured.code,
        "label_hi": vital.label_hi,
        "label_en": vital.label_en,
        "value": shown(measured.code, measured.value),
        "unit": vital.entry_unit,
        "flag": WORD[measured.flag],
        "severe": len(measured.flag) == 2,
        "taken_at": timezone.localtime(measured.taken_at),
        "by_id": measured.taken_by_id,
    }


def _blood_pressure(upper: Observation, lower: Observation) -> Row:
    worst = max((upper.flag, lower.flag), key=lambda flag: (len(flag), flag))
    return {
        **_row(upper),
        "code": "BP",
        "label_hi": "बीपी",
        "label_en": "BP",
        "value": f"{shown('SBP', upper.value)}/{shown('DBP', lower.value)}",
        "flag": WORD[worst],
        "severe": len(worst) == 2,
    }


def last_measured(patient_id: UUID, *, before: UUID) -> dict[str, Row]:
    """Weight and height of the visits before this one: {code: {value, date}}. 1 query."""
    found = Observation.objects.filter(
        encounter__patient_id=patient_id,
        code__in=("WT", "HT"),
        status=Observation.Status.FINAL,
    ).exclude(encounter_id=before)
    return {
        row.code: {
            "value": shown(row.code, row.value),
            "date": timezone.localtime(row.taken_at).date(),
        }
        for row in found.exclude(encounter__status=Encounter.Status.CANCELLED).order_by("taken_at")
    }
