"""What we owe the gateway: written with its cause, delivered by jobs, swept, parked in the end."""

import logging
import uuid
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused, Unseen
from apps.core.queue import enqueue
from apps.gateway import breaker, client
from apps.gateway.client import Answer, Class
from apps.gateway.environment import current, is_on
from apps.gateway.models import InboundMessage, OutboundMessage, Service
from apps.gateway.sealed import opened, seal

log = logging.getLogger(__name__)
Status = OutboundMessage.Status
IN_HAND = timedelta(minutes=2)  # a worker that died gives the message back after this time
FIRST_S, LONGEST_S, TRIES = 5, 3600, 16  # 5 s doubling to an hour: more than a night
WAIT_S = {Class.COOLDOWN: 7 * 60, Class.BLOCKED: 24 * 3600}
# Somebody looks at a phone: tried again within seconds, useless after half a minute. Nothing here
# follows from what became of them.
AWAITED = (client.ON_SHARE, client.ON_RUNNING, client.ON_RECORD_SHARE)
AWAITED_FOR, SOON_S = timedelta(seconds=30), (2, 5, 10)
SETTLES = ("status", "body", "http_status", "error_code", "error", "next_attempt_at")
SYSTEM = Actor.of_system("gateway")


@transaction.atomic(savepoint=False)
def send(
    path: str,
    *,
    body: Any,
    purpose: str,
    subject_id: UUID | None = None,
    facility_id: UUID,
    role: str = "hip",
    headers: dict[str, str] | None = None,
    in_reply_to: UUID | None = None,
    wait: timedelta = timedelta(),
    memo: dict[str, Any] | None = None,
    by_caller: bool = False,
) -> OutboundMessage | None:
    """Owe the gateway one call, in the caller's transaction; None while ABDM is not set up here.

    `in_reply_to`: the request id of the callback that this answers. A hospital without a service
    id owes nothing either. `wait`: not before so much time has passed. `memo`: what we need to
    know when the next callback names `subject_id` (`queries.memo`); kept with the body, for a day.
    `by_caller`: the job that writes it delivers it itself, after its commit, and saves a job; when
    that dies the sweep does it.
    """
    service = Service.objects.filter(facility_id=facility_id, active=True).first()
    if not is_on() or service is None:
        return None
    told = dict(body)
    if in_reply_to:
        told["response"] = {"requestId": str(in_reply_to)}
    message = OutboundMessage.objects.create(
        path=path,
        purpose=purpose,
        subject_id=subject_id,
        facility_id=facility_id,
        service_id=service.service_id,
        role=role,
        body=seal({"body": told, "headers": headers or {}, "memo": memo}, facility_id),
        next_attempt_at=timezone.now() + wait,
    )
    if not by_caller:
        enqueue("gateway.deliver", message_id=message.pk)
    return message


def deliver(message_id: UUID | str) -> None:
    """One try. Two workers, or a job that comes twice, make one call at a time."""
    if breaker.is_open():
        return  # the sweep comes back when the gateway may be asked again
    message = _claim(message_id)
    if message is None:
        return
    told = opened(message.body, message.facility_id)
    headers = {**told["headers"], f"X-{message.role.upper()}-ID": message.service_id}
    answer = client.call(
        message.method,
        f"{current().gateway}/api/hiecm/{message.path}",
        body=told["body"],
        headers=headers,
        request_id=message.request_ids[-1],
    )
    used = message.request_ids[-1]
    log.info("abdm call %s request %s: %s %s", message.path, used, answer.status, answer.kind.name)
    breaker.note(reached=answer.kind is not Class.TRANSPORT)
    _settle(message.pk, answer)


@transaction.atomic
def _claim(message_id: UUID | str) -> OutboundMessage | None:
    """The message with a request id of this try, written down before it is used: an answer that
    comes while we still wait finds it."""
    due = OutboundMessage.objects.filter(status=Status.WAITING, next_attempt_at__lte=timezone.now())
    message = due.select_for_update(skip_locked=True).filter(pk=message_id).first()
    if message is None:
        return None
    message.attempts += 1
    message.next_attempt_at = timezone.now() + IN_HAND
    message.request_ids = [*message.request_ids, uuid.uuid4()]
    message.sent_at = timezone.now()
    message.save(update_fields=["attempts", "next_attempt_at", "request_ids", "sent_at"])
    return message


@transaction.atomic
def _settle(message_id: UUID, answer: Answer) -> None:
    """What the answer means for the row. A callback may have settled it meanwhile."""
    message = OutboundMessage.objects.select_for_update().get(pk=message_id)
    if message.status != Status.WAITING:
        return
    message.http_status = answer.status
    message.error_code = message.error_code or answer.code  # later ones hide the cause
    message.error = message.error or answer.message[:160]
    if answer.kind in (Class.DONE, Class.DUPLICATE):
        message.status = Status.ACCEPTED
    elif answer.kind is Class.FINAL or _is_too_late(message):
        message.status, message.body = Status.REFUSED, ""
    elif message.attempts >= TRIES:
        message.status = Status.PARKED
        log.error("gateway message %s parked after %s tries", message.pk, message.attempts)
    else:
        _try_again(message, answer.kind)
    message.save(update_fields=SETTLES)
    if message.status in (Status.REFUSED, Status.PARKED):
        record(Event.MESSAGE_STUCK, subject=message, facility_id=message.facility_id,
               actor=SYSTEM, code=answer.code, tries=message.attempts)  # fmt: skip
    if message.status != Status.WAITING and message.path not in AWAITED:
        enqueue("abdm.note_sent", message_id=message.pk)


