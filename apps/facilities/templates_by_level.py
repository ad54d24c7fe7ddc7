"""What a new hospital starts with, by its level: departments, rooms, counters, sessions.

Own work from the State's practice (two OPD sessions at district hospitals, one short evening
session elsewhere); the hospital changes it under Settings. Which medicines and tests a level has
is terminology's to say: `FacilityConfig.level` names the level and no list is copied.
"""

from dataclasses import dataclass

from apps.facilities.config import Department, FacilityConfig, Room, Session

_NAMES = {
    "MED": ("सामान्य चिकित्सा", "General Medicine", "M"),
    "GYN": ("स्त्री एवं प्रसूति", "Women's Health", "G"),
    "PED": ("शिशु रोग", "Children", "P"),
    "SUR": ("सर्जरी", "Surgery", "S"),
    "ORT": ("हड्डी रोग", "Bones and Joints", "H"),
    "EYE": ("आँख", "Eye", "E"),
    "ENT": ("कान, नाक, गला", "Ear, Nose, Throat", "N"),
    "SKN": ("चर्म रोग", "Skin", "K"),
    "DEN": ("दाँत", "Dental", "D"),
    "PSY": ("मानसिक स्वास्थ्य", "Mental Health", "Y"),
    "NCD": ("बीपी-शुगर क्लिनिक", "BP and Sugar Clinic", "B"),
    "TBC": ("टीबी क्लिनिक", "TB Clinic", "T"),
    "AYU": ("आयुष", "AYUSH", "A"),
    "IMM": ("टीकाकरण", "Immunisation", "V"),
    "EMR": ("आपातकाल", "Emergency", "X"),
}
_LONG = (Session("1", "09:00", "14:00"), Session("2", "15:30", "17:30"))
_SHORT = (Session("1", "08:00", "14:00"), Session("2", "15:30", "17:30"))


@dataclass(frozen=True, slots=True)
class Level:
    """`rooms`: which rooms each department starts with, department first in the menu first."""

    title_hi: str
    title_en: str
    rooms: dict[str, tuple[str, ...]]
    counters: int
    sessions: tuple[Session, ...]


LEVELS = {
    "APHC": Level(
        "अतिरिक्त प्राथमिक स्वास्थ्य केंद्र",
        "Additional Primary Health Centre",
        {"MED": ("1",), "GYN": ("2",), "IMM": ("3",)},
        1,
        _SHORT[:1],
    ),
    "PHC": Level(
        "प्राथमिक स्वास्थ्य केंद्र",
        "Primary Health Centre",
        {"MED": ("1", "2"), "GYN": ("3",), "DEN": ("4",), "AYU": ("5",), "IMM": ("6",)},
        1,
        _SHORT,
    ),
    "RH": Level(
        "रेफरल अस्पताल",
        "Referral Hospital",
        {"MED": ("1", "2"), "GYN": ("3",), "PED": ("4",), "DEN": ("5",), "NCD": ("6",),
         "IMM": ("7",), "EMR": ("8",)},
        2,
        _SHORT,
    ),
    "CHC": Level(
        "सामुदायिक स्वास्थ्य केंद्र",
        "Community Health Centre",
        {"MED": ("1", "2"), "GYN": ("3",), "PED": ("4",), "SUR": ("5",), "EYE": ("6",),
         "DEN": ("7",), "NCD": ("8",), "AYU": ("9",), "IMM": ("10",), "EMR": ("11",)},
        2,
        _SHORT,
    ),
    "SDH": Level(
        "अनुमंडलीय अस्पताल",
        "Sub-divisional Hospital",
        {"MED": ("1", "2"), "GYN": ("3", "4"), "PED": ("5",), "SUR": ("6",), "ORT": ("7",),
         "EYE": ("8",), "ENT": ("9",), "DEN": ("10",), "NCD": ("11",), "IMM": ("12",),
         "EMR": ("13",)},
        3,
        _LONG,
    ),
    "DH": Level(
        "जिला अस्पताल",
        "District Hospital",
        {"MED": ("6", "7", "8"), "PED": ("9", "10"), "GYN": ("3", "4"), "SUR": ("11", "12"),
         "ORT": ("13", "14"), "EYE": ("15",), "ENT": ("16",), "SKN": ("17",), "DEN": ("18",),
         "PSY": ("19",), "NCD": ("20",), "TBC": ("21",), "IMM": ("22",), "EMR": ("23",)},
        5,
        _LONG,
    ),
    "MCH": Level(
        "मेडिकल कॉलेज अस्पताल",
        "Medical College Hospital",
        {"MED": ("101", "102", "103", "104"), "PED": ("105", "106"), "GYN": ("107", "108", "109"),
         "SUR": ("110", "111", "112"), "ORT": ("113", "114"), "EYE": ("115", "116"),
         "ENT": ("117",), "SKN": ("118",), "DEN": ("119",), "PSY": ("120",), "NCD": ("121",),
         "TBC": ("122",), "IMM": ("123",), "EMR": ("124",)},
        8,
        _LONG,
    ),
}  # fmt: skip


def template_for(level: str, *, name_hi: str = "", name_en: str = "") -> FacilityConfig:
    """The FacilityConfig that a hospital of this level starts with. KeyError: no such level."""
    shape = LEVELS[level]
    rooms = [
        Room(number, code, f"कमरा {number}", f"Room {number}")
        for code, numbers in shape.rooms.items()
        for number in numbers
    ]
    return FacilityConfig(
        departments=tuple(
            Department(code, hi, en, letter)
            for code, (hi, en, letter) in _NAMES.items()
            if code in shape.rooms
        ),
        rooms=tuple(sorted(rooms, key=lambda room: int(room.code))),
        counters=tuple(str(n) for n in range(1, shape.counters + 1)),
        sessions=shape.sessions,
        vitals_first=level != "APHC",
        letterhead_hi=name_hi,
        letterhead_en=name_en,
        level=level,
    )
