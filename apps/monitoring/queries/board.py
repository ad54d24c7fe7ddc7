"""A board of one place: its numbers, its days, and the places below it, who needs help first."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from apps.facilities import live
from apps.facilities import queries as facilities
from apps.facilities.config import FacilityConfig, Session
from apps.monitoring.models import HospitalNow, Watermark
from apps.monitoring.period import Period
from apps.monitoring.queries.alarms import mark_and_alarms
from apps.monitoring.queries.days import (
    Days,
    Key,
    by_day_and_place,
    heard,
    last_of_day,
    of_hospitals,
)
from apps.monitoring.queries.figures import Figures, Sums, by_hospital, total
from apps.monitoring.queries.ground import Ground, hospitals_of, known_of
from apps.monitoring.queries.holidays import closed_on
from apps.monitoring.targets import AWAKE_H, LOOK_LASTS_MIN, SILENT_MIN, STALE_S
from apps.supply import queries as supply

TREND_DAYS, LEAD_DAYS = 30, 6  # and so many before, for the first mean of seven days
STALE = timedelta(seconds=STALE_S)
BELOW = {"state": "district", "district": "block", "block": "hospital"}
SUNDAY = 6
NOTHING = Figures({})
MISSING_SHOWN = 12
Groups = dict[Key, list[live.Place]]


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
    """Everything a board shows of days. 6 queries with today, 3 without; one more after a hospital
    changed, and where one is not at work for good."""
    places = known_of(where)
    groups = _groups(where, places)
    span = max(TREND_DAYS, period.days) + LEAD_DAYS
    first = min(period.before.first, period.last - timedelta(days=span - 1))
    trend = Period(first, period.last, "own")
    days, sums, demo = by_day_and_place((where.kind, where.code), trend, groups, period)
    told = _told(where, places)
    now = Now.read(told) if period.now else None
    lines = [
        _line(key, found, sums.get(key, Days()), now)
        for key, found in _with_numbers(groups, places, period).items()
    ]
    mark, alarms = mark_and_alarms(told)
    return Board(
        ground=where,
        period=period,
        figures=Figures(_of_days(days, period)),
        before=Figures(_of_days(days, period.before)),
        days={day: Figures(found) for day, found in days.items()},
        lines=sorted(lines, key=lambda line: line.attention),
        mark=mark,
        demo=demo,
        missing=now.missing() if now else [],
        alarms=alarms if period.now else {},
    )


def _groups(where: Ground, places: list[live.Place]) -> Groups:
    """Hospitals by the place one step down; those without a block of their own, as a district
    hospital often is, stand for themselves."""
    found: Groups = {}
    for place in places:
        found.setdefault(line_of(BELOW.get(where.kind, ""), place), []).append(place)
    return found


def _with_numbers(groups: Groups, places: list[live.Place], period: Period) -> Groups:
    """Without hospitals that closed, unless they have numbers in the period. 0 or 1 query."""
    shut = {place.id for place in places if not place.is_open}
    if not shut:
        return groups
    known = of_hospitals(shut, period)
    gone = {pk for pk in shut if not any(known.get(pk, {}).values())}
    left = {key: [p for p in own if p.id not in gone] for key, own in groups.items()}
    return {key: own for key, own in left.items() if own}


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


def looks(ids: set[UUID] | None) -> dict[UUID, HospitalNow]:
    """What was seen in these hospitals (None: in all) in the last minutes; an older look says
    nothing. 1 query."""
    return {row.facility_id: row for row in _fresh_looks(ids)}


def _fresh_looks(ids: set[UUID] | None) -> Any:
    since = timezone.now() - timedelta(minutes=LOOK_LASTS_MIN)
    rows = HospitalNow.objects.filter(at__gte=since)
    return rows if ids is None else rows.filter(facility_id__in=list(ids))


@dataclass(slots=True)
class Now:
    """This minute at many hospitals, by their codes. `silent` collects those from which nothing
    comes, with their last sign of today."""

    clock: "Clock"
    heard: dict[str, datetime | None]
    outs: dict[str, list[str]]
    seats: dict[str, tuple[int, int]]
    silent: list[tuple[live.Place, datetime | None]] = field(default_factory=list)

    @classmethod
    def read(cls, ids: set[UUID] | None) -> "Now":
        """3 queries."""
        clock, codes = Clock(), None if ids is None else [str(one) for one in ids]
        since = clock.now - timedelta(minutes=SILENT_MIN)
        signs = heard(clock.now.date(), codes, since=since)
        return cls(clock, signs, supply.out_at(ids), _seats(ids))

    def is_silent(self, place: live.Place, began: datetime) -> bool:
        """Noted, too, for the list of those who are missing."""
        at = self.heard.get(place.code)
        if (at is None and place.code in self.heard) or not self.clock.silent_since(began, at):
            return False
        self.silent.append((place, at))
        return True

    def missing(self) -> list[Line]:
        """The first silent ones by name; what a board says of them."""
        first = sorted(self.silent, key=lambda one: one[0].name_en)[:MISSING_SHOWN]
        return [
            Line("hospital", place.code, place.name_hi, place.name_en, NOTHING,
                 at_work=1, silent=1, never=int(at is None), last_at=at)
            for place, at in first
        ]  # fmt: skip


def _seats(ids: set[UUID] | None) -> dict[str, tuple[int, int]]:
    """Doctors who have called today and who are posted, as the last looks saw it. 1 query."""
    rows = _fresh_looks(ids).exclude(posted=0, seated=0)
    rows = rows.values_list(Cast("facility_id", TextField()), "seated", "posted")
    return {code: (seated, posted) for code, seated, posted in rows}


class Clock:
    """This minute at many hospitals: the same hours are worked out once."""

    def __init__(self) -> None:
        self.now = timezone.localtime()
        self.known: dict[str, datetime | None] = {}

    def began(self, place: live.Place) -> datetime | None:
        """When this hospital's session began; None outside its hours and where it does not work."""
        if not place.is_open:
            return None
        if place.hours not in self.known:
            self.known[place.hours] = session_began(place, self.now)
        return self.known[place.hours]

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
    """Where a person did something in the last hours. Who waits was written by somebody, so an
    alarm opens within that time; and where one stands open, it is looked at anyway. 2 queries."""
    today, since = timezone.localdate(), timezone.now() - timedelta(hours=AWAKE_H)
    signs = {**last_of_day(today - timedelta(days=1)), **last_of_day(today)}
    return {place for place, at in signs.items() if at >= since}


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


