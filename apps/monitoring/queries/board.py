"""A board of one place: its numbers, its days, and the places below it, who needs help first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.facilities import live
from apps.facilities import queries as facilities
from apps.facilities.config import FacilityConfig, Session
from apps.monitoring.models import HospitalNow, Watermark
from apps.monitoring.period import Period
from apps.monitoring.queries.alarms import open_counts
from apps.monitoring.queries.figures import Figures, Sums, by_day, by_hospital, last_of_day, total
from apps.monitoring.queries.ground import Ground, hospitals_of
from apps.monitoring.queries.holidays import closed_on
from apps.monitoring.targets import LOOK_LASTS_MIN, SILENT_MIN, STALE_S
from apps.supply import queries as supply

TREND_DAYS = 30
STALE = timedelta(seconds=STALE_S)
BELOW = {"state": "district", "district": "block", "block": "hospital"}
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A place below. `at_work`: its hospitals within their hours now; `silent`: those of them from
    which nothing came for ten minutes; `never`: those with nothing today; `outs`: medicines that
    are out, by code."""

    kind: str
    code: str
    name_hi: str
    name_en: str
    figures: Figures
    hospitals: int = 1
    at_work: int = 0
    silent: int = 0
    never: int = 0
    last_at: datetime | None = None
    outs: tuple[str, ...] = ()
    seated: int = 0
    posted: int = 0

    @property
    def attention(self) -> tuple[Any, ...]:
        """Who needs help first: the longest wait, then silence, then fewest e-prescriptions."""
        few = self.figures.e_rx_pct
        return (-(self.figures.wait or 0), -self.silent, 101 if few is None else few, self.name_en)


@dataclass(frozen=True, slots=True)
class Board:
    """`days` holds each day of the trend by ISO date; `mark` says how old the numbers are."""

    ground: Ground
    period: Period
    figures: Figures
    before: Figures
    days: dict[str, Figures]
    lines: list[Line]
    mark: Watermark | None
    demo: bool = False
    missing: list[Line] = field(default_factory=list)
    alarms: dict[str, int] = field(default_factory=dict)

    @property
    def stale(self) -> bool:
        return is_stale(self.mark)

    @property
    def hospitals(self) -> int:
        return sum(line.hospitals for line in self.lines)

    @property
    def at_work(self) -> int:
        return sum(line.at_work for line in self.lines)


def day_board(where: Ground, period: Period) -> Board:
    """Everything a board shows of days. 7 queries, 5 without today."""
    places = hospitals_of(where)
    ids = {place.id for place in places}
    asked = None if where.kind == "state" else ids
    sums, last = by_hospital(asked, period)
    span = Period(
        min(period.before.first, period.last - timedelta(days=TREND_DAYS - 1)), period.last, "own"
    )
    days, demo = by_day(asked, span)
    outs = supply.out_at(ids) if period.now else {}
    now = looks(ids) if period.now else {}
    leaves = [_leaf(place, sums, last, outs, period, now.get(place.id)) for place in places]
    leaves = [leaf for leaf, place in zip(leaves, places, strict=True) if _counts(leaf, place)]
    return Board(
        ground=where,
        period=period,
        figures=Figures(total(leaf.figures.sums for leaf in leaves)),
        before=Figures(_of_days(days, period.before)),
        days={day: Figures(found) for day, found in sorted(days.items())},
        lines=sorted(_below(where, places, leaves), key=lambda line: line.attention),
        mark=Watermark.objects.filter(name="audit").first(),
        demo=demo,
        missing=[leaf for leaf in leaves if leaf.silent],
        alarms=open_counts(ids) if period.now else {},
    )


def hospital_lines(where: Ground, period: Period) -> Iterator[tuple[live.Place, Line]]:
    """Every hospital of a place. 2 queries."""
    places = hospitals_of(where)
    sums, last = by_hospital(None if where.kind == "state" else {p.id for p in places}, period)
    for place in places:
        leaf = _leaf(place, sums, last, {}, period)
        if _counts(leaf, place):
            yield place, leaf


def _counts(leaf: Line, place: live.Place) -> bool:
    """A hospital that closed stays as long as it has numbers in the period."""
    return place.is_open or any(leaf.figures.sums.values())


def _of_days(days: dict[str, Sums], period: Period) -> Sums:
    first, last = period.first.isoformat(), period.last.isoformat()
    return total(found for day, found in days.items() if first <= day <= last)


