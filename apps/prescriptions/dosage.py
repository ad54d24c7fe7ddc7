"""Shorthand of a dose to words, FHIR Dosage and a quantity. Pure: no table, no language switch.

`101`, `1-0-1 x5`, `½-0-½`, `TDS`, `5 ml TDS`, `2 puffs BD`, `HS`, `SOS`, `STAT`, `QW`, `Q6H`;
digits १०१ too. OD, BD and TDS mean 1-0-0, 1-0-1 and 1-1-1, as they are used at the counter: the
doctor sees the pattern at once. SOS is reckoned as two doses a day. A liquid needs its ml.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Any

from apps.core.errors import Refused
from apps.prescriptions.units import Kind, Unit, unit_of

UCUM = "http://unitsofmeasure.org"
SLOTS_HI = {3: ("सुबह", "दोपहर", "रात"), 4: ("सुबह", "दोपहर", "शाम", "रात")}
SLOTS_EN = {
    3: ("in the morning", "at noon", "at night"),
    4: ("in the morning", "at noon", "in the evening", "at night"),
}
SLOT_CODES = {3: ("MORN", "NOON", "NIGHT"), 4: ("MORN", "NOON", "EVE", "NIGHT")}
MEALS = {"MORN": "M", "NOON": "D", "EVE": "V", "NIGHT": "V"}
WHEN_HI = {"after": "भोजन के बाद", "before": "भोजन से पहले", "bedtime": "सोते समय", "": ""}
WHEN_EN = {"after": "After food", "before": "Before food", "bedtime": "At bedtime", "": ""}
PATTERN_WORDS = {
    "OD": "1-0-0", "BD": "1-0-1", "BID": "1-0-1", "TDS": "1-1-1", "TID": "1-1-1",
}  # fmt: skip
FRACTIONS = {Decimal("0.25"): "¼", Decimal("0.5"): "½", Decimal("0.75"): "¾"}
MOST_DAYS = 180
SOS_A_DAY = 2
INSULIN_VIAL_ML = 10


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Doses that are not tied to morning, noon and night. `every` = (count, period, unit)."""

    code: str
    hi: str
    en: str
    per_day: Decimal
    every: tuple[int, int, str]
    when: str = ""


RHYTHMS = {
    r.code: r
    for r in (
        Rhythm("QID", "दिन में 4 बार", "4 times a day", Decimal(4), (4, 1, "d")),
        Rhythm("HS", "सोते समय", "at bedtime", Decimal(1), (1, 1, "d"), "HS"),
        Rhythm("Q4H", "हर 4 घंटे पर", "every 4 hours", Decimal(6), (1, 4, "h")),
        Rhythm("Q6H", "हर 6 घंटे पर", "every 6 hours", Decimal(4), (1, 6, "h")),
        Rhythm("Q8H", "हर 8 घंटे पर", "every 8 hours", Decimal(3), (1, 8, "h")),
        Rhythm("Q12H", "हर 12 घंटे पर", "every 12 hours", Decimal(2), (1, 12, "h")),
        Rhythm("AD", "एक दिन छोड़कर", "on alternate days", Decimal(1) / 2, (1, 2, "d")),
        Rhythm("QW", "सप्ताह में एक बार", "once a week", Decimal(1) / 7, (1, 1, "wk")),
        Rhythm("SOS", "ज़रूरत होने पर", "when needed", Decimal(SOS_A_DAY), (0, 0, "")),
        Rhythm("STAT", "तुरंत", "at once", Decimal(0), (0, 0, "")),
    )
}
SAME = {
    "PRN": "SOS", "NOCTE": "HS", "NOW": "STAT", "ONCE": "STAT", "EOD": "AD", "ALT": "AD",
    "WEEKLY": "QW", "OW": "QW", "साप्ताहिक": "QW", "6H": "Q6H", "8H": "Q8H", "12H": "Q12H",
}  # fmt: skip

