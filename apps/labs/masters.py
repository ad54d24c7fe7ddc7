"""What a test is and what is normal: the catalogue, our own files, and what the State or this
hospital has defined over them. Values that nobody has signed say so (`verified`, `provenance`)."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from apps.core.tenancy import current_facility_id
from apps.terminology import queries as terminology

DATA = Path(__file__).with_name("data")
KINDS = {"Num": "number", "Calc": "number", "Code": "choice", "Panel": "panel"}
IMAGING = "Imaging and other diagnostics"
UNITS = {
    "10*3/uL": "10³/µL", "10*6/uL": "10⁶/µL", "/uL": "/µL", "ug/dL": "µg/dL", "[pH]": "",
    "{SG}": "", "{INR}": "", "{ratio}": "", "mm[Hg]": "mmHg", "u[IU]/mL": "µIU/mL",
    "[IU]/mL": "IU/mL", "/[HPF]": "/HPF", "mL/min/{1.73_m2}": "mL/min/1.73 m²",
    "ng/mL{FEU}": "ng/mL FEU", "mg/(24.h)": "mg/24 h",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Range:
    """What is normal for one sex, age and condition. None: no limit on that side."""

    sex: str
    from_days: int
    to_days: int
    condition: str
    low: Decimal | None
    high: Decimal | None
    critical_low: Decimal | None
    critical_high: Decimal | None
    note: str = ""
    verified: bool = False
    provenance: str = ""


@dataclass(frozen=True, slots=True)
class Test:
    """One test, panel or study. kind: number | choice | text | panel."""

    code: str
    name_en: str
    name_hi: str
    loinc: str
    group_en: str
    group_hi: str
    specimen: str
    container: str
    unit: str
    kind: str
    levels: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    reagents: tuple[dict[str, Any], ...] = ()
    verified: bool = False
    provenance: str = ""

    @property
    def imaging(self) -> bool:
        return self.group_en == IMAGING

    @property
    def shown_unit(self) -> str:
        return UNITS.get(self.unit, self.unit)


@dataclass(frozen=True, slots=True)
class Masters:
    """Tests by code and ranges by test, as they are in force here now."""

    tests: dict[str, Test]
    ranges: dict[str, tuple[Range, ...]]

    def parts(self, code: str) -> list[Test]:
        """The tests whose values make up an order: itself, or the parts of a panel."""
        test = self.tests.get(code)
        if test is None:
            return []
        if test.kind != "panel":
            return [test]
        return [self.tests[part] for part in test.parts if part in self.tests]

    def range_for(
        self, code: str, *, sex: str, age_days: int, pregnant: bool = False
    ) -> Range | None:
        """The narrowest range that fits: a pregnant woman's first, then her sex, then anybody's."""
        letter = {"male": "M", "female": "F"}.get(sex, "any")
        fits = [
            row
            for row in self.ranges.get(code, ())
            if row.from_days <= age_days <= row.to_days
            and row.sex in ("any", letter)
            and (row.condition == "general" or pregnant)
        ]
        fits.sort(key=lambda row: (row.condition == "general", row.sex == "any"))
        return fits[0] if fits else None


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: Any) -> Decimal | None:
    """A cell of a file or a definition; 999 stands for "no limit" in the ranges."""
    if text in ("", None):
        return None
    value = Decimal(str(text))
    return None if value == 999 else value


@cache
def built_in_ranges() -> dict[str, tuple[Range, ...]]:
    found: dict[str, list[Range]] = {}
    for row in rows_of("reference_ranges"):
        found.setdefault(row["test_code"], []).append(
            Range(
                row["sex"],
                int(row["age_min_days"]),
                int(row["age_max_days"]),
                row["condition"],
                number(row["ref_low"]),
                number(row["ref_high"]),
                number(row["critical_low"]),
                number(row["critical_high"]),
                row["note"],
                provenance=row["provenance"],
            )
        )
    return {code: tuple(rows) for code, rows in found.items()}


@cache
def panels() -> dict[str, tuple[str, ...]]:
    return {row["panel_code"]: tuple(row["test_codes"].split()) for row in rows_of("panels")}


def as_range(row: dict[str, Any], *, verified: bool, provenance: str) -> Range:
    """One row of a defined range as the grid uses it."""
    return Range(
        row.get("sex", "any"),
        int(row.get("from_days", 0)),
        int(row.get("to_days", 44194)),
        row.get("condition", "general"),
        number(row.get("low")),
        number(row.get("high")),
        number(row.get("critical_low")),
        number(row.get("critical_high")),
        row.get("note", ""),
        verified,
        provenance,
    )


# The catalogue names some tubes in several ways; one tube serves them all.
TUBES = {
    "EDTA": "EDTA (lavender)",
    "EDTA/None": "EDTA (lavender)",
    "EDTA/Plain": "EDTA (lavender)",
    "Plain (red)": "Plain/SST",
    "Plain": "Plain/SST",
}
SPECIMENS = {"Whole blood/Serum": "Whole blood", "Serum/whole blood": "Serum"}


def _of_catalogue(code: Any) -> Test:
    detail = code.detail
    specimen, container = detail.get("specimen", ""), detail.get("container", "")
    return Test(
        code=code.code,
        name_en=code.name_en,
        name_hi=code.name_hi or code.name_en,
        loinc=code.standard_code,
        group_en=code.group_en,
        group_hi=code.group_hi or code.group_en,
        specimen=SPECIMENS.get(specimen, specimen),
        container=TUBES.get(container, container),
        unit=detail.get("unit_ucum", ""),
        kind=KINDS.get(detail.get("result_type", ""), "text"),
        levels=tuple(detail.get("levels", ())),
        parts=panels().get(code.code, ()),
        verified=code.verified,
        provenance=code.provenance,
    )


def load(codes: Iterable[str]) -> Masters:
    """The tests of these codes, their parts, and the ranges in force here. 3 queries."""
    wanted = set(codes)
    here = current_facility_id()
    defined = {row.code: row for row in terminology.definitions("test", facility_id=here)}
    for code in list(wanted):
        body = defined[code].body if code in defined else {}
        wanted.update(body.get("parts") or panels().get(code, ()))
    tests = {
        code: _of_catalogue(row) for code, row in terminology.codes("test", sorted(wanted)).items()
    }
    for code, test in tests.items():
        if code in defined and defined[code].active:
            tests[code] = _defined(test, defined[code])
    ranges = dict(built_in_ranges())
    for row in terminology.definitions("range", facility_id=here):
        if row.active:
            ranges[row.code] = tuple(
                as_range(line, verified=row.verified, provenance=row.provenance)
                for line in row.body.get("rows", ())
            )
    return Masters(tests, ranges)


def _defined(test: Test, row: Any) -> Test:
    """A test as the laboratory in charge wants it; what the form left out stays as it was."""
    told = {
        key: row.body[key]
        for key in ("name_en", "name_hi", "specimen", "container", "unit")
        if row.body.get(key)
    }
    return replace(
        test,
        **told,
        parts=tuple(row.body.get("parts") or test.parts),
        reagents=tuple(row.body.get("reagents") or ()),
        verified=row.verified,
        provenance=row.provenance,
    )