def _leaf(
    place: live.Place,
    sums: dict[UUID, Sums],
    last: dict[UUID, datetime],
    outs: dict[UUID, list[str]],
    period: Period,
    look: HospitalNow | None = None,
) -> Line:
    at = last.get(place.id) if period.now else None
    today = at is not None and timezone.localdate(at) == timezone.localdate()
    since = session_began(place, timezone.localtime()) if period.now and place.is_open else None
    silent = since is not None and silent_since(place, at if today else None) is not None
    return Line(
        "hospital", str(place.id), place.name_hi, place.name_en,
        Figures(sums.get(place.id, {})),
        at_work=int(since is not None), silent=int(silent), never=int(silent and not today),
        last_at=at if today else None,
        outs=tuple(outs.get(place.id, ())),
        seated=look.seated if look else 0, posted=look.posted if look else 0,
    )  # fmt: skip


def looks(ids: set[UUID]) -> dict[UUID, HospitalNow]:
    """What was seen in these hospitals in the last minutes; an older look says nothing. 1 query."""
    rows = HospitalNow.objects.filter(
        facility_id__in=list(ids), at__gte=timezone.now() - timedelta(minutes=LOOK_LASTS_MIN)
    )
    return {row.facility_id: row for row in rows}


def silent_since(place: live.Place, at: datetime | None) -> datetime | None:
    """From when nothing came for ten minutes, neither since the session began nor since the last
    sign of today; None while there is no reason to ask."""
    began = session_began(place, timezone.localtime()) if place.is_open else None
    if began is None:
        return None
    since = max(began, at or began)
    return since if timezone.now() - since > timedelta(minutes=SILENT_MIN) else None


def last_signs() -> dict[UUID, datetime] | None:
    """When a person last did something today in each hospital; None while counting is late. 2 q."""
    mark = Watermark.objects.filter(name="audit").first()
    if is_stale(mark):
        return None
    return last_of_day(timezone.localdate())


def is_stale(mark: Watermark | None) -> bool:
    """The counting is late or stands still."""
    return mark is None or mark.data_to is None or (
        timezone.now() - min(mark.data_to, mark.ran_at) > STALE
    )  # fmt: skip


def session_began(place: live.Place, now: datetime) -> datetime | None:
    """When the session of this moment began; None outside hours. On Sundays and on holidays that
    stand in the State's own list nobody is asked."""
    if now.weekday() == SUNDAY or closed_on(now.date()):
        return None
    told = [Session(**row) for row in place.sessions] or FacilityConfig().sessions
    for session in told:
        starts, ends = (
            timezone.make_aware(datetime.combine(now.date(), time.fromisoformat(text)))
            for text in (session.starts, session.ends)
        )
        if starts <= now <= ends:
            return starts
    return None


def _below(where: Ground, places: list[live.Place], leaves: list[Line]) -> list[Line]:
    """The places one step down; hospitals without a block of their own make one line together."""
    kind = BELOW.get(where.kind, "")
    if kind in ("hospital", ""):
        return leaves
    of = {str(place.id): place for place in places}
    groups: dict[str, list[Line]] = {}
    for leaf in leaves:
        place = of[leaf.code]
        code = place.district_code if kind == "district" else place.block_code
        groups.setdefault(code, []).append(leaf)
    return [line for code, found in groups.items() for line in _group(kind, code, found)]


def _group(kind: str, code: str, leaves: list[Line]) -> list[Line]:
    region = facilities.region(kind, code) if code else None
    if region is None:  # a district hospital often belongs to no block: it stands for itself
        return leaves
    return [
        Line(
            kind, code, region.name_hi, region.name_en,
            Figures(total(leaf.figures.sums for leaf in leaves)),
            hospitals=len(leaves),
            at_work=sum(leaf.at_work for leaf in leaves),
            silent=sum(leaf.silent for leaf in leaves),
            never=sum(leaf.never for leaf in leaves),
            last_at=max((leaf.last_at for leaf in leaves if leaf.last_at), default=None),
            outs=tuple(dict.fromkeys(code for leaf in leaves for code in leaf.outs)),
            seated=sum(leaf.seated for leaf in leaves),
            posted=sum(leaf.posted for leaf in leaves),
        )
    ]  # fmt: skip