NUMBER = r"(?:[0-9]+[½¼¾]|[0-9]*\.[0-9]+|[0-9]+|[½¼¾])"
UNIT_WORDS = (
    r"ml|मिली|tabs?|tablets?|caps?|capsules?|puffs?|drops?|iu|u|units?|vials?|sprays?|गोली|बूँद"
)
TAIL = re.compile(
    r"\s*(?:[x*]\s*|\bfor\s+)([0-9]{1,3})\s*(?:d|days?|दिन)?$|\s+([0-9]{1,3})\s*(?:d|days?|दिन)$"
)
AMOUNT = re.compile(rf"^({NUMBER})\s*({UNIT_WORDS})?\s+(?=\S)")
UNIT_END = re.compile(rf"\s*({UNIT_WORDS})$")
PATTERN = re.compile(rf"^{NUMBER}(?:\s*-\s*{NUMBER}){{2,3}}$")


@dataclass(frozen=True, slots=True)
class Dose:
    """One line's dose. `pattern` is morning, noon, night as written, or None for other rhythms."""

    shorthand: str
    pattern: tuple[str, ...] | None
    sentence_hi: str
    sentence_en: str
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

    @property
    def quantity_text(self) -> str:
        return plain(self.quantity)


@dataclass(frozen=True, slots=True)
class _Read:
    """What the shorthand said: amounts by slot, or one amount in a rhythm."""

    slots: tuple[Decimal, ...] = ()
    rhythm: Rhythm | None = None
    amount: Decimal = Decimal(1)
    days: int | None = None

    @property
    def per_day(self) -> Decimal:
        if self.rhythm:
            return self.rhythm.per_day * self.amount
        return sum(self.slots, Decimal(0))

    @property
    def largest(self) -> Decimal:
        return max(self.slots) if self.slots else self.amount


