"""An invented paper, to show how words will look before they are kept. Nobody's data."""

from typing import Any
from uuid import UUID

from apps.documents import wording
from apps.documents.kinds import CERTIFICATES

PATIENT = {
    "name_hi": "नमूना देवी", "name_en": "Namuna Devi", "age_hi": "34 वर्ष", "age_en": "34 years",
    "sex_hi": "महिला", "sex_en": "Female", "guardian_hi": "पति: नमूना कुमार",
    "guardian_en": "Husband: Namuna Kumar", "place_hi": "मझेली", "place_en": "Majheli",
    "mrn": "XXX-P-000000",
}  # fmt: skip
SIGNER = {
    "name_hi": "डॉ. नमूना", "name_en": "Dr Namuna", "qualification": "MBBS",
    "registration_no": "DEMO-0000", "signed_at": "2026-11-25T10:00:00+05:30",
}  # fmt: skip
MEDICINE = {
    "name": "Paracetamol 500 mg", "name_hi": "पैरासिटामोल 500 mg", "form_hi": "गोली",
    "form_en": "tablet", "pattern": ["1", "0", "1"], "when_hi": "भोजन के बाद",
    "when_en": "after food", "days_hi": "3", "days_en": "3", "quantity": "6", "unit_hi": "गोली",
    "unit_en": "tablets", "stock": "available",
}  # fmt: skip


def paper(form: str, typed: dict[str, Any], *, facility: Any, facility_id: UUID | None) -> Any:
    """(template, content) of an invented paper of that form with the words as typed. 1 query."""
    texts = wording.merged(typed, facility_id)
    content: dict[str, Any] = {
        "facility": {
            "name_hi": facility.name_hi if facility else "नमूना अस्पताल",
            "name_en": facility.name_en if facility else "Sample hospital",
            "help_line": "104",
        },
        "patient": PATIENT, "slip": "XXX-26-000000", "token": "M-001", "signer": SIGNER,
        "issued_at": SIGNER["signed_at"], "head": texts["head"], "foot": texts["foot"],
    }  # fmt: skip
    if form in CERTIFICATES:
        return form, content | _certificate(form, texts)
    return "Prescription", content | {
        "allergies": {"status": "none", "items": []},
        "medicines": [MEDICINE],
        "danger": texts["danger"],
        "standing": texts["advice"],
    }


def _certificate(form: str, texts: dict[str, wording.Pair]) -> dict[str, Any]:
    values = {
        **{key: {"hi": PATIENT[f"{key}_hi"], "en": PATIENT[f"{key}_en"]}
           for key in ("name", "age", "sex")},
        "from": wording.both("25-11-2026"),
        "to": wording.both("27-11-2026"),
        "days": wording.both(3),
    }  # fmt: skip
    return {
        "number": "XXX-C-26-000000",
        "certificate": {
            "title": {"hi": _title(form), "en": _title(form)},
            "text": wording.filled(texts[form], values),
            "from": "2026-11-25",
            "to": "2026-11-27",
            "days": 3,
        },
    }


def _title(form: str) -> str:
    return str(CERTIFICATES[form])
