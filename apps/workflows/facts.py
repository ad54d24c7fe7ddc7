"""What the safety rules may know of a patient: the banner, today's vitals and diagnoses, the list
of long-term illness, the last kidney test."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from apps.encounters import queries as encounters
from apps.labs import queries as labs
from apps.prescriptions import rules
from apps.prescriptions.safety import Facts, illnesses, ingredients
from apps.terminology import queries as terminology
from apps.workflows.draft import Draft

KIDNEY = "eGFR"
ADULT_YEARS = 18


def facts_of(
    visit: Any, patient: dict[str, Any], draft: Draft, vitals: list[dict[str, Any]] | None = None
) -> Facts:
    """`vitals` as the screen has them; read when not given (1 query). A kidney test is looked up
    only when a medicine of the draft has a rule about kidneys (1 query more)."""
    if vitals is None:
        vitals = encounters.vitals(visit.pk, by=False) if draft["medicines"] else []
    signs = {row["code"]: row for row in vitals}
    icd = [row.get("icd", "") for row in draft["diagnoses"]]
    icd += [row.get("icd") or row.get("code", "") for row in patient.get("conditions") or []]
    known = illnesses(icd)
    if signs.get("HR", {}).get("flag") == "low":
        known |= {"heart block / bradycardia"}
    return Facts(
        allergies=tuple(patient["allergies"]["items"]),
        pregnant=bool(visit.pregnant),
        age_months=months_of(patient),
        weeks=(timezone.localdate() - visit.lmp).days // 7 if visit.lmp else None,
        weight_kg=_number(signs.get("WT", {}).get("value")),
        egfr=_egfr(visit.patient_id, patient) if _about_kidneys(draft) else None,
        illnesses=known,
    )


def months_of(patient: dict[str, Any]) -> int | None:
    """Age in completed months, from the banner's dict or its brief. No query."""
    years, unit = patient.get("age_years"), patient.get("age_unit")
    if unit in ("months", "days"):
        return int(patient["age_number"]) if unit == "months" else 0
    return int(years) * 12 if years is not None else None


def _number(text: Any) -> Decimal | None:
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        return None
    return value if value.is_finite() and value > 0 else None


def _about_kidneys(draft: Draft) -> bool:
    known = terminology.medications([row["code"] for row in draft["medicines"]])
    by_name = rules.conditions()
    return any(
        rule.about.startswith(KIDNEY)
        for drug in known.values()
        for name in ingredients(drug.generic_name)
        for rule in by_name.get(name, ())
    )


def _egfr(patient_id: Any, patient: dict[str, Any]) -> int | None:
    """From the last creatinine in mg/dL by CKD-EPI 2021 (adults only; the equation is public)."""
    years, sex = patient.get("age_years") or 0, patient.get("sex")
    if years < ADULT_YEARS or sex not in ("female", "male"):
        return None
    told = labs.last_value(patient_id, "CREA")
    if told is None or told[0] <= 0 or told[1].lower().replace(" ", "") != "mg/dl":
        return None
    female = sex == "female"
    ratio = float(told[0]) / (0.7 if female else 0.9)
    low = min(ratio, 1.0) ** (-0.241 if female else -0.302)
    return round(142 * low * max(ratio, 1.0) ** -1.2 * 0.9938**years * (1.012 if female else 1.0))
