"""Named reads over roster and leave."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from apps.accounts.models import Leave, LeaveOverride, PractitionerRole, RosterEntry, User
from apps.accounts.seats import OFF, planned, room_of

DAYS = 7


def on_leave(facility_id: UUID, *, day: date | None = None) -> frozenset[UUID]:
    """Who is away from this hospital that day, less who was called back. 1 query."""
    rows = Leave.objects.keeping_away(day or timezone.localdate()).filter(facility_id=facility_id)
    return frozenset(rows.values_list("user_id", flat=True))


def leaves_between(
    first: date, last: date, *, facility_ids: Iterable[UUID]
) -> list[tuple[UUID, UUID, date, date]]:
    """(hospital, person, first day, last day) of every leave that meets these days. 1 query."""
    rows = Leave.objects.filter(
        facility_id__in=list(facility_ids),
        cancelled_at=None,
        from_date__lte=last,
        to_date__gte=first,
    )
    return list(rows.values_list("facility_id", "user_id", "from_date", "to_date"))


def called_back(day: date, *, facility_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], str]:
    """(hospital, person) to the reason for which a signature was needed on that day of leave.
    1 query."""
    rows = LeaveOverride.objects.filter(
        day=day, leave__facility_id__in=list(facility_ids), leave__cancelled_at=None
    )
    told = rows.values_list("leave__facility_id", "leave__user_id", "reason")
    return {(facility_id, user_id): reason for facility_id, user_id, reason in told}


def back_reason(code: str) -> str:
    """Why somebody was called back from leave, in words."""
    known = code in LeaveOverride.Reason.values
    return str(LeaveOverride.Reason(code).label) if known else ""


def on_duty(facility_id: UUID, *, day: date | None = None, session: str = "") -> dict[UUID, str]:
    """Doctors who are meant to work here that day, with their room ("" when none is told): posted,
    not on leave, and not off by the roster. 1 query."""
    found: dict[UUID, str] = {}
    for row in planned(facility_id, day or timezone.localdate()):
        is_off = bool(row.turns) and all(turn["shift"] == OFF for turn in row.turns)
        if not row.away and not is_off and not found.get(row.user_id):
            found[row.user_id] = room_of(row, session)
    return found


def leave_today(user_id: UUID, facility_id: UUID) -> Leave | None:
    """The leave that keeps this person from signing here today. 1 query."""
    rows = Leave.objects.keeping_away(timezone.localdate())
    return rows.filter(user_id=user_id, facility_id=facility_id).order_by("-to_date").first()


@dataclass(frozen=True, slots=True)
class Cell:
    """One person's day: turns of the roster as (shift, room), and whether it is a leave."""

    day: date
    turns: tuple[tuple[str, str], ...] = ()
    leave: str = ""
    back: bool = False
    posted: bool = True


@dataclass(slots=True)
class Line:
    """One person's week."""

    user: User
    room: str
    cells: list[Cell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Week:
    """A hospital's week, its people by name, and the leaves that run or come."""

    monday: date
    days: list[date]
    lines: list[Line]
    leaves: list[Leave]

    @property
    def before(self) -> date:
        return self.monday - timedelta(days=DAYS)

    @property
    def after(self) -> date:
        return self.monday + timedelta(days=DAYS)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week(facility_id: UUID, monday: date) -> Week:
    """Everything the roster page shows of one week. 4 queries."""
    days = [monday + timedelta(days=n) for n in range(DAYS)]
    postings = defaultdict(list)
    rows = PractitionerRole.objects.at(facility_id).meeting(days[0], days[-1])
    for posting in rows.select_related("user").order_by("user__name_en", "from_date"):
        if posting.user.is_active:
            postings[posting.user].append(posting)
    turns = defaultdict(list)
    kept = RosterEntry.objects.filter(facility_id=facility_id, day__range=(days[0], days[-1]))
    for user_id, day, shift, room in kept.order_by("shift").values_list(
        "user_id", "day", "shift", "room"
    ):
        turns[user_id, day].append((shift, room))
    leaves = list(
        Leave.objects.filter(facility_id=facility_id, cancelled_at=None, to_date__gte=days[0])
        .select_related("user")
        .order_by("from_date", "pk")
    )
    back = set(LeaveOverride.objects.filter(leave__in=leaves).values_list("leave__user_id", "day"))
    lines = [
        Line(
            user,
            next((p.room for p in held if p.room), ""),
            [_cell(user, held, day, turns[user.pk, day], leaves, back) for day in days],
        )
        for user, held in postings.items()
    ]
    return Week(monday, days, lines, leaves)


def _cell(
    user: User,
    held: list[PractitionerRole],
    day: date,
    turns: list[tuple[str, str]],
    leaves: list[Leave],
    back: set[tuple[UUID, date]],
) -> Cell:
    own = (leave for leave in leaves if leave.user_id == user.pk)
    leave = next((found for found in own if found.from_date <= day <= found.to_date), None)
    posted = any(p.from_date <= day and (p.to_date is None or p.to_date >= day) for p in held)
    kind = Leave.Kind(leave.kind).label if leave else ""
    return Cell(day, tuple(turns), str(kind), (user.pk, day) in back, posted)


def callable_people(user_ids: set[UUID]) -> dict[UUID, User]:
    """Staff by id, to be called back by the help desk. 1 query."""
    return User.objects.in_bulk(list(user_ids))
