"""Words of a person's identity in both scripts, and the reading of a mobile number."""

from apps.core.aadhaar import refuse_aadhaar
from apps.core.errors import Refused
from apps.core.fold import digits

SEXES = {
    "female": ("महिला", "Female", "म", "F"),
    "male": ("पुरुष", "Male", "पु", "M"),
    "other": ("अन्य", "Other", "अन्य", "O"),
    "unknown": ("पता नहीं", "Unknown", "?", "?"),
}
UNKNOWN_NAMES = {
    "female": ("अज्ञात महिला", "Unknown woman"),
    "male": ("अज्ञात पुरुष", "Unknown man"),
    "child": ("अज्ञात बच्चा", "Unknown child"),
    "unknown": ("अज्ञात व्यक्ति", "Unknown person"),
}
RELATIONS = {
    "father": ("पिता", "Father"),
    "husband": ("पति", "Husband"),
    "mother": ("माता", "Mother"),
    "other": ("अभिभावक", "Guardian"),
}


def checked_mobile(typed: str) -> str:
    """Ten digits, or "" for none; +91, a leading 0, spaces and १२३ are understood.

    Raises Refused("patient.mobile", typed=how many digits), Refused("patient.mobile_start"), or
    Refused("aadhaar.typed") for twelve digits that are somebody's Aadhaar.
    """
    number = "".join(ch for ch in digits(typed) if ch.isdecimal())
    if len(number) == 12 and not (number[:2] == "91" and number[2] in "6789"):
        refuse_aadhaar(number)
    if len(number) == 12:
        number = number.removeprefix("91")
    elif len(number) == 11:
        number = number.removeprefix("0")
    if not typed.strip():
        return ""
    if len(number) != 10:
        raise Refused("patient.mobile", typed=len(number))
    if number[0] not in "6789":
        raise Refused("patient.mobile_start")
    return number
