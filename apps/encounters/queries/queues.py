"""Who waits where today, in the order in which they will be called."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from apps.encounters.models import Observation, QueueToken
from apps.encounters.queries.visits import settings_here, token_label
from apps.encounters.queue_order import EMERGENCY, ORDINARY_TURNS, in_turn, streak_of
from apps.patients import queries as patients

Row = dict[str, Any]
LATE_MIN = 45  # the wait after which a row turns red
ON_THE_WAY = (QueueToken.Status.CALLED, QueueToken.Status.SERVING)


def tokens_here(station: str, queue: str | None) -> QuerySet[QueueToken]:
    """Today's tokens that stand at one desk; `queue` narrows to a department."""
    found = QueueToken.objects.filter(day=timezone.localdate(), station=station)
    return found.filter(queue=queue) if queue else found


def called_streak(station: str, queue: str | None) -> int:
    """Ordinary patients called in a row at this desk today, for the order rule. 1 query."""
    called = QueueToken.objects.filter(
        day=timezone.localdate(), **{f"times__{station}__1__isnull": False}
    )
    called = called.filter(queue=queue) if queue else called
    latest = called.order_by(f"-times__{station}__1").values_list("priority", flat=True)
    return streak_of(latest[: ORDINARY_TURNS + 2])


def queue(station: str, *, queue: str | None = None) -> list[Row]:
    """The desk's list: in the room or called, then waiting in turn, then missed. 3 queries.

    A department's queue goes by number; several departments at one desk go by arrival.
    """
    rows = list(
        tokens_here(station, queue)
        .exclude(status__in=(QueueToken.Status.DONE, QueueToken.Status.CANCELLED))
        .select_related("encounter__patient")
        .order_by("number" if queue else "waiting_since", "session", "pk")
    )
    waiting = [row for row in rows if row.status == QueueToken.Status.WAITING]
    order = in_turn(
        waiting,
        group=lambda row: row.priority,
        ordinary_in_a_row=called_streak(station, queue) if len(waiting) > 1 else 0,
    )
    here = [row for row in rows if row.status in ON_THE_WAY]
    missed = [row for row in rows if row.status == QueueToken.Status.NO_SHOW]
    severe = _severe({row.encounter_id for row in rows})
    config = settings_here()
    return [_row(token, config, token.encounter_id in severe) for token in [*here, *order, *missed]]


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
    badges = [token.priority_reason] if token.priority_reason else []
    return {
        "token": token_label(token, config),
        "number": token.number,
        "slip": token.encounter.number,
        "name": who["name"],
        "name_hi": who["name_hi"],
        "name_en": who["name_en"],
        "age_sex": f"{who['age']} · {who['sex_short']}",
        "wait_min": minutes,
        "late": token.status == QueueToken.Status.WAITING and minutes >= LATE_MIN,
        "badges": [
            *badges,
            *(["severe"] if severe else []),
            *([token.returning] if token.returning else []),
        ],
        "priority": token.priority,
        "emergency": token.priority == EMERGENCY,
        "status": token.status,
        "room": token.room,
        "department": token.queue,
        "encounter_id": token.encounter_id,
        "token_id": token.pk,
        "patient_id": token.encounter.patient_id,
    }


def queue_counts(queue: str | None = None) -> dict[str, int]:
    """Waiting, seen and missed of today, at all desks. 1 query."""
    found = QueueToken.objects.filter(day=timezone.localdate())
    found = found.filter(queue=queue) if queue else found
    return found.aggregate(
        waiting=Count("pk", filter=Q(status=QueueToken.Status.WAITING)),
        done=Count("pk", filter=Q(status=QueueToken.Status.DONE)),
        missed=Count("pk", filter=Q(status=QueueToken.Status.NO_SHOW)),
    )