def line_of(kind: str, place: live.Place) -> Key:
    """In which line of a board a hospital stands; its own when there is no such region."""
    code = {"district": place.district_code, "block": place.block_code}.get(kind, "")
    if code and facilities.region(kind, code) is not None:
        return kind, code
    return "hospital", str(place.id)


def _line(key: Key, own: list[live.Place], days: Days, now: Now | None) -> Line:
    """One line of a board: a region with its hospitals, or a hospital that stands for itself."""
    kind, code = key
    named = own[0] if kind == "hospital" else facilities.region(kind, code)
    line = Line(kind, code, *_names(named), Figures(days.sums), hospitals=len(own))
    if now is None:
        return line
    at_work = silent = never = seated = posted = 0
    outs: dict[str, None] = {}
    for place in own:
        began = now.clock.began(place)
        if began is not None:
            at_work += 1
            if now.is_silent(place, began):
                silent += 1
                never += place.code not in now.heard
        doctors = now.seats.get(place.code, (0, 0))
        seated, posted = seated + doctors[0], posted + doctors[1]
        outs.update(dict.fromkeys(now.outs.get(place.code, ())))
    return replace(line, at_work=at_work, silent=silent, never=never, last_at=days.last_at,
                   outs=tuple(outs), seated=seated, posted=posted)  # fmt: skip


def _names(place: Any) -> tuple[str, str]:
    return place.name_hi, place.name_en
