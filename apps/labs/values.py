"""Reading what was typed into a result: a number in the right unit, or one of the choices.

The limits here only catch slips of the finger and wrong units. They are wide on purpose, are our
own, and say nothing about health; what is normal stands in the ranges.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from apps.core.errors import Refused
from apps.core.fold import digits
from apps.labs.masters import UNITS, Range, Test, number, rows_of

TYPED = re.compile(r"^\s*([<>]?)\s*(-?\d+(?:[.,]\d+)?)\s*(.*?)\s*$")
USUAL_DELTA = Decimal(50)
PERCENT = (Decimal(0), Decimal(100))


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    name_en: str
    name_hi: str
    flag: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A result that was understood. `value` is text as released; flag: "" L H LL HH A."""

    value: str
    number: Decimal | None = None
    flag: str = ""


@cache
def _choices() -> dict[str, tuple[Choice, ...]]:
    found: dict[str, list[Choice]] = {}
    for row in rows_of("choices"):
        choice = Choice(row["value"], row["name_en"], row["name_hi"], row["flag"])
        found.setdefault(row["test_code"], []).append(choice)
    return {code: tuple(rows) for code, rows in found.items()}


@cache
def _limits() -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    return {
        row["test_code"]: (
            Decimal(row["lowest"]),
            Decimal(row["highest"]),
            number(row["delta_percent"]) or USUAL_DELTA,
        )
        for row in rows_of("limits")
    }


@cache
def _units() -> dict[tuple[str, str], Decimal]:
    return {
        (row["test_code"], _plain(row["unit"])): Decimal(row["factor"]) for row in rows_of("units")
    }


def choices(test: Test) -> tuple[Choice, ...]:
    """What can be chosen for a test that is not a number."""
    return _choices().get(test.code) or _choices()["*"]


def limits(test: Test, normal: Range | None) -> tuple[Decimal, Decimal]:
    """The lowest and highest number that anybody could mean."""
    if test.code in _limits():
        return _limits()[test.code][:2]
    if test.unit == "%":
        return PERCENT
    high = normal.high if normal and normal.high else Decimal(10_000)
    return Decimal(0), high * 100


def read(test: Test, typed: str, normal: Range | None) -> Reading:
    """Refused: result.number, result.unit(_guess), result.impossible(_guess), result.choice."""
    text = typed.strip()
    if test.kind == "choice":
        return _chosen(test, text)
    if test.kind != "number":
        return Reading(text[:500])
    found = TYPED.match(digits(text))
    if not found:
        raise Refused("result.number", test=test.name_en)
    sign, figure, unit = found.groups()
    try:
        value = Decimal(figure.replace(",", "."))
    except InvalidOperation as error:
        raise Refused("result.number", test=test.name_en) from error
    low, high = limits(test, normal)
    if unit and _plain(unit) not in (_plain(test.unit), _plain(test.shown_unit)):
        raise _wrong_unit(test, value, unit, low, high)
    if not low <= value <= high:
        raise _impossible(test, value, low, high, normal)
    return Reading(sign + plain(value), value, flag(value, normal))


def _chosen(test: Test, text: str) -> Reading:
    for choice in choices(test):
        if text.casefold() in (choice.value.casefold(), choice.name_en.casefold(), choice.name_hi):
            return Reading(choice.value, flag=choice.flag)
    raise Refused("result.choice", test=test.name_en)


def _wrong_unit(test: Test, value: Decimal, unit: str, low: Decimal, high: Decimal) -> Refused:
    told = {"test": test.name_en, "typed": unit, "unit": test.shown_unit}
    factor = _units().get((test.code, _plain(unit)))
    if factor is None or not low <= value * factor <= high:
        return Refused("result.unit", **told)
    return Refused("result.unit_guess", **told, guess=plain(_rounded(value * factor)))


def _impossible(
    test: Test, value: Decimal, low: Decimal, high: Decimal, normal: Range | None
) -> Refused:
    told = {
        "test": test.name_en,
        "value": plain(value),
        "unit": test.shown_unit,
        "low": plain(low),
        "high": plain(high),
    }
    shifted = [value / step for step in (10, 100, 1000, 1_000_000)] + [value * 10]
    inside = [guess for guess in shifted if low <= guess <= high]
    if not inside or value <= 0:
        return Refused("result.impossible", **told)
    best = min(inside, key=lambda guess: _distance(guess, normal))
    return Refused("result.impossible_guess", **told, guess=plain(_rounded(best)))


def _distance(value: Decimal, normal: Range | None) -> Decimal:
    """How far outside of what is normal, as a ratio."""
    if normal is None:
        return abs(value)
    if normal.low and value < normal.low:
        return normal.low / value if value else Decimal(1000)
    if normal.high and value > normal.high:
        return value / normal.high
    return Decimal(0)


def flag(value: Decimal, normal: Range | None) -> str:
    """LL and HH are critical, L and H outside of the range, "" within or without a range."""
    if normal is None:
        return ""
    if normal.critical_low is not None and value <= normal.critical_low:
        return "LL"
    if normal.critical_high is not None and value >= normal.critical_high:
        return "HH"
    if normal.low is not None and value < normal.low:
        return "L"
    if normal.high is not None and value > normal.high:
        return "H"
    return ""


def delta(code: str, value: str, before: str) -> bool:
    """True when the value moved more since the last time than this test usually does."""
    new, old = figure(value), figure(before)
    if new is None or not old:
        return False
    percent = _limits().get(code, (0, 0, USUAL_DELTA))[2]
    return abs(new - old) / abs(old) * 100 > percent


def figure(text: str) -> Decimal | None:
    try:
        return Decimal(text.lstrip("<>"))
    except (InvalidOperation, AttributeError):
        return None


def plain(value: Decimal) -> str:
    """12.40 is 12.4, 140 stays 140, 0.50 is 0.5: never "1.4E+2", never a bare point."""
    text = f"{value.normalize():f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rounded(value: Decimal) -> Decimal:
    """Three figures that count, at least one place after the point under a hundred."""
    places = 0 if value >= 100 else 1 if value >= 10 else 2
    return round(value, places)


def _plain(unit: str) -> str:
    shown = UNITS.get(unit, unit)
    return shown.casefold().replace("µ", "u").replace("μ", "u").replace("³", "3").replace(" ", "")


def shown_range(normal: Range | None) -> str:
    """ "0.6-1.1", "< 200", "> 40", or "" without a range."""
    if normal is None or (normal.low is None and normal.high is None):
        return ""
    if normal.low is None or (normal.low == 0 and normal.high is not None):
        return f"< {plain(normal.high)}" if normal.high is not None else ""
    if normal.high is None:
        return f"> {plain(normal.low)}"
    return f"{plain(normal.low)}–{plain(normal.high)}"


def place(value: Decimal | None, normal: Range | None) -> int | None:
    """Where the value lies on the bar, in percent: the range takes 30 to 70, or 0 to 60."""
    if value is None or normal is None or (normal.low is None and normal.high is None):
        return None
    if not normal.low:
        top = normal.high or Decimal(1)
        return _held(int(value / top * 60)) if normal.high else None
    if normal.high is None:
        return _held(int(30 * value / normal.low))
    width = normal.high - normal.low or Decimal(1)
    return _held(int(30 + (value - normal.low) / width * 40))


def _held(percent: int) -> int:
    return max(2, min(96, percent))
