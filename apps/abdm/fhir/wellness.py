"""What was measured in a visit, as a WellnessRecord: out of a signed paper's vital signs."""

from typing import Any

from apps.abdm.fhir import clinical
from apps.abdm.fhir.composing import begun, compose
from apps.abdm.fhir.parts import Facts, Resource

# Sections are told apart by their title to the letter; each takes one profile only.
SECTIONS = (
    ("Vital Signs", "ObservationVitalSigns", ("BP", "HR", "TEMP", "SPO2", "RR")),
    ("Body Measurement", "ObservationBodyMeasurement", ("WT", "HT", "BMI", "MUAC")),
    ("Other Observations", "", None),
)
NAMED = {code for _title, _profile, codes in SECTIONS for code in codes or ()}


def has_wellness(content: dict[str, Any]) -> bool:
    return bool(content.get("vitals"))


def wellness_record(facts: Facts) -> Resource:
    """Vital signs, body measures, the rest. When each was taken is not on the paper: the time of
    signing stands."""
    document, who = begun(facts)
    rows = facts.content["vitals"]
    sections = []
    for title, profile, codes in SECTIONS:
        mine = [r for r in rows if (r["code"] in codes if codes else r["code"] not in NAMED)]
        made = [clinical.vital(document, row, who, profile=profile) for row in mine]
        sections.append({"title": title, "entry": made})
    kind = {"text": "Wellness Record"}
    compose(document, who, "WellnessRecord", kind, "Wellness record", sections)
    return document.bundle()
