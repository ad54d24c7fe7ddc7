"""Where one patient stands now, for the slip, the phone and the desk."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.encounters.models import Encounter, QueueToken
from apps.encounters.queries.queues import line_now
from apps.encounters.queries.visits import settings_here, visit_brief
from apps.encounters.queries.waits import USUAL_MIN, pace, paces
from apps.encounters.queries.words import department_names, room_names

Row = dict[str, Any]
Station, Status = QueueToken.Station, QueueToken.Status


def place_of(visit: Encounter) -> Row:
    """{state, token, room, station, ahead, minutes, at, measured, …}. At most 3 queries.

    state: waiting | called | held | missed | inside | over. `ahead`: how many are called earlier
    as things stand; an emergency that comes later may still go first. `minutes` and `at` are what
    to expect by today's own pace, None where there is nothing to wait for.
    """
    token: QueueToken = visit.token
    brief, config = visit_brief(visit), settings_here()
    room = token.room or token.for_room or brief["room"]
    row: Row = {
        "brief": brief,
        "token": brief["token"],
        "station": token.station,
        "room": room if token.station in (Station.VITALS, Station.DOCTOR) else "",
        **room_names(config, room),
        **department_names(config, token.line),
        "moved": bool(token.for_room or token.moved_to),
        "returning": token.returning,
        "ahead": None,
        "minutes": None,
        "at": None,
        "measured": False,
        "held_until": token.held_until,
    }
    return {**row, **_state(token, visit.pk)}


def _state(token: QueueToken, visit_id: UUID) -> Row:
    if not token.is_of_now or token.status in (Status.DONE, Status.CANCELLED):
        return {"state": "over"}
    states = {Status.CALLED: "called", Status.SERVING: "inside", Status.NO_SHOW: "missed"}
    if not token.waits_now:
        return {"state": states.get(Status(token.status), "held")}
    doctor = token.station == Station.DOCTOR
    line = line_now(token.station, token.line if doctor else None, token.for_room if doctor else "")
    ahead = next((n for n, row in enumerate(line) if row.encounter_id == visit_id), len(line))
    return {"state": "waiting", "ahead": ahead, **_expected(token, ahead)}


def _expected(token: QueueToken, ahead: int) -> Row:
    if token.station == Station.DOCTOR:
        now = pace(paces(), token.line, token.for_room)
        minutes, measured = now.expected(ahead), now.measured
    else:
        minutes, measured = round(ahead * USUAL_MIN.get(token.station, 3.0)), False
    return {
        "minutes": minutes,
        "at": timezone.localtime(timezone.now() + timedelta(minutes=minutes)),
        "measured": measured,
    }


def expected_at_the_doctor(visit: Encounter) -> Row:
    """For the slip: {ahead, minutes, at} until the doctor's call. At most 4 queries.

    Whoever is still measured and came before counts too. A priority is called sooner than this.
    """
    token: QueueToken = visit.token
    ahead = line_now(Station.DOCTOR, token.line, token.for_room)
    if token.station == Station.VITALS:
        measured = QueueToken.objects.of_day().filter(station=Station.VITALS).in_line(token.line)
        ahead += measured.waiting_now().filter(waiting_since__lt=token.waiting_since)
    else:
        ahead = [row for row in ahead if row.rank < token.rank]
    minutes = pace(paces(), token.line, token.for_room).expected(len(ahead))
    at = timezone.localtime(timezone.now() + timedelta(minutes=minutes))
    return {"ahead": len(ahead), "minutes": minutes, "at": at}
