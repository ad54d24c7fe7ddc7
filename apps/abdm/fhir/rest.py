"""Single resources for the read-only API: rows and facts in, JSON out.

Where a profile of the guide asks for what we do not keep (data inside a DocumentReference, a film
behind an imaging report), the resource claims no profile.
"""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.abdm.fhir.parts import (
    ABHA,
    GUIDE,
    ICD10,
    SNOMED,
    TERMS,
    Resource,
    coding,
    concept,
    patient_body,
    visit_class,
)
from apps.abdm.fhir.reports import INTERPRETATION

__all__ = [
    "ABHA", "diagnostic_report", "document_reference", "encounter", "medication_request", "outcome",
    "patient", "resource", "searchset", "version_of",
]  # fmt: skip
KINDS = {
    "Prescription": ("440545006", "Prescription record"),
    "OPConsultation": ("371530004", "Clinical consultation report"),
    "DiagnosticReport": ("721981007", "Diagnostic studies report"),
    "HealthDocumentRecord": ("419891008", "Record artifact"),
}


def resource(kind: str, id: Any, body: Mapping[str, Any], *, profile: str = "") -> Resource:
    """With its id, its profile and a version that changes whenever anything in it does."""
    kept = {name: value for name, value in body.items() if value not in ("", None, [], {})}
    meta: Resource = {"versionId": version_of(kept)}
    if profile:
        meta["profile"] = [f"{GUIDE}/{profile}"]
    return {"resourceType": kind, "id": str(id), "meta": meta, **kept}


