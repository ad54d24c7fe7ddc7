"""Slips printed before the power goes: numbers from a reserved block, secrets made from them.

No table holds them. What proves a slip is a keyed hash of its number: the twelve letters in its
QR, or the four printed beside the number for typing by hand.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils.crypto import constant_time_compare

from apps.core.fold import digits
from apps.core.ids import ALPHABET, keyed_hash

TYPED = re.compile(r"^([A-Z][A-Z0-9]{2,4}-\d\d-\d{6})[-\s]*([0-9A-Z]{4})$")
LIMIT = 300
SERIES = "kit:"


@dataclass(frozen=True, slots=True)
class Kit:
    """One reserved block. `key` names it in addresses."""

    key: str
    first: int
    last: int
    year: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class PaperSlip:
    number: str
    code: str
    check: str


def slip_of(facility: Any, year: int, serial: int) -> PaperSlip:
    number = f"{facility.prefix}-{year % 100:02d}-{serial:06d}"
    return PaperSlip(number, code_of(facility, number), check_of(facility, number))


def slips_of(facility: Any, kit: Kit) -> list[PaperSlip]:
    return [slip_of(facility, kit.year, n) for n in range(kit.first, kit.last + 1)]


def code_of(facility: Any, number: str) -> str:
    """The secret of the slip's QR, as long and as random as an ordinary one."""
    return _letters(keyed_hash("paper-slip", f"{facility.pk}:{number}"), 12)


def check_of(facility: Any, number: str) -> str:
    return _letters(keyed_hash("paper-check", f"{facility.pk}:{number}"), 4)


def read(facility: Any, text: str) -> PaperSlip | None:
    """The slip that was scanned or typed, when it is one of this hospital's kits."""
    told = digits(text).strip().upper()
    if "/S/" in told:
        code = urlsplit(told).path.split("/S/", 1)[1].strip("/ ")
        number = parse_qs(urlsplit(told).query).get("N", [""])[0]
        good = constant_time_compare(code, code_of(facility, number))
    else:
        found = TYPED.match(told)
        number, check = found.groups() if found else ("", "")
        good = bool(found) and constant_time_compare(check, check_of(facility, number))
    if not good or not number.startswith(f"{facility.prefix}-"):
        return None
    return PaperSlip(number, code_of(facility, number), check_of(facility, number))


def _letters(hexed: str, length: int) -> str:
    number, out = int(hexed, 16), ""
    for _n in range(length):
        number, rest = divmod(number, len(ALPHABET))
        out += ALPHABET[rest]
    return out
