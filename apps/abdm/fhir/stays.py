"""The paper of the way out of a ward: complaints, findings, tests, treatment, what comes next."""

from typing import Any

from apps.abdm.fhir import clinical, reports
from apps.abdm.fhir.composing import Who, begun, compose, narrative, section
from apps.abdm.fhir.parts import SNOMED, Document, Facts, Resource, both, concept


def discharge_summary(facts: Facts) -> Resource:
    """Content: shapes.DischargeContent. Named sections first, as the guide orders them."""
    document, who = begun(facts)
    content = facts.content
    sections = [
        section("422843007", "Chief complaint section", "Complaints",
                clinical.conditions(document, content["complaints"], who)),
        section("425044008", "Physical exam section", "Measured",
                clinical.vitals(document, who)),
        section("722446000", "Allergy record", "Allergies", clinical.allergies(document, who)),
        section("1003642006", "Past medical history section", "History",
                clinical.conditions(document, content["history"], who, name="past")),
        section("721981007", "Diagnostic studies report", "Tests", _tests(document, who)),
        section("1003606003", "Medication history section", "Medicines to take",
                clinical.medicines(document, who)),
        section("1003640003", "History of past procedure section", "Procedures",
                _procedures(document, who)),
        section("734163000", "Care plan", "What comes next", [_plan(document, who)]),
    ]  # fmt: skip
    diagnoses = clinical.conditions(document, content["diagnoses"], who, name="diagnosis")
    sections.append({"title": "Diagnoses at discharge", "entry": diagnoses})
    sections.append({"title": "Course in the ward", "text": narrative(content["course"])})
    code = concept(SNOMED, "373942005", "Discharge summary")
    compose(document, who, "DischargeSummaryRecord", code, "Discharge summary", sections)
    return document.bundle()


def _tests(document: Document, who: Who) -> list[Resource]:
    at = document.facts.content["signer"]["signed_at"]
    return [
        (reports.results if group["lines"] else reports.study)(
            document, who, [group], signed_at=at, amended=False
        )
        for group in document.facts.content["tests"]
    ]


def _procedures(document: Document, who: Who) -> list[Resource]:
    return [
        document.add(
            "Procedure",
            f"{n}",
            {
                "status": "completed",
                "code": {"text": both(row)},
                "subject": who["subject"],
                "encounter": who["encounter"],
                "performedDateTime": row["on"],
            },
        )
        for n, row in enumerate(document.facts.content["procedures"])
    ]


def _plan(document: Document, who: Who) -> Resource:
    content: dict[str, Any] = document.facts.content
    told = content.get("follow_up")
    words = [both(row) for row in content["advice"]]
    body = {
        "status": "active",
        "intent": "plan",
        "title": "After discharge",
        "description": "; ".join(words + ([f"Come again on {told['date']}"] if told else [])),
        "subject": who["subject"],
        "encounter": who["encounter"],
        "author": who["author"],
    }
    return document.add("CarePlan", "after", body)
