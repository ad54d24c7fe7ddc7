"""Reading the profile that a patient's app shares; every field may be missing or odd."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.abdm.codes import SEX, digits14
from apps.abdm.wire import part, text
from apps.core.aadhaar import holds_aadhaar
from apps.core.errors import Refused
from apps.core.fold import is_name, tidy
from apps.patients import queries as patients
from apps.persons.queries import Profile

INTENT = "PROFILE_SHARE"
ADDRESS = re.compile(r"[a-z0-9][a-z0-9._-]*@[a-z]{2,10}")
YEARS = 130


class Wrong(Exception):
    """What the gateway is told: a code of the specification and a sentence without data."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Shared:
    """One share, read: whose, at which counter."""

    address: str
    counter: str
    profile: Profile


def read(body: dict[str, Any], *, service_id: str, codes: set[str], today: date) -> Shared:
    """Raises Wrong for what cannot be a share at one of this hospital's counters.

    What only the window needs (age, mobile, place) may be missing: the clerk asks for it.
    """
    intent = body.get("intent")
    if not isinstance(intent, str) or not intent:
        raise Wrong("1049", "Intent is missing")
    if intent != INTENT:
        raise Wrong("1149", "Intent is not supported")
    counter = _counter(body.get("metaData"), service_id, codes)
    told = part(body.get("profile")).get("patient")
    if not isinstance(told, dict):
        raise Wrong("1102", "Profile is missing")
    address = text(told.get("abhaAddress")).lower()
    if len(address) > 80 or not ADDRESS.fullmatch(address):
        raise Wrong("1170", "Invalid ABHA address")
    return Shared(address, counter, _profile(told, address, counter, today))


def _counter(meta: Any, service_id: str, codes: set[str]) -> str:
    if not isinstance(meta, dict):
        raise Wrong("1050", "Metadata is missing")
    if text(meta.get("hipId")) != service_id:
        raise Wrong("1035", "Invalid HIP id")
    counter = text(meta.get("context")).upper()
    if counter not in codes:
        raise Wrong("1050", "Unknown counter")
    return counter


def _profile(told: dict[str, Any], address: str, counter: str, today: date) -> Profile:
    name, sex = tidy(text(told.get("name")))[:80], SEX.get(text(told.get("gender")).upper())
    if not is_name(name) or holds_aadhaar(name):
        raise Wrong("1010", "Name is missing")
    if sex is None:
        raise Wrong("1010", "Gender is missing")
    born, age = _born(told, today)
    village = tidy(text(part(told.get("address")).get("line")))[:80]
    hindi = patients.is_devanagari(name)
    return Profile(
        name_hi=name if hindi else "",
        name_en="" if hindi else name,
        sex=sex,
        age=age,
        born=born.isoformat() if born else "",
        mobile=_mobile(told.get("phoneNumber")),
        village="" if holds_aadhaar(village) else village,
        abha_number=digits14(text(told.get("abhaNumber"))),
        abha_address=address,
        counter=counter,
    )


def _born(told: dict[str, Any], today: date) -> tuple[date | None, int | None]:
    """The day when all of it is known, and the age in years when the year is; text or number."""
    year, month, day = (_number(told.get(f"{part}OfBirth")) for part in ("year", "month", "day"))
    if year is None or not today.year - YEARS <= year <= today.year:
        return None, None
    try:
        born = date(year, month or 0, day or 0)
    except ValueError:
        born = None
    return (born if born and born <= today else None), today.year - year


def _mobile(value: Any) -> str:
    try:
        return patients.checked_mobile(text(value))
    except Refused:
        return ""


def _number(value: Any) -> int | None:
    said = text(value)
    return int(said) if said.isdecimal() and len(said) <= 4 else None
