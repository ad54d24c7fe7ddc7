"""The QR of an ABHA card or app: unsigned, so an aid to typing and never a proof."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from apps.core.aadhaar import holds_aadhaar
from apps.core.errors import Refused
from apps.core.fold import digits, tidy
from apps.patients.identity import checked_mobile

SEX = {"F": "female", "M": "male", "O": "other", "T": "other"}


@dataclass(frozen=True, slots=True)
class Card:
    """`number`: 14 digits or ""; `address` in small letters or ""; `born`: the whole day."""

    number: str
    address: str
    name: str
    sex: str
    born: date | None
    year: int
    mobile: str
    village: str

    @property
    def asked(self) -> str:
        """What finds the patient: the number, else the address."""
        return self.number or self.address


def read_card(text: str) -> Card | None:
    """The card in a scanned text; None when it is no ABHA card. Both shapes that are about:
    `hid` with slashes in the birth date (card), `phr` with dashes (app)."""
    text = text.strip()
    if not text.startswith("{") or len(text) > 4000:
        return None
    try:
        told = json.loads(text, strict=False)
    except ValueError:
        return None
    if not isinstance(told, dict) or not {"hidn", "hid", "phr"} & told.keys():
        return None
    number = "".join(ch for ch in digits(_word(told, "hidn")) if ch.isdecimal())
    born, year = _born(_word(told, "dob"))
    name, place = tidy(_word(told, "name"))[:80], tidy(_word(told, "address"))[:80]
    return Card(
        number=number if len(number) == 14 else "",
        address=(_word(told, "phr") or _word(told, "hid")).lower()[:80],
        name="" if holds_aadhaar(name) else name,
        sex=SEX.get(_word(told, "gender").upper()[:1], ""),
        born=born,
        year=year,
        mobile=_mobile(_word(told, "mobile")),
        village="" if holds_aadhaar(place) else place,
    )


def _word(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    return str(value).strip() if isinstance(value, str | int) else ""


def _born(text: str) -> tuple[date | None, int]:
    parts = text.replace("/", "-").split("-")
    numbers = [int(part) for part in parts if part.isdecimal()]
    year = next((n for n in numbers if 1890 < n <= timezone.localdate().year), 0)
    try:
        day, month, of = numbers
        return date(of, month, day), year
    except ValueError:
        return None, year


def _mobile(text: str) -> str:
    try:
        return checked_mobile(text)
    except Refused:
        return ""
