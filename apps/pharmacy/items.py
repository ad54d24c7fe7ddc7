"""Everything that can lie on a shelf: the catalogue's medicines and the laboratory's kits.

`data/kits.csv` is our own short list of what a hospital laboratory uses up; it carries no
medical claim and is extended by adding a line.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from apps.prescriptions.queries import full_name
from apps.prescriptions.units import unit_of
from apps.terminology import queries as terminology

KITS = Path(__file__).parent / "data" / "kits.csv"
SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to stock. `register`: "ndps", "h1" or ""; `salt`: what a substitute must share."""

    code: str
    name: str
    name_hi: str
    form: str
    form_name: str
    unit_hi: str
    unit_en: str
    register: str = ""
    salt: tuple[str, str, str, bool] | None = None
    says: tuple[str, ...] = ()  # dose phrases to say while handing over

    @property
    def unit(self) -> str:
        return self.unit_en


@cache
def kits() -> dict[str, Item]:
    """The laboratory's kits, by code. No query."""
    with KITS.open(encoding="utf-8") as file:
        return {
            row["code"]: Item(
                row["code"], row["name_en"], row["name_hi"], row["form"], row["form"],
                "नग", row["unit"],
            )
            for row in csv.DictReader(file)
        }  # fmt: skip


def items(codes: Iterable[str]) -> dict[str, Item]:
    """Known things by code; unknown codes are left out. 1 query at most."""
    wanted = list(dict.fromkeys(codes))
    found = {code: kits()[code] for code in wanted if code in kits()}
    drugs = [code for code in wanted if code not in found]
    if drugs:
        found |= {code: of_drug(drug) for code, drug in terminology.medications(drugs).items()}
    return found


def search(text: str, *, limit: int = 12) -> list[Item]:
    """Medicines and kits by name or code, in either script. 1 query."""
    told = text.strip().lower()
    if len(told) < 2:
        return []
    hits = [of_drug(drug) for drug in terminology.search_medications(text, limit=limit)]
    ours = [
        kit for kit in kits().values() if told in f"{kit.code} {kit.name} {kit.name_hi}".lower()
    ]
    return [*ours, *hits][:limit]


def of_drug(drug: Any) -> Item:
    """A row of the catalogue as a thing on the shelf."""
    unit = unit_of(drug.form)
    return Item(
        code=drug.code,
        name=full_name(drug),
        name_hi=drug.name_hi,
        form=drug.form,
        form_name=drug.form_name,
        unit_hi=unit.pack_hi,
        unit_en=unit.pack_en,
        register=_register(drug.detail),
        salt=_salt(drug),
        says=_says(drug),
    )


def _says(drug: Any) -> tuple[str, ...]:
    """By form and ATC group only: shake a liquid, finish an antibacterial (J01), keep a cream out
    of the mouth. The words are the dose phrases of the catalogue."""
    form, said = drug.form.lower(), []
    if "oral" in form and ("liquid" in form or "suspension" in form):
        said.append("SHAKE")
    if drug.atc_code.startswith("J01"):
        said.append("COMPLETE")
    if any(word in form for word in ("cream", "ointment", "lotion")):
        said.append("EXTERNAL")
    return tuple(said)


def _register(detail: dict[str, Any]) -> str:
    """Which statutory register a medicine is written into: by the catalogue's own columns."""
    if detail.get("ndps_class") == "narcotic" or detail.get("drug_schedule") == "X":
        return "ndps"
    return "h1" if detail.get("drug_schedule") == "H1" else ""


def _salt(drug: Any) -> tuple[str, str, str, bool]:
    """Same salt, strength and route; slow release is never given for ordinary, nor the reverse."""
    strength = SPACES.sub("", drug.strength.lower())
    return (drug.generic_name.lower(), strength, drug.route.lower(), "release" in drug.form.lower())


def same_salt(item: Item) -> list[Item]:
    """Other products that may stand in for `item`. 1 query."""
    if item.salt is None:
        return []
    near = terminology.search_medications(item.salt[0], limit=40)
    others = (of_drug(drug) for drug in near if drug.code != item.code)
    return [other for other in others if other.salt == item.salt]
