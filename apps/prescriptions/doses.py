"""How much: dose ranges by weight, age and day, as dose_ranges.csv has them. Pure but for the file.

A range is used only when the file's words say for whom it is ("child", "adult", "2-5 y"); ranges
for one illness (malaria, eclampsia, kala-azar) are left to the protocol. A child is younger than 12
years, as the file's own bands end there. Nothing is rounded up over a limit.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from functools import cache
from typing import Any

from apps.prescriptions.dosage import Dose, plain
from apps.prescriptions.findings import Finding
from apps.prescriptions.rules import Switches
from apps.prescriptions.safety import Facts
from apps.prescriptions.tables import plain_name, rows
from apps.prescriptions.units import Kind, unit_of

ADULT_FROM = 144  # months
TENFOLD = 10
MG = {"g": Decimal(1000), "mg": Decimal(1), "mcg": Decimal("0.001"), "IU": Decimal(1)}
BAND = re.compile(r"^(?:child )?(>=|>)?(\d+)(?: ?(m|y))?(?:-(\d+) ?(m|y))?$")
MOST = re.compile(r"(?:[\d.]+-)?([\d.]+) ?(mg|g|mcg|IU)(/kg)?(?:/(day|dose))?")
LIVER = re.compile(r"\((\d+) in liver disease\)")
STRENGTH = re.compile(r"([\d.]+) ?(mg|g|mcg|IU)\b")
PER_ML = re.compile(r"(?:/|per) ?([\d.]*) ?mL", re.I)
DOSE_UNIT = re.compile(
    r"^(mg|mcg)(?: elemental| base)?(/kg)?(?:/(dose|day)| single)?( trimethoprim)?"
)
RHYTHMS = {4: "Q4H", 6: "Q6H", 8: "TDS", 12: "BD", 24: "OD"}
EVERY = {"Q4H": 6, "Q6H": 4, "TDS": 3, "BD": 2, "OD": 1}


@dataclass(frozen=True, slots=True)
class Range:
    """One row, read: milligrams at one time and in a day, for ages of [since, until) months."""

    id: str
    drug: str
    since: int
    until: int
    low: Decimal
    high: Decimal
    by_weight: bool
    each: str  # "dose" or "day": what low and high are counted in
    hours: tuple[int, ...]
    most_day: Decimal | None
    most_day_kg: Decimal | None
    most_dose: Decimal | None
    liver_day: Decimal | None
    injected: bool
    part: str
    source: str
    provenance: str


@cache
def ranges() -> dict[str, tuple[Range, ...]]:
    """By medicine (lower case, no brackets)."""
    found: dict[str, tuple[Range, ...]] = {}
    for n, row in enumerate(rows("dose_ranges.csv"), 1):
        for read in _ranges(f"DOSE{n:03d}", row):
            found[read.drug] = (*found.get(read.drug, ()), read)
    return found


def _ranges(code: str, row: Any) -> Iterable[Range]:
    unit = DOSE_UNIT.match(row["dose_unit"])
    people = [part.strip() for part in row["population"].split("/")]
    bands = [_band(part) for part in people]
    if unit is None or None in bands or not re.match(r"^[\d.]+$", row["dose_low"]):
        return
    each = re.findall(r"[\d.]+", row["max"])
    apart = len(bands) > 1 and len(each) == len(bands)  # "5 / 10 / 10 mg" for three ages
    for n, band in enumerate(bands):
        assert band is not None
        high = min(Decimal(row["dose_high"]), Decimal(each[n])) if apart else row["dose_high"]
        yield Range(
            code,
            plain_name(row["drug"]),
            since=band[0],
            until=band[1],
            low=Decimal(row["dose_low"]) * MG[unit[1]],
            high=Decimal(high) * MG[unit[1]],
            by_weight=bool(unit[2]),
            each=unit[3] or "dose",
            hours=_hours(row["interval"]),
            **_most(f"{each[n]} mg/day" if apart else row["max"]),
            injected=row["route"] in ("IV", "IM", "IV/IM", "IV+IM"),
            part=(unit[4] or "").strip(),
            source=f"{row['dose_low']}-{row['dose_high']} {row['dose_unit']}, max {row['max']}",
            provenance=row["provenance"],
        )


def _hours(interval: str) -> tuple[int, ...]:
    """ "4-6 h" is (4, 6); "once" and "daily x3" are empty."""
    return tuple(map(int, re.findall(r"\d+", interval))) if interval.endswith(" h") else ()


def _band(text: str) -> tuple[int, int] | None:
    """Months of [since, until) that "child", "adult", ">=6 m" or "2-5 y" mean; else None."""
    if text == "child":
        return 0, ADULT_FROM
    if text == "adult":
        return ADULT_FROM, 2400
    found = BAND.match(text)
    if found is None:
        return None
    over, first, unit, last, unit_last = found.groups()
    months = {"m": 1, "y": 12, None: 12}
    since = int(first) * months[unit or unit_last] + (1 if over == ">" else 0)
    if last:
        return since, (int(last) + 1) * months[unit_last] if unit_last == "y" else int(last) + 1
    return (since, ADULT_FROM) if over and text.startswith("child") else (since, 2400)


def _most(text: str) -> dict[str, Decimal | None]:
    """The limits that the file's "max" names: "60 mg/kg/day (max 4 g)", "8 mg/dose", "400 mg"."""
    limits: dict[str, Decimal | None] = dict.fromkeys(
        ("most_day", "most_day_kg", "most_dose", "liver_day")
    )
    if liver := LIVER.search(text):
        limits["liver_day"] = Decimal(liver[1])
    bare = re.sub(r"\((?!max).*?\)", "", text)
    for amount, unit, per_kg, per in MOST.findall(bare):
        key = "most_day_kg" if per_kg else "most_dose" if per == "dose" else "most_day"
        limits[key] = limits[key] or Decimal(amount) * MG[unit]
    return limits


