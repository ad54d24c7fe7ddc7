"""One function a kind of paper, named as ABDM names it; each gives a whole document bundle."""

from collections.abc import Callable
from typing import Any

from apps.abdm.fhir import clinical
from apps.abdm.fhir.parts import (
    LOINC,
    SNOMED,
    Document,
    Facts,
    Resource,
    both,
    concept,
    encounter,
    organisation,
    patient,
    practitioner,
)

STATUS = {"current": "final", "superseded": "amended", "entered-in-error": "entered-in-error"}
Who = dict[str, Resource]


def build(facts: Facts) -> Resource:
    """The bundle of one frozen paper. KeyError: a kind that has no builder (see BUILDERS)."""
    return BUILDERS[facts.kind](facts)


def prescription(facts: Facts) -> Resource:
    document, who = _begun(facts)
    lines = clinical.medicines(document, who)
    entries = [document.typed("MedicationRequest", line) for line in lines]
    entries += _picture(document)
    code = concept(SNOMED, "440545006", "Prescription record")
    section = {"title": "Prescription record", "code": code, "entry": entries}
    _compose(document, who, "PrescriptionRecord", code, "Prescription", [section])
    return document.bundle()


def op_consultation(facts: Facts) -> Resource:
    """The visit's note; sections in the guide's order, empty ones left out."""
    document, who = _begun(facts)
    content = facts.content
    medicines = clinical.medicines(document, who)
    sections = [
        _section("422843007", "Chief complaint section", "Complaints",
                 clinical.conditions(document, content.get("complaints", []), who)),
        _section("425044008", "Physical exam section", "Measured",
                 clinical.vitals(document, who)),
        _section("722446000", "Allergy record", "Allergies", clinical.allergies(document, who)),
        _section("371529009", "History and physical report", "Diagnoses",
                 clinical.conditions(document, content.get("diagnoses", []), who)),
        _section("721963009", "Order document", "Tests", clinical.orders(document, who)),
        _section("721912009", "Medication summary document", "Medicines", medicines),
        _section("390906007", "Follow-up encounter", "Follow-up", _follow_up(document, who)),
    ]  # fmt: skip
    advice = "; ".join(both(row) for row in content.get("advice", []))
    if advice:
        sections.append({"title": "Advice", "text": _narrative(advice)})
    code = concept(SNOMED, "371530004", "Clinical consultation report")
    kept = [section for section in sections if section.get("entry") or section.get("text")]
    _compose(document, who, "OPConsultRecord", code, "OP consultation", kept)
    return document.bundle()


def diagnostic_report(facts: Facts) -> Resource:
    """A laboratory report: {"results": [...], "title_en", "signer"} as the laboratory froze it."""
    document, who = _begun(facts)
    results = [_result(document, who, n, row) for n, row in enumerate(facts.content["results"])]
    report = {
        "status": "amended" if facts.content.get("amended") else "final",
        "code": {"text": facts.content.get("title_en") or "Laboratory report"},
        "subject": who["subject"],
        "encounter": who["encounter"],
        "issued": facts.issued_at,
        "performer": [who["organisation"]],
        "resultsInterpreter": [who["author"]],
        "result": results,
        "conclusion": facts.content.get("conclusion") or "See results.",
    }
    made = document.add("DiagnosticReport", "report", report, profile="DiagnosticReportLab")
    entries = [document.typed("DiagnosticReport", made)]
    code = concept(SNOMED, "721981007", "Diagnostic studies report")
    section = {"title": "Laboratory report", "code": code, "entry": entries}
    _compose(document, who, "DiagnosticReportRecord", code, "Diagnostic report", [section])
    return document.bundle()


def _result(document: Document, who: Who, n: int, row: dict[str, Any]) -> Resource:
    code: Resource = {"text": row["name_en"]}
    if row.get("loinc"):
        code["coding"] = [{"system": LOINC, "code": row["loinc"], "display": row["name_en"]}]
    body: Resource = {
        "status": "final",
        "code": code,
        "subject": who["subject"],
        "encounter": who["encounter"],
        **clinical.value_of(str(row["value"]), row.get("unit", ""), row.get("unit", "")),
    }
    span = {
        end: clinical.quantity(str(row[end]), row.get("unit", ""), row.get("unit", ""))
        for end in ("low", "high")
        if row.get(end) not in (None, "")
    }
    if span:
        body["referenceRange"] = [span]
    return document.add("Observation", f"{n}", body)


def health_document(facts: Facts) -> Resource:
    """A scanned or free paper: its picture, and what it is called."""
    document, who = _begun(facts)
    body = {
        "status": "current",
        "docStatus": "final",
        "type": concept(SNOMED, "419891008", "Record artifact"),
        "subject": who["subject"],
        "content": [
            {
                "attachment": {
                    "contentType": "application/pdf",
                    "data": facts.pdf,
                    "title": facts.content.get("title_en", "Document"),
                    "creation": facts.issued_at,
                }
            }
        ],
    }
    made = document.add("DocumentReference", "scan", body)
    code = concept(SNOMED, "419891008", "Record artifact")
    section = {"title": "Document", "code": code, "entry": [made]}
    _compose(document, who, "HealthDocumentRecord", code, "Health document", [section])
    return document.bundle()


BUILDERS: dict[str, Callable[[Facts], Resource]] = {
    "Prescription": prescription,
    "OPConsultation": op_consultation,
    "DiagnosticReport": diagnostic_report,
    "HealthDocumentRecord": health_document,
}


def _begun(facts: Facts) -> tuple[Document, Who]:
    document = Document(facts)
    subject = patient(document)
    return document, {
        "subject": subject,
        "organisation": organisation(document),
        "author": practitioner(document, facts.content.get("signer", {})),
        "encounter": encounter(document, subject),
    }


def _compose(
    document: Document, who: Who, profile: str, code: Resource, title: str, sections: list[Resource]
) -> None:
    facts = document.facts
    body = {
        "language": "en-IN",
        "status": STATUS[facts.status],
        "type": {**code, "text": title},
        "subject": who["subject"],
        "encounter": who["encounter"],
        "date": facts.issued_at,
        "author": [who["author"]],
        "title": title,
        "custodian": who["organisation"],
        "section": sections,
    }
    document.add("Composition", "composition", body, profile=profile)


def _section(code: str, display: str, title: str, entries: list[Resource]) -> Resource:
    return {"title": title, "code": concept(SNOMED, code, display), "entry": entries}


def _narrative(text: str) -> Resource:
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{safe}</div>'}


def _follow_up(document: Document, who: Who) -> list[Resource]:
    told = document.facts.content.get("follow_up")
    if not told:
        return []
    body = {
        "status": "proposed",
        "start": f"{told['date']}T08:00:00+05:30",
        "end": f"{told['date']}T14:00:00+05:30",
        "participant": [{"actor": who["subject"], "status": "accepted"}],
    }
    return [document.add("Appointment", "follow-up", body)]


def _picture(document: Document) -> list[Resource]:
    """The paper as the patient holds it, when it goes along."""
    if not document.facts.pdf:
        return []
    body = {"contentType": "application/pdf", "data": document.facts.pdf}
    return [document.typed("Binary", document.add("Binary", "paper", body))]
