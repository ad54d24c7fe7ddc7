"""Who sits where on which day, and who is away."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Leave, LeaveOverride, PractitionerRole, RosterEntry, User
from apps.accounts.roster import DAYS, on_leave
from apps.accounts.seats import NIGHT, OFF, WHOLE_DAY
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Forbidden, Refused, Unseen
from apps.core.ids import uuid7
from apps.facilities import queries as facilities
from apps.facilities.config import FacilityConfig

CLEAR = "clear"  # as the posting says
LONGEST, AHEAD = 31, 92  # days of one order; how far ahead a roster may be written
LONGEST_LEAVE = 366
SIGNING = (Permission.CONSULT_SIGN, Permission.LAB_VERIFY, Permission.IMAGING_REPORT)


@transaction.atomic
def set_roster(
    user_id: UUID, *, first: date, last: date, shift: str, room: str = "", actor: Actor
) -> int:
    """One person's turns of some days: the whole day, one session, night, off, or as posted.

    How many days were set. Sent twice it says the same. A whole day takes the place of what
    stood there; a session stands beside another session.
    """
    facility_id = _here(actor)
    days = _days(first, last)
    config = facilities.config_of(facility_id)
    _refuse_turn(config, shift, room)
    _refuse_not_posted(user_id, facility_id, first, last)
    if shift in (OFF, CLEAR):
        room = ""
    User.objects.select_for_update().get(pk=user_id)  # two forms sent together: one at a time
    kept = RosterEntry.objects.filter(facility_id=facility_id, user_id=user_id, day__in=days)
    alone = shift in (WHOLE_DAY, OFF, CLEAR)
    (kept if alone else kept.filter(shift__in=(WHOLE_DAY, OFF, shift))).delete()
    if shift != CLEAR:
        RosterEntry.objects.bulk_create(
            RosterEntry(
                id=uuid7(), facility_id=facility_id, user_id=user_id, day=day, shift=shift,
                room=room,
            )
            for day in days
        )  # fmt: skip
    record(
        Event.ROSTER_CHANGED,
        subject=User(pk=user_id),
        actor=actor,
        first=first.isoformat(),
        last=last.isoformat(),
        shift=shift,
        room=room,
    )
    return len(days)


@transaction.atomic
def copy_week(monday: date, *, actor: Actor) -> int:
    """Last week's turns into the week of `monday`, where nothing stands yet and the day is not
    over. Left out: who is on leave or no longer posted, and rooms that are gone. How many."""
    facility_id = _here(actor)
    if monday + timedelta(days=DAYS - 1) < timezone.localdate():
        raise Refused("roster.past")
    rooms = {room.code for room in facilities.config_of(facility_id).rooms} | {""}
    week = [monday + timedelta(days=n) for n in range(DAYS)]
    own = RosterEntry.objects.filter(facility_id=facility_id)
    there = set(own.filter(day__in=week).values_list("user_id", "day"))
    wanted = [
        RosterEntry(
            id=uuid7(), facility_id=facility_id, user_id=old.user_id, day=old.day + timedelta(DAYS),
            shift=old.shift, room=old.room,
        )
        for old in own.filter(day__range=(monday - timedelta(DAYS), monday - timedelta(1)))
        if old.room in rooms
    ]  # fmt: skip
    may = _may_work(facility_id, [day for day in week if day >= timezone.localdate()])
    fresh = [
        row
        for row in wanted
        if (row.user_id, row.day) in may and (row.user_id, row.day) not in there
    ]
    RosterEntry.objects.bulk_create(fresh, ignore_conflicts=True)
    if fresh:
        record(Event.ROSTER_COPIED, actor=actor, week=monday.isoformat(), turns=len(fresh))
    return len(fresh)


@transaction.atomic
def grant_leave(
    user_id: UUID, *, id: UUID, first: date, last: date, kind: str, actor: Actor
) -> Leave:
    """Days away from this hospital. Safe to send twice with one `id`."""
    facility_id = _here(actor)
    if done := Leave.objects.filter(pk=id, facility_id=facility_id).first():
        return done
    if last < first:
        raise Refused("posting.dates")
    if (last - first).days >= LONGEST_LEAVE:
        raise Refused("leave.long", days=LONGEST_LEAVE)
    if kind not in Leave.Kind.values:
        raise Refused("leave.kind")
    _refuse_not_posted(user_id, facility_id, first, last)
    # One at a time for a person, so that two forms sent together do not overlap.
    User.objects.select_for_update().get(pk=user_id)
    meets = Leave.objects.filter(
        facility_id=facility_id, user_id=user_id, cancelled_at=None,
        from_date__lte=last, to_date__gte=first,
    )  # fmt: skip
    if meets.exists():
        raise Refused("leave.overlaps")
    leave = Leave.objects.create(
        id=id, facility_id=facility_id, user_id=user_id, kind=kind, from_date=first, to_date=last
    )
    record(
        Event.LEAVE_GRANTED,
        subject=leave,
        actor=actor,
        user=str(user_id),
        first=first.isoformat(),
        last=last.isoformat(),
        kind=kind,
    )
    return leave


@transaction.atomic
def end_leave(leave_id: UUID, *, actor: Actor) -> None:
    """Back today: the days from today on are taken back; a leave to come is taken back whole."""
    facility_id, today = _here(actor), timezone.localdate()
    rows = Leave.objects.select_for_update().filter(pk=leave_id, facility_id=facility_id)
    leave = rows.first()
    if leave is None:
        raise Unseen(Permission.ROSTER_EDIT)
    if leave.cancelled_at is not None or leave.to_date < today:
        return
    if leave.from_date < today:
        leave.to_date = today - timedelta(days=1)
    else:
        leave.cancelled_at = timezone.now()
    leave.save(update_fields=["to_date", "cancelled_at"])
    record(Event.LEAVE_ENDED, subject=leave, actor=actor, user=str(leave.user_id))


@transaction.atomic
def work_on_leave(*, reason: str, actor: Actor) -> None:
    """The person on leave says why the signature is needed today all the same; the in-charge sees
    it on the roster. For this day and this hospital only. Safe to send twice."""
    if not any(actor.may(permission) for permission in SIGNING):
        raise Forbidden(SIGNING[0])
    if reason not in LeaveOverride.Reason.values:
        raise Refused("leave.reason")
    assert actor.user_id is not None and actor.facility_id is not None  # such rights are people's
    today = timezone.localdate()
    rows = Leave.objects.keeping_away(today).filter(
        facility_id=actor.facility_id, user_id=actor.user_id
    )
    for leave in rows.select_for_update():
        _, made = LeaveOverride.objects.get_or_create(
            leave=leave, day=today, defaults={"id": uuid7(), "reason": reason}
        )
        if made:
            record(Event.LEAVE_OVERRIDDEN, subject=leave, actor=actor, reason=reason)


def _here(actor: Actor) -> UUID:
    actor.require(Permission.ROSTER_EDIT)
    if actor.facility_id is None:
        raise Forbidden(Permission.ROSTER_EDIT)
    return actor.facility_id


def _days(first: date, last: date) -> list[date]:
    today = timezone.localdate()
    if last < first:
        raise Refused("posting.dates")
    if first < today:
        raise Refused("roster.past")
    if (last - first).days >= LONGEST or last > today + timedelta(days=AHEAD):
        raise Refused("roster.long", days=LONGEST, ahead=AHEAD)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _refuse_turn(config: FacilityConfig, shift: str, room: str) -> None:
    if shift not in (WHOLE_DAY, NIGHT, OFF, CLEAR, *(s.code for s in config.sessions)):
        raise Refused("roster.shift")
    if shift in (OFF, CLEAR):
        return
    if room not in {r.code for r in config.rooms} and (room or shift != NIGHT):
        raise Refused("roster.room")


def _refuse_not_posted(user_id: UUID, facility_id: UUID, first: date, last: date) -> None:
    held = PractitionerRole.objects.at(facility_id).filter(user_id=user_id)
    if not held.meeting(first, last).exists():
        raise Refused("roster.not_posted")


def _may_work(facility_id: UUID, days: list[date]) -> set[tuple[UUID, date]]:
    """Who is posted here and not away, day by day. 2 queries a day."""
    found = set()
    for day in days:
        posted = PractitionerRole.objects.in_force(day).at(facility_id)
        away = on_leave(facility_id, day=day)
        found |= {(who, day) for who in posted.values_list("user_id", flat=True) if who not in away}
    return found
