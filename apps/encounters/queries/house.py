"""The whole house at this minute: who is in which room, who is next, where nobody calls."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from apps.accounts import queries as accounts
from apps.accounts.seats import Seats, seats
from apps.core.tenancy import current_facility_id
from apps.encounters.models import QueueToken
from apps.encounters.queries.queues import ON_THE_WAY, ordered
from apps.encounters.queries.visits import session_now, settings_here, token_label
from apps.encounters.queries.waits import pace, paces
from apps.encounters.queries.words import department_names, room_names
from apps.encounters.queue_order import (
    EMERGENCY,
    EMERGENCY_DEPARTMENT,
    LATE_MIN,
    LOOK_BACK,
    Turns,
    in_turn,
    turns_of,
)
from apps.encounters.queue_plan import Line, Plan, Standing, share_out
from apps.facilities.config import FacilityConfig, Room

Row = dict[str, Any]
Station, Status = QueueToken.Station, QueueToken.Status
SILENT_MIN = 5  # no call for so long while people wait: the manager sees it
DESKS = (Station.VITALS, Station.LAB, Station.PHARMACY)


@dataclass(frozen=True)
class Day:
    """Today's tokens, read once; everything else is counted in memory."""

    config: FacilityConfig
    tokens: list[QueueToken]

    @classmethod
    def read(cls) -> "Day":
        """1 query."""
        found = QueueToken.objects.of_day().exclude(status=Status.CANCELLED)
        return cls(settings_here(), list(found.select_related("encounter")))

    @cached_property
    def at_the_doctor(self) -> list[QueueToken]:
        return [row for row in self.tokens if row.station == Station.DOCTOR]

    def turns(self, department: str) -> Turns:
        """Whose turn it is in a department, from its last calls."""
        called = [
            (times[1], row.times.get("as", {}).get("doctor", row.priority))
            for row in self.tokens
            if row.line == department and len(times := row.times.get("doctor", ())) > 1
        ]
        return turns_of(group for _, group in sorted(called, reverse=True)[:LOOK_BACK])

    def line(self, department: str, room: str = "", *, held: bool = False) -> list[QueueToken]:
        """Who may be called to a room, in turn; with `held` also who is held."""
        rows = [
            row
            for row in self.at_the_doctor
            if row.line == department
            and (not room or row.for_room in ("", room))
            and (row.waits_now or (held and row.status == Status.HELD))
        ]
        turns = self.turns(department)
        return in_turn(ordered(rows, department), group=lambda row: row.group, turns=turns)

    def here(self, room: str) -> list[QueueToken]:
        """Called to a room, or inside; the newest call first."""
        rows = [row for row in self.tokens if row.room == room and row.status in ON_THE_WAY]
        return sorted(rows, key=lambda row: str(row.called_at), reverse=True)

    def receiving(self, department: str, room: str, *, leaving: str = "") -> Line:
        """The line of a room that takes patients over. Those without a room of the department
        that leaves are dealt themselves, so they do not stand there."""
        rows = self.line(department, room)
        if leaving == department:
            rows = [row for row in rows if row.for_room]
        standing = [Standing(row.pk, row.group, row.rank) for row in rows]
        return Line(room, standing, self.turns(department), same=leaving == department)

    def leaving(self, department: str, room: str) -> list[Standing]:
        """The line of a room whose doctor goes, in turn; who was called comes first."""
        called = [
            row
            for row in self.here(room)
            if row.status == Status.CALLED and row.station == Station.DOCTOR
        ]
        rows = [*called, *self.line(department, room, held=True)]
        return [Standing(row.pk, row.group, row.rank) for row in rows]

    @cached_property
    def last_calls(self) -> dict[str, tuple[datetime, QueueToken]]:
        """The last call of each room and the token that was called."""
        found: dict[str, tuple[datetime, QueueToken]] = {}
        for row in self.tokens:
            room, times = row.encounter.room, row.times.get("doctor", ())
            if not room or len(times) < 2 or row.encounter.doctor_id is None:
                continue
            at = row.called_at or datetime.fromisoformat(times[1])
            if room not in found or at > found[room][0]:
                found[room] = (at, row)
        return found


