"""Beside the prescription: an amended one, a certificate, what the counter could not give."""

import pytest

from apps.core.errors import Forbidden
from apps.core.ids import uuid7
from apps.documents import actions, pdf, queries, sample
from apps.documents.kinds import CERTIFICATES
from tests.documents.glyphs import marks
from tests.documents.papers import DAY, prescription
from tests.documents.test_pdf import TIGHT, doses, text

AT = "2026-11-25T12:40:00+05:30"
SIGNER = {"name_hi": "डॉ. दो", "name_en": "Dr Two", "registration_no": "DEMO-2", "signed_at": AT}
LINES = [
    {"name": "Metformin 500 mg", "name_hi": "मेटफ़ॉर्मिन", "generic": "Metformin hydrochloride",
     "form_hi": "गोली", "form_en": "tablet", "quantity": "60", "unit_hi": "गोली",
     "unit_en": "tablets", "places": [{"hi": "कसबा सीएचसी", "en": "CHC Kasba"}]},
    {"name": "Telmisartan 40 mg", "name_hi": "", "form_hi": "गोली", "form_en": "tablet",
     "quantity": "30", "unit_hi": "गोली", "unit_en": "tablets", "places": []},
]  # fmt: skip


def amended():
    """The second medicine is stopped, a copy of the first one added."""
    rows = [DAY[0], {**DAY[1], "stopped": AT}, *DAY[2:], {**DAY[0], "added": AT}]
    more = {"at": AT, "text": "Hb 8.2", "added": [DAY[0]], "stopped": [{"name": DAY[1]["name"]}],
            "tests": [], "follow_up": None, "signer": SIGNER}  # fmt: skip
    return prescription(rows, addenda=[more])


@pytest.mark.parametrize("language", ["hi", "en"])
def test_a_stopped_medicine_has_no_dose_and_an_added_one_has(language):
    paper = pdf.draw("Prescription", amended(), language=language, size="a5")
    read = dict(doses(paper.data, "a5", TIGHT))
    assert read["1"] == read["5"] == DAY[0]["pattern"]
    assert "2" not in read


def test_the_addendum_says_who_when_what():
    words = text(pdf.draw("Prescription", amended(), language="en", size="a4").data)
    for told in ("ADDENDUM 1", "25-11-2026 12:40", "Hb 8.2", "Dr Two", "DEMO-2", "STOPPED on"):
        assert told in words


@pytest.mark.parametrize("form", CERTIFICATES)
def test_a_certificates_days_are_read_by_an_eye(db, form):
    _, content = sample.paper(form, {}, facility=None, facility_id=None)
    paper = pdf.draw(form, content, language="hi", size="a5")
    digits = "".join(mark.digit or "" for mark in marks(paper.data))
    assert "25112026" in digits
    assert paper.pages == 1


def not_available(visit, actor):
    return actions.issue_document(
        "HealthDocumentRecord", id=uuid7(), patient_id=visit.patient_id, encounter_id=visit.id,
        content={**prescription([]), "lines": LINES}, language="hi", form="not-available",
        actor=actor,
    )  # fmt: skip


def test_the_counter_issues_what_it_could_not_give(cast, visit, media):
    paper = not_available(visit, cast.meena.actor)
    drawn = pdf.draw(paper.template, paper.content, language="en", size="a5")
    words = " ".join(text(drawn.data).split())
    for told in ("Metformin 500 mg", "Metformin hydrochloride", "60", "CHC Kasba", "not known"):
        assert told in words
    assert queries.current_of_encounter(visit.id) is None


def test_a_clerk_may_not(cast, visit):
    with pytest.raises(Forbidden):
        not_available(visit, cast.ravi.actor)
