"""Contents of prescriptions for the tests: one ordinary visit, and any number of medicines."""

from copy import deepcopy
from typing import Any

LONG_HI = "एमोक्सिसिलिन और पोटैशियम क्लैवुलैनेट के साथ लैक्टिक एसिड बैसिलस"
LONG_EN = "Amoxicillin 500 mg + Potassium Clavulanate 125 mg + Lactic acid bacillus"


def medicine(name: str, hi: str, pattern: list[str] | None, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "name_hi": hi,
        "form_hi": "गोली",
        "form_en": "tablet",
        "pattern": pattern,
        "sentence_hi": "सिरदर्द हो तभी 1 गोली, दिन में 3 से ज़्यादा नहीं",
        "sentence_en": "1 only if headache, no more than 3 a day",
        "when_hi": "भोजन के बाद",
        "when_en": "after food",
        "days_hi": "30",
        "days_en": "30",
        "quantity": "60",
        "unit_hi": "गोली",
        "unit_en": "tablets",
        "note": "",
        "stock": "available",
        **more,
    }


DAY = [
    medicine("Amlodipine 5 mg", "एम्लोडिपिन", ["0", "0", "1"]),
    medicine("Telmisartan 40 mg", "टेल्मिसार्टन", ["1", "0", "0"]),
    medicine("Metformin 500 mg", "मेटफ़ॉर्मिन", ["2", "0", "½"]),
    medicine("Paracetamol 500 mg", "पैरासिटामोल", None, stock="out"),
]


def many(count: int) -> list[dict[str, Any]]:
    """`count` medicines whose doses differ from row to row; every third name is long."""
    doses = ["0", "1", "2", "3", "½", "1½"]
    return [
        medicine(
            LONG_EN if n % 3 == 2 else f"Medicine {n} 10 mg",
            LONG_HI if n % 3 == 2 else "दवा का नाम",
            [doses[n % 6], doses[(n + 1) % 6], doses[(n // 2) % 6]],
        )
        for n in range(count)
    ]


def _vital(hi: str, en: str, value: str, unit: str, flag: str) -> dict[str, str]:
    return {"label_hi": hi, "label_en": en, "value": value, "unit": unit, "flag": flag}


WHOLE: dict[str, Any] = {
    "schema": 1,
    "facility": {
        "name_hi": "सदर अस्पताल, पूर्णिया",
        "name_en": "Sadar Hospital, Purnia",
        "department_hi": "सामान्य चिकित्सा",
        "department_en": "General Medicine",
        "room": "7",
        "district_hi": "पूर्णिया",
        "district_en": "Purnia",
        "help_line": "104",
    },
    "check": {"code": "7KQ4M2X9PA3B", "url": "http://green.test/v/7KQ4M2X9PA3B"},
    "slip": "PUR-26-118204",
    "token": "M-047",
    "issued_at": "2026-11-23T10:46:00+05:30",
    "patient": {
        "name_hi": "सुनीता देवी",
        "name_en": "Sunita Devi",
        "age_hi": "34 वर्ष",
        "age_en": "34 yrs",
        "sex_hi": "महिला",
        "sex_en": "Female",
        "guardian_hi": "पति: दिनेश मंडल",
        "guardian_en": "Husband: Dinesh Mandal",
        "place_hi": "मझेली, कसबा, पूर्णिया",
        "place_en": "Majheli, Kasba, Purnia",
        "abha_masked": "91-4402-••••-7716",
        "mrn": "GRN-000012",
        "mobile_last4": "2714",
        "age_years": 34,
    },
    "allergies": {
        "status": "known",
        "items": [{"hi": "Penicillin (चकत्ते, साँस में तकलीफ़)", "en": "Penicillin (rash, breathing)"}],
    },
    "vitals": [
        _vital("बीपी", "BP", "158/96", "", "high"),
        _vital("नाड़ी", "Pulse", "84", "", ""),
        _vital("SpO2", "SpO2", "98", "%", ""),
        _vital("तापमान", "Temp", "98.6", "°F", ""),
    ],
    "complaints": [{"hi": "सिरदर्द 10 दिन", "en": "Headache 10 days"}],
    "diagnoses": [
        {"hi": "उच्च रक्तचाप", "en": "Hypertension", "code": "I10"},
        {"hi": "मधुमेह टाइप 2", "en": "Type 2 diabetes", "code": "E11"},
    ],
    "medicines": DAY,
    "tests": [{"hi": "HbA1c", "en": "HbA1c"}, {"hi": "KFT", "en": "KFT"}],
    "advice": [
        {"hi": "नमक कम खाएँ।", "en": "Eat less salt."},
        {"hi": "रोज़ 30 मिनट चलें।", "en": "Walk 30 minutes daily."},
    ],
    "danger": {
        "hi": "सीने में दर्द, साँस फूलना, बेहोशी, हाथ-पैर में कमज़ोरी।",
        "en": "chest pain, breathlessness, fainting, weakness in an arm or leg.",
    },
    "follow_up": {
        "date": "2026-12-07",
        "weekday_hi": "सोमवार",
        "weekday_en": "Monday",
        "room": "7",
    },
    "signer": {
        "name_hi": "डॉ. अंजलि झा",
        "name_en": "Dr Anjali Jha",
        "qualification": "MBBS, MD",
        "registration_no": "DEMO-0001",
        "signed_at": "2026-11-23T10:46:00+05:30",
    },
    "provenance": {"hi": "", "en": ""},
    "language": "hi",
}


def prescription(medicines: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """The content of the kind Prescription as a doctor's signature leaves it."""
    content = deepcopy(WHOLE)
    return {**content, "medicines": DAY if medicines is None else medicines, **more}
