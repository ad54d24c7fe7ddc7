"""Findings, medicines, orders and results out of a paper's content."""

from decimal import Decimal, InvalidOperation
from typing import Any

from apps.abdm.fhir.parts import (
    ICD10,
    LOINC,
    TERMS,
    UCUM,
    Document,
    Resource,
    both,
    coding,
    concept,
)

# The vital signs of the desk in LOINC's words; a code outside these would break the closed slice.
VITALS = {
    "BP": ("85354-9", "Blood pressure panel with all children optional", "mm[Hg]"),
    "HR": ("8867-4", "Heart rate", "/min"),
    "RR": ("9279-1", "Respiratory rate", "/min"),
    "SPO2": ("2708-6", "Oxygen saturation in Arterial blood", "%"),
    "WT": ("29463-7", "Body weight", "kg"),
    "HT": ("8302-2", "Body height", "cm"),
    "BMI": ("39156-5", "Body mass index (BMI) [Ratio]", "kg/m2"),
}
PRESSURE = (("8480-6", "Systolic blood pressure"), ("8462-4", "Diastolic blood pressure"))


def conditions(
    document: Document, rows: list[dict[str, Any]], who: dict[str, Resource], *, name: str = ""
) -> list[Resource]:
    """Complaints (words only) or diagnoses (ICD-10 where a code is there).

    `name` tells two lists of one paper apart.
    """
    made = []
    for n, row in enumerate(rows):
        code: Resource = {"text": both(row)}
        if row.get("code"):
            code["coding"] = [coding(ICD10, row["code"], row["en"])]
        body = {
            "clinicalStatus": concept(f"{TERMS}/condition-clinical", "active", "Active"),
            "code": code,
            "subject": who["subject"],
            "encounter": who["encounter"],
        }
        made.append(
            document.add("Condition", f"{name}{row.get('code') or 'words'}-{n}-{row['en']}", body)
        )
    return made


def medicines(document: Document, who: dict[str, Resource]) -> list[Resource]:
    """One MedicationRequest a line; the dose in the words that the patient reads."""
    content = document.facts.content
    made = []
    for n, line in enumerate(content.get("medicines", [])):
        words = [line["sentence_en"], line.get("when_en", ""), _days(line), line.get("note", "")]
        body = {
            "status": "stopped" if line.get("stopped") else "active",
            "intent": "order",
            "medicationCodeableConcept": {"text": line["name"]},
            "subject": who["subject"],
            "encounter": who["encounter"],
            "authoredOn": content["signer"]["signed_at"],
            "requester": who["author"],
            "dosageInstruction": [{"text": ", ".join(word for word in words if word)}],
        }
        made.append(document.add("MedicationRequest", f"{n}", body))
    return made


def _days(line: dict[str, Any]) -> str:
    told = str(line.get("days_en") or "")
    return f"{told} days" if told.isdecimal() else told


def orders(document: Document, who: dict[str, Resource]) -> list[Resource]:
    return [
        document.add(
            "ServiceRequest",
            f"{n}",
            {
                "status": "active",
                "intent": "order",
                "code": {"text": both(row)},
                "subject": who["subject"],
                "encounter": who["encounter"],
                "requester": who["author"],
            },
        )
        for n, row in enumerate(document.facts.content.get("tests", []))
    ]


def allergies(document: Document, who: dict[str, Resource]) -> list[Resource]:
    told = document.facts.content.get("allergies", {})
    active = concept(f"{TERMS}/allergyintolerance-clinical", "active", "Active")
    return [
        document.add(
            "AllergyIntolerance",
            f"{n}",
            {"clinicalStatus": active, "code": {"text": both(item)}, "patient": who["subject"]},
        )
        for n, item in enumerate(told.get("items", []))
    ]


def vitals(document: Document, who: dict[str, Resource]) -> list[Resource]:
    """What the nurse measured; kinds without a code of the guide go as words."""
    return [vital(document, row, who) for row in document.facts.content.get("vitals", [])]


def vital(
    document: Document, row: dict[str, Any], who: dict[str, Resource], *, profile: str = ""
) -> Resource:
    code = row.get("code", "")
    known = VITALS.get(code)
    named = concept(LOINC, *known[:2], text=row["label_en"]) if known else {"text": row["label_en"]}
    body: Resource = {
        "status": "final",
        "code": named,
        "subject": who["subject"],
        "encounter": who["encounter"],
        "effectiveDateTime": document.facts.content["signer"]["signed_at"],
        **_measured(code, row, known[2] if known else ""),
    }
    return document.add("Observation", code or row["label_en"], body, profile=profile)


def _measured(code: str, row: dict[str, Any], unit: str) -> Resource:
    if code == "BP" and "/" in row["value"]:
        upper, lower = row["value"].split("/", 1)
        return {
            "component": [
                {"code": concept(LOINC, *name), "valueQuantity": quantity(value, "mmHg", "mm[Hg]")}
                for name, value in zip(PRESSURE, (upper, lower), strict=True)
            ]
        }
    return value_of(row["value"], row.get("unit", ""), unit)


def quantity(value: str, unit: str, ucum: str) -> Resource:
    number = Decimal(value)
    told: Resource = {"value": int(number) if number == number.to_integral() else float(number)}
    if unit:
        told["unit"] = unit
    if ucum:
        told |= {"system": UCUM, "code": ucum}
    return told


def value_of(value: str, unit: str, ucum: str) -> Resource:
    """A number with its unit, or what is written."""
    try:
        return {"valueQuantity": quantity(value, unit, ucum)}
    except InvalidOperation:
        return {"valueString": value}
