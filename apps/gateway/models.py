"""Mail with the national gateway. Public: a callback arrives before its hospital is known, and one
table can be swept where thousands could not."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from apps.core.fields import UUID7Field


class Service(models.Model):
    """The identity of one hospital at the gateway. The service id is what messages name; it is the
    HFR id, or that with a suffix when other software was linked first."""

    id = UUID7Field()
    facility_id = models.UUIDField()
    service_id = models.CharField(max_length=24)
    name = models.CharField(max_length=15)  # what patients see in their app
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service_id"], name="service_service_id"),
            models.UniqueConstraint(fields=["facility_id"], name="service_facility"),
        ]


class InboundMessage(models.Model):
    """One callback, stored before it is answered. The same request id on the same path is one."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        HANDLED = "handled"
        EARLY = "early"  # its partner has not been written yet: tried again
        PARKED = "parked"  # a person must decide

    id = UUID7Field()
    request_id = models.UUIDField()
    kind = models.CharField(max_length=80)  # the path below /api/v3/
    service_id = models.CharField(max_length=24, blank=True)
    facility_id = models.UUIDField(null=True)
    answers = models.UUIDField(null=True)  # our request id that it answers
    body = models.TextField(blank=True)  # ciphertext for this hospital; emptied when handled
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request_id", "kind"], name="inbound_request")
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="inbound_open",
                condition=models.Q(status__in=("waiting", "early")),
            ),
            models.Index(
                fields=["received_at"],
                name="inbound_parked",
                condition=models.Q(status="parked"),
            ),
        ]


class OutboundMessage(models.Model):
    """One call that we owe the gateway, written with the work that caused it.

    `purpose` and `subject_id` say what for; `request_ids` are those of all tries, newest last: an
    answer names one of them. Every try has a new id, for the gateway refuses a used one.
    """

    class Status(models.TextChoices):
        WAITING = "waiting"
        ACCEPTED = "accepted"  # 2xx; the real answer comes as a callback, when there is one
        ANSWERED = "answered"
        REFUSED = "refused"  # the gateway said no for good
        PARKED = "parked"  # gave up trying: a person must look

    id = UUID7Field()
    method = models.CharField(max_length=6, default="POST")
    path = models.CharField(max_length=120)
    purpose = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True)
    facility_id = models.UUIDField(null=True)
    service_id = models.CharField(max_length=24, blank=True)
    role = models.CharField(max_length=3, blank=True)  # hip, hiu
    body = models.TextField(blank=True)  # {"body", "headers"} as ciphertext; emptied when over
    request_ids = ArrayField(models.UUIDField(), default=list)
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    http_status = models.PositiveSmallIntegerField(null=True)
    error_code = models.CharField(max_length=20, blank=True)  # of the first refusal
    error = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="outbound_open",
                condition=models.Q(status="waiting"),
            ),
            models.Index(
                fields=["created_at"],
                name="outbound_parked",
                condition=models.Q(status="parked"),
            ),
            GinIndex(fields=["request_ids"], name="outbound_request_ids"),
            models.Index(fields=["purpose", "subject_id"], name="outbound_subject"),
        ]


class LinkToken(models.Model):
    """Leave to link one person's visits at one hospital, good for half a year. Asking too often
    blocks the person for a day, so it is kept, reused, and asked for at most twice a day by itself.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        ACTIVE = "active"
        REFUSED = "refused"  # name, sex or year of birth do not fit: a person must mend it
        BLOCKED = "blocked"

    id = UUID7Field()
    facility_id = models.UUIDField()
    abha_hash = models.CharField(max_length=64)  # keyed hash of the address
    token = models.TextField(blank=True)  # ciphertext for this hospital
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    asks = models.PositiveSmallIntegerField(default=0)  # on the day of `asked_at`
    expires_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility_id", "abha_hash"], name="link_token_person")
        ]
