"""The frozen content of a prescription paper, in both languages. Reads nothing by itself."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from apps.prescriptions.queries import Line
from apps.workflows.draft import Draft, follow_up_date

WEEKDAYS_HI = ("सोमवार", "मंगलवार", "बुधवार", "गुरुवार", "शुक्रवार", "शनिवार", "रविवार")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DANGER = {
    "hi": "साँस फूलना, बेहोशी, बहुत तेज़ बुखार, खून आना।",
    "en": "Breathlessness, fainting, very high fever, bleeding.",
}
PROVENANCE = {
    "hi": "खुराक के शब्द और सावधानियाँ अभी चिकित्सा समिति से जाँची नहीं गई हैं। डॉक्टर की सलाह ही मानें।",
    "en": "Dose words and cautions are not yet checked by a medical committee. "
    "Follow what the doctor said.",
}
PATIENT_KEYS = (
    "name_hi", "name_en", "age_hi", "age_en", "sex_hi", "sex_en", "guardian_hi", "guardian_en",
    "place_hi", "place_en", "abha_masked", "mrn", "age_years",
)  # fmt: skip


def prescription(
    *,
    draft: Draft,
    lines: list[Line],
    patient: Mapping[str, Any],
    vitals: list[dict[str, Any]],
    place: Mapping[str, Any],
    slip: str,
    token: str,
    signer: Mapping[str, Any],
    stock: Mapping[str, Decimal],
    signed_at: datetime,
) -> dict[str, Any]:
    """Content of kind Prescription, schema 1. `place`: facility, department, room, help line."""
    at = timezone.localtime(signed_at).isoformat(timespec="seconds")
    return {
        "schema": 1,
        "facility": dict(place),
        "slip": slip,
        "token": token,
        "issued_at": at,
        "patient": _patient(patient),
        "allergies": {
            "status": patient["allergies"]["status"],
            "items": [_both(item) for item in patient["allergies"]["items"]],
        },
        "vitals": [_vital(row) for row in vitals],
        **_written(draft, lines, stock),
        "danger": DANGER,
        "follow_up": _follow_up(follow_up_date(draft), str(place.get("room", ""))),
        "signer": {**signer, "signed_at": at},
        "provenance": PROVENANCE,
        "language": patient.get("language") or "hi",
    }


def _written(draft: Draft, lines: list[Line], stock: Mapping[str, Decimal]) -> dict[str, Any]:
    """What the doctor found and ordered."""
    return {
        "complaints": [_complaint(row) for row in draft["complaints"]],
        "diagnoses": [{**_both(row), "code": row.get("icd", "")} for row in draft["diagnoses"]],
        "medicines": [_medicine(line, stock) for line in lines],
        "tests": [_both(row) for row in draft["tests"]],
        "advice": _advice(draft),
    }


def _patient(patient: Mapping[str, Any]) -> dict[str, Any]:
    """What the paper may say of the human; of the mobile only the last four digits."""
    shown = {key: patient.get(key, "") for key in PATIENT_KEYS}
    return {**shown, "mobile_last4": (patient.get("mobile") or "")[-4:]}


def _vital(row: Mapping[str, Any]) -> dict[str, str]:
    """One measured sign; `code` (BP, HR, …) lets other systems name it in LOINC."""
    shown = {key: row[key] for key in ("code", "label_hi", "label_en", "unit", "flag")}
    return {**shown, "value": str(row["value"])}


def _both(row: Mapping[str, Any]) -> dict[str, str]:
    """Both names; the one that is there stands in for the other."""
    hi, en = row.get("hi") or "", row.get("en") or ""
    return {"hi": hi or en, "en": en or hi}


def _complaint(row: Mapping[str, Any]) -> dict[str, str]:
    both, days = _both(row), row.get("days")
    if not days:
        return both
    return {
        "hi": f"{both['hi']} · {days} दिन",
        "en": f"{both['en']} · {days} {'day' if days == 1 else 'days'}",
    }


def _advice(draft: Draft) -> list[dict[str, str]]:
    written = [_both(row) for row in draft["advice"]]
    text = draft["advice_text"]
    return [*written, {"hi": text, "en": text}] if text else written


def _medicine(line: Line, stock: Mapping[str, Decimal]) -> dict[str, Any]:
    dose, drug = line.dose, line.medication
    assert dose is not None  # only ready lines are printed
    return {
        "name": line.name,
        "name_hi": line.name.replace(drug.generic_name, drug.name_hi)
        if drug.name_hi
        else line.name,
        "form_hi": dose.unit_hi,
        "form_en": drug.form,
        "pattern": list(dose.pattern) if dose.pattern else None,
        "sentence_hi": dose.sentence_hi,
        "sentence_en": dose.sentence_en,
        "when_hi": dose.when_hi,
        "when_en": dose.when_en,
        "days_hi": dose.days_hi,
        "days_en": dose.days_en,
        "quantity": dose.quantity_text,
        "unit_hi": dose.unit_hi,
        "unit_en": dose.unit_en,
        "note": line.typed.get("note", ""),
        "stock": stock_level(stock.get(drug.code, Decimal(0)), dose.quantity),
    }


def stock_level(on_hand: Decimal, needed: Decimal) -> str:
    """ "out" when there is none, "low" when it does not cover this line, else "available"."""
    if on_hand <= 0:
        return "out"
    return "low" if on_hand < needed else "available"


def _follow_up(day: date | None, room: str) -> dict[str, Any] | None:
    if day is None:
        return None
    return {
        "date": day.isoformat(),
        "weekday_hi": WEEKDAYS_HI[day.weekday()],
        "weekday_en": WEEKDAYS_EN[day.weekday()],
        "room": room,
    }


def addendum(
    *,
    text: str,
    added: list[Line],
    stopped: list[str],
    tests: list[Mapping[str, Any]],
    day: date | None,
    room: str,
    signer: Mapping[str, Any],
    stock: Mapping[str, Decimal],
    signed_at: datetime,
) -> dict[str, Any]:
    """What was added to a signed paper: who, when, what. `stopped`: names as on the paper."""
    at = timezone.localtime(signed_at).isoformat(timespec="seconds")
    return {
        "at": at,
        "text": text,
        "added": [{**_medicine(line, stock), "added": at} for line in added],
        "stopped": [{"name": name} for name in stopped],
        "tests": [_both(row) for row in tests],
        "follow_up": _follow_up(day, room),
        "signer": {**signer, "signed_at": at},
    }


def amended(old: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """The paper as it is valid now: every old word, what was stopped marked, the addendum below."""
    gone = [row["name"] for row in more["stopped"]]
    medicines = []
    for row in old["medicines"]:
        stopped = not row.get("stopped") and row["name"] in gone
        if stopped:
            gone.remove(row["name"])
        medicines.append({**row, "stopped": more["at"]} if stopped else row)
    return {
        **old,
        "medicines": [*medicines, *more["added"]],
        "tests": [*old["tests"], *more["tests"]],
        "follow_up": more["follow_up"] or old["follow_up"],
        "addenda": [*old.get("addenda", []), more],
    }


def paper(
    *,
    patient: Mapping[str, Any],
    place: Mapping[str, Any],
    slip: str,
    signer: Mapping[str, Any],
    signed_at: datetime,
) -> dict[str, Any]:
    """What every signed paper carries: from where, whose, when, by whom. Schema 1."""
    at = timezone.localtime(signed_at).isoformat(timespec="seconds")
    return {
        "schema": 1,
        "facility": dict(place),
        "slip": slip,
        "issued_at": at,
        "patient": _patient(patient),
        "signer": {**signer, "signed_at": at},
        "language": patient.get("language") or "hi",
    }
