"""Contents of prescriptions for the tests: one ordinary visit, and any number of medicines."""

from copy import deepcopy
from typing import Any

from apps.demo.bench_paper import CONTENT

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


def prescription(medicines: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """The content of the kind Prescription as a doctor's signature leaves it."""
    content = deepcopy(CONTENT)
    return {**content, "medicines": DAY if medicines is None else medicines, **more}
