"""Documents of other hospitals as plain lines: every official example, odd ones, hostile ones."""

import base64
import copy
import json

import pytest
from django.utils import translation

from apps.abdm import received
from apps.abdm.fhir import BUILDERS, build
from apps.abdm.outside import bundle, items, page, values
from tests.abdm.askers import MEDICINE, document
from tests.abdm.papers import facts
from tests.abdm.test_fhir import PACKAGES

SCRIPT = (
    '<div xmlns="http://www.w3.org/1999/xhtml"><p onclick="x()">Drink &amp; rest</p>'
    "<script>alert(1)</script><img src=x onerror=alert(2)><a href='javascript:alert(3)'>more</a>"
    "<style>p{display:none}</style><table><tr><td>Hb</td><td>9.1</td></tr></table></div>"
)


def read(told):
    return page.page(bundle.opened(json.dumps(told)))


def flat(made):
    """Every word on the page."""

    def of(shown):
        one = shown.item
        yield from (one.title, *one.lines, *one.marks, *(text for _label, text in one.facts))
        for part in shown.parts:
            yield from of(part)

    for section in made.sections:
        yield str(section.title)
        yield from section.lines
        for shown in section.items:
            yield from of(shown)


def only(told):
    """The one item of a document with this resource alone."""
    ((section,), (shown,)) = (read(document(told)).sections, read(document(told)).sections[0].items)
    assert section.title == "Record"
    return shown


def test_every_official_example_is_read():
    """All that a section or a reference names stands on the page, with its words and its files."""
    if not (PACKAGES / "examples").exists():
        pytest.skip("not run: no FHIR examples here (FHIR_PACKAGES)")
    found = sorted((PACKAGES / "examples").glob("*.json"))
    seen = 0
    for file in found:
        text = file.read_text("utf-8")
        if json.loads(text)["resourceType"] != "Bundle":
            with pytest.raises(bundle.Unfit, match="bundle"):
                bundle.opened(text)
            continue
        doc = bundle.opened(text)
        made = page.page(doc)
        assert doc.written_at and doc.title and doc.authors and doc.patient["name"] == "ABC"
        assert doc.patient["abha"] == "22722548295255" and not made.state and not made.more
        assert doc.kind.lower()[:6] in file.name.replace("OPConsultNote", "OPConsultation").lower()
        every = {id(one) for one in doc.resources if one["resourceType"] not in items.FRAME}
        assert every <= set(doc.times), file.name
        told = list(flat(made))
        assert len([word for word in told if word]) > 3 or "Document" in file.name
        names = [shown.item.title or shown.item.label for section in made.sections
                 for shown in section.items]  # fmt: skip
        assert all(names), file.name
        for n in range(len(page.attachments(doc))):
            data, kind, ending = page.file_of(doc, n)
            assert data and ending in ("pdf", "jpg", "png"), (file.name, n, kind)
        seen += 1
    assert seen >= 12


WORDS = {  # what must stand on the page of each kind of ours
    "Prescription": "Paracetamol 500 mg",
    "OPConsultation": "Paracetamol 500 mg",
    "DiagnosticReport": "10.4 g/dL",
    "DischargeSummary": "Type 2 diabetes mellitus",
    "ImmunizationRecord": "Hepatitis B vaccine",
    "WellnessRecord": "Diastolic blood pressure 84 mmHg",
    "HealthDocumentRecord": "Record artifact",
    "Invoice": "Discount INR 60",
}


@pytest.mark.parametrize("kind", BUILDERS)
def test_our_own_papers_are_read(kind):
    told = build(facts(kind))
    doc = bundle.opened(json.dumps(told))
    assert doc.kind == kind and doc.authors in ("Dr Anjali Jha", "Demo Doctor")
    assert doc.patient["abha"] == "91000000001016"
    assert WORDS[kind] in " ".join(flat(page.page(doc)))


def test_the_main_facts_of_each_kind():
    medicine = only(MEDICINE).item
    assert medicine.title == "Metformin 500 mg"
    assert ("1 tablet twice a day") in [text for _label, text in medicine.facts]
    result = only({
        "resourceType": "Observation", "code": {"text": "Hb"}, "valueQuantity":
        {"value": 9.1, "unit": "g/dL", "comparator": "<"},
        "referenceRange": [{"low": {"value": 12, "unit": "g/dL"}}],
        "interpretation": [{"coding": [{"code": "L", "display": "Low"}]}],
    }).item  # fmt: skip
    assert [text for _label, text in result.facts] == ["< 9.1 g/dL", "≥ 12 g/dL", "Low"]
    assert result.marks == ["high"]
    allergy = only({
        "resourceType": "AllergyIntolerance", "code": {"text": "Penicillin"}, "criticality": "high",
        "reaction": [{"manifestation": [{"text": "Rash"}], "severity": "severe"}],
    }).item  # fmt: skip
    assert [text for _label, text in allergy.facts] == ["Rash, severe", "high"]
    shot = only({
        "resourceType": "Immunization", "vaccineCode": {"text": "BCG"}, "lotNumber": "B-1",
        "occurrenceDateTime": "2026-01-02", "protocolApplied": [{"doseNumberPositiveInt": 1}],
    }).item  # fmt: skip
    assert [text for _label, text in shot.facts] == ["02-01-2026", "1", "B-1"]
    ill = only({
        "resourceType": "Condition", "code": {"text": "Sugar", "coding": [{"display": "Diabetes"}]},
        "onsetDateTime": "2019",
    }).item  # fmt: skip
    assert ill.title == "Sugar (Diabetes)" and ill.facts[0][1] == "2019"


