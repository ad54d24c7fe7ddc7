"""A dose in words, Hindi and English. Frozen into every prescription; reads no language switch."""

from decimal import Decimal

from apps.prescriptions.shorthand import Read, plain
from apps.prescriptions.units import Kind, Unit

SLOTS_HI = {3: ("सुबह", "दोपहर", "रात"), 4: ("सुबह", "दोपहर", "शाम", "रात")}
SLOTS_EN = {
    3: ("in the morning", "at noon", "at night"),
    4: ("in the morning", "at noon", "in the evening", "at night"),
}
WHEN_HI = {
    "after": "भोजन के बाद", "before": "भोजन से पहले", "bedtime": "सोते समय",
    "with": "भोजन के साथ", "empty": "खाली पेट", "": "",
}  # fmt: skip
WHEN_EN = {
    "after": "After food", "before": "Before food", "bedtime": "At bedtime",
    "with": "With food", "empty": "On an empty stomach", "": "",
}  # fmt: skip


def days_hi(days: int | None) -> str:
    return f"{days} दिन" if days else ""


def days_en(days: int | None) -> str:
    return (f"{days} days" if days > 1 else "1 day") if days else ""


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


def sentence_hi(said: Read, unit: Unit) -> str:
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


def sentence_en(said: Read, unit: Unit) -> str:
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
