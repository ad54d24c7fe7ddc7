"""What the read-only API can, as FHIR wants it told."""

from typing import Any

from apps.abdm.fhir.parts import GUIDE, Resource

SINCE = "2026-11-29"
DAYS = {"Encounter": "date", "MedicationRequest": "authoredon", "DiagnosticReport": "date",
        "DocumentReference": "date"}  # fmt: skip


def statement(base: str) -> Resource:
    """The CapabilityStatement of one hospital's API."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": SINCE,
        "kind": "instance",
        "software": {"name": "Bhavya"},
        "implementation": {"description": "Read-only, by API key", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "description": "Authorization: Bearer <API key>, scopes as system/Patient.rs. "
                    "Numbers of persons are searched by POST _search only.",
                },
                "resource": [_patient(), *[_kind(name, day) for name, day in DAYS.items()],
                             {"type": "Bundle", "interaction": [{"code": "read"}]}],
            }
        ],
    }  # fmt: skip


def _patient() -> dict[str, Any]:
    everything = "http://hl7.org/fhir/OperationDefinition/Patient-everything"
    return {
        **_kind("Patient", ""),
        "searchParam": [
            {"name": "_id", "type": "token"},
            {"name": "identifier", "type": "token", "documentation": "POST _search only"},
        ],
        "operation": [{"name": "everything", "definition": everything}],
    }


def _kind(name: str, day: str) -> dict[str, Any]:
    return {
        "type": name,
        "profile": f"{GUIDE}/{name}",
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "versioned",
        "readHistory": False,
        "searchParam": [
            {"name": "patient", "type": "reference"},
            {"name": day, "type": "date"},
        ],
    }
