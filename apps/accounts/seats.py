"""Who is meant to sit in which room: the roster first, then the postings, less who is away."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone

from apps.accounts.models import Leave, PractitionerRole, RosterEntry
from apps.accounts.permissions import ROLES
from apps.core.actor import WRITES, Permission

WHOLE_DAY, NIGHT, OFF = "", "night", "off"
SIGNERS = [
    str(role) for role, rule in ROLES.items() if rule.grants.get(Permission.CONSULT_SIGN) in WRITES
]


@dataclass(frozen=True, slots=True)
class Seats:
    """`seated`: room to doctor. `vacant`: rooms whose own doctor is away, with nobody instead."""

    seated: dict[str, UUID] = field(default_factory=dict)
    vacant: frozenset[str] = frozenset()


def planned(facility_id: UUID, day: date) -> Iterable[Any]:
    """Doctors' postings of a day, with `away` (on leave) and `turns` (their roster). 1 query."""
    away = Leave.objects.keeping_away(day).filter(
        facility_id=facility_id, user_id=OuterRef("user_id")
    )
    turns = RosterEntry.objects.filter(
        facility_id=facility_id, day=day, user_id=OuterRef("user_id")
    ).values(turn=JSONObject(shift="shift", room="room"))
    rows = PractitionerRole.objects.in_force(day).at(facility_id).filter(role__in=SIGNERS)
    return rows.annotate(away=Exists(away), turns=ArraySubquery(turns)).order_by("from_date", "pk")


def seats(facility_id: UUID, session: str = "", day: date | None = None) -> Seats:
    """The rooms of one session (of the whole day when empty). 1 query.

    A room counts as vacant only when the plan once named a doctor for it: a hospital that writes
    no rooms on its postings and keeps no roster is told nothing.
    """
    found: dict[str, UUID] = {}
    meant: set[str] = set()
    for row in planned(facility_id, day or timezone.localdate()):
        room = room_of(row, session)
        meant |= {row.room, room} - {""}
        if room and not row.away:
            found.setdefault(room, row.user_id)
    return Seats(found, frozenset(meant - set(found)))


def room_of(row: Any, session: str = "") -> str:
    """Where a planned doctor sits in a session; "" when off, on night duty, or nowhere."""
    if not row.turns:
        return str(row.room)
    for turn in row.turns:
        if turn["shift"] in (WHOLE_DAY, session) or (
            not session and turn["shift"] not in (OFF, NIGHT)
        ):
            return str(turn["room"])
    return ""


def seated(facility_id: UUID, session: str = "") -> dict[str, UUID]:
    """Room to the doctor who is meant to sit there now. 1 query."""
    return seats(facility_id, session).seated
