"""Resources that every document carries, and the words they share. Pure: facts in, JSON out.

Profiles: FHIR Implementation Guide for ABDM 6.5.0 (`https://nrces.in/ndhm/fhir/r4`). Every
resource names its profile; references are `urn:uuid`, made from the paper's id, so that the same
paper always gives the same bundle.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

Resource = dict[str, Any]
GUIDE = "https://nrces.in/ndhm/fhir/r4/StructureDefinition"
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203"
TERMS = "http://terminology.hl7.org/CodeSystem"
UCUM = "http://unitsofmeasure.org"
# Hosts of identifiers are placeholders in the guide; these are what the national mapper sends.
ABHA, HPR, HFR = (f"https://{name}.abdm.gov.in" for name in ("healthid", "doctor", "facility"))


@dataclass(frozen=True, slots=True)
class Facts:
    """One frozen paper and whom it is about.

    `home`: address of the hospital, base of our own identifier systems. `patient`: {"mrn", "name",
    "sex", "born" (ISO date or year), "abha_number"}; `facility`: {"name", "hfr_id", "code"};
    `visit`: {"number", "started_at" (ISO with zone), "kind" (OPD, IPD, ER), "ended_at" or ""}.
    `is_demo`: made-up content, marked in the bundle as test data.
    """

    id: UUID
    kind: str
    content: dict[str, Any]
    status: str
    issued_at: str
    home: str
    patient: dict[str, str]
    facility: dict[str, str]
    visit: dict[str, str]
    pdf: str = ""  # base64, when the paper's picture goes along
    is_demo: bool = False


class Document:
    """Collects the resources of one bundle; the Composition comes first."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.resources: list[Resource] = []

    def add(self, kind: str, name: str, body: Resource, *, profile: str = "") -> Resource:
        """One resource; gives the reference to it. `name` tells it apart within the paper."""
        key = str(uuid5(self.facts.id, f"{kind}/{name}"))
        resource = {
            "resourceType": kind,
            "id": key,
            "meta": {"profile": [f"{GUIDE}/{profile or kind}"]},
            **{field: value for field, value in body.items() if value not in ("", None, [], {})},
        }
        self.resources.append(resource)
        return {"reference": f"urn:uuid:{key}"}

    def typed(self, kind: str, reference: Resource) -> Resource:
        """With the type that closed slicing asks for."""
        return {**reference, "type": kind}

    def bundle(self) -> Resource:
        facts = self.facts
        first = [r for r in self.resources if r["resourceType"] == "Composition"]
        rest = [r for r in self.resources if r["resourceType"] != "Composition"]
        return {
            "resourceType": "Bundle",
            "id": str(facts.id),
            "meta": {
                "versionId": "1",
                "lastUpdated": facts.issued_at,
                "profile": [f"{GUIDE}/DocumentBundle"],
                "security": self._labels(),
            },
            "identifier": {"system": f"{facts.home}/id/document", "value": str(facts.id)},
            "type": "document",
            "timestamp": facts.issued_at,
            "entry": [{"fullUrl": f"urn:uuid:{r['id']}", "resource": r} for r in [*first, *rest]],
        }

    def _labels(self) -> list[Resource]:
        secret = coding(f"{TERMS}/v3-Confidentiality", "V", "very restricted")
        test = coding(f"{TERMS}/v3-ActReason", "HTEST", "test health data")
        return [secret, test] if self.facts.is_demo else [secret]


def coding(system: str, code: str, display: str) -> Resource:
    return {"system": system, "code": code, "display": display}


def concept(system: str, code: str, display: str, text: str = "") -> Resource:
    return {"coding": [coding(system, code, display)], **({"text": text} if text else {})}


def both(pair: dict[str, str]) -> str:
    """English with the Hindi behind it, when they differ."""
    hi, en = pair.get("hi", ""), pair.get("en", "")
    return f"{en} ({hi})" if hi and en and hi != en else en or hi


def patient(document: Document) -> Resource:
    body = patient_body(document.facts.home, document.facts.patient)
    return document.add("Patient", "patient", body)


def patient_body(home: str, told: dict[str, str]) -> Resource:
    """Numbers, name, sex and birth; no telephone and no address."""
    identifiers = [_identifier("MR", "Medical record number", f"{home}/id/mrn", told["mrn"])]
    if told.get("abha_number"):
        identifiers.append(_identifier("MR", "Medical record number", ABHA, told["abha_number"]))
    return {
        "identifier": identifiers,
        "name": [{"text": told["name"]}],
        "gender": told["sex"],
        "birthDate": told["born"],
    }


def organisation(document: Document) -> Resource:
    facts, told = document.facts, document.facts.facility
    system, value = (
        (HFR, told["hfr_id"])
        if told.get("hfr_id")
        else (
            f"{facts.home}/id/facility",
            told["code"],
        )
    )
    body = {
        "identifier": [_identifier("PRN", "Provider number", system, value)],
        "name": told["name"],
    }
    return document.add("Organization", "facility", body)


def practitioner(document: Document, signer: dict[str, str]) -> Resource:
    """Who signed; by HPR id where there is one, else by the council's registration number."""
    system, value = (
        (HPR, signer["hpr_id"])
        if signer.get("hpr_id")
        else (
            f"{document.facts.home}/id/registration",
            signer.get("registration_no") or "unregistered",
        )
    )
    body: Resource = {
        "identifier": [_identifier("MD", "Medical License number", system, value)],
        "name": [{"text": signer.get("name_en") or signer.get("name_hi", "")}],
    }
    if signer.get("qualification"):
        body["qualification"] = [{"code": {"text": signer["qualification"]}}]
    return document.add("Practitioner", "signer", body)


def encounter(document: Document, subject: Resource) -> Resource:
    facts = document.facts
    body = {
        "identifier": [{"system": f"{facts.home}/id/visit", "value": facts.visit["number"]}],
        "status": "finished",
        "class": visit_class(facts.visit["kind"]),
        "subject": subject,
        "period": {"start": facts.visit["started_at"], **_end(facts.visit)},
    }
    return document.add("Encounter", "visit", body)


def visit_class(kind: str) -> Resource:
    """OPD, IPD or ER in HL7's words."""
    kinds = {"IPD": ("IMP", "inpatient encounter"), "ER": ("EMER", "emergency")}
    return coding(f"{TERMS}/v3-ActCode", *kinds.get(kind, ("AMB", "ambulatory")))


def _end(visit: dict[str, str]) -> Resource:
    return {"end": visit["ended_at"]} if visit.get("ended_at") else {}


def _identifier(code: str, display: str, system: str, value: str) -> Resource:
    return {"type": concept(IDENTIFIER_TYPE, code, display), "system": system, "value": value}
