"""Who waits where today, in the order in which they will be called."""

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from apps.encounters.models import Observation, QueueToken, QueueTokenQuerySet, waits
from apps.encounters.queries.visits import settings_here, token_label
from apps.encounters.queue_order import EMERGENCY, LATE_MIN, LOOK_BACK, Turns, in_turn, turns_of
from apps.patients import queries as patients

Row = dict[str, Any]
Station, Status = QueueToken.Station, QueueToken.Status
ON_THE_WAY = (Status.CALLED, Status.SERVING)
TO_BE_SEEN = (Station.VITALS, Station.DOCTOR)
AFTER_THE_DOCTOR = (Station.LAB, Station.PHARMACY, Station.NONE)


def tokens_here(station: str, queue: str | None, room: str = "") -> QueueTokenQuerySet:
    """Today's tokens that stand at one desk; `queue` narrows to a department's line."""
    return QueueToken.objects.of_day().filter(station=station).in_line(queue, room)


def turns_now(station: str, queue: str | None) -> Turns:
    """Whose turn it is by the last calls at this desk today, for the order rule. 1 query."""
    called = QueueToken.objects.of_day().in_line(queue)
    called = called.filter(**{f"times__{station}__1__isnull": False})
    latest = called.order_by(f"-times__{station}__1").values_list("priority", "times")
    return turns_of(
        times.get("as", {}).get(station, priority) for priority, times in latest[:LOOK_BACK]
    )


def ordered(rows: list[QueueToken], queue: str | None) -> list[QueueToken]:
    """By rank; several departments at one desk go by arrival, their numbers cannot be compared."""
    if queue or not any(row.station == Station.DOCTOR for row in rows):
        return sorted(rows, key=lambda row: (row.rank, row.number, row.pk))
    return sorted(rows, key=lambda row: (row.waiting_since, row.pk))


def line_now(station: str, queue: str | None, room: str = "") -> list[QueueToken]:
    """Who may be called to this room, in turn. 2 queries, 1 when at most one waits."""
    waiting = list(tokens_here(station, queue, room).waiting_now())
    turns = turns_now(station, queue) if len(waiting) > 1 else None
    return in_turn(ordered(waiting, queue), group=lambda row: row.group, turns=turns)


def queue(station: str, *, queue: str | None = None, room: str = "") -> list[Row]:
    """The desk's list: in the room or called, then in turn, then held, then missed. 3 queries.

    A department's queue goes by number; several departments at one desk go by arrival.
    """
    found = tokens_here(station, queue, room).standing().select_related("encounter__patient")
    rows = ordered(list(found), queue)
    waiting = [row for row in rows if row.waits_now]
    turns = turns_now(station, queue) if len(waiting) > 1 else None
    order = in_turn(waiting, group=lambda row: row.group, turns=turns)
    here = [row for row in rows if row.status in ON_THE_WAY]
    held = [row for row in rows if row.status == Status.HELD and not row.waits_now]
    missed = [row for row in rows if row.status == Status.NO_SHOW]
    severe = _severe({row.encounter_id for row in rows})
    config = settings_here()
    everybody = [*here, *order, *held, *missed]
    return [_row(token, config, token.encounter_id in severe) for token in everybody]


def _severe(encounter_ids: set[Any]) -> set[Any]:
    """Visits with a dangerous vital sign. 1 query."""
    return set(
        Observation.objects.filter(
            encounter_id__in=encounter_ids,
            flag__in=("LL", "HH"),
            status=Observation.Status.FINAL,
        ).values_list("encounter_id", flat=True)
    )


def _row(token: QueueToken, config: Any, severe: bool) -> Row:
    who = patients.brief(token.encounter.patient)
    minutes = int((timezone.now() - token.waiting_since).total_seconds() // 60)
    waits_here = token.waits_now
    status = str(Status.WAITING) if waits_here else token.status
    marks = (token.priority_reason, token.returning, "severe" if severe else "")
    return {
        "token": token_label(token, config),
        "number": token.number,
        "slip": token.encounter.number,
        "name": who["name"],
        "name_hi": who["name_hi"],
        "name_en": who["name_en"],
        "age_sex": f"{who['age']} · {who['sex_short']}",
        "wait_min": minutes,
        "late": waits_here and minutes > LATE_MIN,
        "badges": [mark for mark in marks if mark],
        "priority": token.priority,
        "emergency": token.priority == EMERGENCY,
        "status": status,
        "returning": token.returning,
        "held_until": token.held_until if status == Status.HELD else None,
        "room": token.room,
        "for_room": token.for_room,
        "department": token.line,
        "encounter_id": token.encounter_id,
        "token_id": token.pk,
        "patient_id": token.encounter.patient_id,
    }


def queue_counts(queue: str | None = None, room: str = "") -> dict[str, int]:
    """Of today: still to be seen by a doctor, seen, missed. 1 query.

    Who was seen is done for the doctor, wherever the token went: laboratory, medicine or home.
    """
    found = QueueToken.objects.of_day().in_line(queue, room)
    before = Q(station__in=TO_BE_SEEN)
    return found.aggregate(
        waiting=Count("pk", filter=before & (waits() | Q(status=Status.HELD))),
        done=Count("pk", filter=Q(station__in=AFTER_THE_DOCTOR) & ~Q(status=Status.CANCELLED)),
        missed=Count("pk", filter=before & Q(status=Status.NO_SHOW)),
    )
