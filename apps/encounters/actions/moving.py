"""Moving patients to another room or department: one, or a whole line when a doctor is away.

The number on the slip never changes; `for_room` and `moved_to` say where it waits now.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from apps.accounts import queries as accounts
from apps.audit.events import Event
from apps.core.actor import Actor, Level
from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.encounters.actions.token import Station, Status, note
from apps.encounters.models import Encounter, QueueToken
from apps.encounters.queries.house import Day, plan_of
from apps.encounters.queries.visits import settings_here, token_label
from apps.encounters.queue_plan import MAY_LOSE, Plan, Standing, place_alone
from apps.facilities.config import FacilityConfig
from apps.notices import actions as notices

WHOLE_LINES = (Level.DO, Level.APPROVE)
MOVABLE = (Status.WAITING, Status.CALLED, Status.HELD, Status.NO_SHOW)


@transaction.atomic
def move(token_id: UUID, *, room: str = "", department: str = "", actor: Actor) -> QueueToken:
    """One patient to another room, or to a department and whichever room calls first.

    The place is kept: whoever waited for an earlier turn, here or there, stays before. Safe to
    repeat. A doctor, nurse or clerk moves only who waits in the own line.
    """
    actor.require(Permission.TOKEN_MOVE)
    config = settings_here()
    department = _target(config, room, department)
    token = QueueToken.objects.select_for_update().filter(pk=token_id).first()
    if token is None:
        raise Refused("visit.not_found")
    if token.station not in (Station.VITALS, Station.DOCTOR) or token.status not in MOVABLE:
        raise Refused("token.gone_on")
    _refuse_not_own(token, actor)
    if (token.line, token.for_room) == (department, room):
        return token
    place = None
    if token.station == Station.DOCTOR and department != token.line:
        day = Day.read()
        here = [row.pk for row in day.line(token.line, token.for_room)]
        turn = here.index(token.pk) + 1 if token.pk in here else len(here) + 1
        line = day.receiving(department, room)
        place = place_alone(Standing(token.pk, token.group, token.rank), turn, line)
    return _placed(token, room=room, department=department, place=place, actor=actor)


@transaction.atomic
def spread(room: str, *, to: Sequence[str], anyway: bool = False, actor: Actor) -> list[QueueToken]:
    """The whole line of a room, dealt over the rooms `to` by the rule of queue_order.

    Who was called there waits again, first; who is held or missed goes along and stays so; who is
    still measured gets a room too. Who is inside stays: that draft is handed over with the patient.
    Refused("queue.unfair") when anybody would lose more than five places, unless `anyway`.
    Sent twice it finds nobody left: Refused("queue.nobody"). Each known mobile gets a message.
    """
    actor.require(Permission.TOKEN_MOVE)
    if actor.level(Permission.TOKEN_MOVE) not in WHOLE_LINES:
        raise Refused("token.not_yours")
    config = settings_here()
    department = _target(config, room, "")
    targets = {code: _target(config, code, "") for code in dict.fromkeys(to) if code != room}
    if not targets:
        raise Refused("token.target")
    tokens = _lock_line(department, room)
    if not tokens:
        raise Refused("queue.nobody")
    plan = plan_of(department, room, targets)
    if plan.worst > MAY_LOSE and not anyway:
        raise Refused("queue.unfair", places=plan.worst)
    return _carry_out(plan, tokens, targets, actor)


def _lock_line(department: str, room: str) -> dict[UUID, QueueToken]:
    """Every token that may be called to this room, or will be after the vitals; one lock order."""
    both = QueueToken.objects.of_day().in_line(department, room).filter(
        station__in=(Station.VITALS, Station.DOCTOR), status__in=MOVABLE
    )  # fmt: skip
    rows = both.select_for_update(of=("self",)).select_related("encounter__patient").order_by("pk")
    called_elsewhere = [
        row.pk for row in rows if row.status == Status.CALLED and row.room not in ("", room)
    ]
    return {row.pk: row for row in rows if row.pk not in called_elsewhere}


def _carry_out(
    plan: Plan, tokens: dict[UUID, QueueToken], targets: dict[str, str], actor: Actor
) -> list[QueueToken]:
    moved, rooms = [], list(targets)
    planned = {move.key: move for move in plan.moves}
    rest = [row for key, row in tokens.items() if key not in planned]
    where = {key: (move.room, move.place) for key, move in planned.items() if key in tokens}
    where |= {row.pk: (rooms[n % len(rooms)], None) for n, row in enumerate(rest)}
    for key, (room, place) in where.items():
        token = tokens[key]
        moved.append(_placed(token, room=room, department=targets[room], place=place, actor=actor))
        _tell(token, room, actor)
    return moved


def _placed(
    token: QueueToken, *, room: str, department: str, place: float | None, actor: Actor
) -> QueueToken:
    away, home = bool(token.moved_to), department == token.queue
    token.for_room, token.moved_to = room, "" if home else department
    if token.status == Status.CALLED:
        token.status = Status.WAITING
    token.room, token.called_by_id = "", None
    if home and away:  # in the own series again: the number says it
        token.times = {key: value for key, value in token.times.items() if key != "place"}
    elif place is not None and not home:
        token.times = {**token.times, "place": place}
    token.save(update_fields=["for_room", "moved_to", "status", "room", "called_by", "times"])
    Encounter.objects.filter(pk=token.encounter_id).update(room=room)
    note(Event.TOKEN_MOVED, token, actor, department=department, room=room)
    return token


def _tell(token: QueueToken, room: str, actor: Actor) -> None:
    """Whoever waits outside reads the new room."""
    patient = token.encounter.patient
    if patient.mobile and token.status in (Status.WAITING, Status.HELD):
        notices.queue_notice(
            "token-moved",
            mobile=patient.mobile,
            language=patient.language,
            values={"token": token_label(token), "room": room},
            actor=actor,
        )


def _target(config: FacilityConfig, room: str, department: str) -> str:
    """The department of a room, or the department named; both must work."""
    if room:
        found = next((one for one in config.rooms if one.code == room), None)
        department = found.department if found else ""
    chosen = config.department(department)
    if chosen is None or not chosen.active:
        raise Refused("token.target")
    return department


def _refuse_not_own(token: QueueToken, actor: Actor) -> None:
    if actor.level(Permission.TOKEN_MOVE) in WHOLE_LINES or actor.user_id is None:
        return
    duty = accounts.duty(actor.user_id, facility_id=actor.facility_id)
    own = duty and (not duty.department or duty.department == token.line)
    if not (own or (duty and duty.room and duty.room == token.for_room)):
        raise Refused("token.not_yours")
