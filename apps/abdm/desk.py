"""What the ABHA desk remembers between two steps: ten minutes, sealed, for one user and patient.

It stands in the server's session as ciphertext, with a key made of both ids: in somebody else's
hands, or beside another patient, it opens nothing. An Aadhaar number is never in it.
"""

import json
import re
import time
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.abdm.codes import digits14
from apps.core.aadhaar import is_verhoeff
from apps.core.errors import Refused
from apps.core.fields import decrypt, encrypt
from apps.core.fold import digits
from apps.gateway.environment import current
from apps.patients import queries as patients

LIVES_S = 600
GROWN = 18
STEM = re.compile(r"[a-z0-9]+(?:\.[a-z0-9]+)?(?:_[a-z0-9]+)?|[a-z0-9]+_[a-z0-9]+\.[a-z0-9]+")


@dataclass(slots=True)
class Talk:
    """`way`: number, address, mobile, find, aadhaar (log in), enrol; demographics, finger, iris,
    face; licence. `step`: find, otp, choose, mobile, address, face, child, confirm, done,
    new-mobile, licence, enrolled. `child`: the patient is a child whose parent proves the own ABHA.
    `note`: what "done" tells of (mobile, email), or the enrolment number."""

    way: str
    txn: str
    by: str = "mobile"
    step: str = "otp"
    tail: str = ""
    token: str = ""
    accounts: list[dict[str, str]] = field(default_factory=list)
    owner: dict[str, Any] = field(default_factory=dict)
    stems: list[str] = field(default_factory=list)
    new: bool = False
    child: bool = False
    note: str = ""
    ends: int = 0

    def fresh(self) -> "Talk":
        self.ends = int(time.time()) + LIVES_S
        return self


def seal(talk: Talk, *, user_id: UUID | None, patient_id: UUID) -> str:
    return encrypt(json.dumps(asdict(talk)), _lock(user_id, patient_id))


def opened(text: Any, *, user_id: UUID | None, patient_id: UUID) -> Talk | None:
    """None for nothing, for another patient's or user's, and for what is too old."""
    try:
        talk = Talk(**json.loads(decrypt(str(text), _lock(user_id, patient_id)))) if text else None
    except (ValueError, TypeError):
        return None
    return talk if talk and talk.ends > time.time() else None


def _lock(user_id: UUID | None, patient_id: UUID) -> str:
    return f"abha-desk:{user_id}:{patient_id}"


def way_of(told: str) -> tuple[str, str]:
    """Which way a text means, and it as the service takes it: ("number", "91-…"), ("address", …),
    ("mobile", …). Raises Refused."""
    text = digits(told).strip()
    if text.startswith("{"):
        card = patients.read_card(text)
        if card is None:
            raise Refused("abha.unclear")
        text = card.number or card.address
        if not text:
            raise Refused("abha.card_bare")
    number = re.sub(r"[\s-]", "", text)
    if number.isdecimal() and len(number) == 12 and not (number[:2] == "91" and number[2] > "5"):
        raise Refused("abha.aadhaar_place")
    if number.isdecimal() and len(number) >= 13:
        return "number", dashed(number)
    if re.fullmatch(r"[+\d\s-]+", text):
        return "mobile", patients.checked_mobile(text)
    if re.fullmatch(r"[A-Za-z0-9._]{3,40}(@[A-Za-z]{2,10})?", text):
        return "address", text.lower() if "@" in text else f"{text.lower()}{current().suffix}"
    raise Refused("abha.unclear")


def dashed(told: str) -> str:
    """91-0000-0000-0001; Refused for what is no ABHA number (14 digits, the last by Luhn)."""
    number = digits14(told)
    places = [int(one) for one in reversed(number)]
    doubled = [2 * one - 9 * (one > 4) for one in places[1::2]]
    if not number or (sum(places[::2]) + sum(doubled)) % 10:
        raise Refused("abha.number")
    return f"{number[:2]}-{number[2:6]}-{number[6:10]}-{number[10:]}"


def aadhaar(told: str, *, demo: bool) -> str:
    """Twelve digits that can be an Aadhaar number; with a stand-in only those that cannot."""
    number = re.sub(r"[\s-]", "", digits(told))
    if not number.isdecimal() or len(number) != 12:
        raise Refused("abha.aadhaar")
    if demo and not number.startswith("0000"):
        raise Refused("abha.aadhaar_demo")
    if not demo and (number[0] in "01" or not is_verhoeff(number)):
        raise Refused("abha.aadhaar")
    return number


def otp(told: str) -> str:
    number = re.sub(r"\s", "", digits(told))
    if not number.isdecimal() or len(number) != 6:
        raise Refused("abha.otp")
    return number


def refuse_grown(born: date) -> None:
    """An ABHA on a parent's word is for those under 18."""
    today = timezone.localdate()
    if today.year - born.year - ((today.month, today.day) < (born.month, born.day)) >= GROWN:
        raise Refused("abha.child_age")


def birth_day(told: str) -> date:
    """A whole day as on the Aadhaar card: 23-11-1992, or 1992-11-23 as a date box sends it."""
    parts = re.split(r"[-/. ]+", digits(told).strip())
    parts = parts[::-1] if len(parts[0]) == 4 else parts
    try:
        day, month, year = (int(part) for part in parts)
        born = date(year, month, day)
    except ValueError:
        raise Refused("abha.born") from None
    if not year >= 1900 or born > timezone.localdate():
        raise Refused("abha.born")
    return born


def latin_name(told: str) -> str:
    """A name as Aadhaar writes it in English."""
    name = " ".join(told.split())
    if not re.fullmatch(r"[A-Za-z][A-Za-z .']{0,79}", name):
        raise Refused("abha.name_latin")
    return name


def stem(told: str) -> str:
    """The part of an ABHA address before the @."""
    text = told.strip().lower().partition("@")[0]
    if not 8 <= len(text) <= 18 or not STEM.fullmatch(text):
        raise Refused("abha.address_form")
    return text
