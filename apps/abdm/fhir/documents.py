"""One function a kind of paper, named as ABDM names it; each gives a whole document bundle."""

from collections.abc import Callable, Iterable

from apps.abdm.fhir import clinical
from apps.abdm.fhir.bills import invoice
from apps.abdm.fhir.composing import begun, compose, follow_up, narrative, picture, section
from apps.abdm.fhir.parts import SNOMED, Facts, Resource, both, concept
from apps.abdm.fhir.reports import diagnostic_report
from apps.abdm.fhir.stays import discharge_summary
from apps.abdm.fhir.vaccines import immunization_record
from apps.abdm.fhir.wellness import has_wellness, wellness_record

# Which records one kind of paper holds beside its own: the doctor's paper is the visit's note too.
INSIDE = {"Prescription": ("OPConsultation", "WellnessRecord")}


def build(facts: Facts) -> Resource:
    """The bundle of one frozen paper. KeyError: a kind that has no builder (see BUILDERS)."""
    return BUILDERS[facts.kind](facts)


def holds(paper: str, content: dict[str, object], kind: str) -> bool:
    """Whether a paper of kind `paper` can be told as a record of `kind`."""
    if kind == "WellnessRecord" and not has_wellness(content):
        return False
    return kind == paper or kind in INSIDE.get(paper, ())


def told_as(paper: str, content: dict[str, object]) -> tuple[str, ...]:
    """Every kind of record that a paper is told as, its own first; () for what has no builder."""
    kinds = (paper, *INSIDE.get(paper, ()))
    return tuple(kind for kind in kinds if kind in BUILDERS and holds(paper, content, kind))


def own_kinds(kinds: Iterable[str]) -> list[str]:
    """Without those that are only told out of another paper among them."""
    told = list(kinds)
    within = {one for paper in told for one in INSIDE.get(paper, ())}
    return [kind for kind in told if kind not in within]


def papers_of(kinds: Iterable[str]) -> set[str]:
    """The kinds of papers out of which records of these kinds can be told."""
    wanted = set(kinds)
    return {paper for paper in BUILDERS if wanted & {paper, *INSIDE.get(paper, ())}}


def prescription(facts: Facts) -> Resource:
    document, who = begun(facts)
    lines = clinical.medicines(document, who)
    entries = [document.typed("MedicationRequest", line) for line in lines]
    entries += picture(document)
    code = concept(SNOMED, "440545006", "Prescription record")
    only = {"title": "Prescription record", "code": code, "entry": entries}
    compose(document, who, "PrescriptionRecord", code, "Prescription", [only])
    return document.bundle()


def op_consultation(facts: Facts) -> Resource:
    """The visit's note; sections in the guide's order, empty ones left out."""
    document, who = begun(facts)
    content = facts.content
    sections = [
        section("422843007", "Chief complaint section", "Complaints",
                clinical.conditions(document, content.get("complaints", []), who)),
        section("425044008", "Physical exam section", "Measured",
                clinical.vitals(document, who)),
        section("722446000", "Allergy record", "Allergies", clinical.allergies(document, who)),
        section("371529009", "History and physical report", "Diagnoses",
                clinical.conditions(document, content.get("diagnoses", []), who)),
        section("721963009", "Order document", "Tests", clinical.orders(document, who)),
        section("721912009", "Medication summary document", "Medicines",
                clinical.medicines(document, who)),
        section("390906007", "Follow-up encounter", "Follow-up", follow_up(document, who)),
    ]  # fmt: skip
    advice = "; ".join(both(row) for row in content.get("advice", []))
    if advice:
        sections.append({"title": "Advice", "text": narrative(advice)})
    code = concept(SNOMED, "371530004", "Clinical consultation report")
    compose(document, who, "OPConsultRecord", code, "OP consultation", sections)
    return document.bundle()


def health_document(facts: Facts) -> Resource:
    """A scanned or free paper: its picture, and what it is called."""
    document, who = begun(facts)
    attachment = {
        "contentType": "application/pdf",
        "data": facts.pdf,
        "title": facts.content.get("title_en", "Document"),
        "creation": facts.issued_at,
    }
    body = {
        "status": "current",
        "docStatus": "final",
        "type": concept(SNOMED, "419891008", "Record artifact"),
        "subject": who["subject"],
        "content": [{"attachment": attachment}],
    }
    made = document.add("DocumentReference", "scan", body)
    code = concept(SNOMED, "419891008", "Record artifact")
    only = {"title": "Document", "code": code, "entry": [made]}
    compose(document, who, "HealthDocumentRecord", code, "Health document", [only])
    return document.bundle()


BUILDERS: dict[str, Callable[[Facts], Resource]] = {
    "Prescription": prescription,
    "OPConsultation": op_consultation,
    "DiagnosticReport": diagnostic_report,
    "DischargeSummary": discharge_summary,
    "ImmunizationRecord": immunization_record,
    "WellnessRecord": wellness_record,
    "HealthDocumentRecord": health_document,
    "Invoice": invoice,
}
