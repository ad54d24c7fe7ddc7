"""Advice beside a line: allergy, pregnancy, age, doubled ingredient, interaction.

Rules are rows of the catalogue's files, written from general knowledge and not yet signed by a
clinical committee: each finding carries that provenance to the screen. Only an allergy to the
same class stops; everything else is said once, under its line, and can be passed over.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

DATA = Path(settings.BASE_DIR) / "apps" / "terminology" / "data"
STOPS, WARNS = ("block",), ("warn", "caution")
CHILD = re.compile(r"^child <(\d+) ([ym])$")


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind` names the sentence, `with_` the other side (an allergen, a medicine)."""

    level: str  # stop | warn
    kind: str  # allergy | cross | pregnancy | age | double | interaction
    medicine: str
    with_hi: str = ""
    with_en: str = ""
    why: str = ""  # English, as the source has it
    provenance: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about the patient. Age in completed months."""

    allergies: tuple[dict[str, Any], ...] = ()
    pregnant: bool = False
    age_months: int | None = None


@lru_cache(maxsize=8)
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _plain(name: str) -> str:
    return " ".join(re.sub(r"\(.*?\)", " ", name.lower()).split())


def ingredients(generic_name: str) -> frozenset[str]:
    """The whole name and each part of a combination, in lower case without brackets."""
    whole = _plain(generic_name)
    return frozenset([whole, *(part.strip() for part in whole.split("+"))])


def _named(members: str) -> frozenset[str]:
    # "paracetamol >2 g/day" is a rule about an amount, which is not looked at here
    return frozenset(_plain(part) for part in members.split(";") if ">" not in part)


def check(names: Sequence[str], facts: Facts) -> list[list[Finding]]:
    """Findings for each medicine of a prescription, by its generic name. No query."""
    return [[*_alone(name, facts), *_together(n, names)] for n, name in enumerate(names)]


def stops(name: str, facts: Facts) -> Finding | None:
    """The finding that forbids this medicine for this patient, for the search list."""
    return next((f for f in _of_allergy(name, facts) if f.level == "stop"), None)


def _alone(name: str, facts: Facts) -> Iterable[Finding]:
    yield from _of_allergy(name, facts)
    parts = ingredients(name)
    for row in _rows("drug_condition_alerts.csv"):
        if not parts & _named(row["drugs"]):
            continue
        if row["condition"] == "pregnancy" and facts.pregnant:
            yield Finding("warn", "pregnancy", name, why=row["rationale"], provenance=_said(row))
        young = CHILD.match(row["condition"])
        if young and facts.age_months is not None:
            limit = int(young[1]) * (12 if young[2] == "y" else 1)
            if facts.age_months < limit:
                yield Finding("warn", "age", name, why=row["rationale"], provenance=_said(row))


def _of_allergy(name: str, facts: Facts) -> Iterable[Finding]:
    parts = ingredients(name)
    for allergy in facts.allergies:
        hi, en = allergy.get("hi", ""), allergy.get("en", "")
        if _plain(en) in parts:  # the very medicine is on record, not its class
            yield Finding("stop", "allergy", name, hi, en)
            continue
        for row in _rows("allergy_cross_reactivity.csv"):
            if row["allergen_class"] != allergy.get("code") or not parts & _named(
                row["member_drugs"]
            ):
                continue
            level = row["alert_level"]
            if level in STOPS:
                yield Finding("stop", "allergy", name, hi, en, row["rationale"], _said(row))
            elif level in WARNS:
                yield Finding("warn", "cross", name, hi, en, row["rationale"], _said(row))


def _together(n: int, names: Sequence[str]) -> Iterable[Finding]:
    """What line `n` does with the lines above it: said once, at the later one."""
    mine = ingredients(names[n])
    for other in names[:n]:
        theirs = ingredients(other)
        if mine & theirs:
            yield Finding("warn", "double", names[n], other, other)
            continue
        for row in _rows("interactions.csv"):
            if row["severity"] not in ("major", "contraindicated"):
                continue
            a, b = _plain(row["drug_a"]), _plain(row["drug_b"])
            if (a in mine and b in theirs) or (b in mine and a in theirs):
                yield Finding(
                    "warn", "interaction", names[n], other, other,
                    f"{row['effect']}. {row['action']}", row["verification"],
                )  # fmt: skip
                break


def _said(row: dict[str, str]) -> str:
    return row["provenance"]
