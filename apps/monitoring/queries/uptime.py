"""Which hospitals were reachable, day by day, and when their screens were last seen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from apps.facilities import devices, live
from apps.facilities.config import FacilityConfig, Session
from apps.monitoring.models import Alarm
from apps.monitoring.queries.board import SUNDAY, last_signs
from apps.monitoring.queries.days import last_of_day
from apps.monitoring.queries.figures import heard_on
from apps.monitoring.queries.ground import Ground, hospitals_of
from apps.monitoring.queries.holidays import closed_on

GONE_AFTER = timedelta(minutes=10)  # a screen asks every few seconds while it is on


@dataclass(frozen=True, slots=True)
class DayUp:
    """OPD minutes of one day until now, and those of them in which nothing came."""

    day: date
    open_min: int
    silent_min: int
    outages: int

    @property
    def up_pct(self) -> int | None:
        return round(100 * (1 - self.silent_min / self.open_min)) if self.open_min else None


@dataclass(frozen=True, slots=True)
class Up:
    """One hospital over days; `last_at`: the last sign of today."""

    place: live.Place
    last_at: datetime | None
    silent_now: int
    days: list[DayUp]

    @property
    def open_min(self) -> int:
        return sum(day.open_min for day in self.days)

    @property
    def silent_min(self) -> int:
        return sum(day.silent_min for day in self.days)

    @property
    def outages(self) -> int:
        return sum(day.outages for day in self.days)

    @property
    def up_pct(self) -> int | None:
        return round(100 * (1 - self.silent_min / self.open_min)) if self.open_min else None


def uptime(where: Ground, *, days: int) -> tuple[list[Up], bool]:
    """Hospitals with the longest silence first; whether counting is late just now. 5 queries.

    A day on which nobody did anything and no alarm stood was not watched: nothing is said of it.
    """
    today = timezone.localdate()
    first = today - timedelta(days=days - 1)
    places = [place for place in hospitals_of(where) if place.is_open]
    rows = Alarm.objects.filter(
        Q(closed_at=None) | Q(closed_at__gte=_start(first)),
        rule=Alarm.Rule.SILENT,
        facility_id__in=[place.id for place in places],
    )
    own: dict[UUID, list[Alarm]] = {}
    for row in rows:
        own.setdefault(row.facility_id, []).append(row)
    signs = last_signs()
    last = signs if signs is not None else last_of_day(today)
    span = [first + timedelta(days=n) for n in range(days)]
    heard = heard_on({place.id for place in places}, first, today)
    found = [
        _up(place, own.get(place.id, []), last.get(place.id), span, heard.get(place.id, set()))
        for place in places
    ]
    return sorted(found, key=lambda up: (-up.silent_min, up.place.name_en)), signs is None


def screens(facility_id: UUID) -> list[dict[str, Any]]:
    """A hospital's screens, kiosks and machines, and whether each was seen just now. 1 query."""
    late = timezone.now() - GONE_AFTER
    return [
        {"name": row.name, "kind": row.kind, "seen_at": row.seen_at,
         "on": row.seen_at is not None and row.seen_at >= late, "bound": bool(row.bound_hash)}
        for row in devices.devices_of(facility_id)
        if row.revoked_at is None
    ]  # fmt: skip


def _up(
    place: live.Place,
    alarms: list[Alarm],
    last: datetime | None,
    span: list[date],
    heard: set[date],
) -> Up:
    now = next((row for row in alarms if row.closed_at is None), None)
    since = (now.since or now.opened_at) if now else None
    minutes = int((timezone.now() - since).total_seconds() // 60) if since else 0
    return Up(place, last, minutes, [_day(place, alarms, day, heard=day in heard) for day in span])


def _day(place: live.Place, alarms: Iterable[Alarm], day: date, *, heard: bool) -> DayUp:
    open_min, silent, outages = 0, 0, set()
    for starts, ends in sessions_of(place, day):
        open_min += _minutes(starts, ends)
        for row in alarms:
            overlap = _minutes(
                max(starts, row.since or row.opened_at), min(ends, row.closed_at or timezone.now())
            )
            if overlap:
                silent += overlap
                outages.add(row.pk)
    if not (heard or outages):
        return DayUp(day, 0, 0, 0)
    return DayUp(day, open_min, min(silent, open_min), len(outages))


def sessions_of(place: live.Place, day: date) -> list[tuple[datetime, datetime]]:
    """The sessions of a day as far as they are over by now; none on a closed day."""
    if day.weekday() == SUNDAY or closed_on(day):
        return []
    told = [Session(**row) for row in place.sessions] or FacilityConfig().sessions
    found = []
    for session in told:
        starts, ends = _at(day, session.starts), min(_at(day, session.ends), timezone.now())
        if starts < ends:
            found.append((starts, ends))
    return found


def _at(day: date, text: str) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(text)))


def _start(day: date) -> datetime:
    return _at(day, "00:00")


def _minutes(first: datetime, last: datetime) -> int:
    return max(0, int((last - first).total_seconds() // 60))
