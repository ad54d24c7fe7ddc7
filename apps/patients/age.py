"""Age as told at the window, and as shown: days under a month, months under two years."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from apps.core.errors import Refused
from apps.core.fold import digits

DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")

LIMITS = {"years": 120, "months": 240, "days": 365}
WORDS = {
    "years": ("{n} वर्ष", "{n} yr", "{n} yrs"),
    "months": ("{n} माह", "{n} month", "{n} months"),
    "days": ("{n} दिन", "{n} day", "{n} days"),
}


@dataclass(frozen=True, slots=True)
class Age:
    """A number and its unit: "years", "months" or "days". `years` is whole years."""

    number: int
    unit: str
    years: int

    @property
    def hi(self) -> str:
        return WORDS[self.unit][0].format(n=self.number)

    @property
    def en(self) -> str:
        return WORDS[self.unit][1 if self.number == 1 else 2].format(n=self.number)


def birth_date(age: int, unit: str, *, on: date) -> date:
    """The day that makes somebody exactly this old today; Refused("age.…") when nobody is.

    `values["guess"]` is what was probably meant (420 -> 42), or "" when nothing offers itself.
    """
    if unit not in LIMITS:
        raise Refused("age.unit")
    if not 0 <= age <= LIMITS[unit]:
        guess = did_you_mean(age, unit)
        code = "age.out_of_range_guess" if guess else "age.out_of_range"
        raise Refused(code, limit=LIMITS[unit], guess=guess)
    if unit == "days":
        return on - timedelta(days=age)
    months = age * 12 if unit == "years" else age
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def read(typed: str) -> tuple[int | None, date | None]:
    """(age, None) for "42", (None, day) for a birth date as 07-12-1990; (None, None) for neither.

    Digits of any script. A year of two digits is of the last hundred years.
    """
    text = digits(typed).strip()
    if text.isdecimal():
        return int(text), None
    parts = DAY.fullmatch(text)
    if parts is None:
        return None, None
    day, month, year = (int(part) for part in parts.groups())
    if year < 100:
        year += 2000 if 2000 + year <= timezone.localdate().year else 1900
    try:
        return None, date(year, month, day)
    except ValueError:
        return None, None


def checked_birth(born: date, *, on: date) -> date:
    """The day itself when a person can have been born then. Refused("age.…")."""
    if born > on:
        raise Refused("age.future")
    if on.year - born.year > LIMITS["years"]:
        raise Refused("age.out_of_range", limit=LIMITS["years"])
    return born


def told(age: int | None, unit: str, born: date | None, *, on: date) -> date:
    """The birth date of somebody who told an age or the day itself. Refused("age.…")."""
    if born is not None:
        return checked_birth(born, on=on)
    if age is None:
        raise Refused("age.missing")
    return birth_date(age, unit, on=on)


def did_you_mean(age: int, unit: str) -> str:
    """One digit too many is the usual slip of the finger: 420 -> 42, 355 -> 35."""
    text = str(abs(age))
    for guess in (text, text[:-1], text[:2]):
        if guess and guess != str(age) and 0 <= int(guess) <= LIMITS[unit]:
            return guess
    return ""


def age_on(born: date, on: date) -> Age:
    """The age shown on a given day."""
    days = max((on - born).days, 0)
    months = (on.year - born.year) * 12 + on.month - born.month
    # Born on the 31st: a month is full on the last day of a shorter month.
    last = calendar.monthrange(on.year, on.month)[1]
    months -= on.day < min(born.day, last)
    years = max(months, 0) // 12
    if days < 28 or months < 1:
        return Age(days, "days", years)
    if months < 24:
        return Age(months, "months", years)
    return Age(years, "years", years)
