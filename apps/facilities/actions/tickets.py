"""Asking for help from any page, and answering."""

import time
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core import health
from apps.core.aadhaar import refuse_aadhaar
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.fold import digits
from apps.core.queue import enqueue
from apps.core.tenancy import home_id
from apps.facilities import schema
from apps.facilities.models import Device, Facility, Ticket
from apps.facilities.tickets import require_solver, ticket_of

LONGEST = 1000
NUMBER = 10  # digits in a row: a mobile, a slip number, an ABHA number


@transaction.atomic
def ask_help(
    *, id: UUID, text: str, page: str = "", browser: str = "", printer: str = "fine", actor: Actor
) -> Ticket:
    """A ticket, and a job that looks at the machinery. Safe to send twice with one `id`.

    `page` is the pattern of an address. Numbers long enough to be a patient's are refused.
    """
    actor.require(Permission.TICKET)
    assert actor.user_id is not None  # people alone hold this right
    if done := Ticket.objects.filter(pk=id, user_id=actor.user_id).first():
        return done
    _refuse(text)
    # Who asks from the training place asks as the hospital: the desk knows no other.
    home = home_id(actor.facility_id) if actor.facility_id else None
    place = Facility.objects.filter(pk=home).first() if home else None
    made = Ticket.objects.create(
        id=id,
        facility_id=home,
        district_code=place.district_code if place else actor.place,
        user_id=actor.user_id,
        text=text.strip(),
        page=page[:120],
        browser=browser[:60],
        printer=printer,
    )
    record(Event.TICKET_RAISED, subject=made, actor=actor, page=made.page, printer=printer)
    enqueue("facilities.diagnose", ticket_id=made.pk)
    return made


def _refuse(text: str) -> None:
    if not text.strip():
        raise Refused("ticket.empty")
    if len(text) > LONGEST:
        raise Refused("ticket.long", most=LONGEST)
    refuse_aadhaar(text)
    run = "".join(c if c.isdigit() else " " for c in digits(text).replace("-", ""))
    if any(len(word) >= NUMBER for word in run.split()):
        raise Refused("ticket.number")


def diagnose(ticket_id: UUID) -> None:
    """What the machinery looks like now, kept on the ticket: ages, counts and states, no patient.
    Safe to repeat; the first look stays."""
    ticket = Ticket.objects.filter(pk=ticket_id, snapshot={}).first()
    if ticket is not None:
        found = {
            "at": timezone.now().isoformat(timespec="seconds"),
            **_servers(),
            **_hospital(ticket),
        }
        Ticket.objects.filter(pk=ticket_id, snapshot={}).update(snapshot=found)


def _servers() -> dict[str, Any]:
    begin = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    ms = round((time.monotonic() - begin) * 1000)
    try:
        ages = {part: health.seen(part) for part in ("worker", "beat")}
        waiting: int | None = health.queue_depth()
    except (OperationalError, RedisError, DatabaseError, OSError):
        ages, waiting = {}, None
    return {
        "database_ms": ms,
        "jobs_waiting": waiting,
        **{f"{part}_s": None if age is None else round(age) for part, age in ages.items()},
    }


def _hospital(ticket: Ticket) -> dict[str, Any]:
    place = Facility.objects.filter(pk=ticket.facility_id).first()
    if place is None:
        return {}
    devices = Device.objects.filter(facility=place, revoked_at=None).order_by("name")
    return {
        "release": "current" if place.schema_version == schema.version() else "older",
        "stopped": place.failure,
        "devices": [
            {
                "name": row.name,
                "kind": row.kind,
                "silent_min": _minutes_since(row.seen_at),
            }
            for row in devices[:20]
        ],
    }


def _minutes_since(at: datetime | None) -> int | None:
    return int((timezone.now() - at).total_seconds() // 60) if at else None


@transaction.atomic
def answer(ticket_id: UUID, *, text: str, close: bool = False, actor: Actor) -> Ticket:
    """The help desk's answer, changed by a later one; `close` when nothing is left to do."""
    require_solver(actor)
    ticket = ticket_of(ticket_id, actor=actor, lock=True)
    if not text.strip():
        raise Refused("ticket.empty")
    if len(text) > LONGEST:
        raise Refused("ticket.long", most=LONGEST)
    status = Ticket.Status.CLOSED if close else Ticket.Status.ANSWERED
    if (ticket.answer, ticket.status) == (text.strip(), status):
        return ticket
    ticket.answer, ticket.status = text.strip(), status
    ticket.answered_by, ticket.answered_at = actor.user_id, timezone.now()
    ticket.save(update_fields=["answer", "status", "answered_by", "answered_at"])
    record(
        Event.TICKET_ANSWERED,
        subject=ticket,
        facility_id=ticket.facility_id,
        actor=actor,
        status=status,
    )
    return ticket
