"""What demo doctors write. Invented for show, not advice: every demo paper says so."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from apps.demo.people import Visitor


@dataclass(frozen=True, slots=True)
class Story:
    """`medicines`: (catalogue code, dose shorthand, when, days)."""

    complaint: tuple[str, str, int]
    diagnosis: str
    medicines: tuple[tuple[str, str, str, int], ...]
    tests: tuple[str, ...] = ()
    follow_up_days: int = 0
    adult_only: bool = True


STORIES = (
    Story(("बुखार", "Fever", 3), "DX001", (("MED0046", "1-1-1", "after", 3),), ("HB",), 0, True),
    Story(("बुखार", "Fever", 2), "DX001", (("MED0048", "5ml 1-1-1", "after", 3),), (), 3, False),
    Story(("सिरदर्द", "Headache", 10), "DX108", (("MED0555", "0-0-1", "after", 30),
          ("MED0569", "1-0-0", "after", 30)), (), 15),
    Story(("बार-बार पेशाब", "Passing urine often", 20), "DX103",
          (("MED0704", "1-0-1", "after", 30),), (), 15),
    Story(("दस्त", "Loose motions", 2), "DX058", (("MED0668", "SOS", "", 3),), (), 2, False),
    Story(("सर्दी-खाँसी", "Cold and cough", 4), "DX044", (("MED0073", "0-0-1", "after", 5),), (), 0),
    Story(("पेट में जलन", "Burning in the stomach", 7), "DX063", (("MED0648", "1-0-1", "before", 5),)),
    Story(("थकान", "Tiredness", 30), "DX092", (("MED0503", "1-0-0", "after", 30),), ("HB",), 30),
    Story(("खुजली", "Itching", 6), "DX165", (("MED0604", "HS", "", 1),), (), 7, False),
    Story(("कमर दर्द", "Back pain", 14), "DX150", (("MED0046", "1-0-1", "after", 5),)),
)  # fmt: skip


def story_for(visitor: Visitor, chance: Random) -> Story:
    adult = visitor.age >= 18 and visitor.age_unit == "years"
    return chance.choice([s for s in STORIES if adult or not s.adult_only])


def vitals_for(visitor: Visitor, chance: Random) -> dict[str, Decimal]:
    """Pulse, temperature in Celsius, weight; blood pressure and SpO2 for grown people."""
    adult = visitor.age >= 18
    weight = chance.randint(42, 78) if adult else 8 + 2.4 * visitor.age
    values = {
        "HR": Decimal(chance.randint(68, 104)),
        "TEMP": Decimal(str(round(chance.uniform(36.4, 38.6), 1))),
        "WT": Decimal(str(round(weight, 1))),
    }
    if adult:
        high = chance.random() < 0.2
        values["SBP"] = Decimal(chance.randint(144, 172) if high else chance.randint(106, 136))
        values["DBP"] = Decimal(chance.randint(90, 104) if high else chance.randint(66, 86))
        values["SPO2"] = Decimal(chance.randint(95, 99))
    return values


def draft_of(story: Story, words: dict[str, dict[str, Any]], follow_up: str) -> dict[str, Any]:
    """The consultation draft (shape: workflows) of a story; `words` names its coded terms."""
    hindi, latin, days = story.complaint
    return {
        "complaints": [{"code": "", "hi": hindi, "en": latin, "days": days}],
        "diagnoses": [words[story.diagnosis]],
        "medicines": [
            {"code": code, "dose": dose, "when": when, "days": days, "quantity": None, "note": ""}
            for code, dose, when, days in story.medicines
        ],
        "tests": [words[code] for code in story.tests],
        "advice": [],
        "advice_text": "",
        "notes": "",
        "follow_up": {"date": follow_up} if follow_up else None,
    }
