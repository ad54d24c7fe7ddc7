"""Messages: queued with the work they tell of, delivered afterwards, swept when missed."""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.ids import uuid7
from apps.core.queue import enqueue
from apps.core.retiring import retire
from apps.core.tenancy import in_training
from apps.notices.adapters import Undelivered
from apps.notices.models import TRAINING, Notice
from apps.notices.templates import wording

log = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
TRIES = 12  # 30 s doubling to an hour: about five hours in all
IN_HAND = timedelta(minutes=2)  # a worker that died gives the message back after this time
SYSTEM = Actor.of_system("notices")


@transaction.atomic
def queue_notice(
    template: str,
    *,
    mobile: str,
    language: str,
    values: dict[str, Any],
    facility_id: UUID | None = None,
    actor: Actor,
) -> Notice:
    """One message in the reader's language, sent after commit. KeyError: unknown template.

    In training it is kept as "training" and goes to nobody: the number may be somebody's own.
    """
    practised = in_training()
    notice = Notice.objects.create(
        id=uuid7(),
        status=TRAINING if practised else Notice.Status.WAITING,
        facility_id=facility_id or actor.facility_id,
        template=template,
        language=language,
        to_mobile=mobile,
        body=wording(template, language=language, values=values),
    )
    record(Event.NOTICE_QUEUED, subject=notice, actor=actor, template=template)
    if not practised:
        enqueue("notices.deliver", notice_id=notice.pk)
    return notice


def deliver(notice_id: UUID | str) -> None:
    """Hand one message to the adapter. Asked twice, or by two workers, it goes out once."""
    notice = _claim(notice_id)
    if notice is None:
        return
    adapter = import_string(settings.SMS_ADAPTER)()
    try:
        adapter.send(notice.to_mobile, notice.body, template=notice.template, key=str(notice.pk))
    except Undelivered as error:
        _put_back(notice, reason=str(error), final=error.final)
        return
    _mark_sent(notice, keeps=adapter.keeps)


def sweep() -> None:
    """Deliver what is due and has no worker: the broker was down, or the last try failed."""
    for notice_id in Notice.objects.due().order_by("next_attempt_at").values_list("pk")[:200]:
        enqueue("notices.deliver", notice_id=notice_id[0])


def retire_notices() -> int:
    """Delete what was sent, given up or practised more than settings.MESSAGE_KEEP_DAYS ago: how
    many. The trail keeps that each was sent."""
    over = Notice.objects.exclude(status=Notice.Status.WAITING)
    return retire(over, days=settings.MESSAGE_KEEP_DAYS)


@transaction.atomic
def _claim(notice_id: UUID | str) -> Notice | None:
    """The message, with its next attempt moved on so that nobody else takes it meanwhile."""
    notice = Notice.objects.due().select_for_update(skip_locked=True).filter(pk=notice_id).first()
    if notice is None:
        return None
    notice.attempts += 1
    notice.next_attempt_at = timezone.now() + IN_HAND
    notice.save(update_fields=["attempts", "next_attempt_at"])
    return notice


@transaction.atomic
def _mark_sent(notice: Notice, *, keeps: bool) -> None:
    notice.status = Notice.Status.SENT
    if not keeps:
        notice.body = notice.to_mobile = ""
    notice.save(update_fields=["status", "body", "to_mobile"])
    record(Event.NOTICE_SENT, subject=notice, facility_id=notice.facility_id, actor=SYSTEM,
           template=notice.template, tries=notice.attempts)  # fmt: skip


@transaction.atomic
def _put_back(notice: Notice, *, reason: str, final: bool) -> None:
    """Wait twice as long as before, up to an hour; after the last try, or a no for good, give up
    and empty the message."""
    log.warning("notice %s not delivered, try %s: %s", notice.pk, notice.attempts, reason)
    if not final and notice.attempts < TRIES:
        wait = min(FIRST_WAIT * 2 ** (notice.attempts - 1), LONGEST_WAIT)
        notice.next_attempt_at = timezone.now() + wait
        notice.save(update_fields=["next_attempt_at"])
        return
    notice.status = Notice.Status.FAILED
    notice.body = notice.to_mobile = ""
    notice.save(update_fields=["status", "body", "to_mobile"])
    record(Event.NOTICE_FAILED, subject=notice, facility_id=notice.facility_id, actor=SYSTEM,
           template=notice.template, tries=notice.attempts)  # fmt: skip