def test_what_changes_the_meaning_is_marked():
    for change, mark in (
        ({"doNotPerform": True}, "not"),
        ({"status": "entered-in-error"}, "gone"),
        ({"modifierExtension": [{"url": "https://x.example", "valueBoolean": True}]}, "unknown"),
    ):
        assert only({**MEDICINE, **change}).item.marks == [mark]
    refuted = {"coding": [{"code": "refuted"}]}
    ill = {"resourceType": "Condition", "code": {"text": "TB"}, "verificationStatus": refuted}
    assert only(ill).item.marks == ["gone"]
    stopped = only({**MEDICINE, "status": "stopped"}).item
    assert stopped.facts[-1][1] == "stopped"
    assert read(document(MEDICINE, status="entered-in-error")).state == "entered-in-error"


@pytest.mark.parametrize(
    ("code", "ends", "words"),
    [
        ("AMB", "", "OPD · 03-11-2026 10:00"),
        ("AMB", "2026-11-03T11:00:00+05:30", "OPD · 03-11-2026 10:00 – 03-11-2026 11:00"),
        ("IMP", "", "Admitted · 03-11-2026 10:00 –"),
        ("ODD", "", "their word · 03-11-2026 10:00 –"),
    ],
)
def test_the_visit_is_told_in_our_words(code, ends, words):
    told = {
        "class": {"code": code, "display": "their word"},
        "period": {"start": "2026-11-03T10:00:00+05:30", "end": ends},
    }
    with translation.override("en"):
        assert values.stay(told) == words
        for odd in (None, [], {"class": [{"code": "AMB"}], "period": "x"}):
            assert isinstance(values.stay(odd), str)


@pytest.mark.parametrize(
    ("kind", "title", "shown"),
    [
        ("Prescription", "Prescription", ""),
        ("OPConsultation", "OP Consultation Record", ""),
        ("DiagnosticReport", "Diagnostic Report", ""),
        ("ImmunizationRecord", "Immunization record", ""),
        ("Prescription", "Diabetes follow-up", "Diabetes follow-up"),
    ],
)
def test_a_title_that_only_says_the_kind_is_left_out(kind, title, shown):
    assert received.title_of(kind, title) == shown


def test_a_narrative_is_bare_letters():
    made = read(document(section=[{"title": "Advice", "text": {"div": SCRIPT}}]))
    (section,) = made.sections
    assert section.lines == ["Drink & rest", "more", "Hb · 9.1"]
    assert "alert" not in " ".join(flat(made)) and "<" not in " ".join(section.lines)
    for odd in ("<![if x]>hello", "<!DOCTYPE [<b>hello", "hello<", "<p>hello<script>x", 7, None):
        lines = values.narrative({"div": odd})
        assert all("script" not in line for line in lines)
    assert values.narrative({"div": "<script><b>x</b></script>hello"}) == ["hello"]


def test_what_no_section_names_is_still_shown():
    section = [{"title": "Only", "entry": [{"reference": "urn:uuid:1"}]}]
    hb = {"resourceType": "Observation", "code": {"text": "Hb"}}
    told = document(MEDICINE, hb, section=section)
    made = read(told)
    assert [len(section.items) for section in made.sections] == [1, 1]
    assert made.sections[1].items[0].item.title == "Hb"
    strange = only({"resourceType": "Unheard", "text": {"div": "<p>Something</p>"}}).item
    assert strange.label == "Unheard" and strange.lines == ["Something"]


@pytest.mark.parametrize("fullname", ["Composition/c", "https://hip.example/fhir/Observation/1"])
def test_references_of_other_senders_are_followed(fullname):
    """NHA's own mapper names by `Type/id`, others by whole addresses."""
    told = document({"resourceType": "Observation", "code": {"text": "Hb"}})
    base = fullname.removesuffix("Observation/1").removesuffix("Composition/c")
    told["entry"][1]["fullUrl"] = f"{base}Observation/1"
    for reference in (f"{base}Observation/1", "Observation/1", "urn:uuid:1"):
        told["entry"][0]["resource"]["section"][0]["entry"] = [{"reference": reference}]
        assert read(told).sections[0].items[0].item.title == "Hb"


