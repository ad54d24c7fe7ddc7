"""Invented patients: names as common in Purnia and Araria, in both scripts, with seeded chance."""

from dataclasses import dataclass
from random import Random

FEMALE = (
    ("सुनीता देवी", "Sunita Devi"), ("शबनम ख़ातून", "Shabnam Khatoon"), ("गीता कुमारी", "Geeta Kumari"),
    ("लालमुनि देवी", "Lalmuni Devi"), ("सरिता मुर्मू", "Sarita Murmu"), ("नूरजहाँ बेगम", "Noorjahan Begum"),
    ("पूजा कुमारी", "Puja Kumari"), ("कलावती देवी", "Kalawati Devi"), ("हेमलता सोरेन", "Hemlata Soren"),
    ("रेखा देवी", "Rekha Devi"), ("फूलो देवी", "Phulo Devi"), ("मंजू हेम्ब्रम", "Manju Hembram"),
    ("रज़िया परवीन", "Razia Parveen"), ("बबीता देवी", "Babita Devi"), ("सोनी कुमारी", "Soni Kumari"),
    ("जहाँआरा ख़ातून", "Jahanara Khatoon"), ("उर्मिला देवी", "Urmila Devi"), ("चाँदनी कुमारी", "Chandni Kumari"),
)  # fmt: skip
MALE = (
    ("रामप्रवेश यादव", "Rampravesh Yadav"), ("मुकेश पासवान", "Mukesh Paswan"), ("अब्दुल रहमान", "Abdul Rahman"),
    ("आरव राज", "Aarav Raj"), ("विकास कुमार", "Vikas Kumar"), ("मो. इरफ़ान", "Md Irfan"),
    ("सौरभ चौधरी", "Saurabh Chaudhary"), ("मनोज कुमार साह", "Manoj Kumar Sah"), ("दिनेश मंडल", "Dinesh Mandal"),
    ("रामजतन महतो", "Ramjatan Mahto"), ("बिरसा मरांडी", "Birsa Marandi"), ("अंकित कुमार", "Ankit Kumar"),
    ("गणेश ऋषिदेव", "Ganesh Rishidev"), ("तौसीफ़ आलम", "Tausif Alam"), ("लक्ष्मण टुडू", "Lakshman Tudu"),
    ("कृष्णा शर्मा", "Krishna Sharma"),
)  # fmt: skip
FATHERS = (
    "रामचंद्र साह", "दिनेश मंडल", "कैलाश यादव", "मो. सलीम", "बुधन मुर्मू", "शिवनारायण झा", "रामदेव पासवान",
    "अब्दुल कुद्दूस", "महेंद्र ठाकुर", "सुखदेव राम",
)  # fmt: skip
VILLAGES = (
    "मझेली", "रानीपतरा", "बेलौरी", "चाँदी", "गुलाबबाग", "सिकंदरपुर", "बरेटा", "मधुबनी टोला", "कसबा", "हरदा",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visitor:
    """What the clerk types for one person of the demo."""

    name_hi: str
    name_en: str
    sex: str
    age: int
    age_unit: str
    guardian_relation: str
    guardian_name: str
    village: str
    mobile: str
    priority_reason: str


def visitors(count: int, *, seed: str, department: str = "") -> list[Visitor]:
    """`count` people, the same for the same `seed`. A quarter share a mobile with a relative."""
    chance = Random(seed)
    people: list[Visitor] = []
    for n in range(count):
        female = chance.random() < 0.56
        name_hi, name_en = chance.choice(FEMALE if female else MALE)
        age = chance.choices(
            (chance.randint(1, 5), chance.randint(6, 17), chance.randint(18, 45),
             chance.randint(46, 59), chance.randint(60, 84)),
            weights=(10, 12, 48, 16, 14),
        )[0]  # fmt: skip
        shared = people and chance.random() < 0.25
        mobile = people[-1].mobile if shared else f"60000{chance.randint(10000, 99999)}"
        pregnant = female and 19 <= age <= 34 and chance.random() < 0.2
        people.append(
            Visitor(
                name_hi,
                name_en,
                "female" if female else "male",
                age,
                "years",
                "husband" if female and age > 20 else "father",
                chance.choice(FATHERS),
                chance.choice(VILLAGES),
                "" if n % 9 == 8 else mobile,
                "pregnant" if pregnant else "senior" if age >= 60 else "",
            )
        )
    return people
