"""Frozen papers as the house makes them, for the bundle builders."""

from uuid import UUID

from apps.abdm.fhir import SAMPLES, Facts

SIGNED = "2026-11-23T10:42:00+05:30"
SIGNER = {"name_hi": "डॉ. अंजलि झा", "name_en": "Dr Anjali Jha", "qualification": "MBBS",
          "registration_no": "DEMO-0001", "signed_at": SIGNED}  # fmt: skip
PRESCRIPTION = {
    "schema": 1,
    "signer": SIGNER,
    "complaints": [{"hi": "बुखार · 3 दिन", "en": "Fever · 3 days"}],
    "diagnoses": [{"hi": "बुखार", "en": "Fever, unspecified", "code": "R50.9"}],
    "allergies": {"status": "known", "items": [{"hi": "पेनिसिलिन", "en": "Penicillin"}]},
    "vitals": [
        {"code": "BP", "label_hi": "बीपी", "label_en": "BP", "value": "128/84", "unit": "mmHg"},
        {"code": "HR", "label_hi": "नाड़ी", "label_en": "Pulse", "value": "84", "unit": "/min"},
        {"code": "TEMP", "label_hi": "तापमान", "label_en": "Temp", "value": "100.4", "unit": "°F"},
        {"code": "WT", "label_hi": "वज़न", "label_en": "Weight", "value": "62.5", "unit": "kg"},
    ],
    "medicines": [
        {"name": "Paracetamol 500 mg", "sentence_en": "1 tablet morning, 1 tablet night",
         "when_en": "after food", "days_en": "5", "note": ""},
        {"name": "ORS", "sentence_en": "as needed", "when_en": "", "days_en": "", "note": "sip"},
    ],
    "tests": [{"hi": "खून की जाँच", "en": "Blood count"}],
    "advice": [{"hi": "आराम करें", "en": "Take rest"}, {"hi": "<b>पानी</b>", "en": "Drink & rest"}],
    "follow_up": {"date": "2026-12-07"},
}  # fmt: skip
LINE = {"name_hi": "", "shown_hi": "", "verified": False, "flag_hi": "", "flag_en": "",
        "previous": "", "formula": ""}  # fmt: skip
GROUP = {"hi": "", "conclusion": "", "told_to": "", "told_at": "", "outside": "", "source": "hand"}
REPORT = {
    "schema": 1,
    "signer": SIGNER,
    "amended": "",
    "groups": [
        {**GROUP, "en": "Complete blood count", "lines": [
            {**LINE, "code": "HB", "name_en": "Haemoglobin", "shown_en": "10.4", "unit": "g/dL",
             "range": "12–15", "flag": "L"},
            {**LINE, "code": "TLC", "name_en": "White cells", "shown_en": "7200",
             "unit": "cells/cumm", "range": "", "flag": ""},
        ]},
        {**GROUP, "en": "Malaria", "lines": [
            {**LINE, "code": "MP", "name_en": "Malaria parasite", "shown_en": "not seen",
             "unit": "", "range": "", "flag": ""},
        ]},
    ],
}  # fmt: skip
FILM = {**REPORT, "groups": [{**GROUP, "hi": "छाती का एक्स-रे", "en": "Chest X-ray", "lines": [],
                              "conclusion": "Both lungs clear."}]}  # fmt: skip
PDF = "JVBERi0xLjQKJSVFT0YK"


def facts(kind, **fields):
    contents = {"DiagnosticReport": REPORT, **SAMPLES,
                "HealthDocumentRecord": {"title_en": "Old paper", "signer": SIGNER}}  # fmt: skip
    told = {
        "id": UUID("01a210a2-a634-7dd3-b5b6-3b4e2264f63d"),
        "kind": kind,
        "content": contents.get(kind, PRESCRIPTION),
        "status": "current",
        "issued_at": SIGNED,
        "home": "https://dh-purnia.bhavya.example",
        "patient": {"mrn": "PUR-P-000101", "name": "Sunita Devi", "sex": "female", "born": "1992",
                    "abha_number": "91-0000-0000-1016"},
        "facility": {"name": "District Hospital Purnia", "hfr_id": "", "code": "PUR"},
        "visit": {"number": "PUR-26-000451", "started_at": SIGNED, "kind": "OPD"},
        "pdf": PDF,
        **fields,
    }  # fmt: skip
    return Facts(**told)
