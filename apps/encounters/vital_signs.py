"""What may be measured, what is plausible, and what stands out for this age. Advisory only.

`data/vitals.csv`: codes, LOINC, stored unit, plausible range, unit as typed at the desk.
`data/vital_alerts.csv`: usual and dangerous bounds by age; compiled from common knowledge and
not yet signed by clinicians, so every screen that colours a value says so. SIGNS are chosen, not
measured, and kept as numbers: ACVPU by the place of its letter, OXYGEN 0 on air and 1 on oxygen,
SPO2SCALE 2 where a doctor has set the target 88-92 %.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

from apps.core.fold import digits

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


def _sign(code: str, hindi: str, latin: str, loinc: str, most: int) -> Vital:
    return Vital(code, hindi, latin, loinc, "{code}", Decimal(0), Decimal(most), 0, "")


VITALS = _read_vitals()
RULES = _read_rules()
SIGNS = {
    "ACVPU": _sign("ACVPU", "होश", "Consciousness", "67775-7", 4),
    "OXYGEN": _sign("OXYGEN", "हवा या ऑक्सीजन", "Air or oxygen", "", 1),
    "SPO2SCALE": _sign("SPO2SCALE", "SpO₂ लक्ष्य", "SpO₂ target", "", 2),
}
MEASURES: Mapping[str, Vital] = {**VITALS, **SIGNS}


def usual(code: str, *, born: date, on: date, pregnant: bool = False) -> Range | None:
    """The bounds for one person on one day; None when no rule speaks of this age."""
    days = (on - born).days
    fits = [r for r in RULES if r.code == code and r.from_days <= days < r.to_days]
    chosen = [r for r in fits if r.pregnant == pregnant] or [r for r in fits if not r.pregnant]
    return chosen[0].bounds if chosen else None


def bmi(weight: Decimal, height: Decimal) -> Decimal:
    """kg/m², one decimal, from kilograms and centimetres."""
    return (weight / (height / 100) ** 2).quantize(TENTH, ROUND_HALF_UP)


def read(code: str, text: str) -> Decimal | None:
    """What was typed as a number in the stored unit; None for no number. Pure, no limits."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    # 98.6 is Fahrenheit, 37.0 Celsius: the two ranges of living people do not touch.
    return to_celsius(number) if code == "TEMP" and 50 < number < 1000 else number


def plausible(code: str, value: Decimal) -> bool:
    return MEASURES[code].low <= value <= MEASURES[code].high


def typed(told: Mapping[str, str]) -> dict[str, Decimal]:
    """The plausible numbers of a sheet that is still being typed, in stored units."""
    found = {}
    for code in MEASURES:
        text = digits(str(told.get(code, ""))).strip().replace(",", ".")
        value = read(code, text) if text else None
        if value is not None and plausible(code, value):
            found[code] = value
    return found


def guess(code: str, text: str) -> str:
    """What a finger may have meant by an impossible number: 986 is 98.6, 1200 is 120; or ""."""
    number = read("", text)
    for tenth in (10, 100):
        likely = f"{number / tenth:f}" if number is not None and number > 0 else ""
        value = read(code, likely)
        if value is not None and plausible(code, value):
            return likely.rstrip("0").rstrip(".") if "." in likely else likely
    return ""


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
