"""Made-up papers of kinds that no screen issues yet. Every bundle of them says it is test data."""

from apps.abdm.fhir.shapes import DischargeContent, ImmunizationContent, ReceiptContent, Signer

_AT = "2026-11-23T10:42:00+05:30"
_SIGNER: Signer = {
    "name_hi": "नमूना डॉक्टर",
    "name_en": "Demo Doctor",
    "qualification": "MBBS",
    "registration_no": "DEMO-0000",
    "signed_at": _AT,
}
DISCHARGE: DischargeContent = {
    "schema": 1,
    "signer": _SIGNER,
    "complaints": [{"hi": "बुखार · 5 दिन", "en": "Fever · 5 days"}],
    "vitals": [
        {"code": "BP", "label_hi": "बीपी", "label_en": "BP", "value": "118/76", "unit": "mmHg"},
        {"code": "HR", "label_hi": "नाड़ी", "label_en": "Pulse", "value": "80", "unit": "/min"},
    ],
    "allergies": {"status": "none", "items": []},
    "history": [{"hi": "टाइप 2 मधुमेह", "en": "Type 2 diabetes mellitus", "code": "E11.9"}],
    "diagnoses": [{"hi": "बुखार", "en": "Fever, unspecified", "code": "R50.9"}],
    "tests": [
        {
            "hi": "खून की जाँच",
            "en": "Blood count",
            "conclusion": "",
            "lines": [
                {"code": "HB", "name_en": "Haemoglobin", "shown_en": "10.4", "unit": "g/dL",
                 "range": "12–15", "flag": "L"},
            ],
        },
        {"hi": "छाती का एक्स-रे", "en": "Chest X-ray", "conclusion": "Clear.", "lines": []},
    ],
    "medicines": [
        {"name": "Paracetamol 500 mg", "sentence_en": "1 tablet morning, 1 tablet night",
         "when_en": "after food", "days_en": "3", "note": ""},
    ],
    "procedures": [{"hi": "ड्रिप", "en": "Intravenous fluids", "on": "2026-11-20"}],
    "course": "Fever settled on the third day.",
    "advice": [{"hi": "आराम करें", "en": "Take rest"}],
    "follow_up": {"date": "2026-12-07"},
}  # fmt: skip
IMMUNIZATION: ImmunizationContent = {
    "schema": 1,
    "signer": _SIGNER,
    "doses": [
        {"hi": "बीसीजी", "en": "BCG", "given_at": _AT, "dose": 1, "batch": "DEMO-B1",
         "expires": "2027-06-30", "site": "Left upper arm", "snomed": "1861000221106",
         "snomed_display": "BCG (Bacillus Calmette-Guerin) vaccine"},
        {"hi": "हेपेटाइटिस बी", "en": "Hepatitis B", "given_at": _AT, "dose": 1,
         "batch": "DEMO-H1", "expires": "2027-03-31", "manufacturer": "Demo maker",
         "snomed": "871822003", "snomed_display": "Hepatitis B vaccine"},
    ],
    "due": [{"hi": "पेंटावैलेंट", "en": "Pentavalent", "on": "2027-01-04", "dose": 1}],
}  # fmt: skip
RECEIPT: ReceiptContent = {
    "schema": 1,
    "signer": _SIGNER,
    "receipt_no": "DEMO-R-0001",
    "type": "03",
    "paid": True,
    "lines": [
        {"hi": "पर्ची", "en": "OPD slip", "rupees": 5},
        {"hi": "एक्स-रे", "en": "X-ray", "rupees": 60, "discount": 60},
    ],
}
SAMPLES = {"DischargeSummary": DISCHARGE, "ImmunizationRecord": IMMUNIZATION, "Invoice": RECEIPT}
