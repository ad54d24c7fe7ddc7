"""A signed report of the laboratory or of imaging, as `labs.paper.content` froze it."""

import base64
from typing import Any

from apps.abdm.fhir import clinical
from apps.abdm.fhir.composing import Who, begun, compose
from apps.abdm.fhir.parts import SNOMED, TERMS, Document, Facts, Resource, both, coding, concept

INTERPRETATION = {
    "L": "Low", "H": "High", "LL": "Critical low", "HH": "Critical high", "A": "Abnormal",
}  # fmt: skip


def diagnostic_report(facts: Facts) -> Resource:
    """One DiagnosticReport for the paper: results where there are, else the text of a study."""
    document, who = begun(facts)
    groups, signer = facts.content["groups"], facts.content["signer"]
    imaging = not any(group["lines"] for group in groups)
    told = bool(facts.content.get("amended"))
    make = study if imaging else results
    made = make(document, who, groups, signed_at=signer["signed_at"], amended=told)
    code = concept(SNOMED, "721981007", "Diagnostic studies report")
    title = "Imaging report" if imaging else "Laboratory report"
    only = {"title": title, "code": code, "entry": [document.typed("DiagnosticReport", made)]}
    compose(document, who, "DiagnosticReportRecord", code, "Diagnostic report", [only])
    return document.bundle()


def results(
    document: Document, who: Who, groups: list[dict[str, Any]], *, signed_at: str, amended: bool
) -> Resource:
    """A DiagnosticReportLab with an Observation for every line of these tests.

    Our codes of tests are not LOINC's checked displays, so results are named in words alone.
    """
    made = [
        _result(document, who, f"{group['en']}-{line['code']}", line)
        for group in groups
        for line in group["lines"]
    ]
    body = _report(who, groups, signed_at=signed_at, amended=amended)
    return document.add("DiagnosticReport", _name(groups), {**body, "result": made},
                        profile="DiagnosticReportLab")  # fmt: skip


def study(
    document: Document, who: Who, groups: list[dict[str, Any]], *, signed_at: str, amended: bool
) -> Resource:
    """A DiagnosticReportImaging. The guide asks for a Media: the paper, or its text; no film is
    kept here."""
    words = "\n".join(group["conclusion"] for group in groups)
    pdf = document.facts.pdf
    content = {
        "contentType": "application/pdf" if pdf else "text/plain",
        "data": pdf or base64.b64encode(words.encode()).decode(),
        "title": _title(groups),
    }
    media = {"status": "completed", "subject": who["subject"], "content": content}
    link = document.add("Media", _name(groups), media)
    body = _report(who, groups, signed_at=signed_at, amended=amended)
    return document.add("DiagnosticReport", _name(groups), {**body, "media": [{"link": link}]},
                        profile="DiagnosticReportImaging")  # fmt: skip


def _report(
    who: Who, groups: list[dict[str, Any]], *, signed_at: str, amended: bool
) -> dict[str, Any]:
    words = "; ".join(group["conclusion"] for group in groups if group["conclusion"])
    return {
        "status": "amended" if amended else "final",
        "code": {"text": _title(groups)},
        "subject": who["subject"],
        "encounter": who["encounter"],
        "issued": signed_at,
        "performer": [who["organisation"]],
        "resultsInterpreter": [who["author"]],
        "conclusion": words or "See results.",
    }


def _name(groups: list[dict[str, Any]]) -> str:
    return "report-" + "-".join(group["en"] for group in groups)


def _title(groups: list[dict[str, Any]]) -> str:
    return "; ".join(both(group) for group in groups)


def _result(document: Document, who: Who, name: str, line: dict[str, Any]) -> Resource:
    body: Resource = {
        "status": "final",
        "code": {"text": line["name_en"]},
        "subject": who["subject"],
        "encounter": who["encounter"],
        **clinical.value_of(str(line["shown_en"]), line.get("unit", ""), ""),
    }
    flag = line.get("flag", "")
    if flag in INTERPRETATION:
        system = f"{TERMS}/v3-ObservationInterpretation"
        body["interpretation"] = [{"coding": [coding(system, flag, INTERPRETATION[flag])]}]
    if line.get("range"):
        body["referenceRange"] = [{"text": line["range"]}]
    return document.add("Observation", name, body)