def range_for(medication: Any, facts: Facts) -> Range | None:
    """The range of this medicine for this patient's age and the form's route, or None."""
    if facts.age_months is None:
        return None
    whole = plain_name(medication.generic_name)
    injection = "injection" in medication.form.lower()
    for read in ranges().get(whole, ()):
        if read.since <= facts.age_months < read.until and read.injected == injection:
            return read
    return None


def mg_per_unit(medication: Any, read: Range) -> Decimal | None:
    """Milligrams in one piece, or in one ml; None when the strength does not say it."""
    kind = unit_of(medication.form, medication.generic_name, medication.strength).kind
    amounts = [Decimal(a) * MG[u] for a, u in STRENGTH.findall(medication.strength) if u != "IU"]
    if (
        kind not in (Kind.COUNT, Kind.VOLUME)
        or not amounts
        or "injection" in medication.form.lower()
    ):
        return None
    per_ml = PER_ML.search(medication.strength)
    if kind is Kind.VOLUME:
        if per_ml is None:
            return None
        amounts = [amount / Decimal(per_ml[1] or 1) for amount in amounts]
    elif per_ml or " to " in medication.strength:
        return None
    if read.part:  # co-trimoxazole is dosed by its second part
        return amounts[1] if len(amounts) == 2 else None
    return sum(amounts, Decimal(0)) if "+" in read.drug or len(amounts) == 1 else None


@dataclass(frozen=True, slots=True)
class Limits:
    """Milligrams for this very patient, and how they were reckoned."""

    read: Range
    low: Decimal
    high: Decimal
    day: Decimal | None
    sum: str  # "10-15 mg/kg/dose × 12 kg = 120-180 mg"


