"""A FHIR document as a person reads it: title, hospital, date, and its lines. Any bundle, also a
foreign or a broken one: what cannot be understood is left out, markup in it is only text."""

import base64
import binascii
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

TAG = re.compile(r"<[^>]*>")
LONGEST = 2_000
DEEPEST = 3
KIND_OF = {
    "PrescriptionRecord": "Prescription",
    "OPConsultRecord": "OPConsultation",
    "DiagnosticReportRecord": "DiagnosticReport",
    "DischargeSummaryRecord": "DischargeSummary",
    "ImmunizationRecord": "ImmunizationRecord",
    "HealthDocumentRecord": "HealthDocumentRecord",
    "WellnessRecord": "WellnessRecord",
    "InvoiceRecord": "Invoice",
}
Node = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """`kind` is a word of phr_words; `more` says the dose, the range or the day."""

    kind: str
    name: str
    more: str = ""


@dataclass(frozen=True)
class Part:
    title: str
    lines: list[Line] = field(default_factory=list)
    text: str = ""


@dataclass(frozen=True)
class Paper:
    """`kind` is ABDM's name of it, "" when its profile is none of the guide."""

    kind: str
    title: str
    date: str
    hospital: str
    author: str
    patient: str
    parts: list[Part]
    files: list[bytes]


def paper(bundle: Any) -> Paper:
    """What the bundle says. Never raises for data that came as JSON."""
    found = {name: node for node, names in _resources(bundle) for name in names}
    nodes = [node for node, _ in _resources(bundle)]
    head: Node = next((n for n in nodes if n.get("resourceType") == "Composition"), {})
    parts = [_part(section, found) for section in _nodes(head.get("section"))]
    if not head:
        parts = [Part("", [line for node in nodes for line in _lines(node, found)])]
    return Paper(
        kind=next((KIND_OF[name] for name in _profiles(head) if name in KIND_OF), ""),
        title=_text(head.get("title")) or _concept(head.get("type")),
        date=_text(head.get("date")) or _text(_node(bundle).get("timestamp")),
        hospital=_name(_first(found, nodes, head.get("custodian"), "Organization")),
        author=_name(_first(found, nodes, head.get("author"), "Practitioner")),
        patient=_name(_first(found, nodes, head.get("subject"), "Patient")),
        parts=[part for part in parts if part.lines or part.text],
        files=[pdf for node in nodes for pdf in _pdfs(node)],
    )


def _profiles(node: Node) -> list[str]:
    told = _node(node.get("meta")).get("profile")
    return [str(one).rsplit("/", 1)[-1] for one in told] if isinstance(told, list) else []


def _resources(bundle: Any) -> Iterator[tuple[Node, list[str]]]:
    """Each resource and the names by which others call it."""
    for entry in _nodes(_node(bundle).get("entry")):
        node = _node(entry.get("resource"))
        if node:
            names = [_text(entry.get("fullUrl")), f"{node.get('resourceType')}/{node.get('id')}"]
            yield node, [name for name in names if name]


def _part(section: Node, found: dict[str, Node]) -> Part:
    lines = [
        line
        for entry in _nodes(section.get("entry"))
        for line in _lines(_named(entry, found), found)
    ]
    title = _text(section.get("title")) or _concept(section.get("code"))
    for inner in _nodes(section.get("section")):
        lines += _part({**inner, "section": []}, found).lines
    return Part(title, lines, "" if lines else _plain(section.get("text")))


