"""One resource as an item to read: a title, facts under labels, free lines, files, inner items."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.abdm.outside import values as v
from apps.abdm.outside.bundle import Document, Resource
from apps.abdm.wire import part

Fact = tuple[Any, str]
GONE = {"entered-in-error", "refuted"}
STOPPED = {"stopped", "cancelled", "revoked", "not-done", "not-taken", "on-hold", "unknown",
           "inactive", "resolved", "remission", "completed"}  # fmt: skip
LONGEST = 4000


@dataclass(slots=True)
class Item:
    """`mark`: "gone" for what must not be used, "high" for what is out of its range, "not" for
    "do not", "unknown" for a change of meaning that we do not understand."""

    title: str
    facts: list[Fact] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    parts: list["Item"] = field(default_factory=list)
    attachments: list[Resource] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    label: Any = ""


Maker = Callable[[Document, Resource], Item]


def _facts(*pairs: Fact) -> list[Fact]:
    return [(label, text[:LONGEST]) for label, text in pairs if text]


def dosage(told: Any) -> str:
    """A Dosage in one line: its own text, or its parts; words for the patient behind."""
    one = part(told)
    timing, rate = part(one.get("timing")), part((v.rows(one.get("doseAndRate")) or [{}])[0])
    needed = one.get("asNeededCodeableConcept")
    pieces = [
        v.words(one.get("text")),
        v.quantity(rate.get("doseQuantity")) or v.span(rate.get("doseRange")),
        v.concept(timing.get("code")) or _repeat(part(timing.get("repeat"))),
        v.concept(one.get("route")),
        v.concept(one.get("method")),
        v.concepts(one.get("additionalInstruction")),
        str(_("when needed")) if one.get("asNeededBoolean") is True else "",
        f"{_('when needed')}: {v.concept(needed)}" if v.concept(needed) else "",
        v.words(one.get("patientInstruction")),
    ]
    return " · ".join(dict.fromkeys(filter(None, pieces)))


def _repeat(told: dict[str, Any]) -> str:
    often, span, unit = (v.words(told.get(key)) for key in ("frequency", "period", "periodUnit"))
    ends = part(told.get("boundsDuration")) or part(told.get("boundsPeriod"))
    text = f"{often or 1} × / {span} {unit}" if span else ""
    length = v.quantity(ends) or v.period(ends)
    return " ".join(filter(None, [text, f"({length})" if length else ""]))


def medicine(doc: Document, told: Resource) -> Item:
    reference = told.get("medicationReference")
    name = v.concept(told.get("medicationCodeableConcept")) or doc.name_of(reference)
    reasons = [v.concepts(told.get("reasonCode"))]
    reasons += [doc.name_of(one) for one in v.rows(told.get("reasonReference"))]
    doses = told.get("dosageInstruction") or told.get("dosage")
    supply = part(told.get("dispenseRequest"))
    item = Item(
        name,
        _facts(
            (_("How to take"), "; ".join(filter(None, map(dosage, v.rows(doses))))),
            (_("Reason"), ", ".join(filter(None, reasons))),
            (_("Written on"), v.when(told.get("authoredOn") or told.get("dateAsserted"))),
            (_("Period"), v.when(told.get("effectiveDateTime")) or v.period(
                told.get("effectivePeriod"))),
            (_("Quantity"), v.quantity(supply.get("quantity") or told.get("quantity"))),
            (_("By"), doc.name_of(told.get("requester"))),
        ),
        v.notes(told.get("note")),
    )  # fmt: skip
    if told.get("doNotPerform") is True:
        item.marks.append("not")
    return item


def value_of(told: Resource) -> str:
    """The value of an Observation or of a component, or why there is none."""
    plain = ("valueString", "valueInteger", "valueBoolean", "valueTime")
    for name, read in (
        ("valueQuantity", v.quantity),
        ("valueCodeableConcept", v.concept),
        *((name, v.words) for name in plain),
        ("valueRange", v.span),
        ("valueRatio", v.ratio),
        ("valueDateTime", v.when),
        ("valuePeriod", v.period),
    ):
        if read(told.get(name)):
            return read(told[name])
    return v.concept(told.get("dataAbsentReason"))


def _normal(told: Resource) -> str:
    texts = [v.words(part(one).get("text")) or v.span(one)
             for one in v.rows(told.get("referenceRange"))]  # fmt: skip
    return ", ".join(filter(None, texts))


def observation(doc: Document, told: Resource) -> Item:
    said = v.concepts(told.get("interpretation"))
    alarm = {"H", "L", "HH", "LL", "A", "AA", "HU", "LU"}
    item = Item(
        v.concept(told.get("code")),
        _facts(
            (_("Value"), value_of(told)),
            (_("Normal"), _normal(told)),
            (_("Judged"), said),
            (_("Date"), v.when(told.get("effectiveDateTime")) or v.period(
                told.get("effectivePeriod"))),
            (_("Body part"), v.concept(told.get("bodySite"))),
            (_("Method"), v.concept(told.get("method"))),
        ),
        v.notes(told.get("note")),
    )  # fmt: skip
    if any(v.codes(one) & alarm for one in v.rows(told.get("interpretation"))):
        item.marks.append("high")
    for inner in v.rows(told.get("component")):
        one = part(inner)
        item.parts.append(
            Item(
                v.concept(one.get("code")),
                _facts((_("Value"), value_of(one)), (_("Normal"), _normal(one))),
            )
        )
    members = (of_reference(doc, member) for member in v.rows(told.get("hasMember")))
    item.parts += [made for made in members if made is not None]
    return item


def condition(doc: Document, told: Resource) -> Item:
    onset = v.when(told.get("onsetDateTime")) or v.period(told.get("onsetPeriod"))
    return Item(
        v.concept(told.get("code")),
        _facts(
            (_("State"), v.concept(told.get("clinicalStatus"))),
            (_("Certainty"), v.concept(told.get("verificationStatus"))),
            (_("How bad"), v.concept(told.get("severity"))),
            (_("Since"), onset or v.quantity(told.get("onsetAge")) or v.words(
                told.get("onsetString"))),
            (_("Body part"), v.concepts(told.get("bodySite"))),
            (_("Written on"), v.when(told.get("recordedDate"))),
        ),
        v.notes(told.get("note")),
    )  # fmt: skip


def allergy(doc: Document, told: Resource) -> Item:
    reactions = [
        ", ".join(filter(None, [v.concepts(part(one).get("manifestation")),
                                v.words(part(one).get("severity")),
                                v.words(part(one).get("description"))]))
        for one in v.rows(told.get("reaction"))
    ]  # fmt: skip
    return Item(
        v.concept(told.get("code")),
        _facts(
            (_("Reaction"), "; ".join(filter(None, reactions))),
            (_("Danger"), v.words(told.get("criticality"))),
            (_("State"), v.concept(told.get("clinicalStatus"))),
            (_("Certainty"), v.concept(told.get("verificationStatus"))),
            (_("Written on"), v.when(told.get("recordedDate"))),
            (_("By"), doc.name_of(told.get("recorder"))),
        ),
        v.notes(told.get("note")),
    )


def vaccine(doc: Document, told: Resource) -> Item:
    doses = [
        " ".join(filter(None, [v.words(part(one).get("series")),
                               v.words(part(one).get("doseNumberPositiveInt"))
                               or v.words(part(one).get("doseNumberString"))]))
        for one in v.rows(told.get("protocolApplied"))
    ]  # fmt: skip
    return Item(
        v.concept(told.get("vaccineCode")),
        _facts(
            (_("Given on"), v.when(told.get("occurrenceDateTime"))
             or v.words(told.get("occurrenceString"))),
            (_("Dose"), ", ".join(filter(None, [*doses, v.quantity(told.get("doseQuantity"))]))),
            (_("Batch"), v.words(told.get("lotNumber"))),
            (_("Maker"), doc.name_of(told.get("manufacturer"))),
            (_("Place"), doc.name_of(told.get("location"))),
        ),
        v.notes(told.get("note")),
    )  # fmt: skip


def vaccine_advice(doc: Document, told: Resource) -> Item:
    item = Item(str(_("Vaccines advised")), _facts((_("Date"), v.when(told.get("date")))))
    for one in map(part, v.rows(told.get("recommendation"))):
        due = [f"{v.concept(part(d).get('code'))} {v.when(part(d).get('value'))}"
               for d in v.rows(one.get("dateCriterion"))]  # fmt: skip
        item.parts.append(Item(
            v.concepts(one.get("vaccineCode")) or v.concept(one.get("targetDisease")),
            _facts((_("Due"), ", ".join(due)), (_("State"), v.concept(one.get("forecastStatus"))),
                   (_("Dose"), v.words(one.get("doseNumberPositiveInt")))),
            v.notes(one.get("description")),
        ))  # fmt: skip
    return item


def report(doc: Document, told: Resource) -> Item:
    item = Item(
        v.concept(told.get("code")),
        _facts(
            (_("Reported on"), v.when(told.get("issued"))),
            (_("Result"), v.words(told.get("conclusion"))),
            (_("Diagnosis"), v.concepts(told.get("conclusionCode"))),
            (_("By"), ", ".join(filter(None, (doc.name_of(one) for one in [
                *v.rows(told.get("resultsInterpreter")), *v.rows(told.get("performer"))])))),
        ),
    )  # fmt: skip
    inner = [*v.rows(told.get("result")), *v.rows(told.get("specimen")),
             *v.rows(told.get("imagingStudy"))]  # fmt: skip
    inner += [part(one).get("link") for one in v.rows(told.get("media"))]
    item.parts = [made for one in inner if (made := of_reference(doc, one))]
    item.attachments = v.rows(told.get("presentedForm"))
    return item


def paper(doc: Document, told: Resource) -> Item:
    item = Item(
        v.words(told.get("description")) or v.concept(told.get("type")),
        _facts((_("Date"), v.when(told.get("date"))), (_("By"), ", ".join(filter(None, (
            doc.name_of(one) for one in v.rows(told.get("author"))))))),
    )  # fmt: skip
    for content in v.rows(told.get("content")):
        attachment = part(part(content).get("attachment"))
        inner = doc.find(attachment.get("url")) if "data" not in attachment else None
        item.attachments.append(inner or attachment)
    return item


def picture(doc: Document, told: Resource) -> Item:
    return Item(
        v.concept(told.get("modality")) or v.concept(told.get("type")),
        _facts((_("Date"), v.when(told.get("createdDateTime"))),
               (_("Body part"), v.concept(told.get("bodySite")))),
        v.notes(told.get("note")),
        attachments=[part(told.get("content"))],
    )  # fmt: skip


def binary(doc: Document, told: Resource) -> Item:
    return Item(str(_("File")), attachments=[told])


def invoice(doc: Document, told: Resource) -> Item:
    item = Item(v.concept(told.get("type")), _facts(
        (_("Date"), v.when(told.get("date"))), (_("Total"), v.money(told.get("totalGross"))),
        (_("Net"), v.money(told.get("totalNet")))))  # fmt: skip
    for one in map(part, v.rows(told.get("lineItem"))):
        charge = doc.find(one.get("chargeItemReference")) or {}
        product = doc.name_of(charge.get("productReference"))
        price = [f"{v.concept(part(p).get('code'))} {v.money(part(p).get('amount'))}".strip()
                 for p in v.rows(one.get("priceComponent"))]  # fmt: skip
        name = v.concept(one.get("chargeItemCodeableConcept")) or v.concept(charge.get("code"))
        item.parts.append(
            Item(
                product or name,
                _facts(
                    (_("Quantity"), v.quantity(charge.get("quantity"))),
                    (_("Price"), ", ".join(price)),
                ),
            )
        )
    return item


def plan(doc: Document, told: Resource) -> Item:
    item = Item(v.words(told.get("title")) or v.concepts(told.get("category")),
                lines=[*v.notes(told.get("description")), *v.notes(told.get("note"))])  # fmt: skip
    for one in map(part, v.rows(told.get("activity"))):
        detail = part(one.get("detail"))
        made = of_reference(doc, one.get("reference"))
        title = v.concept(detail.get("code")) or v.words(detail.get("description"))
        item.parts += [made] if made else ([Item(title)] if title else [])
    return item


def _when_of(told: Resource) -> str:
    """Of many resources the one time that they have."""
    for name in ("performedDateTime", "occurrenceDateTime", "start", "authoredOn", "receivedTime",
                 "started", "date", "recordedDate", "createdDateTime"):  # fmt: skip
        if v.when(told.get(name)):
            return v.when(told[name])
    return v.period(told.get("performedPeriod")) or v.period(told.get("occurrencePeriod"))


def other(doc: Document, told: Resource) -> Item:
    """Procedures, orders, appointments, samples, and whatever else comes: what they are called,
    when, why, and every note; for the unknown its own narrative."""
    names = ("code", "type", "serviceType", "category", "vaccineCode", "reasonCode")
    title = next((v.concepts(told.get(name)) for name in names if v.concepts(told.get(name))), "")
    reasons = [v.concepts(told.get("reasonCode")), v.concepts(told.get("complication"))]
    reasons += [doc.name_of(one) for one in v.rows(told.get("reasonReference"))]
    item = Item(
        title or v.words(told.get("title")) or v.words(told.get("description")),
        _facts(
            (_("State"), v.words(told.get("status"))),
            (_("Date"), _when_of(told)),
            (_("Value"), value_of(told)),
            (_("Reason"), ", ".join(filter(None, reasons))),
            (_("Body part"), v.concepts(told.get("bodySite"))),
            (_("Follow-up"), v.concepts(told.get("followUp"))),
        ),
        [*v.notes(told.get("description")), *v.notes(told.get("note")),
         *v.notes(told.get("patientInstruction")), *v.notes(told.get("comment"))],
    )  # fmt: skip
    item.lines = [line for line in item.lines if line != item.title]
    item.lines += v.narrative(told.get("text")) if not item.title or not item.facts else []
    return item


MAKERS: dict[str, tuple[Any, Maker]] = {
    "MedicationRequest": (_("Medicine"), medicine),
    "MedicationStatement": (_("Medicine taken"), medicine),
    "MedicationAdministration": (_("Medicine given"), medicine),
    "MedicationDispense": (_("Medicine handed out"), medicine),
    "Observation": (_("Finding"), observation),
    "Condition": (_("Condition"), condition),
    "AllergyIntolerance": (_("Allergy"), allergy),
    "Immunization": (_("Vaccine"), vaccine),
    "ImmunizationRecommendation": (_("Vaccine"), vaccine_advice),
    "DiagnosticReport": (_("Report"), report),
    "DocumentReference": (_("Paper"), paper),
    "Media": (_("Picture"), picture),
    "Binary": (_("Paper"), binary),
    "Invoice": (_("Bill"), invoice),
    "CarePlan": (_("Plan"), plan),
    "Procedure": (_("Procedure"), other),
    "ServiceRequest": (_("Ordered"), other),
    "Appointment": (_("Appointment"), other),
    "Specimen": (_("Sample"), other),
    "ImagingStudy": (_("Imaging study"), other),
    "FamilyMemberHistory": (_("Family"), other),
}
FRAME = {"Composition", "Patient", "Practitioner", "PractitionerRole", "Organization", "Encounter",
         "Medication", "ChargeItem", "Location", "Device", "Substance", "Provenance",
         "RelatedPerson", "Endpoint", "Account", "Coverage"}  # fmt: skip


def item(doc: Document, told: Resource) -> Item:
    """One resource of any kind."""
    label, make = MAKERS.get(told["resourceType"], (told["resourceType"][:40], other))
    if not doc.enter(told):
        return Item(v.concept(told.get("code")), label=label)
    made = _marked(make(doc, told), told)
    doc.depth -= 1
    made.label = label
    return made


def of_reference(doc: Document, reference: Any) -> Item | None:
    found = doc.find(reference)
    if found is None:
        named = v.words(part(reference).get("display"))
        return Item(named) if named else None
    return item(doc, found) if doc.bare > 0 else None


def _marked(made: Item, told: Resource) -> Item:
    """What must be seen before the rest: taken back, stopped, or changed in meaning."""
    states = {v.words(told.get("status"))} | v.codes(told.get("verificationStatus"))
    if states & GONE:
        made.marks.insert(0, "gone")
    if told["resourceType"].startswith("Medication") and states & STOPPED - {"completed"}:
        made.facts.append((_("State"), v.words(told.get("status"))))
    if told.get("modifierExtension"):
        made.marks.append("unknown")
    return made