def plan_of(department: str, room: str, targets: dict[str, str]) -> Plan:
    """Who of a room's line would go where; `targets`: room to department. 1 query."""
    day = Day.read()
    lines = [day.receiving(where, code, leaving=department) for code, where in targets.items()]
    return share_out(day.leaving(department, room), lines)


def rooms_now() -> list[Row]:
    """Every room that works or has a line, the one that needs help first. 4 queries."""
    day, known = Day.read(), paces()
    plan = seats_now(day.config)
    sitting = {
        room.code: row[1].encounter.doctor_id
        if (row := day.last_calls.get(room.code))
        else plan.seated.get(room.code)
        for room in day.config.rooms
    }
    names = accounts.cards(user_id for user_id in sitting.values() if user_id)
    rows = [
        _room(day, room, known, names.get(who) if (who := sitting[room.code]) else None)
        | {"vacant": room.code in plan.vacant and room.code not in day.last_calls}
        for room in day.config.rooms
        if (department := day.config.department(room.department)) and department.active
    ]
    _show_forsaken(rows)
    return sorted(rows, key=lambda row: (not row["silent"], row["order"]))


def urgent_at_vitals() -> int:
    """How many minutes the longest waiting emergency stands at the nursing desk; 0 when none
    does. 1 query."""
    found = QueueToken.objects.of_day().filter(station=Station.VITALS).waiting_now()
    now = timezone.now()
    return max((_minutes(row, now) for row in found if _is_urgent(row)), default=0)


def seats_now(config: FacilityConfig) -> Seats:
    """Who is meant to sit in which room in this session, and whose room stands empty. 1 query."""
    facility_id = current_facility_id()
    return seats(facility_id, session_now(config)) if facility_id else Seats()


def _show_forsaken(rows: list[Row]) -> None:
    """A department where people wait and nobody sits stands under its first room."""
    seen: set[str] = {row["department"] for row in rows if row["works"]}
    for row in rows:
        if row["department"] not in seen and row["waiting"]:
            row["works"], row["silent"] = True, row["longest"] >= SILENT_MIN
            seen.add(row["department"])