def test_circles_and_crowds_come_to_an_end():
    ring = [
        {"resourceType": "CarePlan", "title": f"P{n}",
         "activity": [{"reference": {"reference": f"urn:uuid:{(n + 1) % 50 + 1}"}}] * 30}
        for n in range(50)
    ]  # fmt: skip
    crowd = [
        {"resourceType": "Observation", "code": {"text": "x"},
         "hasMember": [{"reference": f"urn:uuid:{n}"} for n in range(1, 200)]}
        for _ in range(200)
    ]  # fmt: skip
    for told in (ring, crowd):
        made = read(document(*told))
        assert len(list(flat(made))) < 12_000
    role = {"resourceType": "PractitionerRole", "practitioner": {"reference": "urn:uuid:1"}}
    doc = bundle.opened(json.dumps(document(role, author=[{"reference": "urn:uuid:1"}])))
    assert doc.authors == ""
    deep = {"title": "end"}
    for _ in range(60):
        deep = {"title": "s", "section": [deep]}
    assert read(document(section=[deep])) is not None


def test_a_page_has_an_end_and_says_so():
    many = [{"resourceType": "Observation", "code": {"text": f"o{n}"}} for n in range(2500)]
    told = document(*many, section=[{"entry": [{"reference": f"urn:uuid:{n}"}
                                               for n in range(1, 1000)]}] * 3)  # fmt: skip
    assert read(told).more


ODD = [7, "text", [], {}, [[]], [None], {"a": {"b": []}}, True, -1, 1e400, "0000-99-99", [{}] * 3]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_any_field_may_be_of_any_kind(odd):
    """Each field of each resource is replaced by each odd thing: a page comes out all the same."""
    whole = [
        {"resourceType": kind, "code": {"text": "x"}, "status": "final",
         "text": {"div": "<p>t</p>"}, **dict.fromkeys(FIELDS, odd)}
        for kind in [*items.MAKERS, "Patient", "Organization", "Encounter", "Unheard"]
    ]  # fmt: skip
    told = document(*whole, subject=odd, author=odd, custodian=odd, encounter=odd, date=odd)
    made = read(told)
    assert made.sections
    doc = bundle.opened(json.dumps(told))
    assert isinstance(doc.head(), dict) and isinstance(doc.patient, dict)
    for n in range(len(page.attachments(doc)) + 1):
        page.file_of(doc, n)
    for name in ("section", "type", "title", "meta", "text"):
        odder = copy.deepcopy(told)
        odder["entry"][0]["resource"][name] = odd
        assert read(odder).sections is not None
    for name in ("entry",):
        with pytest.raises(bundle.Unfit):
            bundle.opened(json.dumps({**told, name: odd}))


FIELDS = (
    "medicationCodeableConcept", "medicationReference", "dosageInstruction", "dosage", "reasonCode",
    "reasonReference", "authoredOn", "dateAsserted", "dispenseRequest", "note", "interpretation",
    "referenceRange", "component", "hasMember", "valueQuantity", "valueRange", "valueRatio",
    "valueCodeableConcept", "effectivePeriod", "clinicalStatus", "verificationStatus", "onsetAge",
    "reaction", "protocolApplied", "recommendation", "result", "media", "presentedForm", "content",
    "lineItem", "totalNet", "activity", "issued", "contentType", "data", "identifier", "name",
    "birthDate", "period", "modifierExtension", "series", "conclusion", "conclusionCode",
)  # fmt: skip


@pytest.mark.parametrize(
    "raw, kind",
    [
        (b"%PDF-1.7 x", "application/pdf"),
        (b"\x89PNG\r\n\x1a\nxx", "image/png"),
        (b"\xff\xd8\xff\xe0x", "image/jpeg"),
        (b"<html><script>alert(1)</script>", "application/octet-stream"),
        (b"<svg onload=alert(1)>", "application/octet-stream"),
        (b"\0" * 128 + b"DICM", "application/dicom"),
    ],
)
def test_a_file_is_what_its_bytes_are(raw, kind):
    """Whatever the document calls it."""
    data = base64.b64encode(raw).decode()
    attachment = {"contentType": "text/html", "title": "x.html", "data": data}
    told = document({"resourceType": "DocumentReference", "content": [{"attachment": attachment}]})
    assert page.file_of(bundle.opened(json.dumps(told)), 0)[:2] == (raw, kind)


def test_a_file_elsewhere_is_named_and_never_fetched():
    away = {"attachment": {"title": "Scan", "url": "https://evil.example/x.pdf"}}
    inside = {"attachment": {"title": "Inside", "url": "Binary/2"}}
    told = document(
        {"resourceType": "DocumentReference", "content": [away, inside]},
        {"resourceType": "Binary", "contentType": "application/pdf", "data": "JVBERi0x"},
    )
    shown = read(told).sections[0].items[0]
    assert [(file.name, file.n is None) for file in shown.files] == [("Scan", True), ("", False)]
    assert "evil.example" not in " ".join(flat(read(told)))
