"""Callbacks: stored, answered, handled later; a repeated one is the same row."""

import logging
from contextlib import nullcontext
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.core.queue import enqueue
from apps.gateway.models import InboundMessage, OutboundMessage, Service
from apps.gateway.sealed import seal

log = logging.getLogger(__name__)
Status = InboundMessage.Status
# What tells of a person, not of one hospital: handled for all that know the person.
FOR_ALL = ("patients/status/notify",)
EARLY_WAITS_S = (1, 2, 4, 8, 15, 30, 60, 120, 300)  # its partner is on the way: ten minutes in all


@transaction.atomic
def receive(
    *, request_id: UUID, kind: str, body: dict[str, Any], service_id: str
) -> tuple[InboundMessage, bool]:
    """Keep one callback and queue its handling: (message, whether it is new).

    A service id that is nobody's is kept for a person; the sender is told the same as ever.
    """
    known = InboundMessage.objects.filter(request_id=request_id, kind=kind).first()
    if known is not None:
        return known, False
    answers, partner = _answered(body), None
    if answers is not None:
        partner = OutboundMessage.objects.filter(request_ids__contains=[answers]).first()
    facility_id = None if kind in FOR_ALL else _facility(service_id, partner)
    message = InboundMessage(
        request_id=request_id,
        kind=kind,
        service_id=service_id[:24],
        facility_id=facility_id,
        answers=answers,
        body=seal(body, facility_id),
    )
    if facility_id is None and kind not in FOR_ALL:
        message.status, message.error = Status.PARKED, "unknown service id"
        log.warning("callback %s for an unknown service id", kind)
    if not _kept(message):
        return InboundMessage.objects.get(request_id=request_id, kind=kind), False
    log.info("abdm callback %s request %s answers %s", kind, request_id, answers or "-")
    if message.status == Status.WAITING:
        enqueue("abdm.handle_inbound", message_id=message.pk)
    return message, True


def _facility(service_id: str, partner: OutboundMessage | None) -> UUID | None:
    """Whom a callback is for: named by the service id, or whose question it answers."""
    service = Service.objects.filter(service_id=service_id, active=True).first()
    if service is not None:
        return service.facility_id
    return partner.facility_id if partner is not None and not service_id else None


def _kept(message: InboundMessage) -> bool:
    """False when the same callback was stored in the same instant by another process."""
    made = InboundMessage.objects.bulk_create([message], ignore_conflicts=True)
    return InboundMessage.objects.filter(pk=made[0].pk).exists()


def _answered(body: dict[str, Any]) -> UUID | None:
    """Our request id that a callback names (`response`, in older ones `resp`)."""
    for key in ("response", "resp"):
        told = body.get(key)
        if isinstance(told, dict):
            try:
                return UUID(str(told.get("requestId")))
            except ValueError:
                continue
    return None


def handled(message_id: UUID, *, answers: UUID | None = None) -> None:
    """It is done: the body is emptied, what it answers (our request id) is answered. 1 query for
    what answers nothing."""
    now = timezone.now()
    with transaction.atomic() if answers else nullcontext():
        rows = InboundMessage.objects.filter(pk=message_id)
        rows.update(status=Status.HANDLED, body="", handled_at=now)
        if answers:
            partners = OutboundMessage.objects.filter(request_ids__contains=[answers])
            partners.exclude(status=OutboundMessage.Status.ANSWERED).update(
                status=OutboundMessage.Status.ANSWERED, answered_at=now, body=""
            )


@transaction.atomic
def not_yet(message_id: UUID, *, reason: str) -> None:
    """Its partner is missing: again in a moment, parked when that has gone on for ten minutes."""
    message = InboundMessage.objects.select_for_update().get(pk=message_id)
    if message.status not in (Status.WAITING, Status.EARLY):
        return
    if message.attempts >= len(EARLY_WAITS_S):
        message.status = Status.PARKED
    else:
        wait = EARLY_WAITS_S[message.attempts]
        message.status = Status.EARLY
        message.next_attempt_at = timezone.now() + timedelta(seconds=wait)
    message.attempts, message.error = message.attempts + 1, reason[:120]
    message.save(update_fields=["status", "next_attempt_at", "attempts", "error"])


@transaction.atomic
def park_inbound(message_id: UUID, *, reason: str) -> None:
    """A person must decide. The body stays for that."""
    rows = InboundMessage.objects.filter(pk=message_id, status__in=(Status.WAITING, Status.EARLY))
    if rows.update(status=Status.PARKED, error=reason[:120]):
        log.warning("callback %s parked: %s", message_id, reason)
