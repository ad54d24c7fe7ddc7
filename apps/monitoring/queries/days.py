"""Days of places, each in one row: what a board reads instead of half a million counters."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from apps.monitoring.models import PlaceDay
from apps.monitoring.period import Period
from apps.monitoring.queries.figures import Sums

Key = tuple[str, str]  # kind and code


def dates(period: Period) -> list[date]:
    """Told one by one, so that each is one step into the index, which begins with the day."""
    return [period.first + timedelta(days=n) for n in range(period.days)]


def by_day(place: Key, period: Period) -> tuple[dict[str, Sums], bool]:
    """Sums of each day (ISO) that has any, and whether invented demo figures are among them.
    1 query."""
    rows = PlaceDay.objects.filter(kind=place[0], code=place[1], day__in=dates(period))
    found = list(rows.order_by("day").values_list("day", "figures", "is_demo"))
    days = {day.isoformat(): Counter(figures) for day, figures, _ in found if figures}
    return days, any(is_demo for _, _, is_demo in found)


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
