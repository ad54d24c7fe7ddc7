"""Linked records as the trail tells them, for the ledger's tests."""

from datetime import datetime, time

from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.audit.models import AuditEvent
from apps.core.actor import Actor
from apps.core.ids import uuid7
from apps.reporting.models import LinkedRecord

SYSTEM = Actor.of_system("abdm")


def moment(day, hour=10):
    return timezone.make_aware(datetime.combine(day, time(hour)))


class Context:
    """What `record` asks of a subject."""

    class _meta:
        label_lower = "abdm.carecontext"

    def __init__(self):
        self.pk = uuid7()


def trail(facility, day, *, hi=("Prescription",), person=None, kyc=True, hour=10):
    """One `care_context.linked` of the trail, as linking writes it."""
    more = {"person": str(person)} if person else {}
    record(Event.CARE_CONTEXT_LINKED, subject=Context(), facility_id=facility.pk, actor=SYSTEM,
           kinds=len(hi), kyc=kyc, hi=list(hi), visit=day.isoformat(), **more)  # fmt: skip
    return AuditEvent.objects.latest("id")


def share(facility, *, code="sent", kyc=True, person=None):
    """How a transfer ended that we asked for, as fetching writes it."""
    more = {"person": str(person)} if person else {}
    record(Event.TRANSFER_ENDED, subject=Context(), facility_id=facility.pk, actor=SYSTEM,
           code=code, received=1, failed=0, kyc=kyc, **more)  # fmt: skip


def share_in(facility, day, *, kyc=True):
    """A share that came in, a row of the ledger itself."""
    return LinkedRecord.objects.create(
        event_id=uuid7(), kind="received", at=moment(day), day=day, facility_id=facility.pk,
        subject_id=uuid7(), person_id=uuid7(), kyc=kyc,
    )  # fmt: skip


def linked(facility, day, *, hi="Prescription", person=None, kyc=True, hour=10, **more):
    """A row of the ledger itself."""
    return LinkedRecord.objects.create(
        event_id=uuid7(), kind="record", hi_type=hi, at=moment(day, hour), day=day,
        facility_id=facility.pk, subject_id=uuid7(), person_id=person or uuid7(), kyc=kyc, **more,
    )  # fmt: skip