def _try_again(message: OutboundMessage, kind: Class) -> None:
    """When; a phone that waits is not left to the sweep."""
    awaited = message.path in AWAITED
    wait = SOON_S[min(message.attempts, len(SOON_S)) - 1] if awaited else 0
    message.next_attempt_at = timezone.now() + (
        timedelta(seconds=wait) if awaited else _wait(kind, message.attempts)
    )
    if awaited:
        enqueue("gateway.deliver", after_s=wait, message_id=message.pk)


def _is_too_late(message: OutboundMessage) -> bool:
    return message.path in AWAITED and timezone.now() - message.created_at > AWAITED_FOR


def _require_here(actor: Actor, facility_id: UUID | None) -> None:
    """A hospital's staff act on its own messages; offices were asked by `support.message`."""
    if actor.facility_id is not None and actor.facility_id != facility_id:
        raise Unseen(Permission.ABDM_OPS)


@transaction.atomic
def handle_again(message_id: UUID, *, actor: Actor) -> None:
    """A callback that was put aside is handled once more: its cause was mended."""
    actor.require(Permission.ABDM_OPS)
    message = InboundMessage.objects.select_for_update().get(pk=message_id)
    _require_here(actor, message.facility_id)
    if message.status in (InboundMessage.Status.WAITING, InboundMessage.Status.EARLY):
        return
    parked = message.status == InboundMessage.Status.PARKED
    if not parked or not message.body or message.facility_id is None:
        raise Refused("gateway.not_parked")
    message.status, message.attempts, message.error = InboundMessage.Status.WAITING, 0, ""
    message.next_attempt_at = timezone.now()
    message.save(update_fields=["status", "attempts", "error", "next_attempt_at"])
    record(Event.MESSAGE_RESENT, subject=message, facility_id=message.facility_id, actor=actor)
    enqueue("abdm.handle_inbound", message_id=message.pk)


def settled(purpose: str, subject_id: UUID) -> None:
    """What a taken call was for is done, and no callback will say so: its body is emptied."""
    taken = OutboundMessage.objects.filter(
        purpose=purpose, subject_id=subject_id, status=Status.ACCEPTED
    )
    taken.update(status=Status.ANSWERED, answered_at=timezone.now(), body="")


@transaction.atomic
def forget(*, hours: int = 24) -> int:
    """Empty what was taken long ago and is answered by nothing: how many."""
    now = timezone.now()
    taken = OutboundMessage.objects.filter(
        status=Status.ACCEPTED, sent_at__lt=now - timedelta(hours=hours)
    )
    return taken.filter(created_at__gt=now - timedelta(days=14)).exclude(body="").update(body="")


def _wait(kind: Class, attempts: int) -> timedelta:
    if kind in WAIT_S:
        return timedelta(seconds=WAIT_S[kind])
    first = 60 if kind is Class.THROTTLED else FIRST_S
    return timedelta(seconds=min(first * 2 ** (attempts - 1), LONGEST_S))


@transaction.atomic
def resend(message_id: UUID, *, actor: Actor) -> OutboundMessage:
    """A person has mended the cause: the same message from its first try again."""
    actor.require(Permission.ABDM_OPS)
    message = OutboundMessage.objects.select_for_update().get(pk=message_id)
    _require_here(actor, message.facility_id)
    if message.status == Status.WAITING:
        return message
    if message.status != Status.PARKED or not message.body:
        raise Refused("gateway.not_parked")
    message.status, message.attempts = Status.WAITING, 0
    message.error_code = message.error = ""
    message.next_attempt_at = timezone.now()
    message.save()
    record(Event.MESSAGE_RESENT, subject=message, facility_id=message.facility_id, actor=actor)
    enqueue("gateway.deliver", message_id=message.pk)
    return message


def sweep() -> None:
    """Everything due that has no worker: the broker was down, a worker died, a wait is over."""
    now = timezone.now()
    if not breaker.is_open():
        due = OutboundMessage.objects.filter(status=Status.WAITING, next_attempt_at__lte=now)
        for pk in due.order_by("next_attempt_at").values_list("pk", flat=True)[:500]:
            enqueue("gateway.deliver", message_id=pk)
    waiting = (InboundMessage.Status.WAITING, InboundMessage.Status.EARLY)
    early = InboundMessage.objects.filter(status__in=waiting, next_attempt_at__lte=now)
    for pk in early.order_by("received_at").values_list("pk", flat=True)[:500]:
        enqueue("abdm.handle_inbound", message_id=pk)
