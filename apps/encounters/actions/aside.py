"""Setting a token aside and bringing it back: missed, held, come again later."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.encounters.actions.token import Status, locked, may_set_aside, note
from apps.encounters.models import QueueToken
from apps.encounters.queries.queues import line_now
from apps.encounters.queue_order import EMERGENCY, place_of_missed

HOLDS = (15, 30, 60, 0)  # minutes; 0 is until somebody presses


@transaction.atomic
def skip(token_id: UUID, *, actor: Actor) -> QueueToken:
    """Not there when called: kept aside with its number, can come back all day."""
    token = locked(token_id)
    may_set_aside(actor)
    if token.status == Status.NO_SHOW:
        return token
    if token.status not in (Status.WAITING, Status.CALLED, Status.HELD):
        raise Refused("token.not_waiting")
    token.times = {**token.times, "missed": token.times.get("missed", 0) + 1}
    return _set(token, Status.NO_SHOW, Event.TOKEN_SKIPPED, actor)


@transaction.atomic
def hold(token_id: UUID, *, minutes: int, actor: Actor) -> QueueToken:
    """Asked to wait, or to come later: not called for so many minutes (0: until pressed).

    The place stays, and counts again by itself when the time is over. Nothing is missed.
    """
    token = locked(token_id)
    may_set_aside(actor)
    if minutes not in HOLDS:
        raise Refused("token.hold_time")
    if token.status not in (Status.WAITING, Status.CALLED, Status.SERVING, Status.HELD):
        raise Refused("token.not_waiting")
    token.held_until = timezone.now() + timedelta(minutes=minutes) if minutes else None
    return _set(token, Status.HELD, Event.TOKEN_HELD, actor, minutes=minutes)


@transaction.atomic
def bring_back(token_id: UUID, *, actor: Actor) -> QueueToken:
    """A held or missed patient is here again, with the same number.

    Who was held stands at the old place; who was missed at a fair one (queue_order).
    """
    token = locked(token_id)
    may_set_aside(actor)
    if token.status == Status.WAITING:
        return token
    if token.status not in (Status.NO_SHOW, Status.HELD):
        raise Refused("token.not_missed")
    if token.status == Status.NO_SHOW and token.group != EMERGENCY:
        line = line_now(token.station, token.line, token.for_room)
        ahead = [row.rank for row in line if row.group == token.group]
        missed = token.times.get("missed", 1)
        own = 0.0 if token.moved_to else token.rank  # a number of another series says nothing
        place = place_of_missed(own, ahead, times_missed=missed)
        token.times = {**token.times, "place": place}
    token.held_until = None
    return _set(token, Status.WAITING, Event.TOKEN_RETURNED, actor)


def _set(token: QueueToken, status: str, event: Event, actor: Actor, **detail: int) -> QueueToken:
    token.status, token.room, token.called_by_id = status, "", None
    token.save(update_fields=["status", "room", "called_by", "held_until", "times"])
    note(event, token, actor, station=token.station, **detail)
    return token
