"""When a card appears: small conditions over what is known of a visit. Pure data, no code in it.

`when` is a list of cases; one is enough. In a case everything must hold:
"complaint": ["FEVER"], "days": 14 (at least, of that complaint), "with": ["FITS"] (one more of
these), "diagnosis": ["T63"] (ICD-10 beginnings, of this visit), "history": ["O82"] (of earlier
visits and long-term problems), "vital": {"SBP": [140, null]} and "result": {"HB": [null, 6.9]} (one
of them within the bounds, both ends included), "age": [18, null] in years, "sex", "pregnant",
"months": [4, 5]. "why" {"hi", "en"} is said on the card.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

Case = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the conditions may ask. `complaints`: code to days (None when not told)."""

    age: int
    sex: str
    pregnant: bool
    month: int
    complaints: Mapping[str, int | None] = field(default_factory=dict)
    diagnoses: frozenset[str] = frozenset()
    history: frozenset[str] = frozenset()
    vitals: Mapping[str, Decimal] = field(default_factory=dict)
    results: Mapping[str, Decimal] = field(default_factory=dict)


def reasons(when: list[Case], facts: Facts) -> list[Case]:
    """The cases that hold; none means the card stays away."""
    return [case for case in when if _holds(case, facts)]


def _holds(case: Case, facts: Facts) -> bool:
    return all(CHECKS[key](case[key], case, facts) for key in case if key in CHECKS)


def _complaint(codes: list[str], case: Case, facts: Facts) -> bool:
    least = case.get("days")
    told = [code for code in codes if code in facts.complaints]
    return any(least is None or (facts.complaints[code] or 0) >= least for code in told)


def _starts(prefixes: list[str], codes: frozenset[str]) -> bool:
    return any(code.startswith(tuple(prefixes)) for code in codes)


def _within(bounds: list[Any], value: Decimal | int) -> bool:
    low, high = bounds
    above = low is None or value >= Decimal(str(low))
    return above and (high is None or value <= Decimal(str(high)))


def _some(wanted: dict[str, list[Any]], values: Mapping[str, Decimal]) -> bool:
    return any(code in values and _within(bounds, values[code]) for code, bounds in wanted.items())


CHECKS: dict[str, Any] = {
    "complaint": _complaint,
    "with": lambda codes, _, facts: any(code in facts.complaints for code in codes),
    "diagnosis": lambda icd, _, facts: _starts(icd, facts.diagnoses),
    "history": lambda icd, _, facts: _starts(icd, facts.history),
    "vital": lambda wanted, _, facts: _some(wanted, facts.vitals),
    "and_vital": lambda wanted, _, facts: _some(wanted, facts.vitals),
    "result": lambda wanted, _, facts: _some(wanted, facts.results),
    "age": lambda bounds, _, facts: _within(bounds, facts.age),
    "sex": lambda sex, _, facts: facts.sex == sex,
    "pregnant": lambda yes, _, facts: facts.pregnant == yes,
    "months": lambda months, _, facts: facts.month in months,
}
LISTS = ("complaint", "with", "diagnosis", "history")


def readable(when: Any) -> bool:
    """Whether every case can be understood; an unknown word would silently mean "always"."""
    return isinstance(when, list) and bool(when) and all(_case_readable(case) for case in when)


def _case_readable(case: Any) -> bool:
    if not isinstance(case, dict) or not case.keys() & CHECKS.keys():
        return False
    if case.keys() - CHECKS.keys() - {"days", "why"}:
        return False
    words = all(_words(case[key]) for key in LISTS if key in case)
    ranges = all(
        isinstance(case[key], dict) and all(map(_pair, case[key].values()))
        for key in ("vital", "and_vital", "result")
        if key in case
    )
    months = case.get("months", [])
    whole = isinstance(months, list) and all(m in range(1, 13) for m in months)
    days = case.get("days", 1)
    return (
        words
        and ranges
        and whole
        and _pair(case.get("age", [None, None]))
        and (isinstance(days, int) and days > 0)
    )


def _words(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, str) and v for v in value)


def _pair(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 2:
        return False
    try:
        return all(end is None or Decimal(str(end)).is_finite() for end in value)
    except InvalidOperation:
        return False


KINDS = ("time", "choice", "ticks")


def form_readable(body: dict[str, Any]) -> bool:
    """Whether what a card asks, times, counts and lists has the shape that the screens draw."""
    asks, timer, course = body.get("ask", []), body.get("timer"), body.get("course")
    per_kg, late = body.get("per_kg"), body.get("overdue")
    return (
        isinstance(asks, list)
        and all(_field_readable(field) for field in asks)
        and (timer is None or (_named(timer) and _whole(timer.get("minutes"), 240)))
        and (course is None or (_dict(course, "when") and course.get("schedule") == "rabies"))
        and (per_kg is None or (_dict(per_kg, "when") and _items_readable(per_kg.get("items"))))
        and (
            late is None
            or (_dict(late) and _words(late.get("icd")) and _whole(late.get("days"), 400))
        )
    )


def _dict(value: Any, *inner: str) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(key), dict) for key in inner)


def _named(value: Any) -> bool:
    return _dict(value) and all(isinstance(value.get(k), str) for k in ("code", "hi", "en"))


def _whole(value: Any, most: int) -> bool:
    return isinstance(value, int) and 0 < value <= most


def _field_readable(field: Any) -> bool:
    if not _named(field) or field.get("kind") not in KINDS:
        return False
    options = field.get("options", [])
    if field["kind"] == "time":
        return True
    return isinstance(options, list) and bool(options) and all(map(_named, options))


def _items_readable(items: Any) -> bool:
    return isinstance(items, list) and all(
        _dict(item) and isinstance(item.get("name"), str) and _whole(item.get("iu"), 10_000)
        for item in items
    )
