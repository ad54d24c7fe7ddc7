"""A board of one place: its numbers, its days, and the places below it, who needs help first."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
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
from apps.monitoring.queries.days import Key, by_day, by_place, last_of_day, of_hospitals
from apps.monitoring.queries.figures import Figures, Sums, by_hospital, total
from apps.monitoring.queries.ground import Ground, hospitals_of
from apps.monitoring.queries.holidays import closed_on
from apps.monitoring.targets import LOOK_LASTS_MIN, SILENT_MIN, STALE_S
from apps.supply import queries as supply

TREND_DAYS = 30
STALE = timedelta(seconds=STALE_S)
BELOW = {"state": "district", "district": "block", "block": "hospital"}
SUNDAY = 6
NOTHING = Figures({})


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


Leaf = tuple[live.Place, Line]


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
    """Everything a board shows of days. 8 queries, 4 without today, one more where a hospital is
    not at work for good."""
    places = hospitals_of(where)
    first = min(period.before.first, period.last - timedelta(days=TREND_DAYS - 1))
    days, demo = by_day((where.kind, where.code), Period(first, period.last, "own"))
    leaves = _leaves(where, places, period)
    return Board(
        ground=where,
        period=period,
        figures=Figures(_of_days(days, period)),
        before=Figures(_of_days(days, period.before)),
        days={day: Figures(found) for day, found in days.items()},
        lines=sorted(_below(where, leaves, period), key=lambda line: line.attention),
        mark=Watermark.objects.filter(name="audit").first(),
        demo=demo,
        missing=[leaf for _, leaf in leaves if leaf.silent],
        alarms=open_counts(_told(where, places)) if period.now else {},
    )


def _leaves(where: Ground, places: list[live.Place], period: Period) -> list[Leaf]:
    """Each hospital of a place but for its numbers. 3 queries with today."""
    ids = _told(where, places)
    last, outs, now, clock = {}, {}, {}, None
    if period.now:
        clock = Clock()
        last = last_of_day(timezone.localdate(), ids)
        outs, now = supply.out_at(ids), looks(ids)
    shut = {place.id for place in places if not place.is_open}
    # A hospital that closed stays as long as it has numbers in the period.
    known = of_hospitals(shut, period) if shut else {}
    return [
        (place, _leaf(place, last.get(place.id), outs.get(place.id, []), now.get(place.id), clock))
        for place in places
        if place.is_open or any(known.get(place.id, {}).values())
    ]  # fmt: skip


def hospital_lines(where: Ground, period: Period) -> Iterator[tuple[live.Place, Line]]:
    """Every hospital of a place with its numbers, for a file. 2 queries."""
    places = hospitals_of(where)
    sums = by_hospital(_told(where, places), period)
    for place in places:
        own: Sums = sums.get(place.id, Counter())
        if place.is_open or any(own.values()):
            names = (place.name_hi, place.name_en)
            yield place, Line("hospital", str(place.id), *names, Figures(own))


def _told(where: Ground, places: list[live.Place]) -> set[UUID] | None:
    """Whose rows to ask for. The State has all of them: naming six hundred costs more than it
    saves."""
    return None if where.kind == "state" else {place.id for place in places}


def _of_days(days: dict[str, Sums], period: Period) -> Sums:
    first, last = period.first.isoformat(), period.last.isoformat()
    return total(found for day, found in days.items() if first <= day <= last)


def _leaf(
    place: live.Place,
    at: datetime | None,
    outs: list[str],
    look: HospitalNow | None,
    clock: "Clock | None",
) -> Line:
    began = clock.began(place) if clock else None
    silent = clock is not None and clock.silent_since(began, at) is not None
    return Line(
        "hospital", str(place.id), place.name_hi, place.name_en, NOTHING,
        at_work=int(began is not None), silent=int(silent), never=int(silent and at is None),
        last_at=at, outs=tuple(outs),
        seated=look.seated if look else 0, posted=look.posted if look else 0,
    )  # fmt: skip


def looks(ids: set[UUID] | None) -> dict[UUID, HospitalNow]:
    """What was seen in these hospitals (None: in all) in the last minutes; an older look says
    nothing. 1 query."""
    since = timezone.now() - timedelta(minutes=LOOK_LASTS_MIN)
    rows = HospitalNow.objects.filter(at__gte=since)
    rows = rows if ids is None else rows.filter(facility_id__in=list(ids))
    return {row.facility_id: row for row in rows}


class Clock:
    """This minute at many hospitals: the same hours are worked out once."""

    def __init__(self) -> None:
        self.now = timezone.localtime()
        self.known: dict[str, datetime | None] = {}

    def began(self, place: live.Place) -> datetime | None:
        """When this hospital's session began; None outside its hours and where it does not work."""
        if not place.is_open:
            return None
        hours = repr(place.sessions)
        if hours not in self.known:
            self.known[hours] = session_began(place, self.now)
        return self.known[hours]

    def silent_since(self, began: datetime | None, at: datetime | None) -> datetime | None:
        """From when nothing came for ten minutes, neither since the session began nor since the
        last sign of today; None while there is no reason to ask."""
        if began is None:
            return None
        since = max(began, at or began)
        return since if self.now - since > timedelta(minutes=SILENT_MIN) else None


def last_signs() -> dict[UUID, datetime] | None:
    """When a person last did something today in each hospital; None while counting is late. 2 q."""
    mark = Watermark.objects.filter(name="audit").first()
    if is_stale(mark):
        return None
    return last_of_day(timezone.localdate())


def heard_of_late() -> set[UUID]:
    """Where a person did something today or yesterday: who waits there was written by somebody
    within that time. 2 queries."""
    today = timezone.localdate()
    return {*last_of_day(today), *last_of_day(today - timedelta(days=1))}


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


def _below(where: Ground, leaves: list[Leaf], period: Period) -> list[Line]:
    """The places one step down with their numbers; hospitals without a block of their own, as a
    district hospital often is, stand for themselves. 1 query."""
    groups: dict[Key, list[Line]] = {}
    for place, leaf in leaves:
        groups.setdefault(line_of(BELOW.get(where.kind, ""), place), []).append(leaf)
    sums = by_place(groups, period)
    return [_line(key, found, Figures(sums.get(key, {}))) for key, found in groups.items()]


def line_of(kind: str, place: live.Place) -> Key:
    """In which line of a board a hospital stands; its own when there is no such region."""
    code = {"district": place.district_code, "block": place.block_code}.get(kind, "")
    if code and facilities.region(kind, code) is not None:
        return kind, code
    return "hospital", str(place.id)


def _line(key: Key, leaves: list[Line], figures: Figures) -> Line:
    kind, code = key
    region = facilities.region(kind, code) if kind != "hospital" else None
    if region is None:
        return replace(leaves[0], figures=figures)
    return Line(
        kind, code, region.name_hi, region.name_en, figures,
        hospitals=len(leaves),
        at_work=sum(leaf.at_work for leaf in leaves),
        silent=sum(leaf.silent for leaf in leaves),
        never=sum(leaf.never for leaf in leaves),
        last_at=max((leaf.last_at for leaf in leaves if leaf.last_at), default=None),
        outs=tuple(dict.fromkeys(out for leaf in leaves for out in leaf.outs)),
        seated=sum(leaf.seated for leaf in leaves),
        posted=sum(leaf.posted for leaf in leaves),
    )  # fmt: skip
