"""One sample as the grid, the verifier and the paper see it. Reads nothing by itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.labs import formulas, values
from apps.labs.masters import Masters, Range, Test

FLAGGED = ("L", "H", "LL", "HH", "A")
CRITICAL = ("LL", "HH")


@dataclass(frozen=True, slots=True)
class Whose:
    """The patient as far as ranges and formulas need to know."""

    sex: str
    age_days: int
    years: int
    pregnant: bool = False

    @classmethod
    def of(cls, patient: Mapping[str, Any], *, pregnant: bool, on: date) -> "Whose":
        born = patient["birth_date"]
        years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        return cls(patient["sex"], max((on - born).days, 0), max(years, 0), pregnant)


@dataclass(slots=True)
class Row:
    """One value of one order. `last`: {"value", "at"} of the time before."""

    request_id: UUID
    test: Test
    normal: Range | None
    value: str = ""
    number: Decimal | None = None
    flag: str = ""
    last: dict[str, Any] | None = None
    worked_out: bool = False
    formula: formulas.Formula | None = None
    problem: Any = None  # the sentence beside the field
    guess: str = ""

    @property
    def key(self) -> str:
        return f"v-{self.request_id}-{self.test.code}"

    @property
    def range(self) -> str:
        return values.shown_range(self.normal)

    @property
    def place(self) -> int | None:
        return values.place(self.number, self.normal)

    @property
    def one_sided(self) -> bool:
        return self.normal is not None and not self.normal.low

    @property
    def choices(self) -> tuple[values.Choice, ...]:
        return values.choices(self.test) if self.test.kind == "choice" else ()

    @property
    def critical(self) -> bool:
        return self.flag in CRITICAL

    @property
    def level(self) -> str:
        """The look of a row: "hi" (critical or abnormal choice), "wa" (outside), ""."""
        return "hi" if self.flag in (*CRITICAL, "A") else "wa" if self.flag else ""

    @property
    def moved(self) -> bool:
        last = self.last
        return last is not None and values.delta(self.test.code, self.value, last["value"])

    @property
    def typed(self) -> bool:
        """Whether a person fills it; what only a formula gives is shown, not asked."""
        return self.formula is None or self.test.code in formulas.MAY_BE_TYPED

    def shown(self, language: str) -> str:
        """The value in words: a choice by its name, a number as it is."""
        for choice in self.choices:
            if choice.value == self.value:
                return choice.name_hi if language == "hi" else choice.name_en
        return self.value


@dataclass(slots=True)
class Sheet:
    """Everything of one sample."""

    rows: list[Row] = field(default_factory=list)

    def of(self, request_id: UUID) -> list[Row]:
        return [row for row in self.rows if row.request_id == request_id]

    @property
    def critical(self) -> list[Row]:
        return [row for row in self.rows if row.critical]

    @property
    def unverified(self) -> str:
        """Where ranges come from while nobody has signed them; "" when all are signed."""
        rows = [row.normal for row in self.rows if row.normal]
        return next((row.provenance for row in rows if not row.verified), "")


def sheet(
    orders: Iterable[Any],
    known: Masters,
    whose: Whose,
    *,
    stored: Mapping[UUID, list[dict[str, Any]]],
    last: Mapping[str, dict[str, Any]],
) -> Sheet:
    """The rows of a sample with what is stored, then what formulas can add."""
    rows = []
    for order in orders:
        there = {line["code"]: line for line in stored.get(order.pk, [])}
        for test in known.parts(order.test_code):
            normal = known.range_for(
                test.code, sex=whose.sex, age_days=whose.age_days, pregnant=whose.pregnant
            )
            row = Row(
                order.pk, test, normal, formula=formulas.BY_CODE.get(test.code),
                last=last.get(test.code),
            )  # fmt: skip
            if line := there.get(test.code):
                row.value, row.flag = line["value"], line["flag"]
                row.number = values.figure(line["value"]) if test.kind == "number" else None
                row.worked_out = bool(line.get("formula"))
            rows.append(row)
    found = Sheet(rows)
    work_out(found, whose)
    return found


def work_out(found: Sheet, whose: Whose) -> None:
    """Fill what formulas give; a value typed by hand stays where a machine measures it too."""
    who = formulas.Subject(whose.sex, whose.years)
    for row in found.rows:
        if row.formula is None or (row.value and not row.worked_out):
            continue
        figures = {r.test.code: r.number for r in found.rows
                   if r.number is not None and r is not row}  # fmt: skip
        number = formulas.work_out(row.test.code, figures, who)
        row.number, row.worked_out = number, number is not None
        row.value = values.plain(number) if number is not None else ""
        row.flag = values.flag(number, row.normal) if number is not None else ""


def as_results(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """What is stored in the report: the value with the range and the words of that day."""
    return [
        {
            "code": row.test.code,
            "name_en": row.test.name_en,
            "name_hi": row.test.name_hi,
            "loinc": row.test.loinc,
            "value": row.value,
            "shown_en": row.shown("en"),
            "shown_hi": row.shown("hi"),
            "unit": row.test.shown_unit,
            "flag": row.flag,
            "low": _text(row.normal.low if row.normal else None),
            "high": _text(row.normal.high if row.normal else None),
            "range": row.range,
            "range_note": row.normal.note if row.normal else "",
            "range_verified": bool(row.normal and row.normal.verified),
            "range_provenance": row.normal.provenance if row.normal else "",
            "previous": row.last["value"] if row.last else "",
            "previous_at": _iso(row.last["at"]) if row.last else "",
            "delta": row.moved,
            "formula": f"{row.formula.name} ({row.formula.source})"
            if row.formula and row.worked_out
            else "",
        }
        for row in rows
        if row.value
    ]


def _text(value: Decimal | None) -> str:
    return "" if value is None else values.plain(value)


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
