"""What was measured, as people read it."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language

from apps.accounts import queries as accounts
from apps.encounters.models import Encounter, Observation
from apps.encounters.vital_signs import MEASURES, SIGNS, VITALS, bmi, shown, usual

Row = dict[str, Any]
ORDER = ["BP", "HR", "TEMP", "SPO2", "OXYGEN", "ACVPU", "RR", "WT", "HT", "BMI", "CBG", "MUAC"]
WORD = {"": "", "L": "low", "LL": "low", "H": "high", "HH": "high"}
AWAKE = (  # by the place of the letter in ACVPU
    ("जागा हुआ", "Alert"),
    ("भ्रमित", "Confused"),
    ("आवाज़ पर", "Answers voice"),
    ("दर्द पर", "Answers pain"),
    ("बेहोश", "Unresponsive"),
)


def vitals(encounter_id: UUID, *, by: bool = True) -> list[Row]:
    """The latest value of each kind, BP as one, BMI of adults. 2 queries, 1 without `by`.

    {code, label_hi, label_en, value (text, °F for temperature), unit, flag: high | low | "",
    severe, taken_at, by_id, by (name of who measured, "" when not asked for)}. Of the chosen
    signs only what is not usual: on oxygen, not alert.
    """
    latest = _latest(encounter_id)
    plain = [code for code in latest if code in VITALS and code not in ("SBP", "DBP")]
    rows = [_row(latest[code]) for code in plain]
    if "SBP" in latest and "DBP" in latest:
        rows.append(_blood_pressure(latest["SBP"], latest["DBP"]))
    if "WT" in latest and "HT" in latest:
        rows += _body_mass(latest["WT"], latest["HT"])
    rows += [_sign(latest[code]) for code in ("OXYGEN", "ACVPU") if code in latest]
    by_id = next((row["by_id"] for row in rows if row["by_id"]), None)
    name = accounts.display_name(accounts.user(by_id)) if by and by_id else ""
    for row in rows:
        row["by"] = name
    return sorted((row for row in rows if row["value"]), key=lambda row: ORDER.index(row["code"]))


def latest_values(encounter_id: UUID) -> dict[str, Decimal]:
    """The newest of everything measured or chosen in a visit, in stored units. 1 query."""
    return {code: row.value for code, row in _latest(encounter_id).items()}


def _latest(encounter_id: UUID) -> dict[str, Observation]:
    found = Observation.objects.filter(
        encounter_id=encounter_id, code__in=MEASURES, status=Observation.Status.FINAL
    ).select_related("encounter__patient")
    return {row.code: row for row in found.order_by("taken_at")}


def _sign(chosen: Observation) -> Row:
    """A chosen sign in words; nothing to say ("") for a patient who is awake and on air."""
    sign, value = SIGNS[chosen.code], int(chosen.value)
    hindi, latin = AWAKE[value] if chosen.code == "ACVPU" else ("ऑक्सीजन", "Oxygen")
    return {
        "code": chosen.code,
        "label_hi": sign.label_hi,
        "label_en": sign.label_en,
        "value": (hindi if get_language() == "hi" else latin) if value else "",
        "unit": "",
        "flag": "",
        "severe": chosen.code == "ACVPU" and value > 0,
        "taken_at": timezone.localtime(chosen.taken_at),
        "by_id": chosen.taken_by_id,
    }


def _body_mass(weight: Observation, height: Observation) -> list[Row]:
    """BMI where a bound for this age is known: grown people. Calculated, never stored."""
    born = weight.encounter.patient.birth_date
    bounds = usual("BMI", born=born, on=timezone.localdate(weight.taken_at))
    if bounds is None or weight.encounter.pregnant:
        return []
    value = bmi(weight.value, height.value)
    flag = bounds.flag(value)
    return [
        {
            **_row(weight),
            "code": "BMI",
            "label_hi": "बीएमआई",
            "label_en": "BMI",
            "value": f"{value:f}",
            "unit": "kg/m²",
            "flag": WORD[flag],
            "severe": len(flag) == 2,
        }
    ]


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
