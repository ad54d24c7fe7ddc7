"""Telling an Aadhaar number from other numbers, so that it is refused before it is kept anywhere.

Twelve digits, the first from 2 to 9, the last a Verhoeff check digit. One of ten other numbers of
twelve digits passes as well, so this guards fields where a person types words or an identity, not
bar codes of goods.
"""

import re

from apps.core.errors import Refused
from apps.core.fold import digits

TIMES = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
PLACE = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip
TWELVE = re.compile(r"(?<!\d)[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}(?![ -]?\d)")


def is_verhoeff(number: str) -> bool:
    """True when the last digit is the Verhoeff check digit of those before it."""
    check = 0
    for place, digit in enumerate(reversed(number)):
        check = int(TIMES[check][int(PLACE[place % 8][int(digit)])])
    return check == 0


def holds_aadhaar(text: str) -> bool:
    """Whether an Aadhaar number stands anywhere in `text`, in any script's digits."""
    found = (re.sub(r"\D", "", hit) for hit in TWELVE.findall(digits(text)))
    return any(is_verhoeff(number) for number in found)


def refuse_aadhaar(*texts: str) -> None:
    """Raise Refused("aadhaar.typed") when one of `texts` holds one. The number goes nowhere."""
    if any(holds_aadhaar(text) for text in texts):
        raise Refused("aadhaar.typed")
