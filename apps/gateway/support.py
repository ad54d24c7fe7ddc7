"""What staff see of the mail: where a message stands, its times and codes, nothing of a patient.

The gateway's own prose is not shown: it may repeat what was sent. Ninety days are read; keys sort
by time, so that the newest come from the primary key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from apps.core.actor import Actor, Scope
from apps.core.errors import Unseen
from apps.core.ids import first_key
from apps.core.permission import Permission
from apps.facilities import queries as places
from apps.gateway import words
from apps.gateway.models import InboundMessage, OutboundMessage

DAYS, LIMIT = 90, 60
In, Out = InboundMessage.Status, OutboundMessage.Status
STATES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # sent, received
    "parked": ((Out.PARKED,), (In.PARKED,)),
    "failed": ((Out.REFUSED,), ()),
    "waiting": ((Out.WAITING,), (In.WAITING, In.EARLY)),
    "done": ((Out.ACCEPTED, Out.ANSWERED), (In.HANDLED,)),
}
Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One message in the list. `way`: "sent" or "got"; `at`: written or received."""

    id: UUID
    way: str
    about: str
    at: datetime
    state: str
    status: str
    tries: int
    next_at: datetime | None
    http: int | None
    code: str
    reason: str
    hospital: Any
    path: str
    may_retry: bool
    steps: tuple[tuple[str, datetime], ...]
    request_ids: tuple[UUID, ...]


def listing(actor: Actor, state: str) -> dict[str, Any]:
    """Newest messages in one state, and how many there are in each. 5 queries."""
    sent, got = _within(actor)
    out, inn = STATES[state]
    found = chain(
        sent.filter(status__in=out).order_by("-pk")[:LIMIT],
        got.filter(status__in=inn).order_by("-pk")[:LIMIT],
    )
    newest = sorted(found, key=lambda row: row.pk, reverse=True)[:LIMIT]
    return {
        "lines": _lines(newest),
        "counts": _counts(sent, got),
        "state": state,
        "more": LIMIT,
    }


def message(actor: Actor, way: str, message_id: UUID) -> Line:
    """One message within the actor's places; Unseen (404, noted) for another's. 2 queries."""
    sent, got = _within(actor)
    row = (sent if way == "sent" else got).filter(pk=message_id).first()
    if row is None:
        raise Unseen(Permission.ABDM_OPS)
    return _lines([row])[0]


def _within(actor: Actor) -> tuple[Rows, Rows]:
    """What is written and received of the hospitals that an actor's office reaches."""
    sent, got = OutboundMessage.objects.all(), InboundMessage.objects.all()
    first = first_key(timezone.now() - timedelta(days=DAYS))
    sent, got = sent.filter(pk__gte=first), got.filter(pk__gte=first)
    if actor.facility_id is None and actor.scope is Scope.STATE:
        return sent, got
    mine = [actor.facility_id] if actor.facility_id else places.ids_within(actor)
    return sent.filter(facility_id__in=mine), got.filter(facility_id__in=mine)


def _counts(sent: Rows, got: Rows) -> dict[str, int]:
    told: dict[str, int] = dict.fromkeys(STATES, 0)
    for rows, place in ((sent, 0), (got, 1)):
        for status, count in rows.values_list("status").annotate(n=Count("pk")).order_by():
            for state, both in STATES.items():
                told[state] += count if status in both[place] else 0
    return told


def _lines(rows: Iterable[Any]) -> list[Line]:
    rows = list(rows)
    names = places.by_ids({row.facility_id for row in rows if row.facility_id})
    return [_line(row, names.get(row.facility_id)) for row in rows]


def _line(row: Any, hospital: Any) -> Line:
    sent = isinstance(row, OutboundMessage)
    path = row.path if sent else row.kind
    state = next(name for name, both in STATES.items() if row.status in both[0 if sent else 1])
    return Line(
        id=row.pk,
        way="sent" if sent else "got",
        about=words.subject(path, sent=sent),
        at=row.created_at if sent else row.received_at,
        state=state,
        status=row.status,
        tries=row.attempts,
        next_at=row.next_attempt_at if state == "waiting" else None,
        http=row.http_status if sent else None,
        code=row.error_code if sent else "",
        reason="" if sent else words.reason(row.error),
        hospital=hospital,
        path=path,
        may_retry=state == "parked" and bool(row.body) and row.facility_id is not None,
        steps=_steps(row, sent=sent),
        request_ids=tuple(row.request_ids) if sent else (row.request_id,),
    )


def _steps(row: Any, *, sent: bool) -> tuple[tuple[str, datetime], ...]:
    """Its life so far: names of moments and when they were."""
    told = (
        (("written", row.created_at), ("tried", row.sent_at), ("answered", row.answered_at))
        if sent
        else (("received", row.received_at), ("handled", row.handled_at))
    )
    return tuple((name, at) for name, at in told if at is not None)