def version_of(body: Mapping[str, Any]) -> str:
    """Another one whenever anything in it is."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def patient(row: Any, told: dict[str, str], *, home: str) -> Resource:
    """A record that was joined to another says which."""
    body = {**patient_body(home, told), "active": row.replaced_by_id is None}
    if row.replaced_by_id:
        other = {"reference": f"Patient/{row.replaced_by_id}"}
        body["link"] = [{"other": other, "type": "replaced-by"}]
    return resource("Patient", row.pk, body, profile="Patient")


def encounter(row: Any, *, home: str, moments: Mapping[str, str], doctor: str) -> Resource:
    """A visit with its diagnoses. `moments`: start and, when it is over, end."""
    who = {"reference": f"Patient/{row.patient_id}"}
    found = [_diagnosis(n, one, who) for n, one in enumerate(row.diagnoses, 1)]
    body = {
        "contained": found,
        "identifier": [{"system": f"{home}/id/visit", "value": row.number}],
        "status": row.status,
        "class": visit_class(row.kind),
        "serviceType": {"text": row.department},
        "subject": who,
        "participant": [{"individual": {"display": doctor}}] if doctor else [],
        "period": dict(moments),
        "diagnosis": [{"condition": {"reference": f"#{one['id']}"}} for one in found],
    }
    return resource("Encounter", row.pk, body, profile="Encounter")


def _diagnosis(n: int, found: Any, who: Resource) -> Resource:
    code: Resource = {"text": found.display_en}
    if found.standard_code:
        code["coding"] = [coding(ICD10, found.standard_code, found.display_en)]
    return {"resourceType": "Condition", "id": f"d{n}", "code": code, "subject": who}


def medication_request(row: Any, *, authored: str, doctor: str) -> Resource:
    """One line of a prescription; a stopped one says so."""
    of = row.prescription
    told = row.dosage.get("fhir") or [{"text": row.dosage.get("en") or row.dosage.get("hi", "")}]
    state = "stopped" if row.closed == "stopped" else of.status
    supply: Resource = {"quantity": {"value": _number(row.quantity), "unit": row.unit}}
    if row.days:
        supply["expectedSupplyDuration"] = {
            "value": row.days, "unit": "day", "system": "http://unitsofmeasure.org", "code": "d",
        }  # fmt: skip
    body = {
        "status": state,
        "intent": "order",
        "medicationCodeableConcept": {"text": row.display},
        "subject": {"reference": f"Patient/{of.encounter.patient_id}"},
        "encounter": {"reference": f"Encounter/{of.encounter_id}"},
        "authoredOn": authored,
        "requester": {"display": doctor},
        "groupIdentifier": {"value": str(of.pk)},
        "dosageInstruction": told,
        "dispenseRequest": supply,
        "note": [{"text": row.note}] if row.note else [],
    }
    return resource("MedicationRequest", row.pk, body, profile="MedicationRequest")


def diagnostic_report(row: Any, *, issued: str, verifier: str, hospital: str) -> Resource:
    """A released report with its results inside."""
    who = {"reference": f"Patient/{row.patient_id}"}
    results = [_observation(n, line, who) for n, line in enumerate(row.results, 1)]
    body = {
        "contained": results,
        "status": row.status,
        "code": {"text": row.request.display_en},
        "subject": who,
        "encounter": {"reference": f"Encounter/{row.request.encounter_id}"},
        "issued": issued,
        "performer": [{"display": hospital}],
        "resultsInterpreter": [{"display": verifier}] if verifier else [],
        "result": [{"reference": f"#{one['id']}"} for one in results],
        "conclusion": row.conclusion or "See results.",
    }
    full = bool(results and verifier)
    profile = "DiagnosticReportLab" if full else ""
    return resource("DiagnosticReport", row.pk, body, profile=profile)


def _observation(n: int, line: Mapping[str, Any], who: Resource) -> Resource:
    body: Resource = {
        "resourceType": "Observation",
        "id": f"r{n}",
        "status": "final",
        "code": {"text": line["name_en"]},
        "subject": who,
        **_value(str(line.get("value", "")), line.get("unit", "")),
    }
    flag = line.get("flag", "")
    if flag in INTERPRETATION:
        system = f"{TERMS}/v3-ObservationInterpretation"
        body["interpretation"] = [concept(system, flag, INTERPRETATION[flag])]
    if line.get("range"):
        body["referenceRange"] = [{"text": line["range"]}]
    return body


def _value(text: str, unit: str) -> Resource:
    try:
        number = _number(Decimal(text))
    except ArithmeticError:
        return {"valueString": text or "-"}
    return {"valueQuantity": {"value": number, **({"unit": unit} if unit else {})}}


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def document_reference(row: Any, *, home: str, issued: str, title: str) -> Resource:
    """A signed paper; its attachment is the FHIR document, read from /Bundle/."""
    body = {
        "status": row.status,
        "docStatus": "entered-in-error" if row.status == "entered-in-error" else "final",
        "type": concept(SNOMED, *KINDS[row.kind], text=title),
        "subject": {"reference": f"Patient/{row.patient_id}"},
        "date": issued,
        "relatesTo": [
            {"code": "replaces",
             "target": {"reference": f"DocumentReference/{row.supersedes_id}"}}
        ] if row.supersedes_id else [],
        "content": [
            {
                "attachment": {
                    "contentType": "application/fhir+json",
                    "url": f"{home}/fhir/R4/Bundle/{row.pk}",
                    "title": title,
                    "creation": issued,
                }
            }
        ],
        "context": {"encounter": [{"reference": f"Encounter/{row.encounter_id}"}]},
    }  # fmt: skip
    return resource("DocumentReference", row.pk, body)


def outcome(code: str, words: str, *, severity: str = "error") -> Resource:
    issue = {"severity": severity, "code": code, "diagnostics": words}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def searchset(rows: list[Resource], *, base: str, here: str, onward: str = "") -> Resource:
    """A page of matches; `here` and `onward` are addresses with ids and days only."""
    links = [{"relation": "self", "url": f"{base}/{here}"}]
    if onward:
        links.append({"relation": "next", "url": f"{base}/{onward}"})
    entries = [
        {
            "fullUrl": f"{base}/{one['resourceType']}/{one['id']}",
            "resource": one,
            "search": {"mode": "match"},
        }
        for one in rows
    ]
    return {"resourceType": "Bundle", "type": "searchset", "link": links, "entry": entries}
