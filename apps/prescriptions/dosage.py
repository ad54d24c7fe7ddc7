"""Shorthand of a dose to words, FHIR Dosage and a quantity. Pure: no table, no language switch.

`101`, `1-0-1 x5`, `½-0-½`, `TDS`, `5 ml TDS`, `1 tsp BD`, `2 puffs BD`, `HS`, `SOS`, `STAT`, `QW`,
`Q6H`, `BD PC x 2 weeks`; digits १०१ too. Steps of a tapering course stand side by side with their
days: `1-0-1 x5 > 1-0-0 x5`. OD, BD and TDS mean 1-0-0, 1-0-1 and 1-1-1, as they are used at the
counter: the doctor sees the pattern at once. SOS is reckoned as two doses a day. A liquid needs
its ml.
"""

import re
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Any

from apps.core.errors import Refused
from apps.prescriptions import sentences, shorthand
from apps.prescriptions.shorthand import Read, Rhythm, plain
from apps.prescriptions.units import Kind, Unit, unit_of

__all__ = ["MOST_DAYS", "Dose", "plain", "read"]
UCUM = "http://unitsofmeasure.org"
SLOT_CODES = {3: ("MORN", "NOON", "NIGHT"), 4: ("MORN", "NOON", "EVE", "NIGHT")}
FOOD = {"after": "PC", "before": "AC", "empty": "AC", "with": "C"}
MEALS = {"MORN": "M", "NOON": "D", "EVE": "V", "NIGHT": "V"}
MOST_DAYS = 180
INSULIN_VIAL_ML = 10
DROPS_A_ML = 20
MOST_STEPS = 4
STEP = re.compile(r"\s*(?:>|;|\bthen\b|फिर)\s*")


@dataclass(frozen=True, slots=True)
class Dose:
    """One line's dose. `pattern` is morning, noon, night as written, or None for other rhythms."""

    shorthand: str
    pattern: tuple[str, ...] | None
    sentence_hi: str
    sentence_en: str
    when: str
    when_hi: str
    when_en: str
    days: int | None
    days_hi: str
    days_en: str
    quantity: Decimal
    unit: str
    unit_hi: str
    unit_en: str
    fhir: list[dict[str, Any]] = field(default_factory=list)
    largest: Decimal = Decimal(0)  # at one time
    per_day: Decimal = Decimal(0)  # on the fullest day; a dose at once counts as that day

    @property
    def quantity_text(self) -> str:
        return plain(self.quantity)


def read(
    text: str,
    *,
    form: str,
    name: str = "",
    strength: str = "",
    when: str = "",
    days: int | None = None,
    quantity: Decimal | None = None,
    pack_ml: Decimal | None = None,
) -> Dose:
    """The dose of one line. `quantity` typed by the doctor wins over the computed one.

    Refused: dose.empty, dose.unclear, dose.note, dose.zero, dose.part, dose.ml_missing,
    dose.too_large, dose.days_missing, dose.days_out_of_range, dose.steps.
    """
    unit = unit_of(form, name, strength)
    steps, spans, whole = _steps(text, unit, days)
    when = _food(next((step.when for step in steps if step.when), when), steps, unit)
    total, pack = _total(steps, spans, unit, strength, pack_ml)
    en = _course(steps, spans, unit, sentences.sentence_en, sentences.days_en, ", then ", " for ")
    fhir: list[dict[str, Any]] = []
    for step, span in zip(steps, spans, strict=True):
        fhir += _fhir(step, unit, when, None if step.at_once else span, en, len(fhir))
    return Dose(
        shorthand=_shorthand(steps, unit),
        pattern=_pattern(steps),
        sentence_hi=_course(
            steps, spans, unit, sentences.sentence_hi, sentences.days_hi, ", फिर ", " "
        ),
        sentence_en=en,
        when=when,
        when_hi=sentences.WHEN_HI.get(when, ""),
        when_en=sentences.WHEN_EN.get(when, ""),
        days=whole,
        days_hi=sentences.days_hi(whole),
        days_en=sentences.days_en(whole),
        quantity=total if quantity is None else quantity,
        unit=pack[0],
        unit_hi=pack[1],
        unit_en=pack[2],
        fhir=fhir,
        largest=max(step.largest for step in steps),
        per_day=max(step.fullest for step in steps),
    )


def _steps(
    text: str, unit: Unit, days: int | None
) -> tuple[list[Read], list[int | None], int | None]:
    """The steps, the days of each, and of the whole course (None for a dose at once)."""
    steps = [shorthand.read(part, unit) for part in STEP.split(text)[: MOST_STEPS + 1]]
    _check_steps(steps)
    spans = [step.days if step.days is not None else days for step in steps]
    for step, span in zip(steps, spans, strict=True):
        _check(step, unit, span)
    whole = None if steps[0].at_once else sum(filter(None, spans))
    if whole and whole > MOST_DAYS:
        raise Refused("dose.days_out_of_range", most=MOST_DAYS)
    return steps, spans, whole


def _check_steps(steps: list[Read]) -> None:
    """A course of several steps needs the days of each, and nothing "at once" or "when needed"."""
    if len(steps) == 1:
        return
    if len(steps) > MOST_STEPS:
        raise Refused("dose.steps", most=MOST_STEPS)
    if any(step.days is None or step.at_once or step.needed for step in steps):
        raise Refused("dose.steps", most=MOST_STEPS)


def _food(when: str, steps: list[Read], unit: Unit) -> str:
    """Before or after food, for what is swallowed; bedtime is said once."""
    when = when if unit.food or when == "bedtime" else ""
    codes = {step.rhythm.code for step in steps if step.rhythm}
    if "HS" in codes or (when == "bedtime" and "STAT" in codes):
        return ""
    return when


