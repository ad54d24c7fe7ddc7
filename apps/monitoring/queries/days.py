"""Days of places, each in one row: what a board reads instead of half a million counters."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Case, F, Value, When

from apps.monitoring.models import PlaceDay
from apps.monitoring.period import Period
from apps.monitoring.queries.figures import Sums

Key = tuple[str, str]  # kind and code


@dataclass(slots=True)
class Days:
    """Several days of one place together. `last_at`: the last sign on the last day."""

    sums: Sums = field(default_factory=Counter)
    last_at: datetime | None = None

    def add(self, figures: Mapping[str, int], last_at: datetime | None) -> None:
        if self.sums:
            self.sums.update(figures)
        else:  # most boards are of one day
            self.sums = Counter(figures)
        self.last_at = last_at or self.last_at


def dates(period: Period) -> list[date]:
    """Told one by one, so that each is one step into the index, which begins with the day."""
    return [period.first + timedelta(days=n) for n in range(period.days)]


def by_day_and_place(
    own: Key, trend: Period, places: Iterable[Key], period: Period
) -> tuple[dict[str, Sums], dict[Key, Days], bool]:
    """In one go: sums of each day (ISO) of `trend` at `own`, sums and last sign of each place over
    `period`, and whether invented demo figures are among the days. 1 query."""
    keys = set(places)
    kinds, codes = {kind for kind, _ in keys}, [code for _, code in keys]
    columns = ("day", "kind", "code", "figures", "last_at", "is_demo")
    mine = PlaceDay.objects.filter(kind=own[0], code=own[1], day__in=dates(trend))
    rest = PlaceDay.objects.filter(day__in=dates(period), kind__in=kinds, code__in=codes)
    # One condition of two parts would take the planner longer than the reading itself.
    rows = (
        mine.annotate(part=Value(0))
        .values_list("part", *columns)
        .union(rest.annotate(part=Value(1)).values_list("part", *columns), all=True)
    )
    days: dict[str, Sums] = {}
    found: dict[Key, Days] = {}
    demo = False
    for part, day, kind, code, figures, last_at, is_demo in rows:
        if part == 0:
            demo = demo or is_demo
            if figures:
                days[day.isoformat()] = Counter(figures)
        elif (kind, code) in keys:
            last = last_at if day == period.last else None
            found.setdefault((kind, code), Days()).add(figures, last)
    return dict(sorted(days.items())), found, demo


def by_place(places: Iterable[Key], period: Period) -> dict[Key, Sums]:
    """Sums of each place over a period. 1 query."""
    keys = list(places)
    kinds, codes = {kind for kind, _ in keys}, [code for _, code in keys]
    rows = PlaceDay.objects.filter(day__in=dates(period), kind__in=kinds, code__in=codes)
    found: dict[Key, Sums] = {}
    for kind, code, figures in rows.values_list("kind", "code", "figures"):
        found.setdefault((kind, code), Counter()).update(figures)
    return found


def of_hospitals(ids: Iterable[UUID], period: Period) -> dict[UUID, Sums]:
    """Sums of hospitals over a period. 1 query."""
    found = by_place((("hospital", str(one)) for one in ids), period)
    return {UUID(code): sums for (_kind, code), sums in found.items()}


def last_of_day(day: date, ids: set[UUID] | None = None) -> dict[UUID, datetime]:
    """When a person last did something in each hospital on one day. 1 query."""
    rows = PlaceDay.objects.filter(day=day, kind="hospital", last_at__isnull=False)
    rows = rows if ids is None else rows.filter(code__in=[str(one) for one in ids])
    return {UUID(code): at for code, at in rows.values_list("code", "last_at") if at}


def heard(day: date, codes: list[str] | None, *, since: datetime) -> dict[str, datetime | None]:
    """By code, where a person did something on `day`: when last, None for "after `since`", as most
    hospitals of a State do and nobody asks when exactly. 1 query."""
    rows = PlaceDay.objects.filter(day=day, kind="hospital", last_at__isnull=False)
    rows = rows if codes is None else rows.filter(code__in=codes)
    at = Case(When(last_at__lt=since, then=F("last_at")))
    return dict(rows.annotate(at=at).values_list("code", "at"))
