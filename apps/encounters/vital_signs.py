"""What may be measured, what is plausible, and what stands out for this age. Advisory only.

`data/vitals.csv`: codes, LOINC, stored unit, plausible range, unit as typed at the desk.
`data/vital_alerts.csv`: usual and dangerous bounds by age; compiled from common knowledge and
not yet signed by clinicians, so every screen that colours a value says so.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

DATA = Path(__file__).with_name("data")
UNIT_DAYS = {"d": 1.0, "m": 30.4375, "y": 365.25}
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Vital:
    """`unit` is stored (UCUM), `entry_unit` typed and shown; only temperature differs."""

    code: str
    label_hi: str
    label_en: str
    loinc: str
    unit: str
    low: Decimal
    high: Decimal
    decimals: int
    entry_unit: str


@dataclass(frozen=True, slots=True)
class Range:
    """Usual bounds (`low`..`high`) and dangerous ones, in the stored unit."""

    low: Decimal
    high: Decimal
    very_low: Decimal
    very_high: Decimal

    def flag(self, value: Decimal) -> str:
        """ "" usual, "L"/"H" outside, "LL"/"HH" dangerous."""
        if value > self.high:
            return "HH" if value >= self.very_high else "H"
        if value < self.low:
            return "LL" if value < self.very_low else "L"
        return ""


@dataclass(frozen=True, slots=True)
class _Rule:
    code: str
    from_days: float
    to_days: float
    pregnant: bool
    bounds: Range


def _read_vitals() -> Mapping[str, Vital]:
    with (DATA / "vitals.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row["code"]: Vital(
                **{k: row[k] for k in ("code", "label_hi", "label_en", "loinc", "unit")},
                low=Decimal(row["low"]),
                high=Decimal(row["high"]),
                decimals=int(row["decimals"]),
                entry_unit=row["entry_unit"],
            )
            for row in csv.DictReader(lines)
        }


def _read_rules() -> list[_Rule]:
    with (DATA / "vital_alerts.csv").open(encoding="utf-8", newline="") as lines:
        return [
            _Rule(
                row["code"],
                _days(row["from"], 0),
                _days(row["to"], 1),  # "to 11m" holds until the twelfth month is full
                row["condition"] == "pregnant",
                Range(*(Decimal(row[k]) for k in ("low", "high", "very_low", "very_high"))),
            )
            for row in csv.DictReader(lines)
        ]


def _days(age: str, more: int) -> float:
    return (int(age[:-1]) + more) * UNIT_DAYS[age[-1]]


VITALS = _read_vitals()
RULES = _read_rules()


def usual(code: str, *, born: date, on: date, pregnant: bool = False) -> Range | None:
    """The bounds for one person on one day; None when no rule speaks of this age."""
    days = (on - born).days
    fits = [r for r in RULES if r.code == code and r.from_days <= days < r.to_days]
    chosen = [r for r in fits if r.pregnant == pregnant] or [r for r in fits if not r.pregnant]
    return chosen[0].bounds if chosen else None


def to_celsius(fahrenheit: Decimal) -> Decimal:
    return ((fahrenheit - 32) * 5 / 9).quantize(Decimal("0.001"), ROUND_HALF_UP)


def to_fahrenheit(celsius: Decimal) -> Decimal:
    return (celsius * 9 / 5 + 32).quantize(TENTH, ROUND_HALF_UP)


def shown(code: str, value: Decimal) -> str:
    """As people read it: 98.6 (°F), 58.5, 120; no idle zeros."""
    if code == "TEMP":
        return f"{to_fahrenheit(value)}"
    places = VITALS[code].decimals
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if places else text
