"""The big tiles of the nursing desk: label, unit, what is usual for this person, what was typed."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from apps.encounters.vital_signs import VITALS, Range, to_fahrenheit, usual

if TYPE_CHECKING:
    from apps.encounters.forms import VitalsForm

MAIN = (("SBP", "DBP"), ("HR",), ("TEMP",), ("SPO2",), ("WT",), ("HT",))
MORE = (("RR",), ("CBG",), ("MUAC",))
# Under five the weight, the length and the arm say more than the blood pressure.
CHILD = (("TEMP",), ("WT",), ("HT",), ("MUAC",), ("RR",), ("SPO2",))
CHILD_MORE = (("HR",), ("SBP", "DBP"), ("CBG",))
CHILD_DAYS = 5 * 365.25


def tiles(
    form: "VitalsForm", *, born: date, before: dict[str, Any], can_be_pregnant: bool
) -> dict[str, list[dict[str, Any]]]:
    """{"main": six tiles, "more": three}; each with its one or two fields."""
    young = (timezone.localdate() - born).days < CHILD_DAYS

    def tile(codes: tuple[str, ...]) -> dict[str, Any]:
        fields = [_field(code, form, born, can_be_pregnant) for code in codes]
        vital = VITALS[codes[0]]
        pair = len(codes) == 2
        return {
            "label_hi": "बीपी" if pair else vital.label_hi,
            "label_en": "Blood pressure" if pair else vital.label_en,
            "unit": vital.entry_unit,
            "fields": fields,
            "usual": "/".join(filter(None, (field["usual"] for field in fields))),
            "before": before.get(codes[0]),
            "errors": [field["error"] for field in fields if field["error"]],
        }

    main, more = (CHILD, CHILD_MORE) if young else (MAIN, MORE)
    return {"main": [tile(codes) for codes in main], "more": [tile(codes) for codes in more]}


def _field(code: str, form: "VitalsForm", born: date, can_be_pregnant: bool) -> dict[str, Any]:
    vital, today = VITALS[code], timezone.localdate()
    bounds = usual(code, born=born, on=today)
    carrying = usual(code, born=born, on=today, pregnant=True) if can_be_pregnant else None
    return {
        "code": code,
        "label_hi": vital.label_hi,
        "label_en": vital.label_en,
        "value": form.typed.get(code, ""),
        "error": form.errors.get(code, ""),
        "guess": form.guesses.get(code, ""),
        "most": _typed(code, vital.high),
        "decimals": vital.decimals,
        "usual": f"{_typed(code, bounds.low)}–{_typed(code, bounds.high)}" if bounds else "",
        "range": _numbers(code, bounds),
        "range_pregnant": _numbers(code, carrying),
    }


def _numbers(code: str, bounds: Range | None) -> str:
    """ "low high very_low very_high" in the unit that is typed, for the script."""
    if bounds is None:
        return ""
    return " ".join(
        _typed(code, n) for n in (bounds.low, bounds.high, bounds.very_low, bounds.very_high)
    )


def _typed(code: str, value: Decimal) -> str:
    number = to_fahrenheit(value) if code == "TEMP" else value
    return f"{number.normalize():f}"
