"""Weeks and the expected day, counted from the last period. Arithmetic only, no advice."""

import re
from datetime import date, timedelta

from apps.core.errors import Refused
from apps.core.fold import digits

TERM = timedelta(days=280)  # Naegele's rule
LONGEST_WEEKS = 45


def day_told(text: str) -> date:
    """020326, 02-03-26 or 02/03/2026: day, month, year. Refused: vitals.lmp."""
    told = re.fullmatch(r"(\d{1,2})\D?(\d{2})\D?(\d{4}|\d{2})", digits(text).strip())
    if told is None:
        raise Refused("vitals.lmp")
    day, month, year = (int(part) for part in told.groups())
    try:
        return date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        raise Refused("vitals.lmp") from None


def checked_lmp(lmp: date, *, today: date) -> date:
    """The first day of the last period, or a no: not ahead of us, not over 45 weeks back."""
    if lmp > today:
        raise Refused("vitals.lmp_future")
    if weeks(lmp, today) > LONGEST_WEEKS:
        raise Refused("vitals.lmp_old", most=LONGEST_WEEKS)
    return lmp


def weeks(lmp: date, on: date) -> int:
    """Completed weeks of pregnancy."""
    return (on - lmp).days // 7


def expected(lmp: date) -> date:
    return lmp + TERM