def _lines(node: Node, found: dict[str, Node], deep: int = 0) -> Iterator[Line]:
    kind, name = str(node.get("resourceType", "")), _concept(node.get("code"))
    if kind in ("MedicationRequest", "MedicationStatement"):
        drug = node.get("medicationCodeableConcept")
        dose = [_text(one.get("text")) for one in _nodes(node.get("dosageInstruction"))]
        dose += [_text(one.get("text")) for one in _nodes(node.get("dosage"))]
        named = _concept(drug) or _concept(
            _named(node.get("medicationReference"), found).get("code")
        )
        yield Line("medicine", named, "; ".join(one for one in dose if one))
    elif kind == "Observation":
        yield Line("result", name, _value(node))
        for one in _nodes(node.get("component")):
            yield Line("result", _concept(one.get("code")), _value(one))
    elif kind in ("DiagnosticReport", "Encounter"):
        if kind == "DiagnosticReport":
            yield Line("report", name, _text(node.get("conclusion")))
        for one in _nodes(node.get("result")) if deep < DEEPEST else []:
            yield from _lines(_named(one, found), found, deep + 1)
    elif kind == "Immunization":
        yield Line("vaccine", _concept(node.get("vaccineCode")),
                   _text(node.get("occurrenceDateTime")))  # fmt: skip
    elif kind == "Appointment":
        yield Line("visit_again", _text(node.get("description")), _text(node.get("start")))
    elif kind == "Invoice":
        for one in _nodes(node.get("lineItem")):
            yield Line("bill", _concept(one.get("chargeItemCodeableConcept")))
        yield Line("bill", "=", _money(node.get("totalNet")))
    elif kind in KINDS and name:
        yield Line(KINDS[kind], name)


KINDS = {
    "Condition": "finding",
    "AllergyIntolerance": "allergy",
    "ServiceRequest": "test",
    "Procedure": "procedure",
}


def _money(told: Any) -> str:
    node = _node(told)
    return f"{node.get('value', '')} {_text(node.get('currency'))}".strip()


def _value(node: Node) -> str:
    told = _node(node.get("valueQuantity"))
    value = f"{told.get('value', '')} {_text(told.get('unit'))}".strip() if told else ""
    value = value or _text(node.get("valueString")) or _concept(node.get("valueCodeableConcept"))
    spans = []
    for one in _nodes(node.get("referenceRange")):
        low, high = _node(one.get("low")).get("value"), _node(one.get("high")).get("value")
        spans.append(
            _text(one.get("text")) or "–".join(str(x) for x in (low, high) if x is not None)
        )
    return f"{value} ({', '.join(spans)})" if any(spans) else value


def _pdfs(node: Node) -> Iterator[bytes]:
    told = [node] if node.get("resourceType") == "Binary" else []
    told += [_node(one.get("attachment")) for one in _nodes(node.get("content"))]
    for one in told:
        try:
            data = base64.b64decode(str(one.get("data", "")), validate=True)
        except (binascii.Error, ValueError):
            continue
        if data.startswith(b"%PDF-"):
            yield data


def _first(found: dict[str, Node], nodes: list[Node], told: Any, kind: str) -> Node:
    """Whom `told` names; where it names nobody, the only one of that kind."""
    for one in [*_nodes(told), _node(told)]:
        if named := _named(one, found):
            return named
    alike = [node for node in nodes if node.get("resourceType") == kind]
    return alike[0] if len(alike) == 1 else {}


def _named(told: Any, found: dict[str, Node]) -> Node:
    return found.get(_text(_node(told).get("reference")), {})


def _name(node: Node) -> str:
    told = node.get("name")
    if isinstance(told, str):
        return _text(told)
    first = next(iter(_nodes(told)), {})
    given = first.get("given") if isinstance(first.get("given"), list) else []
    parts = [*(_text(one) for one in given or []), _text(first.get("family"))]
    return _text(first.get("text")) or " ".join(part for part in parts if part)


def _concept(told: Any) -> str:
    node = _node(told)
    codings = [_text(one.get("display")) for one in _nodes(node.get("coding"))]
    return _text(node.get("text")) or next((one for one in codings if one), "")


def _plain(told: Any) -> str:
    """A narrative without its markup."""
    return _text(html.unescape(TAG.sub(" ", _text(_node(told).get("div")))))


def _text(told: Any) -> str:
    return " ".join(told.split())[:LONGEST] if isinstance(told, str) else ""


def _node(told: Any) -> Node:
    return told if isinstance(told, dict) else {}


def _nodes(told: Any) -> list[Node]:
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