def limits(read: Range, facts: Facts) -> Limits | None:
    """None when the range goes by weight and nobody weighed the patient."""
    kg = facts.weight_kg if read.by_weight else Decimal(1)
    if kg is None:
        return None
    by_kg = read.most_day_kg * facts.weight_kg if read.most_day_kg and facts.weight_kg else None
    day = min(filter(None, (by_kg, read.most_day)), default=None)
    if read.liver_day and "liver failure" in facts.illnesses:
        day = min(day or read.liver_day, read.liver_day)
    caps = [cap for cap in (day, read.most_dose) if cap is not None]
    low, high = (min([amount * kg, *caps]) for amount in (read.low, read.high))
    per = "/kg" if read.by_weight else ""
    sum_ = f"{_span(read.low, read.high)} mg{per}/{read.each}"
    if read.by_weight:
        sum_ += f" × {plain(kg)} kg = {_span(low, high)} mg"
    if day is not None:
        sum_ += f", ≤ {_tidy(day)} mg/day"
    return Limits(read, low, high, day, sum_)


def check(medication: Any, dose: Dose | None, facts: Facts, decided: Switches) -> list[Finding]:
    """What is too much for this patient, with the arithmetic. The worst only."""
    read = range_for(medication, facts)
    if read is None or decided.get(read.id) == "off":
        return []
    each = mg_per_unit(medication, read)
    known = limits(read, facts)
    if known is None:
        if read.since >= ADULT_FROM:
            return []
        about = Finding("info", "weight", medication.generic_name, read.id, why=read.source,
                        provenance=read.provenance)  # fmt: skip
        return [about]
    if dose is None or each is None:
        return []
    times = dose.per_day / dose.largest if dose.largest else Decimal(0)
    by_day = each * dose.per_day, known.day or (known.high if read.each == "day" else None)
    by_dose = each * dose.largest, known.high
    worst: list[Finding] = []
    for kind, (written, most) in (("once", by_dose), ("day", by_day)):
        if most is None or written <= most or worst:
            continue
        tenfold = written >= TENFOLD * most
        reckoned = f"{plain(dose.largest)} × {_tidy(each)} mg"
        if kind == "day":
            reckoned += f" × {_tidy(times)}"
        worst.append(
            Finding(
                "stop" if tenfold else decided.get(read.id, "warn"),
                "tenfold" if tenfold else kind,
                medication.generic_name,
                read.id,
                why=known.sum,
                provenance=read.provenance,
                numbers={"sum": f"{reckoned} = {_tidy(written)} mg", "most": f"{_tidy(most)} mg"},
            )
        )
    return worst


def offer(medication: Any, facts: Facts) -> dict[str, str] | None:
    """{"dose", "sum", "provenance"}: the range for this patient and a shorthand to press, which
    is "" when pieces or spoons of this strength do not fit into the range."""
    read = range_for(medication, facts)
    known = limits(read, facts) if read else None
    if read is None or known is None:
        return None
    each = mg_per_unit(medication, read)
    told = {"dose": "", "sum": known.sum, "provenance": read.provenance}
    if each is None or not read.hours:
        return told
    rhythm = RHYTHMS.get(max(read.hours))
    if rhythm is None:
        return told
    share = EVERY[rhythm] if read.each == "day" else 1
    liquid = unit_of(medication.form).kind is Kind.VOLUME
    amount = _fitting(known.low / share / each, known.high / share / each, liquid)
    if amount is None or (known.day and amount * each * EVERY[rhythm] > known.day):
        return told
    suffix = " ml" if liquid else ""
    told["dose"] = f"{plain(amount)}{suffix} {rhythm}"
    return told


def _fitting(low: Decimal, high: Decimal, liquid: bool) -> Decimal | None:
    """The smallest measurable amount in the range: steps of ½ ml, or of half a piece."""
    step = Decimal("0.5")
    up = (low / step).to_integral_value(ROUND_UP) * step
    if up <= high and up > 0:
        return up
    small = (high / Decimal("0.1")).to_integral_value(ROUND_DOWN) * Decimal("0.1")
    return small if liquid and small >= low and small > 0 else None


def _tidy(number: Decimal) -> str:
    return f"{number.quantize(Decimal('0.1')).normalize():f}"


def _span(low: Decimal, high: Decimal) -> str:
    return _tidy(low) if low == high else f"{_tidy(low)}-{_tidy(high)}"
