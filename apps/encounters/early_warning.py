"""NEWS2, exactly as its table says (`data/news2.csv`, Royal College of Physicians 2017).

For adults: not under 16, not in pregnancy. What was not measured is named and gives no points, so
a partial score is a floor, never a reassurance.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

TABLE = Path(__file__).with_name("data") / "news2.csv"
SOURCE = "NEWS2, Royal College of Physicians 2017"
ADULT_FROM = 16
ALERT, AWAKENESS = 0, "ACVPU"  # ACVPU is stored as the place of its letter
CODES = ("RR", "SPO2", "OXYGEN", "SBP", "HR", AWAKENESS, "TEMP")
PARAMETER = {"RR": "RR", "SBP": "SBP", "HR": "PULSE", "TEMP": "TEMP"}


@dataclass(frozen=True, slots=True)
class Part:
    """One sign and what it adds."""

    code: str
    value: Decimal
    points: int


@dataclass(frozen=True, slots=True)
class Score:
    """`missing` names the signs nobody measured: with any of them the score is partial."""

    total: int
    parts: tuple[Part, ...]
    missing: tuple[str, ...]

    @property
    def partial(self) -> bool:
        return bool(self.missing)

    @property
    def worst(self) -> int:
        return max((part.points for part in self.parts), default=0)


@dataclass(frozen=True, slots=True)
class _Row:
    parameter: str
    qualifier: str
    low: str
    high: str
    points: int

    def holds(self, value: Decimal) -> bool:
        above = not self.low or value >= Decimal(self.low)
        return above and (not self.high or value <= Decimal(self.high))


def _read() -> list[_Row]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return [
            _Row(
                row["parameter"],
                row["qualifier"],
                row["from_inclusive"],
                row["to_inclusive"],
                int(row["score"]),
            )
            for row in csv.DictReader(lines)
        ]


ROWS = _read()


def applies(born: date, on: date, *, pregnant: bool) -> bool:
    """NEWS2 is for people of 16 and over who are not pregnant."""
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return years >= ADULT_FROM and not pregnant


def score(values: Mapping[str, Decimal]) -> Score | None:
    """The score of what was measured (temperature in °C); None when nothing of it was."""
    parts, missing = [], []
    for code in CODES:
        points = _points(code, values)
        if points is None:
            missing.append(code)
        else:
            parts.append(Part(code, values[code], points))
    if not parts:
        return None
    return Score(sum(part.points for part in parts), tuple(parts), tuple(missing))


def _points(code: str, values: Mapping[str, Decimal]) -> int | None:
    value = values.get(code)
    if value is None:
        return None
    if code == AWAKENESS:
        letters = "A" if value == ALERT else "C,V,P,U"
        return next(row.points for row in _rows("CONSCIOUSNESS") if row.qualifier == letters)
    if code == "OXYGEN":
        given = "oxygen" if value else "air"
        return next(row.points for row in _rows("AIR_OR_OXYGEN") if row.qualifier == given)
    if code == "SPO2":
        return _saturation(_rounded(value, "1"), values)
    step = "0.1" if code == "TEMP" else "1"
    return _found(_rows(PARAMETER[code]), _rounded(value, step))


def _saturation(value: Decimal, values: Mapping[str, Decimal]) -> int | None:
    """Scale 2 only where a doctor has set the target 88-92 %; there the air matters too."""
    if values.get("SPO2SCALE") != 2:
        return _found(_rows("SPO2_SCALE1"), value)
    air = values.get("OXYGEN")
    fits = ["", "" if air is None else "on oxygen" if air else "on air"]
    return _found([row for row in _rows("SPO2_SCALE2") if row.qualifier in fits], value)


def _rows(parameter: str) -> list[_Row]:
    return [row for row in ROWS if row.parameter == parameter]


def _found(rows: list[_Row], value: Decimal) -> int | None:
    return next((row.points for row in rows if row.holds(value)), None)


def _rounded(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), ROUND_HALF_UP)
