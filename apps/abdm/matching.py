"""Who is meant by somebody who asks from their app: exactly one record of this hospital, or nobody.

Proof is what the gateway verified: ABHA first, then the mobile with sex, year of birth and a name
that sounds the same. A number from an old slip (MR) only chooses among those; alone it proves
nothing. Whoever is unsure says "nobody", so that an answer never tells who was here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from apps.abdm import codes
from apps.core.fold import digits, fold_name
from apps.patients import queries as patients

YEARS = 2
ALIKE = 0.84  # one letter heard otherwise in a name of seven
# Said one day and left out the next.
COME_AND_GO = {fold_name(word) for word in ("देवी", "कुमारी", "कुमार", "ख़ातून", "बेगम", "Md", "Shri")}


@dataclass(frozen=True, slots=True)
class Match:
    """`by`: the identifiers that led here, in the gateway's words."""

    patient: Any
    by: tuple[str, ...]


def match(asked: dict[str, Any]) -> Match | None:
    """The one record that the `patient` of a discovery means, else None. 1 to 2 queries."""
    verified, hints = _identifiers(asked)
    address = str(asked.get("id") or "").strip().lower()
    numbers = {codes.digits14(one) for one in verified.get("ABHA_NUMBER", ())} - {""}
    proven = patients.of_abha(numbers=numbers, address=address)
    if proven:
        by = "ABHA_NUMBER" if proven[0].abha_number in numbers else "ABHA_ADDRESS"
        return Match(proven[0], (by,)) if len(proven) == 1 else None
    mobiles = {digits(one)[-10:] for one in verified.get("MOBILE", ())}
    found = [
        one
        for one in patients.who_gave(mobiles)
        if is_same(one, asked) and not _has_another_abha(one)
    ]
    if len(found) == 1:
        return Match(found[0], ("MOBILE",))
    named = [one for one in found if one.mrn.upper() in hints]
    return Match(named[0], ("MOBILE", "MR")) if len(named) == 1 else None


def _identifiers(asked: dict[str, Any]) -> tuple[dict[str, list[str]], set[str]]:
    """What was proven by kind, and the slip numbers that somebody typed."""
    verified: dict[str, list[str]] = {}
    for one in _listed(asked.get("verifiedIdentifiers")):
        verified.setdefault(str(one.get("type")), []).append(str(one.get("value") or ""))
    both = [*_listed(asked.get("unverifiedIdentifiers")),
            *_listed(asked.get("verifiedIdentifiers"))]  # fmt: skip
    hints = {str(one.get("value") or "").strip().upper() for one in both if one.get("type") == "MR"}
    return verified, hints


def _listed(told: Any) -> Iterable[dict[str, Any]]:
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []


def _has_another_abha(patient: Any) -> bool:
    """A verified ABHA, not the asking one: father and son of one name, one phone."""
    return bool(patient.person_id and (patient.abha_number or patient.abha_address))


def is_same(patient: Any, asked: dict[str, Any]) -> bool:
    """Sex equal, year of birth within two, name alike; what is not told does not agree."""
    sex = codes.SEX.get(str(asked.get("gender", "")).upper())
    year = digits(str(asked.get("yearOfBirth") or ""))
    if sex != patient.sex or sex == "unknown" or len(year) != 4:
        return False
    if abs(patient.birth_date.year - int(year)) > YEARS:
        return False
    told = str(asked.get("name") or "")
    return any(sounds_like(told, name) for name in (patient.name_en, patient.name_hi) if name)


def sounds_like(one: str, other: str) -> bool:
    """The same name by ear, in either script; देवी or कुमार may be missing on one side."""
    left, right = _core(one), _core(other)
    if not left or not right:
        return False
    if left == right:
        return True
    short, long = sorted((left.split(), right.split()), key=len)
    if len(short) < len(long) and short == long[: len(short)]:
        return True  # Ramesh, Ramesh Yadav
    if len(left.split()) != len(right.split()):
        return False
    pairs = zip(left.split(), right.split(), strict=True)
    return all(SequenceMatcher(None, a, b).ratio() >= ALIKE for a, b in pairs)


def _core(name: str) -> str:
    words = fold_name(name).split()
    return " ".join(word for word in words if word not in COME_AND_GO) or " ".join(words)


def differing(patient: Any, owner: dict[str, Any]) -> set[str]:
    """Of name, sex and year of birth what ABHA and our record tell differently."""
    found = set()
    names = (patient.name_en, patient.name_hi)
    if not any(sounds_like(owner["name"], name) for name in names if name):
        found.add("name")
    if codes.SEX.get(owner["gender"].upper()) != patient.sex:
        found.add("sex")
    if abs(patient.birth_date.year - owner["year"]) > YEARS:
        found.add("year")
    return found