def plain(number: Decimal) -> str:
    """5 and 2½, never 5.0 nor .5; other parts of one keep a leading zero (0.6)."""
    whole, part = divmod(number, 1)
    if not part:
        return str(int(whole))
    if part in FRACTIONS:
        return f"{int(whole) or ''}{FRACTIONS[part]}"
    return f"{number.normalize():f}"


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

    Refused: dose.empty, dose.unclear, dose.zero, dose.part, dose.ml_missing, dose.too_large,
    dose.days_missing, dose.days_out_of_range.
    """
    unit = unit_of(form, name, strength)
    said = _read(text, unit)
    days = said.days if said.days is not None else days
    _check(said, unit, days)
    when = when if unit.food or when == "bedtime" else ""
    if said.rhythm and said.rhythm.code in ("HS", "STAT"):
        when = "" if said.rhythm.code == "HS" or when == "bedtime" else when
    total, pack = _total(said, unit, days, strength, pack_ml)
    stat = said.rhythm is not None and said.rhythm.code == "STAT"
    span = None if stat else days
    sentence_en = _sentence_en(said, unit)
    return Dose(
        shorthand=_shorthand(said, unit),
        pattern=_pattern(said),
        sentence_hi=_sentence_hi(said, unit),
        sentence_en=sentence_en,
        when_hi=WHEN_HI.get(when, ""),
        when_en=WHEN_EN.get(when, ""),
        days=span,
        days_hi=f"{span} दिन" if span else "",
        days_en=(f"{span} days" if span > 1 else "1 day") if span else "",
        quantity=total if quantity is None else quantity,
        unit=pack[0],
        unit_hi=pack[1],
        unit_en=pack[2],
        fhir=_fhir(said, unit, when, span, sentence_en),
    )


def _tidy(text: str) -> str:
    """One spelling: NFC, Latin digits, one kind of dash and fraction sign, single spaces."""
    text = unicodedata.normalize("NFC", text).strip()
    digits = {ord(ch): str(n) for n, ch in enumerate("०१२३४५६७८९")}
    text = text.translate(digits).replace("×", "x").replace("X", "x")
    text = re.sub(r"\s*[‐-―−–—_+-]\s*", "-", text)
    text = re.sub(r"(?<!\d)1/2", "½", text)
    text = re.sub(r"(?<!\d)1/4", "¼", text)
    text = re.sub(r"(?<!\d)3/4", "¾", text)
    return re.sub(r"\s+", " ", text).strip()


def _number(text: str) -> Decimal:
    for value, sign in FRACTIONS.items():
        if text.endswith(sign):
            return Decimal(text[:-1] or "0") + value
    return Decimal(text)


def _read(text: str, unit: Unit) -> _Read:
    body = _tidy(text)
    if not body:
        raise Refused("dose.empty")
    days = None
    if (tail := TAIL.search(body.lower())) and tail.start() > 0:
        days = int(tail[1] or tail[2])
        body = body[: tail.start()].strip()
    if re.fullmatch(r"[0-9]{3,4}", body):
        body = "-".join(body)
    if re.fullmatch(rf"{NUMBER}( {NUMBER}){{2,3}}", body):
        body = body.replace(" ", "-")
    amount, word = None, ""
    if (end := UNIT_END.search(body.lower())) and PATTERN.match(body[: end.start()].strip()):
        word, body = end[1], body[: end.start()].strip()
    elif found := AMOUNT.match(body.lower()):
        amount, word = _number(found[1]), found[2] or ""
        body = body[found.end() :].strip()
    return _rhythm(body, amount, word, unit, days)


def _rhythm(body: str, amount: Decimal | None, word: str, unit: Unit, days: int | None) -> _Read:
    code = re.sub(r"[.\s]", "", body).upper()
    code = SAME.get(code, code)
    body = PATTERN_WORDS.get(code, body)
    if PATTERN.match(body):
        slots = tuple(_number(part.strip()) for part in body.split("-"))
        if amount is not None and not set(slots) <= {Decimal(0), Decimal(1)}:
            raise Refused("dose.unclear")  # "5 ml 5-5-5" might mean 5 or 25
        said = _Read(slots=tuple(s * (1 if amount is None else amount) for s in slots), days=days)
    elif code in RHYTHMS:
        said = _Read(
            rhythm=RHYTHMS[code], amount=Decimal(1) if amount is None else amount, days=days
        )
    else:
        raise Refused("dose.unclear")
    measured = amount is not None or word in ("ml", "मिली")
    if unit.kind is Kind.VOLUME and (not measured or word not in ("ml", "मिली", "")):
        raise Refused("dose.ml_missing")
    if unit.kind is not Kind.VOLUME and word in ("ml", "मिली") and unit.kind is not Kind.APPLY:
        raise Refused("dose.unclear")
    return said


def _check(said: _Read, unit: Unit, days: int | None) -> None:
    if said.largest <= 0:
        raise Refused("dose.zero")
    if said.largest > unit.most and unit.kind is not Kind.APPLY:
        raise Refused("dose.too_large", most=plain(unit.most), amount=plain(said.largest))
    step = {Kind.COUNT: Decimal("0.25"), Kind.VOLUME: Decimal("0.05")}.get(unit.kind, Decimal(1))
    if any(amount % step for amount in (*said.slots, said.amount)):
        raise Refused("dose.part")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Refused("dose.days_out_of_range", most=MOST_DAYS)
    stat = said.rhythm is not None and said.rhythm.code == "STAT"
    if days is None and not stat:
        raise Refused("dose.days_missing")


def _shorthand(said: _Read, unit: Unit) -> str:
    """One spelling that `read` understands again."""
    suffix = " ml" if unit.kind is Kind.VOLUME else ""
    if said.slots:
        return "-".join(plain(s) for s in said.slots) + suffix
    assert said.rhythm
    if said.amount == 1 and not suffix:
        return said.rhythm.code
    return f"{plain(said.amount)}{suffix} {said.rhythm.code}"


def _pattern(said: _Read) -> tuple[str, ...] | None:
    """For the picture grid of three; four slots and other rhythms are said in words."""
    return tuple(plain(s) for s in said.slots) if len(said.slots) == 3 else None


def _amount_hi(amount: Decimal, unit: Unit) -> str:
    if unit.kind is Kind.APPLY:
        return ""
    half = {Decimal("0.5"): "आधी", Decimal("1.5"): "डेढ़"}
    if unit.dose_hi.endswith("गोली") and amount in half:
        return f"{half[amount]} {unit.dose_hi}"
    return f"{plain(amount)} {unit.dose_hi}"


def _amount_en(amount: Decimal, unit: Unit) -> str:
    if unit.kind is Kind.APPLY:
        return ""
    if amount == Decimal("0.5") and unit.kind is Kind.COUNT:
        return f"half a {unit.dose_en}"
    return f"{plain(amount)} {unit.dose_en if amount <= 1 else unit.doses_en}"


def _sentence_hi(said: _Read, unit: Unit) -> str:
    taken = [(n, s) for n, s in enumerate(said.slots) if s]
    if said.rhythm:
        said_when = [f"{said.rhythm.hi} {_amount_hi(said.amount, unit)}".strip()]
    else:
        names = SLOTS_HI[len(said.slots)]
        said_when = [f"{names[n]} {_amount_hi(s, unit)}".strip() for n, s in taken]
    if unit.kind is Kind.APPLY:
        return f"{' और '.join(said_when)} {unit.where_hi}"
    words = ", ".join(said_when)
    return f"{unit.where_hi} {words}".strip()


def _sentence_en(said: _Read, unit: Unit) -> str:
    taken = [(n, s) for n, s in enumerate(said.slots) if s]
    if said.rhythm:
        words = f"{_amount_en(said.amount, unit)} {said.rhythm.en}".strip()
    else:
        names = SLOTS_EN[len(said.slots)]
        parts = [f"{_amount_en(s, unit)} {names[n]}".strip() for n, s in taken]
        words = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    if unit.kind is Kind.APPLY:
        return f"{unit.where_en} {words}"
    where = f" {unit.where_en}" if unit.where_en else ""
    return f"{words}{where}"


def _total(
    said: _Read, unit: Unit, days: int | None, strength: str, pack_ml: Decimal | None
) -> tuple[Decimal, tuple[str, str, str]]:
    """(how many, (code, hi, en) of what) to hand over. Parts are rounded up to whole ones."""
    pack = (unit.pack, unit.pack_hi, unit.pack_en)
    stat = said.rhythm is not None and said.rhythm.code == "STAT"
    course = said.amount if stat else said.per_day * (days or 0)
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


def _fhir(said: _Read, unit: Unit, when: str, days: int | None, text: str) -> list[dict[str, Any]]:
    """FHIR R4 Dosage, one element for each different amount (a Dosage holds one amount)."""
    if said.rhythm:
        return [_dosage(1, text, _timing(said.rhythm, when, days), said.rhythm, said.amount, unit)]
    codes = SLOT_CODES[len(said.slots)]
    amounts = list(dict.fromkeys(s for s in said.slots if s))
    dosages = []
    for sequence, amount in enumerate(amounts, 1):
        at = [code for code, s in zip(codes, said.slots, strict=True) if s == amount]
        repeat: dict[str, Any] = {"frequency": len(at), "period": 1, "periodUnit": "d"}
        repeat["when"] = list(dict.fromkeys(_event(code, when) for code in at))
        dosages.append(_dosage(sequence, text, {**_bounds(days), **repeat}, None, amount, unit))
    return dosages


def _event(code: str, when: str) -> str:
    """MORN before food is ACM (before breakfast); FHIR's event codes join the two."""
    prefix = {"after": "PC", "before": "AC"}.get(when)
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
    food = {"after": "PC", "before": "AC"}.get(when)
    if rhythm.when or (food and rhythm.code not in ("STAT", "SOS")):
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
    if rhythm and rhythm.code == "SOS":
        dosage["asNeededBoolean"] = True
    return {**dosage, "doseAndRate": [{"doseQuantity": dose}]}
