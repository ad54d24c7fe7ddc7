"""Which days a board is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from apps.core.dates import iso_day
from apps.core.errors import Refused

LONGEST = 92
USUAL = {"today": 1, "7": 7, "30": 30}


@dataclass(frozen=True, slots=True)
class Period:
    """`key`: "today", "7", "30", or "own" for days that were picked."""

    first: date
    last: date
    key: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def now(self) -> bool:
        """Today is part of it, so it still grows."""
        return self.last >= timezone.localdate()

    @property
    def before(self) -> "Period":
        """What it is compared with: the same weekday a week ago, or as many days before."""
        back = timedelta(days=7 if self.days == 1 else self.days)
        return Period(self.first - back, self.last - back, "own")

    @property
    def query(self) -> str:
        return f"p={self.key}" if self.key in USUAL else f"from={self.first}&to={self.last}"


def last_days(key: str) -> Period:
    """ "today", "7" or "30": whole days up to today."""
    today = timezone.localdate()
    return Period(today - timedelta(days=USUAL[key] - 1), today, key)


def asked(told: Mapping[str, str]) -> Period:
    """The period of an address. Refused: period.day, period.order, period.long, period.future."""
    if not (told.get("from") or told.get("to")):
        key = told.get("p", "today")
        return last_days(key if key in USUAL else "today")
    first, last = iso_day(told.get("from", "")), iso_day(told.get("to", ""))
    if not (first and last):
        raise Refused("period.day")
    period = Period(date.fromisoformat(first), date.fromisoformat(last), "own")
    if period.days < 1:
        raise Refused("period.order")
    if period.days > LONGEST:
        raise Refused("period.long", days=LONGEST)
    if period.last > timezone.localdate():
        raise Refused("period.future")
    return period
