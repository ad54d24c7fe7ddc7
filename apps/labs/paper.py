"""The frozen content of a laboratory or imaging report, in both languages. Reads nothing itself."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

PATIENT_KEYS = (
    "name_hi", "name_en", "age_hi", "age_en", "sex_hi", "sex_en", "guardian_hi", "guardian_en",
    "place_hi", "place_en", "abha_masked", "mrn", "age_years", "mobile_last4",
)  # fmt: skip
PROVENANCE = {
    "hi": "सामान्य सीमाएँ अभी किसी पैथोलॉजिस्ट ने जाँची नहीं हैं। इनका मतलब डॉक्टर से समझें।",
    "en": "The normal ranges are not yet checked by a pathologist. Ask the doctor what they mean.",
}
FLAGS = {
    "L": {"hi": "कम", "en": "Low"},
    "H": {"hi": "अधिक", "en": "High"},
    "LL": {"hi": "बहुत कम", "en": "Critical low"},
    "HH": {"hi": "बहुत अधिक", "en": "Critical high"},
    "A": {"hi": "असामान्य", "en": "Abnormal"},
    "": {"hi": "", "en": ""},
}


def content(
    *,
    reports: Iterable[Any],
    patient: Mapping[str, Any],
    place: Mapping[str, Any],
    visit: Mapping[str, Any],
    sample: Any,
    ordered_by: Any,
    entered_by: Any,
    signer: Any,
    signed_at: datetime,
    amended: str = "",
) -> dict[str, Any]:
    """Content of kind DiagnosticReport, schema 1. `amended`: why, on a corrected one."""
    at = _iso(signed_at)
    groups = [_group(report) for report in reports]
    unverified = any(
        line["range"] and not line["verified"] for group in groups for line in group["lines"]
    )
    return {
        "schema": 1,
        "facility": dict(place),
        "slip": visit["number"],
        "token": visit["token"],
        "issued_at": at,
        "patient": {key: patient.get(key, "") for key in PATIENT_KEYS},
        "accession": sample.accession if sample else "",
        "specimen": sample.kind if sample else "",
        "collected_at": _iso(sample.collected_at) if sample else "",
        "ordered_by": _person(ordered_by),
        "entered_by": _person(entered_by),
        "groups": groups,
        "amended": amended,
        "signer": {
            **_person(signer),
            "qualification": signer.qualification,
            "registration_no": signer.registration_no,
            "hpr_id": signer.hpr_id,
            "signed_at": at,
        },
        "provenance": PROVENANCE if unverified else None,
        "language": patient.get("language") or "hi",
    }


def _group(report: Any) -> dict[str, Any]:
    told = report.critical or {}
    return {
        "hi": report.request.display_hi or report.request.display_en,
        "en": report.request.display_en,
        "lines": [_line(line) for line in report.results],
        "conclusion": report.conclusion,
        "told_to": told.get("told_to", ""),
        "told_at": told.get("told_at", ""),
        "outside": report.request.performer,
        "source": report.source,
    }


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    flag = FLAGS.get(line["flag"], FLAGS[""])
    return {
        "code": line["code"],
        "name_hi": line["name_hi"],
        "name_en": line["name_en"],
        "shown_hi": line.get("shown_hi", line["value"]),
        "shown_en": line.get("shown_en", line["value"]),
        "unit": line["unit"],
        "range": line["range"],
        "verified": line["range_verified"],
        "flag": line["flag"],
        "flag_hi": flag["hi"],
        "flag_en": flag["en"],
        "previous": line["previous"],
        "formula": line["formula"],
    }


def _person(card: Any) -> dict[str, str]:
    return {"name_hi": card.name_hi, "name_en": card.name_en} if card else {}


def _iso(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")
