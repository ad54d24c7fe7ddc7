"""The lines of the State's forms, as our own files have them (sources in NOTICE)."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a form. HMIS has English names only: the government's form has no others."""

    code: str
    part: str  # HMIS: its section; IDSP: S, P or L
    name_en: str
    name_hi: str = ""
    urgency: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """What an IDSP line is drawn from: ICD-10 beginnings, or codes of laboratory tests."""

    icd: tuple[str, ...]
    tests: tuple[str, ...]


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def items(kind: str) -> dict[str, Item]:
    """Every line of "hmis" or "idsp" in the form's order, by code."""
    if kind == "hmis":
        rows = (Item(r["code"], r["section_no"], r["name_en"]) for r in _read("hmis_items.csv"))
    else:
        rows = (
            Item(r["code"], r["form"], r["name_en"], r["name_hi"], r["urgency"])
            for r in _read("idsp_conditions.csv")
        )
    return {item.code: item for item in rows}


@cache
def parts(kind: str) -> dict[str, tuple[str, str]]:
    """The parts of a form in order: their names in Hindi and English."""
    if kind == "idsp":
        return {
            "S": ("S फ़ॉर्म: लक्षण", "S form: syndromes"),
            "P": ("P फ़ॉर्म: डॉक्टर का अनुमान", "P form: presumptive"),
            "L": ("L फ़ॉर्म: लैब", "L form: laboratory"),
        }
    return {r["section_no"]: (r["section_hi"], r["section_en"]) for r in _read("hmis_items.csv")}


@cache
def conditions() -> dict[str, Condition]:
    """What each IDSP line is drawn from, by code."""
    return {
        r["code"]: Condition(tuple(r["icd10"].split()), tuple(r["tests"].split()))
        for r in _read("idsp_conditions.csv")
    }
