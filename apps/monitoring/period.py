"""Which days a board is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from apps.core.dates import iso_day
from apps.core.errors import Refused

LONGEST = 92  # days that are counted one by one; longer periods are whole months
MONTHS = 24
YEAR = "12m"
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
        if self.months:
            whole = len(self.months)
            first = self.first
            for _ in range(whole):
                first = (first - timedelta(days=1)).replace(day=1)
            return Period(first, self.first - timedelta(days=1), "own")
        back = timedelta(days=7 if self.days == 1 else self.days)
        return Period(self.first - back, self.last - back, "own")

    @property
    def months(self) -> list[date]:
        """The first days of its months when it is counted in whole months, else none."""
        if self.days <= LONGEST:
            return []
        found = [self.first]
        while (following := month_after(found[-1])) <= self.last:
            found.append(following)
        return found

    @property
    def query(self) -> str:
        told = self.key in USUAL or self.key == YEAR
        return f"p={self.key}" if told else f"from={self.first}&to={self.last}"


def month_after(month: date) -> date:
    """The first day of the month that follows."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def last_year() -> Period:
    """The twelve whole months before this one."""
    running = timezone.localdate().replace(day=1)
    return Period(running.replace(year=running.year - 1), running - timedelta(days=1), YEAR)


def last_days(key: str) -> Period:
    """ "today", "7" or "30": whole days up to today."""
    today = timezone.localdate()
    return Period(today - timedelta(days=USUAL[key] - 1), today, key)


def asked(told: Mapping[str, str]) -> Period:
    """The period of an address. Refused: period.day, period.order, period.long, period.months,
    period.future."""
    if not (told.get("from") or told.get("to")):
        key = told.get("p", "today")
        if key == YEAR:
            return last_year()
        return last_days(key if key in USUAL else "today")
    first, last = iso_day(told.get("from", "")), iso_day(told.get("to", ""))
    if not (first and last):
        raise Refused("period.day")
    period = Period(date.fromisoformat(first), date.fromisoformat(last), "own")
    if period.days < 1:
        raise Refused("period.order")
    if period.last > timezone.localdate():
        raise Refused("period.future")
    if period.days > LONGEST:
        _refuse_long(period)
    return period


def _refuse_long(period: Period) -> None:
    """More than three months are whole ones, all over, two years of them at most."""
    whole = period.first.day == 1 and (period.last + timedelta(days=1)).day == 1
    if period.days > MONTHS * 31:
        raise Refused("period.long", months=MONTHS)
    if not whole or period.last >= timezone.localdate().replace(day=1):
        raise Refused("period.months", days=LONGEST)
    if len(period.months) > MONTHS:
        raise Refused("period.long", months=MONTHS)