def _room(day: Day, room: Room, known: Any, doctor: Any) -> Row:
    now = timezone.now()
    line = day.line(room.department, room.code)
    own = [row for row in day.at_the_doctor if _stands_in(row, room)]
    last = day.last_calls.get(room.code)
    since = int((now - last[0]).total_seconds() // 60) if last else None
    here = day.here(room.code)
    others = [r for r in day.config.rooms_of(room.department) if r.code != room.code]
    fast = pace(known, room.department, room.code)
    longest = max((_minutes(row, now) for row in line), default=0)
    opened = last is not None or bool(doctor)
    return {
        "order": [r.code for r in day.config.rooms].index(room.code),
        "code": room.code,
        **room_names(day.config, room.code),
        "department": room.department,
        **department_names(day.config, room.department),
        "doctor": {"hi": doctor.name_hi, "en": doctor.name_en} if doctor else None,
        "has_called": last is not None,
        "here": [_short(row, day.config) for row in here],
        "waiting": len(line),
        "bound": sum(1 for row in line if row.for_room),
        "shared_with": [r.code for r in others if r.code in day.last_calls],
        "held": sum(1 for row in own if row.status == Status.HELD and not row.waits_now),
        "missed": sum(1 for row in own if row.status == Status.NO_SHOW),
        "next": [_short(row, day.config) for row in line[:3]],
        "longest": longest,
        "late": longest > LATE_MIN,
        "longest_urgent": max((_minutes(row, now) for row in line if _is_urgent(row)), default=0),
        "since_call": since,
        "minutes": round(fast.minutes),
        "measured": fast.measured,
        "expected": fast.expected(len(line)),
        # Somebody waits and nobody calls: the doctor is away, or never came.
        "silent": bool(line) and opened and (longest if since is None else since) >= SILENT_MIN,
        "works": opened,
    }


def _stands_in(token: QueueToken, room: Room) -> bool:
    return token.line == room.department and token.for_room in ("", room.code)


def _is_urgent(token: QueueToken) -> bool:
    """An emergency, by its mark or by its line: it counts at any hour."""
    return token.priority == EMERGENCY or token.line == EMERGENCY_DEPARTMENT


def _minutes(token: QueueToken, now: datetime) -> int:
    return int((now - token.waiting_since).total_seconds() // 60)


def _short(token: QueueToken, config: FacilityConfig) -> Row:
    return {
        "token": token_label(token, config),
        "status": token.status,
        "group": token.group,
        "id": token.pk,
    }


def board(only: Iterable[str] = ()) -> Row:
    """What a screen in the hall shows: rooms, tokens, nothing of any person. 2 queries.

    {"rooms": [{r, hi, en, now, next, off}], "calls": [{n, t, r}], "missed": [...]}; `n` grows with
    each call, also when the same token is called again; `off`: the doctor of the room is away.
    `only`: rooms and desks of this screen.
    """
    day, wanted = Day.read(), list(only)
    codes = [room for room in day.config.rooms if _is_shown(day, room, wanted)]
    vacant = seats_now(day.config).vacant - set(day.last_calls)
    rooms = [_board_room(day, room) | {"off": room.code in vacant} for room in codes]
    places = {room.code for room in codes} | {desk for desk in DESKS if f"@{desk}" in wanted}
    rooms += [_board_desk(day, desk) for desk in DESKS if desk in places]
    called = [
        row
        for row in day.tokens
        if row.status == Status.CALLED
        and row.called_at
        and (row.room in places if row.station == Station.DOCTOR else row.station in places)
    ]
    called.sort(key=lambda row: row.called_at or timezone.now())
    departments = {room.department for room in codes}
    missed = [
        token_label(row, day.config)
        for row in day.at_the_doctor
        if row.status == Status.NO_SHOW and row.line in departments
    ]
    return {
        "rooms": rooms,
        "calls": [
            {
                "n": int(row.called_at.timestamp() * 1000) if row.called_at else 0,
                "t": token_label(row, day.config),
                "r": row.room if row.station == Station.DOCTOR else f"@{row.station}",
            }
            for row in called[-4:]
        ],
        "missed": missed[:8],
    }


def _is_shown(day: Day, room: Room, wanted: list[str]) -> bool:
    """The rooms of this screen. Without a choice: those that called today, where somebody is
    called to (a report to look at leaves the signed visit as it is) or with a line of their own,
    and of a department where nobody called yet its first room."""
    department = day.config.department(room.department)
    if department is None or not department.active:
        return False
    if wanted:
        return room.code in wanted
    rooms = day.config.rooms_of(room.department)
    bound = any(row.for_room == room.code for row in day.at_the_doctor)
    nobody = room == rooms[0] and not any(one.code in day.last_calls for one in rooms)
    waits = nobody and any(row.line == room.department for row in day.at_the_doctor)
    return room.code in day.last_calls or bool(day.here(room.code)) or bound or waits


def _board_room(day: Day, room: Room) -> Row:
    names = department_names(day.config, room.department)
    inside = day.here(room.code)
    return {
        "r": room.code,
        "hi": names["department_hi"],
        "en": names["department_en"],
        "now": token_label(inside[0], day.config) if inside else "",
        "next": [token_label(row, day.config) for row in day.line(room.department, room.code)[:3]],
    }


def _board_desk(day: Day, desk: str) -> Row:
    rows = [row for row in day.tokens if row.station == desk]
    here = [row for row in rows if row.status in ON_THE_WAY]
    line = ordered([row for row in rows if row.waits_now], None)
    here.sort(key=lambda row: str(row.called_at), reverse=True)
    return {
        "r": f"@{desk}",
        "hi": "",
        "en": "",
        "now": token_label(here[0], day.config) if here else "",
        "next": [token_label(row, day.config) for row in line[:3]],
    }
