"""A board over whole months, from sums that were made when each month was over."""

from collections import Counter
from collections.abc import Iterable, Iterator

from apps.facilities import live
from apps.facilities import queries as facilities
from apps.monitoring.models import PlaceMonth, Watermark
from apps.monitoring.period import Period
from apps.monitoring.queries.board import BELOW, Board, Line, day_board, hospital_lines, line_of
from apps.monitoring.queries.figures import Figures, Sums, total
from apps.monitoring.queries.ground import Ground, hospitals_of, known_of


def board(where: Ground, period: Period) -> Board:
    """Everything a board shows, day by day or over whole months. 6 queries of days with
    today, 4 of months."""
    return _month_board(where, period) if period.months else day_board(where, period)


def _month_board(where: Ground, period: Period) -> Board:
    """The same board as of days, over whole months. 4 queries."""
    own = PlaceMonth.objects.filter(kind=where.kind, code=where.code)
    rows = list(own.filter(month__range=(period.before.first, period.last)))
    by_month = {row.month.isoformat(): Counter(row.figures) for row in rows}
    return Board(
        ground=where,
        period=period,
        figures=Figures(_within(by_month, period)),
        before=Figures(_within(by_month, period.before)),
        days={month: Figures(found) for month, found in sorted(by_month.items())},
        lines=sorted(_lines(where, period), key=lambda line: line.attention),
        mark=Watermark.objects.filter(name="audit").first(),
        demo=any(row.is_demo for row in rows),
    )


def lines(where: Ground, period: Period) -> Iterator[tuple[dict[str, str], Line]]:
    """Every hospital of a place with the names of its district and block, for a file. 2 queries."""
    found = _month_lines(where, period) if period.months else hospital_lines(where, period)
    for place, line in found:
        yield facilities.place_name(place.block_code, place.district_code), line


def _month_lines(where: Ground, period: Period) -> Iterator[tuple[live.Place, Line]]:
    places = {str(place.id): place for place in hospitals_of(where)}
    rows = PlaceMonth.objects.filter(
        kind="hospital", month__range=(period.first, period.last), code__in=list(places)
    )
    sums: dict[str, list[Sums]] = {}
    for code, figures in rows.values_list("code", "figures"):
        sums.setdefault(code, []).append(Counter(figures))
    for code, place in places.items():
        if code in sums:
            own = Figures(total(sums[code]))
            yield place, Line("hospital", code, place.name_hi, place.name_en, own)


def _within(by_month: dict[str, Sums], period: Period) -> Sums:
    first, last = period.first.isoformat(), period.last.isoformat()
    return total(found for month, found in by_month.items() if first <= month <= last)


def _lines(where: Ground, period: Period) -> list[Line]:
    """Places one step down; hospitals without a block stand for themselves, as with days."""
    kind = BELOW.get(where.kind, "hospital")
    wanted = _below(kind, known_of(where))
    rows = PlaceMonth.objects.filter(
        month__range=(period.first, period.last), kind__in={kind, "hospital"}, code__in=list(wanted)
    )
    sums: dict[str, list[Sums]] = {}
    for code, figures in rows.values_list("code", "figures"):
        sums.setdefault(code, []).append(Counter(figures))
    return [
        Line(found, code, *names, Figures(total(sums.get(code, []))), hospitals=n)
        for code, (found, names, n) in wanted.items()
        if code in sums or found != "hospital"
    ]


def _below(kind: str, places: Iterable[live.Place]) -> dict[str, tuple[str, tuple[str, str], int]]:
    """Code of each line to (kind, names, how many hospitals)."""
    found: dict[str, tuple[str, tuple[str, str], int]] = {}
    for place in places:
        own, code = line_of(kind, place)
        named = facilities.region(own, code) or place
        n = found[code][2] if code in found else 0
        found[code] = (own, (named.name_hi, named.name_en), n + 1)
    return found