def _course(
    steps: list[Read],
    spans: list[int | None],
    unit: Unit,
    words: Any,
    days: Any,
    then: str,
    for_: str,
) -> str:
    """One sentence for each step; a single step leaves its days to their own column."""
    if len(steps) == 1:
        return str(words(steps[0], unit))
    told = zip(steps, spans, strict=True)
    return then.join(f"{words(step, unit)}{for_}{days(span)}" for step, span in told)


def _shorthand(steps: list[Read], unit: Unit) -> str:
    if len(steps) == 1:
        return shorthand.shorthand(steps[0], unit)
    return " > ".join(f"{shorthand.shorthand(step, unit)} x{step.days}" for step in steps)


def _check(said: Read, unit: Unit, days: int | None) -> None:
    if said.largest <= 0:
        raise Refused("dose.zero")
    if said.largest > unit.most and unit.kind is not Kind.APPLY:
        raise Refused("dose.too_large", most=plain(unit.most), amount=plain(said.largest))
    step = {Kind.COUNT: Decimal("0.25"), Kind.VOLUME: Decimal("0.05")}.get(unit.kind, Decimal(1))
    if any(amount % step for amount in (*said.slots, said.amount)):
        raise Refused("dose.part")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Refused("dose.days_out_of_range", most=MOST_DAYS)
    if days is None and not said.at_once:
        raise Refused("dose.days_missing")


def _pattern(steps: list[Read]) -> tuple[str, ...] | None:
    """For the picture grid of three; four slots, steps and other rhythms are said in words."""
    slots = steps[0].slots
    return tuple(plain(s) for s in slots) if len(slots) == 3 and len(steps) == 1 else None


def _total(
    steps: list[Read],
    spans: list[int | None],
    unit: Unit,
    strength: str,
    pack_ml: Decimal | None,
) -> tuple[Decimal, tuple[str, str, str]]:
    """(how many, (code, hi, en) of what) to hand over. Parts are rounded up to whole ones."""
    pack = (unit.pack, unit.pack_hi, unit.pack_en)
    told = zip(steps, spans, strict=True)
    course = sum(
        (s.amount if s.at_once else s.per_day * (span or 0) for s, span in told), Decimal(0)
    )
    if unit.kind is Kind.ONE and pack_ml and unit.ucum == "[drp]":
        return _up(course / DROPS_A_ML / pack_ml), pack
    if unit.kind in (Kind.ONE, Kind.APPLY):
        return Decimal(1), pack
    if unit.kind is Kind.VOLUME and pack_ml:
        return _up(course / pack_ml), ("bottle", "शीशी", "bottle")
    if unit.kind is Kind.UNITS:
        per_ml = re.match(r"(\d+)", strength)
        in_vial = Decimal(per_ml[1] if per_ml else 40) * INSULIN_VIAL_ML
        return _up(course / in_vial), pack
    return _up(course), pack


def _up(number: Decimal) -> Decimal:
    # a seventh times seven days must be one, not 1.0000001
    return max(Decimal(1), number.quantize(Decimal("0.0001")).to_integral_value(ROUND_CEILING))


def _fhir(
    said: Read, unit: Unit, when: str, days: int | None, text: str, before: int
) -> list[dict[str, Any]]:
    """FHIR R4 Dosage, one element for each different amount (a Dosage holds one amount)."""
    if said.rhythm:
        return [
            _dosage(
                before + 1, text, _timing(said.rhythm, when, days), said.rhythm, said.amount, unit
            )
        ]
    codes = SLOT_CODES[len(said.slots)]
    amounts = list(dict.fromkeys(s for s in said.slots if s))
    dosages = []
    for sequence, amount in enumerate(amounts, before + 1):
        at = [code for code, s in zip(codes, said.slots, strict=True) if s == amount]
        repeat: dict[str, Any] = {"frequency": len(at), "period": 1, "periodUnit": "d"}
        repeat["when"] = list(dict.fromkeys(_event(code, when) for code in at))
        dosages.append(_dosage(sequence, text, {**_bounds(days), **repeat}, None, amount, unit))
    return dosages


def _event(code: str, when: str) -> str:
    """MORN before food is ACM (before breakfast); FHIR's event codes join the two."""
    prefix = FOOD.get(when)
    return f"{prefix}{MEALS[code]}" if prefix else code


def _bounds(days: int | None) -> dict[str, Any]:
    if days is None:
        return {}
    return {"boundsDuration": {"value": days, "unit": "day", "system": UCUM, "code": "d"}}


def _timing(rhythm: Rhythm, when: str, days: int | None) -> dict[str, Any]:
    repeat: dict[str, Any] = _bounds(days)
    frequency, period, unit = rhythm.every
    if frequency:
        repeat |= {"frequency": frequency, "period": period, "periodUnit": unit}
    if rhythm.code == "STAT":
        repeat["count"] = 1
    food = FOOD.get(when)
    if rhythm.when or (food and rhythm.every[0] and rhythm.code != "STAT"):
        repeat["when"] = [rhythm.when or food]
    return repeat


def _dosage(
    sequence: int,
    text: str,
    repeat: dict[str, Any],
    rhythm: Rhythm | None,
    amount: Decimal,
    unit: Unit,
) -> dict[str, Any]:
    value = int(amount) if amount == amount.to_integral_value() else float(amount)
    dose = {"value": value, "unit": unit.dose_en, "system": UCUM, "code": unit.ucum}
    dosage: dict[str, Any] = {"sequence": sequence, "text": text}
    if repeat:
        dosage["timing"] = {"repeat": repeat}
    if rhythm and rhythm.code.startswith("SOS"):
        dosage["asNeededBoolean"] = True
    return {**dosage, "doseAndRate": [{"doseQuantity": dose}]}
